"""What the calendar tells people: a phase opens, a deadline draws near.

``manage.py remind`` calls ``remind`` (cron, once an hour): everything that is due and
has not been told is written then. It may run late, often, or twice at once.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from scoring.actions.notices import Telling, write
from scoring.labels import NoticeKind, PhaseName, RoleName
from scoring.models import Assessment, Round
from scoring.permissions import COUNCIL, OF_AGENCY, assessment_rights
from scoring.queries.notices import role_holders
from scoring.queries.progress import progress_of, round_files
from scoring.states import EARLY, WRITABLE, RoundState

DAYS_BEFORE = (1, 3, 7)
# A phase that opened longer ago is no news: the command was set up late.
NEWS_FOR = timedelta(days=3)

TOLD_OF_PHASE = {
    PhaseName.SELF_ASSESSMENT: OF_AGENCY,
    PhaseName.APPRAISAL: {RoleName.APPRAISER},
    PhaseName.CONSULTATION: OF_AGENCY,
    PhaseName.SECOND_APPRAISAL: {RoleName.APPRAISER},
    PhaseName.COUNCIL: COUNCIL,
    PhaseName.RECHECK: {RoleName.MANAGER},
    PhaseName.DECISION: {RoleName.MANAGER, RoleName.APPROVER},
}


def remind(*, at=None):
    """Write what is due in every round that is not published; how many are new."""
    at = at or timezone.now()
    number = 0
    for round_ in Round.objects.exclude(state=RoundState.PUBLISHED).order_by("pk"):
        with transaction.atomic():
            number += write([*_openings(round_, at), *_deadlines(round_, at)], at=at)
    return number


def days_left(until, at):
    """Calendar days, as an office counts: 0 on the last day, also before midnight."""
    last = localdate(until - timedelta(microseconds=1))
    return (last - localdate(at)).days


def threshold(until, at):
    """Which of the reminders is due: the nearest of 1, 3, 7 days; None: none yet."""
    if until is None or until <= at:
        return None
    left = days_left(until, at)
    return next((days for days in DAYS_BEFORE if left <= days), None)


# --- a phase opens ------------------------------------------------------------------------


def _openings(round_, at):
    phase = round_.phase_at(at)
    if phase is None or at - phase.starts_at > NEWS_FOR:
        return []
    roles = role_holders(round_, TOLD_OF_PHASE[phase.name])
    if TOLD_OF_PHASE[phase.name] is OF_AGENCY:
        assessed = _files(round_).values_list("agency_id", flat=True)
        roles = [role for role in roles if role.agency_id in set(assessed)]
    people = {role.user_id: role.user for role in roles}
    opened = f"{NoticeKind.PHASE_OPENS}:{round_.pk}:{phase.name}"
    day = localdate(phase.starts_at).isoformat()
    params = {"phase": phase.name, "until": phase.ends_at.isoformat()}
    return [
        Telling(
            user,
            NoticeKind.PHASE_OPENS,
            round_,
            f"{opened}:{day}:{user.pk}",
            params=params,
        )
        for user in people.values()
    ]


def _files(round_):
    return Assessment.objects.filter(round=round_, is_assessed=True)


# --- a deadline draws near ------------------------------------------------------------------


def _deadlines(round_, at):
    return [*_self_assessment(round_, at), *_appraisal(round_, at)]


def _self_assessment(round_, at):
    """Officers of files not handed over, leaders of files not locked; by the file's
    own deadline, so that an extension brings reminders of its own."""
    phase = round_.phase(PhaseName.SELF_ASSESSMENT)
    if phase is None or not _is_under_way(phase, at):
        return []
    due = [
        file
        for file in round_files(round_, _files(round_))
        if file.state_at(at) in EARLY
        and not file.group.is_adopted
        and threshold(file.self_deadline(), at)
    ]
    if not due:
        return []
    roles = defaultdict(list)
    for role in role_holders(round_, OF_AGENCY, {file.agency_id for file in due}):
        roles[role.agency_id].append(role)
    return [
        telling
        for row in progress_of(due, at)
        for telling in _of_file(row, roles[row.assessment.agency_id], at)
    ]


def _is_under_way(phase, at):
    """Not on its first day: that it opens, and until when, is told then."""
    return localdate(phase.starts_at) < localdate(at)


def _of_file(row, roles, at):
    file, until = row.assessment, row.deadline
    wanted = OF_AGENCY if row.state in WRITABLE else {RoleName.LEADER}
    people = {role.user_id: role.user for role in roles if role.name in wanted}
    key = _key(file.round, PhaseName.SELF_ASSESSMENT, until, at)
    params = {
        "until": until.isoformat(),
        "days": days_left(until, at),
        "scored": row.self_scored,
        "total": row.to_score,
    }
    return [
        Telling(
            user,
            NoticeKind.DEADLINE,
            file.round,
            f"{key}:{file.pk}:{user.pk}",
            file,
            params,
        )
        for user in people.values()
    ]


def _key(round_, phase, until, at):
    """The deadline is part of it: a later one is told of anew."""
    day = localdate(until).isoformat()
    name = f"{NoticeKind.DEADLINE}:{round_.pk}:{phase}"
    return f"{name}:{day}:{threshold(until, at)}"


def _appraisal(round_, at):
    """Appraisers whose files are not all appraised."""
    phase = round_.phase(PhaseName.APPRAISAL)
    if phase is None or not phase.includes(at) or not _is_under_way(phase, at):
        return []
    if not threshold(phase.ends_at, at):
        return []
    roles = role_holders(round_, {RoleName.APPRAISER})
    people = list({role.user_id: role.user for role in roles}.values())
    rows = progress_of(round_files(round_, _files(round_)), at)
    key = _key(round_, PhaseName.APPRAISAL, phase.ends_at, at)
    tellings = []
    for user in people:
        left = sum(_waits_for(user, row, at) for row in rows)
        if left:
            params = {
                "phase": PhaseName.APPRAISAL,
                "until": phase.ends_at.isoformat(),
                "days": days_left(phase.ends_at, at),
                "left": left,
            }
            tellings.append(
                Telling(
                    user,
                    NoticeKind.DEADLINE,
                    round_,
                    f"{key}:{user.pk}",
                    params=params,
                )
            )
    return tellings


def _waits_for(user, row, at):
    if row.is_fully_appraised:
        return False
    return assessment_rights(user, row.assessment, at).appraise
