"""What every change of an agency's file begins and ends with."""

from django.db import connection
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from scoring.actions.totals import refresh_totals
from scoring.labels import Layer
from scoring.models import Assessment, RoundGroup
from scoring.states import FILE_MOVES, FileState, target_of

# What hardly any act on a file reads. Every column costs a save its time; one that is
# asked for after all is fetched then.
UNREAD = (
    "totals",
    "round__name_vi",
    "round__name_en",
    "round__decision_number",
    "round__decided_on",
    "round__published_at",
    "agency__name_vi",
    "agency__name_en",
    "agency__group",
    "agency__valid_from",
    "agency__valid_to",
    "agency__sort_key",
    "agency__search_text",
    "group__criteria_set__name_vi",
    "group__criteria_set__name_en",
    "group__criteria_set__decision",
    "group__criteria_set__reason",
    "group__criteria_set__frozen_at",
)


def lock(assessment):
    """Read the file again and hold its row until the transaction ends.

    Parents first, here and everywhere: whoever needs several files locks them in
    the order of their keys.
    """
    locked = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("round", "agency", "group__criteria_set")
        .defer(*UNREAD)
        .get(pk=assessment.pk)
    )
    _read_group_states([locked])
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
    if not connection.features.has_select_for_update:
        return  # SQLite lets one write at a time: what was read under the lock is new
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


def save_after_change(assessment, layers):
    """Store the file's new state, ledger head and totals after cells changed."""
    if Layer.SELF in layers and assessment.state == FileState.NOT_STARTED:
        assessment.state = target_of(FILE_MOVES, "start", assessment.state)
    refresh_totals(assessment)
    assessment.save(update_fields=["state", "totals", "ledger_length", "ledger_head"])
