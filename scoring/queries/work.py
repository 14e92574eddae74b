"""What waits for a person, until when, in every round that is not published yet."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from scoring.labels import Layer, PhaseName, RoleName
from scoring.models import Round
from scoring.permissions import (
    COUNCIL,
    OF_AGENCY,
    assessment_rights,
    role_names,
    roles_in,
    visible_assessments,
    visible_rounds,
)
from scoring.queries.progress import FileProgress, progress_of
from scoring.states import LOCKED, FileState, RoundState

READERS = frozenset({RoleName.INSPECTOR, RoleName.APPROVER})


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that waits, or that the person follows.

    kind     fill, approve, wait, locked, late, appraise, follow, sit, read
    is_due   the person is the one to act
    until    when it must be done, None where nothing presses
    file     its progress, for work on one file
    done, total
             files fully appraised among those to appraise
    states   {state: number of files} of the round, for its manager
    late     files locked by the deadline without approval
    """

    kind: str
    round: Round
    is_due: bool = False
    until: datetime | None = None
    file: FileProgress | None = None
    done: int = 0
    total: int = 0
    states: tuple = ()
    late: int = 0


def work_of(user, now=None):
    """``[Work]``: what the person must do first, by its deadline, then the rest.

    Six queries, however many rounds, files and criteria there are.
    """
    now = now or timezone.now()
    rounds = list(
        visible_rounds(user)
        .exclude(state=RoundState.PUBLISHED)
        .prefetch_related("phases")
    )
    progress = _progress(user, rounds, now)
    items = []
    for round_ in rounds:
        items += _work_in(user, round_, progress[round_.pk], now)
    return sorted(items, key=_urgency)


def _urgency(work):
    """What is due comes first, the nearest deadline before all."""
    no_deadline = work.until is None
    return (not work.is_due, no_deadline, 0 if no_deadline else work.until.timestamp())


def _progress(user, rounds, now):
    """``{round: [FileProgress]}`` of the files that the person works on."""
    by_pk = {round_.pk: round_ for round_ in rounds}
    files = list(
        visible_assessments(user)
        .filter(round__in=by_pk)
        .select_related("agency", "group__group", "group__criteria_set")
        .order_by("group__position", "group_id", "position", "pk")
        .distinct()
    )
    for file in files:
        file.round = file.group.round = by_pk[file.round_id]
    found = defaultdict(list)
    for row in progress_of(files, now) if files else ():
        found[row.assessment.round_id].append(row)
    return found


def _work_in(user, round_, rows, now):
    held = role_names(user, round_.pk)
    items = []
    if held & OF_AGENCY:
        items += _own_files(user, round_, rows, now)
    if RoleName.APPRAISER in held:
        items += _appraisal(user, round_, rows, now)
    if RoleName.MANAGER in held:
        items.append(_managed(round_, rows, now))
    if held & COUNCIL:
        items.append(_council(round_, now))
    if held & READERS and RoleName.MANAGER not in held:
        items.append(Work("read", round_))
    return items


def _own_files(user, round_, rows, now):
    own = defaultdict(set)
    for role in roles_in(user, round_.pk):
        if role.name in OF_AGENCY:
            own[role.agency_id].add(role.name)
    return [
        _own_file(round_, row, own[row.assessment.agency_id], user, now)
        for row in rows
        if row.assessment.agency_id in own and row.assessment.is_assessed
    ]


def _own_file(round_, row, held, user, now):
    rights = assessment_rights(user, row.assessment, now)
    common = {"round": round_, "file": row, "until": row.deadline}
    if row.is_late:
        return Work("late", **{**common, "until": None})
    if row.state in LOCKED:
        return Work("locked", **{**common, "until": None})
    if rights.lock:
        return Work("approve", is_due=True, **common)
    if rights.edit:
        return Work("fill", is_due=True, **common)
    return Work("wait", **common)


def _appraisal(user, round_, rows, now):
    rights = [(row, assessment_rights(user, row.assessment, now)) for row in rows]
    mine = [(row, right) for row, right in rights if right.appraised_layer]
    if not mine:
        return []
    open_rows = [(row, right) for row, right in mine if right.appraise]
    return [
        Work(
            "appraise",
            round_,
            is_due=any(not _is_done(*pair) for pair in open_rows),
            until=round_.phase_at(now).ends_at,
            done=sum(_is_done(*pair) for pair in open_rows),
            total=len(mine),
        )
    ]


def _is_done(row, right):
    return right.appraised_layer == Layer.EXPLAINED or row.is_fully_appraised


def _managed(round_, rows, now):
    states = Counter(row.state for row in rows if row.assessment.is_assessed)
    phase = round_.phase_at(now)
    return Work(
        "follow",
        round_,
        until=phase.ends_at if phase else None,
        states=tuple((state, states[state]) for state in FileState if states[state]),
        late=sum(row.is_late for row in rows),
        total=sum(states.values()),
    )


def _council(round_, now):
    phase = round_.phase_at(now)
    is_open = phase is not None and phase.name == PhaseName.COUNCIL
    coming = round_.phase(PhaseName.COUNCIL)
    return Work(
        "sit",
        round_,
        is_due=is_open,
        until=phase.ends_at if is_open else coming and coming.starts_at,
    )
