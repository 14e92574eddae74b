import pytest

from councils.actions import members, votes
from councils.labels import Choice, Post
from councils.models import Vote
from scoring.labels import PhaseName
from scoring.refusals import Late, NotAllowed, Refused
from tests.councils.worlds import CouncilWorld
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = CouncilWorld(agencies=1, members=2)
    world.gather()
    return world


def test_a_vote_can_be_changed_until_the_close_and_stays_one(world):
    world.open_vote()

    for choice in (Choice.AGREE, Choice.AGREE, Choice.DISAGREE):
        votes.cast(world.item, choice, by=world.chair)

    vote = Vote.objects.get()
    assert (vote.member.user, vote.choice) == (world.chair, Choice.DISAGREE)


def test_a_repeated_vote_keeps_its_moment(world):
    world.open_vote()
    first = votes.cast(world.item, Choice.AGREE, by=world.chair)

    assert votes.cast(world.item, Choice.AGREE, by=world.chair).at == first.at


def test_the_chair_s_vote_is_one_vote(world):
    world.open_vote()
    world.vote("agree", world.chair)
    world.vote("disagree", world.voters[0])

    assert Vote.objects.count() == 2


def test_before_and_after_the_vote_nobody_votes(world):
    with pytest.raises(Refused):
        world.vote("agree", world.chair)

    world.open_vote()
    world.vote("agree", world.chair)
    world.close_vote()
    with pytest.raises(Refused):
        world.vote("disagree", world.chair)
    assert Vote.objects.get().choice == Choice.AGREE


@pytest.mark.parametrize("choice", ["", "yes", "AGREE", None])
def test_an_unknown_choice_is_refused(world, choice):
    world.open_vote()

    with pytest.raises(Refused):
        votes.cast(world.item, choice, by=world.chair)
    assert not Vote.objects.exists()


def test_who_is_not_present_does_not_vote(world):
    world.open_vote()
    world.leave(world.voters[0])

    with pytest.raises(NotAllowed):
        world.vote("agree", world.voters[0])


def test_a_member_without_a_vote_does_not_vote(world):
    members.appoint(
        world.council,
        world.secretary,
        Post.SECRETARY,
        by=world.clerk_of_the_round,
        is_voting=False,
    )
    world.open_vote()

    with pytest.raises(NotAllowed):
        world.vote("agree", world.secretary)


def test_who_has_no_seat_does_not_vote(world):
    world.open_vote()

    for user in (world.clerk_of_the_round, world.inspector(), UserFactory()):
        with pytest.raises(NotAllowed):
            world.vote("agree", user)


def test_who_was_dismissed_does_not_vote(world):
    world.open_vote()
    members.dismiss(world.council, world.voters[0], by=world.clerk_of_the_round)

    with pytest.raises(NotAllowed):
        world.vote("agree", world.voters[0])


def test_a_closed_account_does_not_vote(world):
    world.open_vote()
    world.chair.is_active = False

    with pytest.raises(NotAllowed):
        world.vote("agree", world.chair)


def test_after_the_phase_nobody_votes(world):
    world.open_vote()
    world.open_phase(PhaseName.RECHECK)

    with pytest.raises(Late):
        world.vote("agree", world.chair)


def test_a_member_of_an_assessed_agency_votes_like_the_others(world):
    world.voters[0].agency = world.file.agency
    world.voters[0].save()
    world.open_vote()

    world.vote("agree", world.voters[0])

    assert Vote.objects.get().member.user == world.voters[0]
