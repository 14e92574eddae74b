from datetime import timedelta

import pytest
from django.utils import timezone

from councils.actions import meetings
from councils.models import Attendance, Meeting
from councils.states import MeetingState
from scoring.actions import results
from scoring.labels import PhaseName
from scoring.refusals import Conflict, Late, NotAllowed, Refused
from scoring.states import MoveRefused, RoundState
from tests.councils.worlds import CouncilWorld
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return CouncilWorld(agencies=1, members=2)


def plan_another(world, **options):
    options = {"held_at": timezone.now(), "by": world.secretary, **options}
    return meetings.plan(world.council, **options)


# --- plan ------------------------------------------------------------------------


def test_a_meeting_takes_up_every_group_in_their_order():
    world = CouncilWorld(agencies=1, groups=3)

    items = [(i.position, i.group_id) for i in world.meeting.items.all()]

    assert items == [(n, group.pk) for n, group in enumerate(world.groups, start=1)]


def test_planning_the_same_meeting_twice_gives_one(world):
    when = timezone.now() + timedelta(days=1)

    first = plan_another(world, held_at=when, place="Phòng họp 1")
    again = plan_another(world, held_at=when, place=" Phòng họp 1 ")

    assert first.pk == again.pk
    assert first.number == 2
    assert Meeting.objects.count() == 2


def test_a_group_of_another_round_is_refused(world):
    with pytest.raises(Refused):
        plan_another(world, groups=[World(agencies=0).group])


def test_an_adopted_group_is_refused_and_left_out(world):
    results.adopt(world.group, by=world.chair)

    with pytest.raises(Refused, match=world.group.name):
        plan_another(world, groups=[world.group])
    with pytest.raises(Refused):
        plan_another(world)


def test_an_agenda_without_groups_is_refused(world):
    with pytest.raises(Refused):
        plan_another(world, groups=[])


@pytest.mark.parametrize("who", ["chair", "member", "inspector", "stranger"])
def test_only_manager_and_secretary_plan(world, who):
    people = {
        "chair": world.chair,
        "member": world.voters[0],
        "inspector": world.inspector(),
        "stranger": UserFactory(),
    }

    with pytest.raises(NotAllowed):
        plan_another(world, by=people[who])
    assert Meeting.objects.count() == 1


# --- open and close -----------------------------------------------------------------


@pytest.mark.parametrize("who", ["secretary", "chair"])
def test_secretary_and_chair_open_a_meeting(world, who):
    opened = meetings.open_(world.meeting, by=getattr(world, who))

    assert opened.state == MeetingState.OPEN


def test_opening_twice_keeps_the_first_moment(world):
    first = meetings.open_(world.meeting, by=world.secretary)

    again = meetings.open_(world.meeting, by=world.chair)

    assert again.opened_at == first.opened_at


@pytest.mark.parametrize("who", ["member", "manager"])
def test_nobody_else_opens(world, who):
    user = world.voters[0] if who == "member" else world.clerk_of_the_round

    with pytest.raises(NotAllowed):
        meetings.open_(world.meeting, by=user)
    assert world.fresh(world.meeting).state == MeetingState.PLANNED


@pytest.mark.parametrize("phase", [PhaseName.SECOND_APPRAISAL, PhaseName.RECHECK, None])
def test_outside_its_phase_the_council_does_not_meet(world, phase):
    world.open_phase(phase)

    with pytest.raises(Late):
        meetings.open_(world.meeting, by=world.secretary)


def test_one_meeting_at_a_time(world):
    other = plan_another(world)
    meetings.open_(world.meeting, by=world.secretary)

    with pytest.raises(Refused, match=str(world.meeting.number)):
        meetings.open_(other, by=world.secretary)

    meetings.close(world.meeting, by=world.secretary)
    assert meetings.open_(other, by=world.secretary).state == MeetingState.OPEN


def test_a_closed_meeting_is_not_opened_again(world):
    world.gather()
    meetings.close(world.meeting, by=world.secretary)

    with pytest.raises(MoveRefused):
        meetings.open_(world.meeting, by=world.secretary)


def test_closing_twice_keeps_the_first_moment(world):
    world.gather()
    first = meetings.close(world.meeting, by=world.secretary)

    assert (
        meetings.close(world.meeting, by=world.secretary).closed_at == first.closed_at
    )


def test_a_meeting_that_was_not_opened_is_not_closed(world):
    with pytest.raises(MoveRefused):
        meetings.close(world.meeting, by=world.secretary)


def test_a_meeting_is_not_closed_during_a_vote(world):
    world.gather()
    world.open_vote()

    with pytest.raises(Refused, match=world.group.name):
        meetings.close(world.meeting, by=world.secretary)
    assert world.fresh(world.meeting).state == MeetingState.OPEN


def test_only_the_secretary_closes(world):
    world.gather()

    for user in (world.chair, world.voters[0], world.clerk_of_the_round):
        with pytest.raises(NotAllowed):
            meetings.close(world.meeting, by=user)


def test_a_meeting_can_be_closed_after_the_phase(world):
    world.gather()
    world.open_phase(PhaseName.RECHECK)

    assert meetings.close(world.meeting, by=world.secretary).closed_at


# --- presence ---------------------------------------------------------------------


def test_presence_is_noted_once_and_taken_back_with_its_moment(world):
    seat = world.seat(world.voters[0])
    for __ in range(2):
        meetings.mark_presence(world.meeting, [seat], True, by=world.secretary)
    row = Attendance.objects.get()
    assert row.left_at is None

    for __ in range(2):
        meetings.mark_presence(world.meeting, [seat], False, by=world.secretary)

    gone = Attendance.objects.get()
    assert (gone.pk, gone.arrived_at) == (row.pk, row.arrived_at)
    assert gone.left_at is not None


def test_who_comes_back_is_present_again(world):
    world.gather()
    world.leave(world.voters[0])

    meetings.mark_presence(
        world.meeting, [world.seat(world.voters[0])], True, by=world.secretary
    )

    assert Attendance.objects.get(member=world.seat(world.voters[0])).left_at is None


def test_members_of_another_council_are_not_noted(world):
    other = CouncilWorld(agencies=0, members=0)

    with pytest.raises(Refused):
        meetings.mark_presence(
            world.meeting, [other.seat(other.chair)], True, by=world.secretary
        )
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("who", ["chair", "member", "manager"])
def test_only_the_secretary_notes_presence(world, who):
    user = {
        "chair": world.chair,
        "member": world.voters[0],
        "manager": world.clerk_of_the_round,
    }[who]

    with pytest.raises(NotAllowed):
        meetings.mark_presence(world.meeting, [world.seat(world.chair)], True, by=user)


def test_after_the_close_presence_stays(world):
    world.gather()
    meetings.close(world.meeting, by=world.secretary)

    with pytest.raises(Refused):
        world.leave(world.voters[0])
    assert not Attendance.objects.filter(left_at__isnull=False).exists()


# --- conclusion ---------------------------------------------------------------------


def test_the_chair_concludes_also_after_the_close(world):
    world.gather()
    meetings.conclude(world.meeting, "Thống nhất.", by=world.chair)
    meetings.close(world.meeting, by=world.secretary)

    meetings.conclude(world.meeting, "Thống nhất; rà soát lại.", by=world.chair)

    assert world.fresh(world.meeting).conclusion == "Thống nhất; rà soát lại."


def test_a_conclusion_written_on_an_older_text_is_a_conflict_with_both(world):
    world.gather()
    seen = meetings.conclusion_digest("")
    meetings.conclude(world.meeting, "Một.", by=world.chair, seen=seen)

    with pytest.raises(Conflict) as conflict:
        meetings.conclude(world.meeting, "Hai.", by=world.chair, seen=seen)

    assert conflict.value.details == {"stored": "Một.", "given": "Hai."}
    assert world.fresh(world.meeting).conclusion == "Một."


def test_saving_the_same_conclusion_twice_is_no_conflict(world):
    world.gather()
    seen = meetings.conclusion_digest("")

    for __ in range(2):
        meetings.conclude(world.meeting, "Một.", by=world.chair, seen=seen)

    assert world.fresh(world.meeting).conclusion == "Một."


def test_nobody_concludes_before_the_meeting(world):
    with pytest.raises(Refused):
        meetings.conclude(world.meeting, "Một.", by=world.chair)


def test_nobody_else_concludes(world):
    world.gather()

    for user in (world.secretary, world.voters[0], world.clerk_of_the_round):
        with pytest.raises(NotAllowed):
            meetings.conclude(world.meeting, "Một.", by=user)


def test_once_the_round_has_moved_on_the_conclusion_stays(world):
    world.gather()
    world.round.state = RoundState.RECHECKED
    world.round.save()

    with pytest.raises(Refused):
        meetings.conclude(world.meeting, "Một.", by=world.chair)
