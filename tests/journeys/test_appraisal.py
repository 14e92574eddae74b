"""A file's way through appraisal in the browser: both rounds, to the ranked table."""

import re

import pytest
from django.urls import reverse

from scoring.labels import PhaseName
from scoring.models import LedgerLine
from tests.scoring.appraisal_worlds import PROPOSED_ONE, appraising, survey

pytestmark = pytest.mark.django_db


def sign_in(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"


def fields_of(page):
    """What a browser would send of the open row's form, untouched."""
    return {
        field.html_name: field.value()
        for field in page.context["form"]
        if field.value() is not None and field.value() is not False
    }


def follow(client, page, words):
    """Follow the first link of a page whose text begins with ``words``."""
    pattern = rf'<a[^>]*href="([^"]+)"[^>]*>{re.escape(words)}'
    found = re.search(pattern, page.content.decode())
    assert found, f"no link “{words}”"
    answer = client.get(found.group(1).replace("&amp;", "&"))
    assert answer.status_code == 200
    return answer


def test_from_the_round_s_page_to_the_ranked_table(client):
    world = appraising(changes=PROPOSED_ONE)
    survey(world)
    first, second = world.files
    appraiser, manager = world.appraiser(), world.manager()
    year = world.round.year

    # The appraiser finds the file, answers the proposal, corrects one figure.
    sign_in(client, appraiser)
    page = client.get(reverse("scoring:round-detail", args=[year]))
    page = follow(client, page, "Files to appraise")
    page = follow(client, page, "Appraise")
    base = page.request["PATH_INFO"]
    page = client.get(base, {"open": "1.2"})
    proposal = fields_of(page) | {"not_applicable": "on", "reason": "Không có hồ sơ"}
    client.post(f"{base}cells/1.2/", proposal)
    page = client.get(base, {"open": "1.1"})
    corrected = fields_of(page) | {"data-option": "2", "reason": "Ban hành chậm"}
    page = client.post(f"{base}cells/1.1/", corrected | {"next": "1"}, follow=True)
    assert page.context["open_code"] == "1.3"

    # The rest is accepted at once, in both files.
    page = client.post(f"{base}accept-rest/", follow=True)
    assert "3 criteria accepted" in page.content.decode()
    other = reverse("scoring:appraisal-detail", args=[year, second.agency.code])
    client.post(f"{other}accept-rest/")
    page = client.get(other, {"open": "1.2"})
    given = fields_of(page) | {
        "data-numerator": "4",
        "data-denominator": "4",
        "reason": "Có bốn hồ sơ, đều đúng hạn",
    }
    assert client.post(f"{other}cells/1.2/", given).status_code == 302

    # After explanation one criterion is judged again, with its reason.
    world.open_phase(PhaseName.SECOND_APPRAISAL)
    page = client.get(base, {"open": "1.1"})
    again = fields_of(page) | {"data-option": "1", "reason": "Đã có văn bản đúng hạn"}
    client.post(f"{base}cells/1.1/", again)

    # The manager reads the ranked table: 100 × 5.95 / 7 + 0.5 and 100 × 8.95 / 10 + 0.5.
    sign_in(client, manager)
    page = client.get(reverse("scoring:result-list", args=[year]))
    (group,) = page.context["groups"]
    assert [(row.code, row.rank, str(row.index)) for row in group.rows] == [
        (second.agency.code, 1, "90.00"),
        (first.agency.code, 2, "85.50"),
    ]

    # And any score is explained: by whom, from what to what, why.
    line = LedgerLine.objects.filter(criterion_code="1.1", layer="explained").get()
    assert (line.actor, line.reason) == (appraiser.username, "Đã có văn bản đúng hạn")
    page = client.get(
        reverse("scoring:derivation-detail", args=[year, first.agency.code])
    )
    text = page.content.decode()
    assert "85.50" in text
    assert "Đã có văn bản đúng hạn" in text
