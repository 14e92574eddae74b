import pytest

from councils.actions import members
from councils.labels import Post
from councils.models import Council, Member
from scoring.labels import RoleName
from scoring.models import Role
from scoring.permissions import round_rights
from scoring.refusals import NotAllowed, Refused
from tests.councils.worlds import CouncilWorld
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return CouncilWorld(agencies=1, members=1)


def roles_of(user):
    return set(Role.objects.filter(user=user).values_list("name", "round_id"))


def test_the_manager_sets_up_the_council_once():
    world = World(agencies=0)
    manager = world.manager()

    first = members.establish(world.round, decision=" QĐ 1 ", by=manager)
    again = members.establish(world.round, decision="QĐ 2", by=manager)

    assert (first.pk, first.decision) == (again.pk, "QĐ 1")
    assert Council.objects.count() == 1


def test_a_council_needs_its_decision():
    world = World(agencies=0)

    with pytest.raises(Refused, match=r"quyết định|decision"):
        members.establish(world.round, decision="  ", by=world.manager())


def test_nobody_else_sets_up_a_council():
    world = World(agencies=0)

    for user in (world.inspector(), UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            members.establish(world.round, decision="QĐ 1", by=user)
    assert not Council.objects.exists()


@pytest.mark.parametrize("post", Post)
def test_a_seat_brings_the_role_in_this_round_alone(world, post):
    user = UserFactory()
    if post == Post.CHAIR:
        members.dismiss(world.council, world.chair, by=world.clerk_of_the_round)

    members.appoint(world.council, user, post, by=world.clerk_of_the_round)

    assert roles_of(user) == {(post.value, world.round.pk)}
    assert round_rights(user, world.round).sit


def test_another_post_replaces_the_role_and_keeps_the_seat(world):
    user = world.voters[0]
    seat = world.seat(user)

    members.appoint(world.council, user, Post.SECRETARY, by=world.clerk_of_the_round)

    assert world.seat(user).pk == seat.pk
    assert roles_of(user) == {(RoleName.SECRETARY, world.round.pk)}


def test_appointing_twice_changes_nothing(world):
    user = world.voters[0]
    before = Member.objects.values().get(pk=world.seat(user).pk)

    members.appoint(world.council, user, Post.MEMBER, by=world.clerk_of_the_round)

    assert Member.objects.values().get(pk=before["id"]) == before
    assert Role.objects.filter(user=user).count() == 1


def test_other_roles_of_the_person_stay(world):
    user = UserFactory()
    Role.objects.create(user=user, name=RoleName.APPRAISER, round=world.round)
    Role.objects.create(user=user, name=RoleName.MEMBER)

    members.appoint(world.council, user, Post.SECRETARY, by=world.clerk_of_the_round)
    members.dismiss(world.council, user, by=world.clerk_of_the_round)

    assert roles_of(user) == {
        (RoleName.APPRAISER, world.round.pk),
        (RoleName.MEMBER, None),
    }


def test_a_second_chair_is_refused_by_name(world):
    with pytest.raises(Refused, match=world.chair.full_name):
        members.appoint(
            world.council, UserFactory(), Post.CHAIR, by=world.clerk_of_the_round
        )


def test_a_closed_account_gets_no_seat(world):
    with pytest.raises(Refused):
        members.appoint(
            world.council,
            UserFactory(is_active=False),
            Post.MEMBER,
            by=world.clerk_of_the_round,
        )


def test_who_leaves_loses_the_role_and_keeps_what_was_voted(world):
    world.gather()
    world.open_vote()
    world.vote("agree", world.voters[0])

    members.dismiss(world.council, world.voters[0], by=world.clerk_of_the_round)

    assert roles_of(world.voters[0]) == set()
    assert world.seat(world.voters[0]).dismissed_at is not None
    assert world.item.votes.get().member.user == world.voters[0]
    assert not round_rights(world.voters[0], world.round).see


def test_who_comes_back_gets_the_old_seat(world):
    seat = world.seat(world.voters[0])
    members.dismiss(world.council, world.voters[0], by=world.clerk_of_the_round)

    members.appoint(
        world.council, world.voters[0], Post.MEMBER, by=world.clerk_of_the_round
    )

    assert world.seat(world.voters[0]).pk == seat.pk
    assert world.seat(world.voters[0]).dismissed_at is None


@pytest.mark.parametrize("who", ["secretary", "chair", "inspector"])
def test_only_the_manager_gives_and_takes_seats(world, who):
    user = world.inspector() if who == "inspector" else getattr(world, who)
    before = list(Member.objects.values())

    with pytest.raises(NotAllowed):
        members.appoint(world.council, UserFactory(), Post.MEMBER, by=user)
    with pytest.raises(NotAllowed):
        members.dismiss(world.council, world.voters[0], by=user)

    assert list(Member.objects.values()) == before
