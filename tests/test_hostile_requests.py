"""What an enemy sends: numbers beyond every column, NUL bytes, markup, huge texts.

Every address of the site answers with one of its own statuses, and nothing of what
was sent comes back as markup.
"""

import pytest
from django.test import Client
from django.urls import reverse

from tests.access_world import KEYS, AccessWorld, undone
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

HUGE = 10**30
MARKUP = "<script>alert(1)</script>"
NAMES = sorted(name for name in KEYS if name.startswith(("scoring:", "councils:")))
NUMBERS = {"year", "pk", "number"}
QUERY = ("q", "group", "state", "show", "open", "view", "agency", "criterion")
# Every name that a form of the site sends.
FIELDS = [
    "accept",
    "agency",
    "choice",
    "clear",
    "criterion_code",
    "d-count",
    "d-counts-1",
    "d-denominator",
    "d-numerator",
    "d-option",
    "d-value",
    "decision",
    "document",
    "groups",
    "held_at",
    "is_present",
    "is_voting",
    "issued_on",
    "issuer",
    "keep",
    "layer",
    "link",
    "members",
    "na",
    "next",
    "not_applicable",
    "number",
    "page",
    "place",
    "points",
    "position",
    "post",
    "reason",
    "sealed",
    "section",
    "seen",
    "text",
    "title",
    "token",
    "until",
    "user",
    "version",
    "workbook",
]
ANSWERS = {200, 302, 403, 404, 405, 409, 422}
PEOPLE = ("manager", "officer", "secretary")


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return AccessWorld()


def text_of(answer):
    return answer.getvalue() if answer.streaming else answer.content


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_number_in_an_address_is_too_large(world, method):
    client = world.client("manager")
    for name in NAMES:
        for key in KEYS[name] & NUMBERS:
            kwargs = {k: world._value(name, k) for k in KEYS[name]} | {key: HUGE}
            with undone():
                answer = getattr(client, method)(reverse(name, kwargs=kwargs), {})
            assert answer.status_code in (403, 404, 405), (name, key)


@pytest.mark.parametrize("text", ["\x00", f"'\">{MARKUP}"])
def test_no_query_breaks_a_page(world, text):
    for who in PEOPLE:
        client = world.client(who)
        for name in NAMES:
            with undone():
                answer = client.get(world.address(name), dict.fromkeys(QUERY, text))
            assert answer.status_code in ANSWERS, (name, who)
            assert MARKUP.encode() not in text_of(answer), (name, who)


@pytest.mark.parametrize(
    "text", ["\x00", MARKUP, "9" * 5000, "-1", "NaN", "1e999", "²"]
)
def test_no_text_in_a_form_breaks_a_page(world, text):
    for who in (*PEOPLE, "chair"):
        client = world.client(who)
        for name in NAMES:
            with undone():
                answer = client.post(world.address(name), dict.fromkeys(FIELDS, text))
            assert answer.status_code in ANSWERS, (name, who)
            assert MARKUP.encode() not in text_of(answer), (name, who)


def test_no_form_is_taken_from_another_site(world):
    """Whatever changes something asks for the token; without it nothing is looked at."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["manager"])
    for name in NAMES:
        answer = client.post(world.address(name), {})
        assert answer.status_code in (403, 405), name


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "http://testserver.evil.example/",
        "http://testserver@evil.example/",
        "\\\\evil.example",
    ],
)
def test_a_refusal_never_leads_to_another_site(world, referer):
    client = world.client("leader")
    address = world.address("scoring:assessment-lock")
    answer = client.post(address, headers={"Referer": referer})

    assert answer.status_code == 302
    assert answer["Location"] == "/"


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example"])
def test_neither_sign_in_nor_language_lead_to_another_site(world, client, next_):
    person = world.people["manager"]
    signed_in = client.post(
        reverse("login"),
        {"username": person.username, "password": PASSWORD, "next": next_},
    )
    chosen = client.post(reverse("set_language"), {"language": "en", "next": next_})

    assert signed_in["Location"] == reverse("scoring:home")
    assert "evil" not in chosen["Location"]


@pytest.mark.parametrize("language", ["xx", "../../etc", "", "vi'", "e" * 4000])
def test_a_strange_language_is_vietnamese(world, language):
    client = world.client("manager")
    client.cookies["django_language"] = language
    answer = client.get(reverse("scoring:home"))

    assert answer["Content-Language"] == "vi"


def test_who_loses_role_or_account_sees_nothing_more_at_once(world):
    client, address = world.client("manager"), world.address("scoring:round-progress")
    assert client.get(address).status_code == 200

    person = world.people["manager"]
    person.roles.all().delete()
    assert client.get(address).status_code == 404
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(address).status_code == 302
