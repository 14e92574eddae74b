"""What a piece of a page is answered when it may not be had: a notice, never a page."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from scoring.refusals import (
    Conflict,
    Late,
    ManyRefused,
    NotAllowed,
    Refused,
    Unavailable,
)
from tests.factories import World

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def world():
    return World(agencies=1)


def save(client, world, headers):
    file = world.file
    address = reverse(
        "scoring:cell-save", args=[world.round.year, file.agency.code, "1.3"]
    )
    return client.post(address, {"points": "0,5", "version": "0"}, headers=headers)


def test_a_save_after_the_session_has_ended_leaves_what_was_typed(world):
    answer = save(Client(), world, HTMX)

    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#alerts"
    assert b"<html" not in answer.content
    assert "Phiên đăng nhập đã hết" in answer.content.decode()


def test_without_script_the_sign_in_page_answers(world):
    answer = save(Client(), world, {})

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


def test_a_forbidden_fragment_is_a_notice(world):
    client = Client()
    client.force_login(world.inspector())
    answer = save(client, world, HTMX)

    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#alerts"
    assert b"<html" not in answer.content
    assert save(client, world, {}).status_code == 403


def test_a_fragment_says_for_scripts_that_the_session_has_ended(world):
    assert save(Client(), world, HTMX)["X-Refusal"] == "signed-out"


def test_an_outdated_token_is_a_notice_in_a_fragment_and_a_page_in_a_page(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.officer())
    fragment, page = save(client, world, HTMX), save(client, world, {})

    assert (fragment.status_code, fragment["X-Refusal"]) == (403, "csrf")
    assert fragment["HX-Retarget"] == "#alerts"
    assert b"<html" not in fragment.content
    assert page.status_code == 403
    assert b"<html" in page.content


def how_answered(page, status):
    """The rule by which htmx treats an answer of this status: the first that fits."""
    config = json.loads(re.search(r"htmx-config\"\s+content='(.+?)'", page)[1])
    for rule in config["responseHandling"]:
        if re.fullmatch(rule["code"], str(status)):
            return rule
    return None


@pytest.mark.parametrize(
    "kind", [Conflict, Late, ManyRefused, NotAllowed, Refused, Unavailable]
)
def test_each_refusal_is_put_into_the_page_and_counts_as_an_error(client, kind):
    page = client.get(reverse("login")).content.decode()

    assert how_answered(page, kind.status)["swap"] is True
    assert how_answered(page, kind.status)["error"] is True
    assert how_answered(page, 500)["swap"] is False
