"""What follows from the rules of a round and from the sets that its groups use."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import files
from scoring.actions.totals import refresh_round
from scoring.models import Assessment, CriteriaSet
from scoring.states import GroupState

RULES = ("tie_breakers", "bands", "not_scored", "missing_survey")


@transaction.atomic
def settle(round_):
    """After a round was edited: freeze the sets it uses, compute its figures anew.

    Whether its rules may change at all, ``refusal`` says before.
    """
    files.lock_all(Assessment.objects.filter(round=round_))
    CriteriaSet.objects.filter(used_by__round=round_, frozen_at=None).update(
        frozen_at=timezone.now()
    )
    refresh_round(round_)


def refusal(round_, changed):
    """Why the rules named in ``changed`` cannot change; empty when they can."""
    if not set(changed) & set(RULES) or round_.pk is None:
        return ""
    adopted = round_.groups.exclude(state=GroupState.OPEN).first()
    if adopted is None:
        return ""
    return _("%(group)s has been adopted by the Council under the present rules.") % {
        "group": adopted.name
    }
