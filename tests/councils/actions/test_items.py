import pytest
from django.db import transaction

from councils.actions import items, meetings, members
from councils.labels import Post
from councils.states import ItemState
from scoring.actions import cells
from scoring.actions.cells import CellChange
from scoring.labels import Layer, LedgerKind, PhaseName, Status
from scoring.models import Freeze, FrozenResult, LedgerLine
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import GroupState, MoveRefused
from tests.councils.worlds import CouncilWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return CouncilWorld(agencies=2, members=2)


def state_of(world):
    return world.fresh(world.item).state


# --- open the vote ------------------------------------------------------------------


def test_the_secretary_opens_the_vote_on_the_figures_as_they_are(world):
    world.gather()

    world.open_vote()

    assert world.item.state == ItemState.VOTING
    assert len(world.item.figures_digest) == 64


def test_opening_twice_keeps_the_first_moment(world):
    world.gather()
    world.open_vote()
    first = world.item.voting_opened_at

    world.open_vote()

    assert world.item.voting_opened_at == first


@pytest.mark.parametrize("who", ["chair", "member", "manager"])
def test_nobody_else_opens_a_vote(world, who):
    world.gather()
    user = {
        "chair": world.chair,
        "member": world.voters[0],
        "manager": world.clerk_of_the_round,
    }[who]

    with pytest.raises(NotAllowed):
        items.open_vote(world.item, by=user)
    assert state_of(world) == ItemState.WAITING


def test_there_is_no_vote_before_and_after_the_meeting(world):
    with pytest.raises(Refused):
        items.open_vote(world.item, by=world.secretary)

    world.gather()
    meetings.close(world.meeting, by=world.secretary)
    with pytest.raises(Refused):
        items.open_vote(world.item, by=world.secretary)


def test_without_a_quorum_there_is_no_vote(world):
    # Of four members who vote two thirds are three people.
    world.gather(world.secretary, world.chair)

    with pytest.raises(Refused, match=r"2/4.*3"):
        items.open_vote(world.item, by=world.secretary)
    assert state_of(world) == ItemState.WAITING

    meetings.mark_presence(
        world.meeting, [world.seat(world.voters[0])], True, by=world.secretary
    )
    assert items.open_vote(world.item, by=world.secretary).state == ItemState.VOTING


def test_members_without_a_vote_make_no_quorum(world):
    members.appoint(
        world.council,
        world.secretary,
        Post.SECRETARY,
        by=world.clerk_of_the_round,
        is_voting=False,
    )
    world.gather(world.secretary, world.chair)

    with pytest.raises(Refused, match="1/3"):
        items.open_vote(world.item, by=world.secretary)


def test_after_the_phase_no_vote_is_opened(world):
    world.gather()
    world.open_phase(PhaseName.RECHECK)

    with pytest.raises(Late):
        items.open_vote(world.item, by=world.secretary)


def test_one_vote_at_a_time():
    world = CouncilWorld(agencies=1, groups=2)
    world.gather()
    world.open_vote()
    other = world.item_of(world.groups[1])

    with pytest.raises(Refused, match=world.group.name):
        items.open_vote(other, by=world.secretary)

    world.close_vote()
    assert items.open_vote(other, by=world.secretary).state == ItemState.VOTING


# --- close it -----------------------------------------------------------------------


def test_the_counts_and_the_outcome_are_kept(world):
    world.gather()
    world.open_vote()
    world.vote("agree", world.chair, world.voters[0], world.secretary)
    world.vote("abstain", world.voters[1])

    world.close_vote()

    item = world.item
    assert (item.agree_count, item.disagree_count, item.abstain_count) == (3, 0, 1)
    assert (item.present_count, item.is_carried) == (4, True)


def test_half_of_those_present_is_not_enough(world):
    world.gather()
    world.open_vote()
    world.vote("agree", world.chair, world.voters[0])

    world.close_vote()

    assert (world.item.present_count, world.item.is_carried) == (4, False)


def test_a_vote_counts_also_when_its_member_has_left(world):
    world.gather()
    world.open_vote()
    world.vote("agree", world.voters[0], world.chair, world.secretary)
    world.leave(world.voters[0], world.voters[1])

    world.close_vote()

    # voters[1] left without a vote: three count as present, all three agree.
    assert (world.item.agree_count, world.item.present_count) == (3, 3)
    assert world.item.is_carried


def test_a_vote_counts_also_when_its_member_has_been_dismissed(world):
    world.gather()
    world.open_vote()
    world.vote("agree")
    members.dismiss(world.council, world.voters[0], by=world.clerk_of_the_round)

    world.close_vote()

    assert (world.item.agree_count, world.item.present_count) == (4, 4)


def test_when_the_quorum_is_lost_the_vote_stays_open(world):
    world.gather()
    world.open_vote()
    world.vote("agree", world.chair)
    world.leave(*world.voters)

    with pytest.raises(Refused, match="2/4"):
        items.close_vote(world.item, by=world.secretary)
    assert state_of(world) == ItemState.VOTING

    meetings.mark_presence(
        world.meeting, [world.seat(world.voters[0])], True, by=world.secretary
    )
    world.close_vote()
    assert (world.item.present_count, world.item.is_carried) == (3, False)


def test_closing_twice_keeps_the_first_outcome(world):
    world.carry()
    first = world.item.voting_closed_at

    world.close_vote()

    assert world.item.voting_closed_at == first


def test_what_was_not_opened_is_not_closed(world):
    world.gather()

    with pytest.raises(MoveRefused):
        items.close_vote(world.item, by=world.secretary)


def test_a_closed_vote_is_not_opened_again(world):
    world.carry()

    with pytest.raises(MoveRefused):
        items.open_vote(world.item, by=world.secretary)


@pytest.mark.parametrize("who", ["chair", "member"])
def test_nobody_else_closes_a_vote(world, who):
    world.gather()
    world.open_vote()
    user = world.chair if who == "chair" else world.voters[0]

    with pytest.raises(NotAllowed):
        items.close_vote(world.item, by=user)


def test_a_vote_can_be_closed_after_the_phase(world):
    world.gather()
    world.open_vote()
    world.vote("agree")
    world.open_phase(PhaseName.RECHECK)

    world.close_vote()

    assert world.item.is_carried


# --- adopt --------------------------------------------------------------------------


def test_adoption_freezes_the_figures_with_ranks_in_one_act(world):
    world.carry()

    items.adopt(world.item, by=world.chair)

    assert state_of(world) == ItemState.ADOPTED
    assert world.group_now().state == GroupState.ADOPTED
    frozen = FrozenResult.objects.order_by("rank").values_list(
        "agency_code", "rank", "status"
    )
    assert list(frozen) == [
        (world.files[0].agency.code, 1, Status.RANKED),
        (world.files[1].agency.code, 2, Status.RANKED),
    ]
    lines = LedgerLine.objects.filter(kind=LedgerKind.ADOPTED)
    assert {line.actor for line in lines} == {world.chair.username}
    assert all("4" in line.reason for line in lines)


def test_adopting_twice_freezes_once(world):
    world.carry()

    for __ in range(2):
        items.adopt(world.item, by=world.chair)

    assert Freeze.objects.count() == 1
    assert LedgerLine.objects.filter(kind=LedgerKind.ADOPTED).count() == 2


@pytest.mark.parametrize("who", ["secretary", "member", "manager"])
def test_only_the_chair_adopts(world, who):
    world.carry()
    user = {
        "secretary": world.secretary,
        "member": world.voters[0],
        "manager": world.clerk_of_the_round,
    }[who]

    with pytest.raises(NotAllowed):
        items.adopt(world.item, by=user)
    assert not Freeze.objects.exists()


def test_what_was_not_carried_is_not_adopted(world):
    world.gather()
    world.open_vote()
    world.vote("disagree")
    world.close_vote()

    with pytest.raises(Refused, match=world.group.name):
        items.adopt(world.item, by=world.chair)
    assert world.group_now().state == GroupState.OPEN


@pytest.mark.parametrize("steps", ["waiting", "voting"])
def test_nothing_is_adopted_before_the_vote_is_closed(world, steps):
    world.gather()
    if steps == "voting":
        world.open_vote()
        world.vote("agree")

    with pytest.raises(MoveRefused):
        items.adopt(world.item, by=world.chair)


def test_nothing_is_adopted_after_the_meeting(world):
    world.carry()
    meetings.close(world.meeting, by=world.secretary)

    with pytest.raises(Refused):
        items.adopt(world.item, by=world.chair)
    assert not Freeze.objects.exists()


def test_an_incomplete_group_is_not_adopted_and_its_agencies_are_named(world):
    world.survey(world.files[0], "2.1", "70")
    world.files[1].survey_results.all().delete()
    world.carry()

    with pytest.raises(Refused, match=world.files[1].name_vi):
        items.adopt(world.item, by=world.chair)
    assert state_of(world) == ItemState.CLOSED
    assert world.group_now().state == GroupState.OPEN


def test_figures_that_changed_since_the_vote_are_not_adopted(world):
    world.carry()
    world.survey(world.files[0], "2.1", "10")

    with transaction.atomic(), pytest.raises(Refused, match=world.group.name):
        items.adopt(world.item, by=world.chair)


def test_nothing_of_a_refused_adoption_stays(world):
    world.carry()
    world.survey(world.files[0], "2.1", "10")

    with pytest.raises(Refused):
        items.adopt(world.item, by=world.chair)

    assert not Freeze.objects.exists()
    assert not LedgerLine.objects.filter(kind=LedgerKind.ADOPTED).exists()
    assert world.group_now().state == GroupState.OPEN


def test_a_group_that_failed_can_be_adopted_by_another_meeting(world):
    world.gather()
    world.open_vote()
    world.vote("disagree")
    world.close_vote()
    meetings.close(world.meeting, by=world.secretary)
    world.meeting = meetings.plan(
        world.council, held_at=world.meeting.held_at, by=world.secretary
    )
    world.item = world.item_of(world.group)

    world.carry()
    items.adopt(world.item, by=world.chair)

    assert world.meeting.number == 2
    assert world.group_now().is_adopted


def test_after_adoption_scores_and_surveys_are_closed(world):
    world.carry()
    items.adopt(world.item, by=world.chair)
    change = CellChange("1.3", Layer.COUNCIL, reason="họp", data=None, points=None)

    with pytest.raises(Refused, match=world.group.name):
        cells.save(world.files[0], [change], by=world.clerk_of_the_round)
    with pytest.raises(Refused):
        world.survey(world.files[0], "2.1", "10")


def test_a_group_that_another_meeting_adopted_is_not_voted_on(world):
    other = meetings.plan(
        world.council,
        held_at=world.meeting.held_at,
        place="Phòng khác",
        by=world.secretary,
    )
    world.carry()
    items.adopt(world.item, by=world.chair)
    meetings.close(world.meeting, by=world.secretary)
    world.meeting = other
    world.item = world.item_of(world.group)
    world.gather()

    with pytest.raises(Refused, match=world.group.name):
        items.open_vote(world.item, by=world.secretary)
