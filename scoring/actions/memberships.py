"""Which agencies a round assesses, in which group, under which printed name."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import files, ledger
from scoring.actions.totals import refresh_totals
from scoring.labels import LedgerKind
from scoring.models import RoundGroup
from scoring.refusals import Refused

FACTS = ["group", "name_vi", "position", "is_assessed", "not_assessed_reason"]


def facts_of(assessment):
    """What is said of a file apart from its scores, for the ledger."""
    return {
        "assessed": assessment.is_assessed,
        "group": assessment.group.group.code,
        "name": assessment.name_vi,
        "reason": assessment.not_assessed_reason,
    }


@transaction.atomic
def save(assessment, *, by, at=None):
    """Take an agency into a round, or change its group, printed name or assessment.

    Refused: another set than its scores were given under, groups that have been
    adopted. Totals are computed anew; a change leaves its ledger line.
    """
    _require_open(_lock_group(assessment.group_id))
    before = {}
    if assessment.pk:
        stored = files.lock(assessment)
        _require_movable(stored, assessment)
        before = facts_of(stored)
        # The rest of the row may have moved on since the form was opened.
        assessment.save(update_fields=FACTS)
    else:
        assessment.save()
    assessment = files.lock(assessment)
    after = facts_of(assessment)
    if before and before != after:
        entry = ledger.Entry(
            kind=LedgerKind.MOVED,
            before=ledger.facts_text(before),
            after=ledger.facts_text(after),
        )
        ledger.append(assessment, [entry], by=by, at=at or timezone.now())
    refresh_totals(assessment)
    assessment.save(update_fields=["totals", "ledger_length", "ledger_head"])
    return assessment


@transaction.atomic
def remove(assessment):
    """Take an agency out again; refused once anything was said of it."""
    locked = files.lock(assessment)
    if locked.ledger_length or not is_untouched(locked):
        raise Refused(
            _("%(agency)s has scores or evidence: mark it as not assessed instead.")
            % {"agency": locked.name_vi}
        )
    locked.delete()


def is_untouched(assessment):
    """Whether the file holds neither scores nor surveys, exemptions or evidence."""
    return not any(
        rows.exists()
        for rows in (
            assessment.cells,
            assessment.survey_results,
            assessment.exemptions,
            assessment.evidence,
        )
    )


def _lock_group(key):
    """The group, before the file, as an adoption locks them: neither passes the other."""
    return RoundGroup.objects.select_for_update(of=("self",)).get(pk=key)


def _require_open(group):
    if group.is_adopted:
        raise Refused(_("The group has been adopted; its agencies stay as they are."))


def _require_movable(stored, wanted):
    _require_open(stored.group)
    if stored.group.criteria_set_id == wanted.group.criteria_set_id:
        return
    if not is_untouched(stored):
        raise Refused(
            _("The new group has another criteria set; the scores would be lost.")
        )
