"""The whole of a real sheet at a glance: low rows, few screens, totals in sight."""

import pytest
from django.utils import timezone

from scoring.demo.sources import criteria_rows
from scoring.models import Remark
from scoring.queries.criteria import tree_of
from scoring.queries.sheet_texts import slug_of
from tests.browser.test_sheet_keys import session_of
from tests.factories import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_PX = 56
SCREEN = 900
MOST_SCREENS = 8

HEIGHTS = """selector => Array.from(
  document.querySelectorAll(selector), one => one.getBoundingClientRect().height)"""


@pytest.fixture(params=["commune", "department"])
def sheet(request, page, live_server):
    world = World(agencies=1, rows=criteria_rows(request.param))
    page.context.add_cookies([session_of(world.officer(), live_server)])
    page.set_viewport_size({"width": 1280, "height": SCREEN})
    page.goto(world.file.get_absolute_url())
    return page


def test_every_closed_row_is_low_and_the_sheet_stands_in_eight_screens(sheet):
    rows = sheet.evaluate(HEIGHTS, "tr.sheet-row")
    branches = sheet.evaluate(HEIGHTS, "tr.is-field, tr.is-criterion")

    assert len(rows) >= 74
    assert max(rows) <= MOST_PX
    assert max(branches) <= MOST_PX
    assert sheet.evaluate("document.documentElement.scrollHeight") <= (
        MOST_SCREENS * SCREEN
    )
    assert sheet.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_row_with_remarks_is_as_low_as_the_others(page, live_server):
    """The badge takes the place of the name's second line; opened, all is there."""
    world = World(agencies=1, rows=criteria_rows("commune"))
    leader = world.leader()
    leaves = [leaf for leaf in tree_of(world.set).tree.leaves if not leaf.is_survey]
    Remark.objects.bulk_create(
        Remark(
            assessment=world.file,
            criterion_id=tree_of(world.set).ids[leaf.code],
            text="Bổ sung số văn bản",
            at=timezone.now(),
            by=leader,
        )
        for leaf in leaves
    )
    page.context.add_cookies([session_of(world.officer(), live_server)])
    page.set_viewport_size({"width": 1280, "height": SCREEN})
    page.goto(world.file.get_absolute_url())

    badges = page.locator(".sheet-row .cell-name .state")
    assert badges.count() == len(leaves) >= 50
    assert badges.first.is_visible()
    assert max(page.evaluate(HEIGHTS, "tr.sheet-row")) <= MOST_PX
    covered = page.evaluate(
        """() => Array.from(document.querySelectorAll('.row-toggle.is-remarked'))
          .filter(one => one.getBoundingClientRect().bottom
            > one.parentNode.querySelector('.state').getBoundingClientRect().top + 1)
          .length"""
    )
    assert covered == 0
    longest = max(leaves, key=lambda leaf: len(leaf.name_vi))
    toggle = page.locator(f"#row-{slug_of(longest.code)} .row-toggle")
    assert toggle.evaluate("one => one.scrollHeight > one.clientHeight + 1")
    assert toggle.get_attribute("title") == toggle.text_content()
    toggle.focus()
    page.keyboard.press("Space")
    assert toggle.evaluate("one => one.scrollHeight <= one.clientHeight + 1")


def test_names_that_do_not_fit_are_told_in_full(sheet):
    """By the title of a closed row, and in the row itself once it is open."""
    cut = sheet.evaluate(
        """() => Array.from(document.querySelectorAll('.row-toggle'))
          .filter(one => one.scrollHeight > one.clientHeight + 1)
          .map(one => [one.title, one.textContent])"""
    )
    for title, text in cut:
        assert title == text
    sheet.set_viewport_size({"width": 1000, "height": SCREEN})
    longest = sheet.evaluate(
        """() => Array.from(document.querySelectorAll('.row-toggle'))
          .sort((a, b) => b.textContent.length - a.textContent.length)[0]
          .getAttribute('data-opens')"""
    )
    toggle = sheet.locator(f"[data-opens={longest}].row-toggle")
    toggle.focus()
    sheet.keyboard.press("Space")
    assert toggle.evaluate("one => one.scrollHeight <= one.clientHeight + 1")


def test_totals_are_always_in_sight_and_small_on_a_telephone(sheet):
    for width in (1280, 360):
        sheet.set_viewport_size({"width": width, "height": 640})
        for part in (0, 0.5, 1):
            sheet.evaluate(
                "part => scrollTo(0, part * document.documentElement.scrollHeight)",
                part,
            )
            bar = sheet.locator(".sheet-bar").bounding_box()
            assert bar["y"] >= 0
            assert bar["y"] + bar["height"] <= 640 + 1
            for name in (".total-scored", ".total-points", ".total-index"):
                assert sheet.locator(f"{name} strong").is_visible(), (width, name)
    assert bar["height"] <= MOST_PX
    assert sheet.evaluate("document.documentElement.scrollWidth") <= 360
    more = sheet.locator("[data-totals-more]")
    more.focus()
    sheet.keyboard.press("Enter")
    assert more.get_attribute("aria-expanded") == "true"
    assert sheet.locator(".total-index .total-name").is_visible()


def test_only_the_page_scrolls_when_a_row_is_open(sheet):
    """One scroll position: no part of the sheet has its own up and down."""
    sheet.keyboard.press("n")
    inner = sheet.evaluate(
        """() => Array.from(document.querySelectorAll('.content *')).filter(one => {
          const style = getComputedStyle(one);
          return /auto|scroll/.test(style.overflowY) && one.tagName !== 'TEXTAREA'
            && one.scrollHeight > one.clientHeight + 1 && one.clientHeight > 0;
        }).map(one => one.className)"""
    )

    assert inner == []
