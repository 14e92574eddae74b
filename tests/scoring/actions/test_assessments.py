"""Steps of the file: who may take them, when, and what they leave behind."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from scoring.actions import assessments
from scoring.labels import LedgerKind, PhaseName
from scoring.models import LedgerLine, RoundGroup
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import FileState, GroupState, MoveRefused
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def deadline(world):
    return world.round.phase(PhaseName.SELF_ASSESSMENT).ends_at


def extended(world, **options):
    given = {
        "until": deadline(world) + timedelta(days=2),
        "reason": "Bão",
        "document": "12/SNV",
        "by": world.manager(),
        **options,
    }
    return assessments.extend(world.file, **given)


def reopened(world, **options):
    given = {
        "until": timezone.now() + timedelta(days=2),
        "reason": "Thiếu biểu",
        "document": "13/SNV",
        "by": world.manager(),
        **options,
    }
    return assessments.reopen(world.file, **given)


def locked(world):
    assessments.hand_over(world.file, by=world.officer())
    return assessments.lock(world.file, by=world.leader())


def test_officer_hands_over_leader_locks(world):
    assessments.hand_over(world.file, by=world.officer())
    assert world.reload().state == FileState.WITH_LEADER

    leader = world.leader()
    assessments.lock(world.file, by=leader)
    file = world.reload()
    assert (file.state, file.locked_by) == (FileState.LOCKED, leader)
    kinds = LedgerLine.objects.values_list("kind", "before", "after")
    assert list(kinds) == [
        (LedgerKind.MOVED, "not_started", "with_leader"),
        (LedgerKind.MOVED, "with_leader", "locked"),
    ]


def test_leader_hands_back_with_what_is_to_be_done(world):
    assessments.hand_over(world.file, by=world.officer())

    with pytest.raises(Refused):
        assessments.hand_back(world.file, by=world.leader(), reason="  ")
    assessments.hand_back(world.file, by=world.leader(), reason="Bổ sung 1.1")

    assert world.reload().state == FileState.SCORING
    assert LedgerLine.objects.last().reason == "Bổ sung 1.1"


@pytest.mark.parametrize("act", [assessments.hand_over, assessments.lock])
def test_a_repeated_step_is_harmless(world, act):
    officer, leader = world.officer(), world.leader()
    assessments.hand_over(world.file, by=officer)
    if act is assessments.lock:
        assessments.lock(world.file, by=leader)
    before = LedgerLine.objects.count()

    act(world.file, by=leader if act is assessments.lock else officer)

    assert LedgerLine.objects.count() == before


def test_the_leader_does_not_lock_what_was_not_handed_over(world):
    with pytest.raises(MoveRefused):
        assessments.lock(world.file, by=world.leader())


def test_only_the_own_people_move_a_file(world):
    for stranger in (
        world.leader(),
        world.officer(world.files[1]),
        world.manager(),
        world.appraiser(),
    ):
        with pytest.raises(NotAllowed):
            assessments.hand_over(world.file, by=stranger)

    assessments.hand_over(world.file, by=world.officer())
    for stranger in (
        world.officer(),
        world.leader(world.files[1]),
        world.manager(),
    ):
        with pytest.raises(NotAllowed):
            assessments.lock(world.file, by=stranger)
        with pytest.raises(NotAllowed):
            assessments.hand_back(world.file, by=stranger, reason="x")


def test_the_clock_locks_an_open_file_without_approval(world):
    assessments.hand_over(world.file, by=world.officer())

    assert world.file.state_at(deadline(world)) == FileState.LOCKED_BY_CLOCK
    with pytest.raises(Late):
        assessments.lock(world.file, by=world.leader(), at=deadline(world))
    assert world.reload().locked_by is None


def test_an_extension_needs_manager_reason_document_and_a_later_deadline(world):
    for wrong in (
        {"reason": " "},
        {"document": ""},
        {"until": deadline(world)},
        {"until": timezone.now() - timedelta(days=1)},
        {"until": None},
    ):
        with pytest.raises(Refused):
            extended(world, **wrong)
    for stranger in (world.leader(), world.appraiser(), world.inspector()):
        with pytest.raises(NotAllowed):
            extended(world, by=stranger)

    extended(world)
    assert world.reload().self_deadline() == deadline(world) + timedelta(days=2)
    line = LedgerLine.objects.get()
    assert json.loads(line.after)["document"] == "12/SNV"
    assert line.reason == "Bão"


def test_a_locked_file_is_returned_not_extended(world):
    locked(world)

    with pytest.raises(Refused):
        extended(world)
    reopened(world)

    file = world.reload()
    assert (file.state, file.locked_at, file.locked_by) == (
        FileState.SCORING,
        None,
        None,
    )


def test_a_file_locked_by_the_clock_can_be_returned(world):
    world.open_phase(PhaseName.APPRAISAL)

    reopened(world)

    assert world.reload().state_at() == FileState.SCORING


def test_returning_needs_manager_reason_document_and_future(world):
    locked(world)
    for wrong in (
        {"reason": ""},
        {"document": " "},
        {"until": timezone.now() - timedelta(seconds=1)},
        {"until": None},
    ):
        with pytest.raises(Refused):
            reopened(world, **wrong)
    with pytest.raises(NotAllowed):
        reopened(world, by=world.leader())

    assert world.reload().state == FileState.LOCKED


def test_an_open_file_is_not_returned(world):
    with pytest.raises(MoveRefused):
        reopened(world)


def test_an_adopted_group_s_files_stay_locked(world):
    locked(world)
    RoundGroup.objects.update(state=GroupState.ADOPTED)

    with pytest.raises(Refused):
        reopened(world)


def test_an_adopted_group_s_deadlines_are_not_extended(world):
    """An extension would open the sheet of a file whose figures are frozen."""
    RoundGroup.objects.update(state=GroupState.ADOPTED)

    with pytest.raises(Refused):
        assessments.extend(
            world.file,
            until=timezone.now() + timedelta(days=60),
            reason="Lũ lụt",
            document="12/SNV",
            by=world.manager(),
        )
    assert world.reload().extended_until is None


def test_nothing_of_an_adopted_group_s_files_moves(world):
    officer, leader = world.officer(), world.leader()
    assessments.hand_over(world.file, by=officer)
    RoundGroup.objects.update(state=GroupState.ADOPTED)

    with pytest.raises(NotAllowed):
        assessments.lock(world.file, by=leader)
    with pytest.raises(NotAllowed):
        assessments.hand_back(world.file, by=leader, reason="Bổ sung.")
    assert world.reload().state == FileState.WITH_LEADER
