from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from councils.models import Council, Meeting, Member
from scoring.actions import results
from tests.councils.worlds import CouncilWorld
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    world = CouncilWorld(agencies=1, groups=2, members=1)
    client.force_login(world.clerk_of_the_round)
    return world


def tomorrow():
    return timezone.localtime(timezone.now() + timedelta(days=1))


def test_the_manager_sets_up_the_council_on_its_own_page(client):
    world = World(agencies=1)
    client.force_login(world.manager())
    args = [world.round.year]

    answer = client.post(
        reverse("councils:council-establish", args=args), {"decision": "QĐ 5/QĐ-UBND"}
    )

    assert answer["Location"] == reverse("councils:council-detail", args=args)
    assert Council.objects.get().decision == "QĐ 5/QĐ-UBND"
    assert "QĐ 5/QĐ-UBND" in client.get(answer["Location"]).content.decode()


def test_a_council_without_its_decision_is_not_set_up(client):
    world = World(agencies=1)
    client.force_login(world.manager())

    answer = client.post(
        reverse("councils:council-establish", args=[world.round.year]), {"decision": ""}
    )

    assert answer.status_code == 422
    assert answer.context["establish_form"].errors
    assert not Council.objects.exists()


def test_a_member_is_appointed_and_listed(client, world):
    user = UserFactory(full_name="Uỷ viên thứ ba")

    answer = client.post(
        world.url("member-appoint"), {"user": user.pk, "post": "member"}, follow=True
    )

    seat = Member.objects.get(user=user)
    assert (seat.post, seat.is_voting) == ("member", False)
    assert answer.content.decode().count("Uỷ viên thứ ba") >= 2


def test_a_refused_appointment_says_why_and_keeps_what_was_chosen(client, world):
    answer = client.post(world.url("member-appoint"), {"user": "0", "post": "member"})

    assert answer.status_code == 422
    assert "user" in answer.context["appoint_form"].errors


def test_a_dismissed_member_leaves_the_list(client, world):
    seat = world.seat(world.voters[0])

    client.post(world.url("member-dismiss", seat.pk))
    answer = client.get(world.url("council-detail"))

    assert seat not in answer.context["members"]
    assert world.chair.full_name in answer.content.decode()


def test_a_seat_of_another_council_is_not_found(client, world):
    other = CouncilWorld(agencies=0, members=0)

    answer = client.post(world.url("member-dismiss", other.seat(other.chair).pk))

    assert answer.status_code == 404
    assert other.seat(other.chair).dismissed_at is None


def test_a_meeting_is_planned_in_the_time_of_the_city(client, world):
    when = tomorrow().replace(hour=14, minute=30, second=0, microsecond=0)

    answer = client.post(
        world.url("meeting-plan"),
        {
            "held_at": when.strftime("%Y-%m-%dT%H:%M"),
            "place": "Phòng họp 2",
            "groups": [world.groups[1].pk],
        },
    )

    meeting = Meeting.objects.get(number=2)
    assert answer["Location"] == meeting.get_absolute_url()
    assert (meeting.held_at, meeting.place) == (when, "Phòng họp 2")
    assert [item.group for item in meeting.items.all()] == [world.groups[1]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"held_at": ""}, "held_at", id="no moment"),
        pytest.param({"held_at": "31/02/2026"}, "held_at", id="no date"),
        pytest.param({"held_at": "2001-01-01T08:00"}, "held_at", id="long ago"),
        pytest.param({"groups": []}, "groups", id="no group"),
        pytest.param({"groups": ["0"]}, "groups", id="an unknown group"),
    ],
)
def test_what_is_wrong_with_a_plan_stands_at_its_field(client, world, change, field):
    givens = {
        "held_at": tomorrow().strftime("%Y-%m-%dT%H:%M"),
        "place": "Phòng họp 2",
        "groups": [world.group.pk],
        **change,
    }

    answer = client.post(world.url("meeting-plan"), givens)

    assert answer.status_code == 422
    assert list(answer.context["plan_form"].errors) == [field]
    assert "Phòng họp 2" in answer.content.decode()
    assert Meeting.objects.count() == 1


def test_adopted_groups_are_not_offered(client, world):
    results.adopt(world.group, by=world.chair)

    answer = client.get(world.url("council-detail"))

    assert answer.context["open_groups"] == [world.groups[1]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_a_fixed_number_of_times(
    client, count, django_assert_num_queries
):
    world = CouncilWorld(agencies=1, members=count)
    client.force_login(world.inspector())
    for number in range(count - 1):
        Meeting.objects.create(
            council=world.council, number=number + 2, held_at=timezone.now()
        )

    with django_assert_num_queries(10):
        answer = client.get(world.url("council-detail"))

    assert len(answer.context["members"]) == count + 2
    assert answer.content.decode().count('class="work-item"') == count
