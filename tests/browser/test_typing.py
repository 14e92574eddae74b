"""While somebody types: the percentage and points at once, last year's answers, and
the number that could be two. Nothing of it is saved by being shown."""

import re

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from scoring.labels import Layer
from scoring.models import Cell
from tests.earlier import file_of_last_year, prove, say
from tests.factories import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000
SHARE = '{"denominator": 50, "numerator": 45}'
SAVES = re.compile(r"/cells/1\.2/$")


@pytest.fixture
def world():
    return World(agencies=1)


@pytest.fixture
def officer(world):
    return world.officer()


@pytest.fixture
def sheet(page, world, officer):
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)

    def opened():
        page.goto("/")
        page.get_by_label(_("Username")).fill(officer.username)
        page.get_by_label(_("Password")).fill(PASSWORD)
        page.get_by_role("button", name=_("Sign in")).click()
        page.goto(world.file.get_absolute_url())
        return page

    return opened


def row_of(page, name):
    page.get_by_role("button", name=name).click()
    return page.locator("tbody", has=page.get_by_role("button", name=name))


def preview_of(row):
    return row.locator(".row-preview")


def stored(world):
    return Cell.objects.filter(assessment=world.file, layer=Layer.SELF).first()


def keep_saves_away(page):
    """No save reaches the server: what is seen is computed from what is typed."""
    page.route(
        SAVES,
        lambda route: (
            route.abort() if route.request.method == "POST" else route.continue_()
        ),
    )


def test_percentage_and_points_are_there_before_any_save(sheet, world):
    page = sheet()
    keep_saves_away(page)
    row = row_of(page, "Giải quyết hồ sơ")

    row.get_by_label("hồ sơ đúng hạn").press_sequentially("45")
    expect(preview_of(row)).to_contain_text("đã giải quyết")  # still to be filled
    row.get_by_label("hồ sơ đã giải quyết").press_sequentially("50")

    expect(preview_of(row)).to_contain_text("90,00 %")
    expect(preview_of(row).locator(".figure")).to_have_text("2,7 / 3")
    expect(preview_of(row)).to_contain_text("45 / 50 = 90 %")
    assert stored(world) is None


def test_a_doubtful_number_is_chosen_with_a_button(sheet, world):
    page = sheet()
    row = row_of(page, "Giải quyết hồ sơ")
    row.get_by_label("hồ sơ đã giải quyết").fill("2000")
    row.get_by_label("hồ sơ đúng hạn").fill("1.234")

    expect(preview_of(row)).to_contain_text("“1.234”")
    preview_of(row).get_by_role("button", name="1234", exact=True).click()

    expect(row.get_by_label("hồ sơ đúng hạn")).to_have_value("1234")
    expect(preview_of(row)).to_contain_text("61,70 %")
    expect(preview_of(row).get_by_role("button")).to_have_count(0)
    expect(row).to_contain_text(re.compile(r"lưu lúc \d\d:\d\d"))
    assert stored(world).data == '{"denominator": 2000, "numerator": 1234}'


def test_last_year_is_used_again_with_one_button(sheet, world, officer):
    before = file_of_last_year(world.file, people=[officer])
    say(before, "1.2", points="2.7", data=SHARE, reason="Theo báo cáo số 5")
    prove(before, "1.2", title="Báo cáo năm trước")
    page = sheet()
    row = row_of(page, "Giải quyết hồ sơ")
    last_year = row.locator(".row-beside")
    expect(last_year).to_contain_text("2,7")

    last_year.locator("[data-again]").click()

    expect(row.get_by_label("hồ sơ đúng hạn")).to_have_value("45")
    expect(row.locator("textarea[name=reason]")).to_have_value("Theo báo cáo số 5")
    expect(preview_of(row)).to_contain_text("90,00 %")
    expect(row).to_contain_text(re.compile(r"lưu lúc \d\d:\d\d"))
    assert (stored(world).data, stored(world).reason) == (SHARE, "Theo báo cáo số 5")

    last_year.locator(".again-document button").click()
    expect(last_year.locator(".again-document")).to_have_count(0)
    expect(row.locator(".row-evidence")).to_contain_text("Báo cáo năm trước")


def test_an_answer_that_comes_late_is_not_shown(sheet, world):
    """The answer about 45 of 50 is held back until that about 40 of 50 is there."""
    page = sheet()
    keep_saves_away(page)
    row = row_of(page, "Giải quyết hồ sơ")
    row.get_by_label("hồ sơ đã giải quyết").fill("50")
    held = []

    def hold(route):
        if "d-numerator=45" in route.request.post_data:
            held.append(route)
        else:
            route.continue_()

    page.route("**/preview/", hold)
    with page.expect_request(lambda asked: "d-numerator=45" in (asked.post_data or "")):
        row.get_by_label("hồ sơ đúng hạn").fill("45")
    row.get_by_label("hồ sơ đúng hạn").fill("40")
    expect(preview_of(row)).to_contain_text("80,00 %")

    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")

    expect(preview_of(row)).not_to_contain_text("90,00 %")


def test_without_a_line_typing_goes_on_and_nothing_is_shown(sheet, world):
    page = sheet()
    row = row_of(page, "Giải quyết hồ sơ")
    row.get_by_label("hồ sơ đúng hạn").fill("45")
    row.get_by_label("hồ sơ đã giải quyết").fill("50")
    expect(preview_of(row)).to_contain_text("90,00 %")

    page.context.set_offline(True)
    row.get_by_label("hồ sơ đúng hạn").fill("40")

    expect(preview_of(row)).to_be_empty()
    expect(row.get_by_label("hồ sơ đúng hạn")).to_have_value("40")
    page.context.set_offline(False)
