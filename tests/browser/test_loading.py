"""That something loads is said where it was asked for, once it takes its time."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_sheet_keys import session_of
from tests.factories import World
from tests.papers import document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A form beside a row, or what opens below a line of the library.
PARTS = re.compile(r"/evidence/(1\.1/link|documents/\d+)/$")
AFTER = """(one, what) => getComputedStyle(one, '::after')[what]"""
SIZE = "one => parseFloat(getComputedStyle(one, '::after').fontSize)"


@pytest.mark.parametrize("link", ["a[data-edits]", "button[data-part='link/']"])
def test_a_part_that_is_awaited_says_so(page, live_server, link):
    """The link itself in the library, the place where it will stand beside a row."""
    world = World(agencies=1)
    officer = world.officer()
    document(world.file, "Kế hoạch", by=officer)
    page.context.add_cookies([session_of(officer, live_server)])
    held = []
    page.route(PARTS, lambda route: held.append(route))
    address = world.file.get_absolute_url()
    in_library = link.startswith("a")
    page.goto(f"{address}evidence/" if in_library else f"{address}?open=1.1")
    asked = page.locator(link).first
    says = asked if in_library else page.locator("#work-1-1")
    assert says.evaluate(AFTER, "content") == "none"

    asked.press("Enter")
    expect(says).to_have_class(re.compile("htmx-request"))
    assert says.evaluate(AFTER, "animationDelay") == "0.3s"
    page.wait_for_timeout(500)
    assert "…" in says.evaluate(AFTER, "content")
    assert says.evaluate(SIZE) >= 12

    held[0].continue_()
    expect(says).not_to_have_class(re.compile("htmx-request"))
    assert says.evaluate(AFTER, "content") == "none"
