"""The score sheet with the keyboard alone: no test here touches the mouse."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from playwright.sync_api import expect

from scoring.labels import Layer
from scoring.models import Cell
from tests.factories import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000

# Where the focus is, as the id of its row.
HERE = "document.activeElement.closest('tbody').id"
TOP_OF_WORK = """() => {
  const line = document.activeElement.closest('tbody').rows[0];
  return Math.round(line.getBoundingClientRect().top);
}"""


@pytest.fixture
def world():
    return World()


@pytest.fixture
def sheet(page, live_server, world):
    """The officer's own sheet, opened; nothing has the focus."""
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.context.add_cookies([session_of(world.officer(), live_server)])
    page.goto(world.file.get_absolute_url())
    return page


def session_of(user, live_server):
    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def is_open(page, slug):
    return page.locator(f"#detail-{slug}").is_visible()


def points_of(page, slug):
    return page.locator(f"#row-{slug} .cell-points")


def shown_lines(page):
    return page.eval_on_selector_all(
        ".row-group", "all => all.filter(one => !one.hidden).map(one => one.id)"
    )


def test_three_rules_are_filled_and_saved_by_leaving_each_row(sheet, world):
    press(sheet, "n")
    press(sheet, "Space", "Enter")
    sheet.keyboard.type("9")
    press(sheet, "Tab")
    sheet.keyboard.type("10")
    press(sheet, "Enter")
    sheet.keyboard.type("0,5")
    press(sheet, "Enter")

    expect(points_of(sheet, "1-1")).to_have_text("2")
    expect(points_of(sheet, "1-2")).to_have_text("2,7")
    expect(points_of(sheet, "1-3")).to_have_text("0,5")
    expect(sheet.locator("#totals")).to_contain_text("3 / 3")
    expect(sheet.locator("#totals")).to_contain_text("5,2 / 6")
    assert [is_open(sheet, slug) for slug in ("1-1", "1-2", "1-3", "9-1")] == [
        False,
        False,
        False,
        True,
    ]
    stored = Cell.objects.filter(layer=Layer.SELF).order_by("criterion__position")
    assert [(cell.criterion.code, str(cell.points)) for cell in stored] == [
        ("1.1", "2.0000"),
        ("1.2", "2.7000"),
        ("1.3", "0.5000"),
    ]


def test_enter_in_the_explanation_is_a_new_line_and_with_control_moves_on(sheet):
    press(sheet, "n", "Space")
    while sheet.evaluate("document.activeElement.tagName") != "TEXTAREA":
        press(sheet, "Tab")
    sheet.keyboard.type("Theo")
    press(sheet, "Enter")
    sheet.keyboard.type("văn bản")
    press(sheet, "Control+Enter")

    assert sheet.evaluate(HERE) == "group-1-2"
    expect(sheet.locator("#row-1-1 .cell-reason")).to_contain_text("văn bản")
    reason = Cell.objects.get(criterion__code="1.1").reason
    assert reason.replace("\r\n", "\n") == "Theo\nvăn bản"


def test_arrows_move_between_criteria_and_escape_comes_back(sheet):
    press(sheet, "n", "Escape")
    assert sheet.evaluate(HERE) == "group-1-1"
    assert not is_open(sheet, "1-1")

    # Lines that are measured by surveys have nothing to open.
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        press(sheet, key)
        seen.append(sheet.evaluate(HERE))
    assert seen == ["group-1-2", "group-1-3", "group-9-1", "group-1-3"]

    press(sheet, "Space")
    assert is_open(sheet, "1-3")
    assert "row-toggle" in sheet.evaluate("document.activeElement.className")
    press(sheet, "Enter")
    assert sheet.evaluate("document.activeElement.name") == "points"
    press(sheet, "Escape")
    assert not is_open(sheet, "1-3")


def test_a_saved_row_stays_until_the_filter_is_set_again(sheet):
    press(sheet, "f")
    assert sheet.url.endswith("?show=not_scored")
    assert shown_lines(sheet) == ["group-1-1", "group-1-2", "group-1-3"]

    press(sheet, "n", "Space", "Enter")
    expect(points_of(sheet, "1-1")).to_have_text("2")
    link = sheet.locator("a[data-show=not_scored]")
    expect(link.locator(".filter-count")).to_have_text("2")
    assert shown_lines(sheet) == ["group-1-1", "group-1-2", "group-1-3"]
    press(sheet, "Escape")

    sheet.keyboard.press("f")  # without evidence: what has just been scored
    assert shown_lines(sheet) == ["group-1-1"]
    sheet.keyboard.press("f")  # all
    sheet.keyboard.press("f")  # not scored, again
    assert shown_lines(sheet) == ["group-1-2", "group-1-3"]
    sheet.reload()
    assert shown_lines(sheet) == ["group-1-2", "group-1-3"]


def test_search_finds_without_diacritics_and_leads_into_the_row(sheet):
    press(sheet, "/")
    sheet.keyboard.type("giai quyet")
    assert shown_lines(sheet) == ["group-1-2"]
    assert "q=giai%20quyet" in sheet.url
    press(sheet, "Enter", "Enter")

    assert sheet.evaluate("document.activeElement.name") == "d-numerator"
    sheet.reload()
    assert shown_lines(sheet) == ["group-1-2"]


def test_letters_are_letters_where_something_is_typed(sheet):
    press(sheet, "/")
    sheet.keyboard.type("n?f/")

    assert sheet.locator("#sheet-search").input_value() == "n?f/"
    assert not sheet.locator("#sheet-keys").is_visible()
    assert "show=" not in sheet.url


def test_the_dialog_of_keys_takes_the_focus_and_gives_it_back(sheet):
    press(sheet, "n", "Escape", "?")
    dialog = sheet.get_by_role("dialog", name=_("Shortcuts of the score sheet"))
    expect(dialog).to_be_visible()
    assert sheet.evaluate("document.activeElement.closest('dialog').id") == "sheet-keys"
    for key in ("Enter", "Esc", "n", "f", "/", "?"):
        expect(dialog.locator("kbd", has_text=key).first).to_be_visible()
    press(sheet, "f")
    assert "show=" not in sheet.url

    press(sheet, "Escape")
    expect(dialog).to_be_hidden()
    assert sheet.evaluate(HERE) == "group-1-1"


def test_single_letters_can_be_turned_off(sheet):
    press(sheet, "?", "Shift+Tab", "Space", "Escape", "n")
    assert not sheet.locator(".is-detail:visible").count()
    press(sheet, "/", "f", "?")

    assert sheet.evaluate("document.activeElement.id") != "sheet-search"
    assert "show=" not in sheet.url
    sheet.reload()
    press(sheet, "n")
    assert not sheet.locator(".is-detail:visible").count()


def test_the_line_that_is_worked_on_stays_where_the_eye_is(sheet):
    """The row that is left closes above, and yet nothing moves under the eye."""
    sheet.set_viewport_size({"width": 1280, "height": 500})
    press(sheet, "n")
    first = sheet.evaluate(TOP_OF_WORK)
    press(sheet, "Enter")
    second = sheet.evaluate(TOP_OF_WORK)
    press(sheet, "Enter")
    third = sheet.evaluate(TOP_OF_WORK)

    height = sheet.locator("#row-1-1").bounding_box()["height"]
    for before, after in ((first, second), (second, third)):
        assert before - 1 <= after <= before + height + 1
    name = pgettext("filter", "Not scored")
    expect(sheet.get_by_role("link", name=name)).to_be_visible()
