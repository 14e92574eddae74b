"""What every change of an agency's file begins and ends with."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from scoring.actions.totals import refresh_totals
from scoring.index.rollup import exempted_leaves
from scoring.labels import Layer
from scoring.models import Assessment, Exemption, RoundGroup
from scoring.queries.criteria import tree_of
from scoring.queries.files import LOCKED_FILES, is_current
from scoring.refusals import Refused
from scoring.states import FILE_MOVES, FileState, target_of


def lock(assessment):
    """Read the file again and hold its row until the transaction ends.

    Its round, group and set are taken from ``assessment`` where they are there and
    still say the same now that the row is held; else they are read anew. Parents
    first, here and everywhere: whoever needs several files locks them in the order
    of their keys.
    """
    locked = LOCKED_FILES.one(assessment.pk)
    if not is_current(assessment):
        assessment = Assessment.objects.select_related(
            "round", "agency", "group__criteria_set"
        ).get(pk=assessment.pk)
    locked.round, locked.agency = assessment.round, assessment.agency
    locked.group = assessment.group
    locked.round.forget_phases()
    return locked


def lock_all(assessments):
    """Lock several files in the order of their keys; ``{pk: assessment}``."""
    rows = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("round", "agency", "group__criteria_set")
        .filter(pk__in=[assessment.pk for assessment in assessments])
        .order_by("pk")
    )
    locked = {assessment.pk: assessment for assessment in rows}
    _read_group_states(locked.values())
    return locked


def _read_group_states(assessments):
    """Read the groups' states once the files are held.

    Of a query that waits for a row PostgreSQL reads only that row anew; what it joins
    stays as old as the query's start, and an adoption meanwhile would go unseen.
    """
    groups = {assessment.group_id for assessment in assessments}
    rows = RoundGroup.objects.filter(pk__in=groups).order_by()
    states = dict(rows.values_list("pk", "state"))
    for assessment in assessments:
        assessment.group.state = states[assessment.group_id]


def late_sentence(assessment):
    deadline = localtime(assessment.self_deadline())
    return _(
        "Self-assessment closed at %(since)s. An agency that needs an extension "
        "asks the Department of Home Affairs."
    ) % {"since": date_format(deadline, "DATETIME_FORMAT")}


def closed_sentence(assessment, at):
    """Why the officer cannot write although the clock would let him."""
    if assessment.state_at(at) == FileState.WITH_LEADER:
        return _(
            "The file is with the agency's leader. It can be edited again after the "
            "leader has handed it back."
        )
    return _(
        "The file is locked. The Department of Home Affairs can return it for "
        "completion."
    )


def leaf_id(assessment, code):
    """The key of the criterion ``code``, which takes evidence and remarks.

    Refused for what the agency does not fill: a branch, what surveys measure, what is
    exempted. One query.
    """
    set_tree = tree_of(assessment.group.criteria_set)
    leaf = set_tree.leaf(code)
    if leaf is None or leaf.is_survey:
        raise Refused(
            _("%(code)s is not a criterion that the agency scores.") % {"code": code}
        )
    exempted = Exemption.objects.filter(assessment=assessment).order_by()
    keys = exempted.values_list("criterion", flat=True)
    codes = {set_tree.codes[key] for key in keys}
    if code in exempted_leaves(set_tree.tree, codes):
        raise Refused(
            _("%(code)s does not apply to the agency: it is exempted.") % {"code": code}
        )
    return set_tree.ids[code]


def save_after_change(assessment, layers):
    """Store the file's new state, ledger head and totals after cells changed."""
    if Layer.SELF in layers and assessment.state == FileState.NOT_STARTED:
        assessment.state = target_of(FILE_MOVES, "start", assessment.state)
    refresh_totals(assessment)
    assessment.save(update_fields=["state", "totals", "ledger_length", "ledger_head"])
