"""The database defends the facts of a meeting, whatever writes them."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from councils.labels import Post
from councils.models import AgendaItem, Attendance, Council, Meeting, Member, Vote
from tests.councils.worlds import CouncilWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = CouncilWorld(agencies=1, members=1)
    world.gather()
    return world


def refused(act):
    with transaction.atomic(), pytest.raises(IntegrityError):
        act()


def test_one_vote_each_and_only_known_ones(world):
    world.open_vote()
    world.vote("agree", world.chair)
    seats = [world.seat(world.chair), world.seat(world.secretary)]

    def cast(seat, choice):
        now = timezone.now()
        return Vote.objects.create(item=world.item, member=seat, choice=choice, at=now)

    refused(lambda: cast(seats[0], "disagree"))
    refused(lambda: cast(seats[1], "perhaps"))
    assert Vote.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"voting_closed_at": True}, id="closed, never opened"),
        pytest.param(
            {"voting_opened_at": True, "voting_closed_at": True, "is_carried": True},
            id="closed without counts",
        ),
        pytest.param({"adopted_at": True}, id="adopted without a vote"),
        pytest.param(
            {
                "voting_opened_at": True,
                "voting_closed_at": True,
                "is_carried": False,
                "agree_count": 0,
                "disagree_count": 1,
                "abstain_count": 0,
                "present_count": 1,
                "adopted_at": True,
            },
            id="adopted though not carried",
        ),
        pytest.param(
            {
                "voting_opened_at": True,
                "voting_closed_at": True,
                "is_carried": True,
                "agree_count": 3,
                "disagree_count": 0,
                "abstain_count": 0,
                "present_count": 2,
            },
            id="more votes than members present",
        ),
    ],
)
def test_an_item_says_nothing_that_cannot_be(world, facts):
    facts = {
        name: timezone.now() if name.endswith("_at") else value
        for name, value in facts.items()
    }

    refused(lambda: AgendaItem.objects.filter(pk=world.item.pk).update(**facts))


def test_one_chair_one_seat_one_presence_one_number(world):
    user = world.voters[0]
    seats = Member.objects.filter(pk=world.seat(user).pk)

    refused(lambda: seats.update(post=Post.CHAIR))
    refused(lambda: seats.update(post="king"))
    refused(lambda: Member.objects.create(council=world.council, user=user))
    refused(
        lambda: Attendance.objects.create(
            meeting=world.meeting, member=seats.get(), arrived_at=timezone.now()
        )
    )
    refused(
        lambda: Meeting.objects.create(
            council=world.council, number=1, held_at=timezone.now()
        )
    )


def test_a_chair_who_has_left_makes_room_for_another(world):
    Member.objects.filter(post=Post.CHAIR).update(dismissed_at=timezone.now())

    Member.objects.filter(pk=world.seat(world.voters[0]).pk).update(post=Post.CHAIR)

    assert Member.objects.filter(post=Post.CHAIR).count() == 2


@pytest.mark.parametrize(
    "shares",
    [
        {"quorum_numerator": 4, "quorum_denominator": 3},
        {"quorum_numerator": 0},
        {"majority_numerator": 2, "majority_denominator": 2},
    ],
)
def test_quorum_and_majority_are_shares(world, shares):
    refused(lambda: Council.objects.update(**shares))


def test_a_meeting_is_not_closed_before_it_was_opened(world):
    row = Meeting.objects.filter(pk=world.meeting.pk)

    refused(lambda: row.update(opened_at=None, closed_at=timezone.now()))
