"""Every role × every page of the Council: the answer, and what must not be seen."""

import pytest
from django.test import Client
from django.urls import reverse

from councils.models import Council, Meeting, Member, Opinion, Vote
from councils.states import MeetingState
from scoring.labels import RoleName
from scoring.models import Freeze
from tests.councils.worlds import CouncilWorld
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db

READERS = ("manager", "chair", "secretary", "member", "inspector", "approver")
OUTSIDERS = (
    "officer",
    "leader",
    "appraiser",
    "stranger",
    "superuser",
    "member of another round",
    "dismissed",
)
PAGES = (
    "council-detail",
    "meeting-detail",
    "item-detail",
    "item-counters",
    "item-projector",
    "item-agency",
)
# Act → who may. The steps of the item are asked while its vote is open.
ACTS = {
    "council-establish": {"manager"},
    "member-appoint": {"manager"},
    "member-dismiss": {"manager"},
    "meeting-plan": {"manager", "secretary"},
    "meeting-open": {"chair", "secretary"},
    "meeting-close": {"secretary"},
    "presence-mark": {"secretary"},
    "meeting-conclude": {"chair"},
    "vote-open": {"secretary"},
    "vote-close": {"secretary"},
    "vote-cast": {"chair", "secretary", "member"},
    "opinion-record": {"chair", "secretary", "member"},
    "item-adopt": {"chair"},
}
GIVENS = {"choice": "agree", "text": "Nội dung", "token": "t1"}


@pytest.fixture
def world():
    world = CouncilWorld(agencies=1, members=2)
    world.gather()
    world.open_vote()
    return world


def person(world, who):
    makers = {
        "manager": lambda: world.clerk_of_the_round,
        "chair": lambda: world.chair,
        "secretary": lambda: world.secretary,
        "member": lambda: world.voters[0],
        "inspector": world.inspector,
        "approver": lambda: world.person(RoleName.APPROVER),
        "officer": world.officer,
        "leader": world.leader,
        "appraiser": world.appraiser,
        "stranger": UserFactory,
        "superuser": lambda: UserFactory(is_superuser=True, is_staff=True),
        "member of another round": lambda: CouncilWorld(agencies=0, members=0).chair,
        "dismissed": lambda: dismissed(world),
    }
    return makers[who]()


def dismissed(world):
    user = world.voters[1]
    Member.objects.filter(user=user).update(dismissed_at=world.meeting.held_at)
    user.roles.all().delete()
    return user


def url_of(world, name):
    rest = {
        "item-agency": [world.file.agency.code],
        "member-dismiss": [world.seat(world.voters[0]).pk],
    }
    return world.url(name, *rest.get(name, []))


@pytest.mark.parametrize("who", READERS)
def test_who_reads_the_round_reads_the_council(client, world, who):
    client.force_login(person(world, who))
    known = {
        "council-detail": world.chair.full_name,
        "meeting-detail": world.group.name,
        "item-counters": 'id="counters"',
    }

    for page in PAGES:
        answer = client.get(url_of(world, page))
        assert (page, answer.status_code) == (page, 200)
        assert known.get(page, world.file.name_vi) in answer.content.decode()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_others_the_council_does_not_exist(client, world, who):
    client.force_login(person(world, who))

    for page in PAGES:
        answer = client.get(url_of(world, page))
        text = answer.content.decode()
        assert (page, answer.status_code) == (page, 404)
        assert world.chair.full_name not in text
        assert world.group.name not in text


def test_nobody_enters_without_signing_in(client, world):
    for page in PAGES:
        answer = client.get(url_of(world, page))
        assert (page, answer.status_code) == (page, 302)
        assert answer["Location"].startswith(reverse("login"))


def stored():
    """All that an act could change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Council, Meeting, Member, Opinion, Vote, Freeze)
    ]


@pytest.mark.parametrize("who", READERS)
def test_who_sees_but_may_not_act_is_forbidden(client, world, who):
    client.force_login(person(world, who))
    before = stored()

    for act in [act for act, may in ACTS.items() if who not in may]:
        answer = client.post(url_of(world, act), GIVENS)
        assert (act, answer.status_code) == (act, 403)
        assert stored() == before


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_others_the_acts_do_not_exist_either(client, world, who):
    client.force_login(person(world, who))
    before = stored()

    for act in ACTS:
        answer = client.post(url_of(world, act), GIVENS)
        assert (act, answer.status_code) == (act, 404)
        assert stored() == before


def test_acts_are_never_taken_by_looking(client, world):
    client.force_login(world.chair)
    before = stored()

    for act in ACTS:
        assert (act, client.get(url_of(world, act)).status_code) == (act, 405)
        assert stored() == before


def test_acts_need_a_sign_in(client, world):
    before = stored()

    for act in ACTS:
        answer = client.post(url_of(world, act), GIVENS)
        assert (act, answer.status_code) == (act, 302)
        assert answer["Location"].startswith(reverse("login"))
        assert stored() == before


def test_acts_need_the_page_s_own_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.chair)

    assert client.post(world.url("vote-cast"), {"choice": "agree"}).status_code == 403
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["rounds/1990/council/", "rounds/{year}/council/meetings/9/"],
)
def test_what_is_not_there_is_not_found(client, world, path):
    client.force_login(world.chair)

    assert client.get("/" + path.format(year=world.round.year)).status_code == 404


def test_groups_and_agencies_that_are_not_on_the_agenda_are_not_found(client):
    world = CouncilWorld(agencies=1, groups=2)
    client.force_login(world.chair)
    other = world.files[1].agency.code

    assert client.get(world.url("item-agency", other)).status_code == 404
    stray = world.url("item-detail").replace(world.group.group.code, "khoi-khac")
    assert client.get(stray).status_code == 404


def test_a_round_without_a_council_exists_for_its_readers_alone(client):
    world = World(agencies=1)
    url = reverse("councils:council-detail", args=[world.round.year])

    client.force_login(world.officer())
    assert client.get(url).status_code == 404
    client.force_login(world.inspector())
    assert client.get(url).status_code == 200
    assert b"council/establish/" not in client.get(url).content
    client.force_login(world.manager())
    assert b"council/establish/" in client.get(url).content


def test_a_refusal_of_the_meeting_is_a_sentence_on_the_page_one_came_from(client):
    world = CouncilWorld(agencies=1)
    client.force_login(world.secretary)
    here = world.url("item-detail")

    answer = client.post(
        world.url("vote-open"), HTTP_REFERER=f"http://testserver{here}", follow=True
    )

    assert answer.redirect_chain == [(f"http://testserver{here}", 302)]
    assert answer.context["messages"]
    assert world.fresh(world.item).voting_opened_at is None


def test_a_refusal_within_a_page_keeps_the_form_that_is_filled_in(client, world):
    """The answer goes to the line of notices, not over the form."""
    world.leave(world.voters[0])
    client.force_login(world.voters[0])

    answer = client.post(
        world.url("opinion-record"),
        {"text": "Nội dung đã viết", "token": "t1"},
        HTTP_HX_REQUEST="true",
    )

    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#alerts"
    assert not Opinion.objects.exists()


def test_the_buttons_are_those_that_the_person_may_press(client, world):
    acts = ["vote/", "vote/close/", "adopt/", "opinions/"]
    base = world.url("item-detail")
    for who, expected in {
        "chair": ["vote/", "opinions/"],
        "secretary": ["vote/", "vote/close/", "opinions/"],
        "inspector": [],
    }.items():
        client.force_login(person(world, who))
        text = client.get(base).content.decode()
        assert [a for a in acts if f'action="{base}{a}"' in text] == expected
    assert world.fresh(world.meeting).state == MeetingState.OPEN
