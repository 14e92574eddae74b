"""A score sheet that was filled off-line: all of it, or none."""

from django.db import transaction
from django.utils import timezone

from scoring.actions import cells, files
from scoring.labels import LedgerKind, RoleName
from scoring.permissions import holds_role
from scoring.refusals import NotAllowed


@transaction.atomic
def save_sheet(assessment, changes, *, by, at=None):
    """Save the changes that the agency's officer brings in a workbook.

    Returns how many cells changed. Refused with nothing stored for whatever
    ``cells.save`` refuses; NotAllowed for whoever is not the agency's officer (a
    manager brings scores by the import of scores). Repeating it changes nothing.
    """
    if not holds_role(by, assessment, RoleName.OFFICER):
        raise NotAllowed()
    at = at or timezone.now()
    locked = files.lock(assessment)
    before = locked.ledger_length
    cells.save(locked, changes, by=by, kind=LedgerKind.IMPORTED, at=at)
    locked.refresh_from_db(fields=["ledger_length"])
    return locked.ledger_length - before
