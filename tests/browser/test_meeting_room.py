"""Two members in the meeting room: what is live never touches what is being typed."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from councils.actions import items, votes
from councils.models import Opinion, Vote
from tests.councils.worlds import CouncilWorld

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Đề nghị rà soát lại tiêu chí"
PATIENCE = 15_000


def sign_in(page, user, live_server):
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )


def test_a_vote_opens_counts_and_closes_around_a_half_written_opinion(
    page, live_server
):
    world = CouncilWorld(agencies=2, members=2)
    world.gather()
    sign_in(page, world.voters[0], live_server)
    page.goto(world.url("item-detail"))
    opinion = page.locator("#opinion-text")
    counts = page.locator("#counters dd")
    opinion.fill(TEXT)

    # The secretary opens the vote elsewhere: the buttons come by themselves.
    items.open_vote(world.item, by=world.secretary)
    agree = page.locator("#ballot button[value=agree]")
    expect(agree).to_be_visible(timeout=PATIENCE)
    assert opinion.input_value() == TEXT
    assert opinion.evaluate("field => field === document.activeElement")

    # The own vote is counted at once, another's within seconds.
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    expect(counts.first).to_have_text("1")
    votes.cast(world.item, "agree", by=world.chair)
    expect(counts.first).to_have_text("2", timeout=PATIENCE)
    assert Vote.objects.count() == 2

    # The close takes the buttons away, and the text is still there to be sent.
    votes.cast(world.item, "agree", by=world.voters[1])
    items.close_vote(world.item, by=world.secretary)
    expect(agree).to_have_count(0, timeout=PATIENCE)
    assert opinion.input_value() == TEXT
    page.locator("#opinions button[type=submit]").click()
    expect(page.locator("#opinions article")).to_contain_text(TEXT)
    expect(opinion).to_have_value("")
    assert Opinion.objects.get().text == TEXT
