"""Scores of many files from one workbook: all of them, or none."""

from django.db import transaction
from django.utils import timezone

from scoring.actions import cells, files
from scoring.labels import LedgerKind
from scoring.models import Assessment
from scoring.permissions import round_rights
from scoring.refusals import ManyRefused, NotAllowed, Refused


@transaction.atomic
def save_scores(round_, changes, *, by, at=None):
    """Save ``{agency code: [CellChange]}`` as the manager's import.

    Returns how many cells changed. Refused, with nothing stored, for whatever
    ``cells.save`` refuses in any file, all of it named; NotAllowed for who does not
    manage the round. Repeating an import changes nothing and succeeds.
    """
    if not round_rights(by, round_).manage:
        raise NotAllowed()
    at = at or timezone.now()
    assessments = Assessment.objects.filter(round=round_, agency__code__in=changes)
    locked, faults, changed = files.lock_all(assessments), [], 0
    for assessment in locked.values():
        try:
            changed += _save_one(assessment, changes, by=by, at=at)
        except Refused as refusal:
            faults.append(refusal)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise ManyRefused(faults)
    return changed


def _save_one(assessment, changes, *, by, at):
    before = assessment.ledger_length
    cells.save(
        assessment,
        changes[assessment.agency.code],
        by=by,
        kind=LedgerKind.IMPORTED,
        at=at,
    )
    assessment.refresh_from_db(fields=["ledger_length"])
    return assessment.ledger_length - before
