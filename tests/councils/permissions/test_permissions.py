"""Who may do what in a meeting, as a table; without and with the seats at hand."""

import pytest
from django.contrib.auth.models import AnonymousUser

from councils.actions import members
from councils.labels import Post
from councils.models import Council, Meeting
from councils.permissions import (
    CouncilRights,
    council_rights,
    item_rights,
    meeting_rights,
    visible_councils,
    visible_meetings,
    visible_rounds_of_council,
)
from councils.queries.meetings import seats_at
from councils.states import MeetingState
from scoring.labels import PhaseName, RoleName
from scoring.models import Role
from tests.councils.worlds import CouncilWorld
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

FLAGS = (
    "see",
    "is_clerk",
    "is_chair",
    "open",
    "run",
    "speak",
    "vote",
    "conclude",
    "adopt",
)


@pytest.fixture
def world():
    return CouncilWorld(agencies=1, members=2)


def flags(user, meeting):
    """The names of the rights a person has; the same with the seats at hand."""
    asked = meeting_rights(user, meeting)
    given = meeting_rights(user, meeting, seats=seats_at(meeting))
    assert [getattr(asked, f) for f in FLAGS] == [getattr(given, f) for f in FLAGS]
    assert asked.seat == given.seat
    return {flag for flag in FLAGS if getattr(asked, flag)}


def reread(world, state):
    if state != MeetingState.PLANNED:
        world.gather()
    if state == MeetingState.CLOSED:
        Meeting.objects.filter(pk=world.meeting.pk).update(
            closed_at=world.fresh(world.meeting).opened_at
        )
    return Meeting.objects.select_related("council__round").get(pk=world.meeting.pk)


@pytest.mark.parametrize(
    ("who", "state", "expected"),
    [
        ("chair", MeetingState.PLANNED, {"see", "is_chair", "open"}),
        (
            "chair",
            MeetingState.OPEN,
            {"see", "is_chair", "speak", "vote", "conclude", "adopt"},
        ),
        ("chair", MeetingState.CLOSED, {"see", "is_chair", "conclude"}),
        ("secretary", MeetingState.PLANNED, {"see", "is_clerk", "open", "run"}),
        ("secretary", MeetingState.OPEN, {"see", "is_clerk", "run", "speak", "vote"}),
        ("secretary", MeetingState.CLOSED, {"see", "is_clerk"}),
        ("member", MeetingState.PLANNED, {"see"}),
        ("member", MeetingState.OPEN, {"see", "speak", "vote"}),
        ("member", MeetingState.CLOSED, {"see"}),
        ("manager", MeetingState.OPEN, {"see"}),
        ("inspector", MeetingState.OPEN, {"see"}),
        ("officer", MeetingState.OPEN, set()),
        ("appraiser", MeetingState.OPEN, set()),
        ("superuser", MeetingState.OPEN, set()),
        ("anonymous", MeetingState.OPEN, set()),
    ],
)
def test_rights_in_a_meeting(world, who, state, expected):
    meeting = reread(world, state)
    people = {
        "chair": lambda: world.chair,
        "secretary": lambda: world.secretary,
        "member": lambda: world.voters[0],
        "manager": lambda: world.clerk_of_the_round,
        "inspector": world.inspector,
        "officer": world.officer,
        "appraiser": world.appraiser,
        "superuser": lambda: UserFactory(is_superuser=True),
        "anonymous": AnonymousUser,
    }

    assert flags(people[who](), meeting) == expected


@pytest.mark.parametrize("phase", [PhaseName.SECOND_APPRAISAL, PhaseName.RECHECK, None])
def test_outside_the_phase_nobody_opens_speaks_or_votes(world, phase):
    world.gather()
    world.open_phase(phase)
    meeting = world.fresh(world.meeting)

    for user in world.people:
        assert not flags(user, meeting) & {"open", "speak", "vote"}


def test_who_is_absent_neither_speaks_nor_votes(world):
    world.gather()
    world.leave(world.voters[0])

    assert flags(world.voters[0], world.fresh(world.meeting)) == {"see"}


def test_a_seat_without_a_vote_speaks_only(world):
    members.appoint(
        world.council,
        world.voters[0],
        Post.MEMBER,
        by=world.clerk_of_the_round,
        is_voting=False,
    )
    world.gather()

    assert flags(world.voters[0], world.fresh(world.meeting)) == {"see", "speak"}


def test_the_role_without_a_seat_reads_but_does_not_vote(world):
    world.gather()
    user = world.person(RoleName.MEMBER)

    assert flags(user, world.fresh(world.meeting)) == {"see"}


def test_a_closed_account_sees_nothing(world):
    world.chair.is_active = False

    assert flags(world.chair, world.meeting) == set()
    assert not visible_meetings(world.chair).exists()


def test_a_carried_item_is_the_chair_s_to_adopt(world):
    world.carry()
    item = world.item
    item.meeting = world.fresh(world.meeting)

    def rights(user):
        return item_rights(meeting_rights(user, item.meeting), item)

    assert rights(world.chair).adopt
    assert not rights(world.secretary).adopt
    item.is_carried = False
    assert not rights(world.chair).adopt


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (RoleName.MANAGER, CouncilRights(see=True, appoint=True, plan=True)),
        (RoleName.SECRETARY, CouncilRights(see=True, plan=True)),
        (RoleName.CHAIR, CouncilRights(see=True)),
        (RoleName.INSPECTOR, CouncilRights(see=True)),
        (RoleName.APPRAISER, CouncilRights()),
    ],
)
def test_rights_over_the_council(world, role, expected):
    assert council_rights(world.person(role), world.round) == expected


def test_a_role_in_one_round_shows_that_round_s_council_alone(world):
    other = CouncilWorld(agencies=0, members=0)

    assert list(visible_councils(world.chair)) == [world.council]
    assert list(visible_meetings(world.chair)) == [world.meeting]
    assert list(visible_rounds_of_council(other.chair)) == [other.round]


def test_a_role_in_all_rounds_shows_every_council(world):
    CouncilWorld(agencies=0, members=0)
    user = UserFactory()
    Role.objects.create(user=user, name=RoleName.INSPECTOR)

    assert set(visible_councils(user)) == set(Council.objects.all())
    assert visible_councils(user).count() == 2
