"""The line is cut, the server stops, the session ends, two windows, everything pressed
twice: what was typed is stored, once, and the ledger has one line for each value.

Rows are found by their criterion's name, fields and buttons by their labels. Nothing
here waits for a time: what is awaited is said on the page or stands in the database.
"""

import json
import re
from contextlib import contextmanager

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from scoring.actions import assessments
from scoring.index.figures import shortest
from scoring.labels import Layer, LedgerKind
from scoring.models import Assessment, Cell, LedgerLine
from scoring.states import FileState
from tests.browser.conftest import errors_of
from tests.browser.served import Served
from tests.factories import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 30_000
PLAN, CASES, IDEA, BONUS = (
    "Ban hành kế hoạch",
    "Giải quyết hồ sơ",
    "Sáng kiến",
    "Thưởng",
)
CODES = {PLAN: "1.1", CASES: "1.2", IDEA: "1.3", BONUS: "9.1"}
TIMELY, DONE = "hồ sơ đúng hạn", "hồ sơ đã giải quyết"
SAVED = re.compile(_("Saved at %(time)s, %(who)s").split("%")[0])


@pytest.fixture
def world():
    return World(agencies=1)


@pytest.fixture
def officer(world):
    return world.officer()


@pytest.fixture
def sheet(page, live_server, world, officer):
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    enter(page, live_server.url, officer)
    page.goto(world.file.get_absolute_url())
    return page


# --- what a person does ---------------------------------------------------------------


def enter(page, address, user):
    """Signed in, as by the sign-in page."""
    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    page.context.clear_cookies(name="sessionid")
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": address}])


def row(page, name):
    """The criterion of that name, opened."""
    toggle = page.get_by_role("button", name=name, exact=True)
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    return page.locator("tbody", has=toggle)


def say_points(page, points, reason=None):
    idea = row(page, IDEA)
    idea.get_by_label(_("Self-assessed points")).fill(points)
    if reason is not None:
        idea.get_by_label(_("Explanation")).fill(reason)
    return idea


def leave(page):
    page.locator("h1").click()


def another_window(page, address):
    window = page.context.new_page()
    window.set_default_timeout(PATIENCE)
    window.goto(address)
    return window


# --- what is stored -------------------------------------------------------------------


def cell(name):
    return Cell.objects.filter(criterion__code=CODES[name], layer=Layer.SELF).first()


def points(name):
    found = cell(name)
    return None if found is None or found.points is None else shortest(found.points)


def line_values(name):
    """The points that the ledger says were stored, one after the other."""
    lines = LedgerLine.objects.filter(criterion_code=CODES[name]).order_by("sequence")
    return [json.loads(line.after)["points"] if line.after else None for line in lines]


def order_of_saves():
    return list(
        LedgerLine.objects.filter(kind=LedgerKind.SAVED)
        .order_by("sequence")
        .values_list("criterion_code", flat=True)
    )


def waiting_in_browser(page):
    """What this browser still keeps, by the rows' names in its keys."""
    return page.evaluate(
        "Object.keys(localStorage).filter(k => k.startsWith('par-index:waiting:'))"
    )


# --- how things go wrong --------------------------------------------------------------


@contextmanager
def no_answer(page, reaches_server=False):
    """Saves do not come through; or they do, and only the answer is lost."""

    def cut(route):
        if route.request.method != "POST":
            route.fallback()
            return
        if reaches_server:
            route.fetch()
        route.abort("connectionreset")

    page.context.route("**/cells/**", cut)
    yield
    page.context.unroute("**/cells/**", cut)


def requests_to_cells(page):
    """Grows by one with each save that is sent; a preview is none."""
    sent = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.url)
            if request.method == "POST" and re.search(r"/cells/[^/]+/$", request.url)
            else None
        ),
    )
    return sent


def bar(page):
    return page.locator("#saving-line")


# --- typing ---------------------------------------------------------------------------


def test_what_is_typed_is_saved_without_a_press(sheet):
    cases = row(sheet, CASES)
    cases.get_by_label(TIMELY).press_sequentially("45")
    cases.get_by_label(DONE).press_sequentially("50")

    expect(cases).to_contain_text(SAVED)
    expect(cases.locator(".row-save.is-saved")).to_be_visible()
    assert points(CASES) == "2.7"
    assert waiting_in_browser(sheet) == []


def test_half_of_two_figures_is_no_alarm_and_is_kept(sheet):
    cases = row(sheet, CASES)
    cases.get_by_label(TIMELY).fill("45")

    expect(cases).to_contain_text(
        _("Not complete yet, so not stored; it stays on this machine.")
    )
    expect(cases.get_by_role("alert")).to_have_count(0)
    assert cell(CASES) is None
    assert len(waiting_in_browser(sheet)) == 1

    cases.get_by_label(DONE).fill("50")
    expect(cases).to_contain_text(SAVED)
    assert line_values(CASES) == ["2.7"]


def test_points_above_the_maximum_are_an_alarm_and_stay(sheet):
    idea = say_points(sheet, "1,5", "Hai sáng kiến")
    leave(sheet)

    expect(idea.get_by_role("alert")).to_contain_text("1,5")
    expect(idea.get_by_label(_("Self-assessed points"))).to_have_value("1,5")
    say_points(sheet, "1")
    expect(idea).to_contain_text(SAVED)
    assert line_values(IDEA) == ["1"]


def test_a_change_that_is_taken_back_is_not_sent(sheet):
    sent = requests_to_cells(sheet)
    idea = say_points(sheet, "0,5")
    idea.get_by_label(_("Self-assessed points")).fill("")
    plan = row(sheet, PLAN)
    plan.get_by_label("Kịp thời").check()

    expect(plan).to_contain_text(SAVED)
    assert [address.split("/")[-2] for address in sent] == ["1.1"]
    assert waiting_in_browser(sheet) == []


def test_clearing_empties_row_and_store(sheet):
    idea = say_points(sheet, "0,5", "Một sáng kiến")
    expect(idea).to_contain_text(SAVED)
    idea.get_by_role("button", name=_("Clear this criterion")).click()

    expect(idea.get_by_label(_("Self-assessed points"))).to_have_value("")
    assert points(IDEA) is None
    assert line_values(IDEA) == ["0.5", None]


# --- the line, the server -------------------------------------------------------------


def test_typed_while_the_line_is_down_and_sent_in_order(sheet):
    sheet.context.set_offline(True)
    say_points(sheet, "0,75", "Viết khi mất mạng")
    plan = row(sheet, PLAN)
    plan.get_by_label("Chậm").check()
    cases = row(sheet, CASES)
    cases.get_by_label(TIMELY).fill("9")
    cases.get_by_label(DONE).fill("10")
    leave(sheet)
    expect(bar(sheet)).to_contain_text(
        _(
            "The line is down. What is typed is kept on this machine and is sent again by itself."
        )
    )
    expect(bar(sheet)).to_contain_text("3")
    assert Cell.objects.count() == 0

    sheet.context.set_offline(False)
    for name in (IDEA, PLAN, CASES):
        expect(row(sheet, name)).to_contain_text(SAVED)
    expect(bar(sheet)).to_be_hidden()
    assert order_of_saves() == ["1.3", "1.1", "1.2"]
    assert (points(IDEA), points(PLAN), points(CASES)) == ("0.75", "1", "2.7")
    assert cell(IDEA).reason == "Viết khi mất mạng"


def test_the_line_is_cut_in_the_middle_of_a_word(sheet):
    idea = row(sheet, IDEA)
    idea.get_by_label(_("Self-assessed points")).fill("1")
    reason = idea.get_by_label(_("Explanation"))
    reason.press_sequentially("Sáng ki")
    sheet.context.set_offline(True)
    reason.press_sequentially("ến cấp thành phố")
    expect(idea).to_contain_text(
        _("Not sent yet; it is kept on this machine and is sent again by itself.")
    )
    reason.press_sequentially(", đã công nhận")
    sheet.context.set_offline(False)

    expect(idea).to_contain_text(SAVED)
    assert cell(IDEA).reason == "Sáng kiến cấp thành phố, đã công nhận"


def test_the_server_is_stopped_and_started_again(browser, world, officer):
    with Served() as server:
        context = browser.new_context(base_url=server.url, locale="vi-VN")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        enter(page, server.url, officer)
        page.goto(world.file.get_absolute_url())
        failures = errors_of(page)
        idea = say_points(page, "0,25", "Trước khi máy chủ dừng")
        expect(idea).to_contain_text(SAVED)

        server.stop()
        say_points(page, "0,5", "Khi máy chủ dừng")
        row(page, PLAN).get_by_label("Kịp thời").check()
        expect(bar(page)).to_contain_text("2")
        server.start()
        for name in (IDEA, PLAN):
            expect(row(page, name)).to_contain_text(SAVED)
        expect(bar(page)).to_be_hidden()
        context.close()

    assert [line for line in failures if "ERR_" not in line] == []
    assert line_values(IDEA) == ["0.25", "0.5"]
    assert line_values(PLAN) == ["2"]
    assert cell(IDEA).reason == "Khi máy chủ dừng"


def test_an_answer_that_was_lost_is_no_second_save(sheet):
    with no_answer(sheet, reaches_server=True):
        say_points(sheet, "0,5", "Câu trả lời bị mất")
        expect(bar(sheet)).to_be_visible()
        assert line_values(IDEA) == ["0.5"]

    expect(row(sheet, IDEA)).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5"]
    assert cell(IDEA).version == 1


def test_what_is_typed_after_a_lost_answer_meets_no_conflict(sheet):
    with no_answer(sheet, reaches_server=True):
        say_points(sheet, "0,5")
        expect(bar(sheet)).to_be_visible()
        say_points(sheet, "0,75")

    idea = row(sheet, IDEA)
    expect(idea).to_contain_text(SAVED)
    expect(idea.get_by_role("alert")).to_have_count(0)
    assert line_values(IDEA) == ["0.5", "0.75"]


def test_a_page_of_a_proxy_is_no_success(sheet):
    def welcome(route):
        route.fulfill(status=200, content_type="text/html", body="<h1>Xin chào</h1>")

    sheet.route("**/cells/**", welcome)
    say_points(sheet, "0,5")
    expect(bar(sheet)).to_be_visible()
    sheet.unroute("**/cells/**")
    sheet.get_by_role("button", name=_("Send now")).click()

    expect(row(sheet, IDEA)).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5"]


# --- pressed twice --------------------------------------------------------------------


def test_everything_is_pressed_twice(sheet):
    plan = row(sheet, PLAN)
    plan.get_by_label("Chậm").dblclick()
    plan.get_by_role("button", name=_("Save"), exact=True).dblclick()
    idea = say_points(sheet, "0,5", "Một lần")
    idea.get_by_role("button", name=_("Save"), exact=True).dblclick()
    idea.get_by_label(_("Self-assessed points")).press("Enter")
    idea.get_by_label(_("Self-assessed points")).press("Enter")
    bonus = row(sheet, BONUS)
    bonus.get_by_label("mô hình").fill("1")
    bonus.get_by_role("button", name=_("Save"), exact=True).dblclick()

    for found in (plan, idea, bonus):
        expect(found).to_contain_text(SAVED)
    sheet.wait_for_function(
        "Object.keys(localStorage).every(k => !k.startsWith('par-index:waiting:'))"
    )
    assert line_values(PLAN) == ["1"]
    assert line_values(IDEA) == ["0.5"]
    assert line_values(BONUS) == ["1"]


# --- leaving and coming back ----------------------------------------------------------


def test_leaving_is_warned_of_while_something_waits(sheet):
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    with no_answer(sheet):
        say_points(sheet, "0,5")
        sheet.on("dialog", stay)
        sheet.close(run_before_unload=True)
        expect(bar(sheet)).to_be_visible()
    assert asked == ["beforeunload"]
    assert not sheet.is_closed()
    expect(row(sheet, IDEA)).to_contain_text(SAVED)


def test_what_waits_is_put_back_after_loading_again(sheet):
    sheet.on("dialog", lambda dialog: dialog.accept())
    with no_answer(sheet):
        say_points(sheet, "0,5", "Trước khi tải lại trang")
        row(sheet, PLAN).get_by_label("Chậm").check()
        expect(bar(sheet)).to_contain_text("2")
        sheet.reload()
        idea = row(sheet, IDEA)
        expect(idea.get_by_label(_("Explanation"))).to_have_value(
            "Trước khi tải lại trang"
        )
        expect(row(sheet, PLAN).get_by_label("Chậm")).to_be_checked()
        expect(bar(sheet)).to_contain_text("2")
        assert Cell.objects.count() == 0

    for name in (IDEA, PLAN):
        expect(row(sheet, name)).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5"]
    assert line_values(PLAN) == ["1"]


def test_what_a_closed_window_left_is_sent_by_the_next(sheet, world):
    with no_answer(sheet):
        say_points(sheet, "0,5", "Cửa sổ đã đóng")
        expect(bar(sheet)).to_be_visible()
        address, context = sheet.url, sheet.context
        sheet.close()
    window = context.new_page()
    window.set_default_timeout(PATIENCE)
    window.goto(address)

    expect(row(window, IDEA)).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5"]
    assert cell(IDEA).reason == "Cửa sổ đã đóng"
    assert waiting_in_browser(window) == []


def test_an_open_window_keeps_its_own(sheet, world):
    """A second window neither shows nor sends what the first still holds."""
    with no_answer(sheet):
        say_points(sheet, "0,5")
        expect(bar(sheet)).to_be_visible()
        other = another_window(sheet, sheet.url)
        plan = row(other, PLAN)
        plan.get_by_label("Chậm").check()
        expect(bar(other)).to_contain_text("1")
        expect(row(other, IDEA).get_by_label(_("Self-assessed points"))).to_have_value(
            ""
        )
    expect(row(sheet, IDEA)).to_contain_text(SAVED)
    expect(plan).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5"]
    assert line_values(PLAN) == ["1"]


# --- the session ----------------------------------------------------------------------


def test_an_ended_session_asks_for_the_password_in_place(sheet):
    idea = say_points(sheet, "0,5", "Trước khi hết phiên")
    expect(idea).to_contain_text(SAVED)
    Session.objects.all().delete()
    say_points(sheet, "0,75", "Sau khi hết phiên")

    dialog = sheet.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label(_("Password")).fill("sai mật khẩu")
    dialog.get_by_role("button", name=_("Sign in and go on")).click()
    expect(dialog.get_by_role("alert")).to_contain_text(
        _("The password is not right. It is asked for once more.")
    )
    dialog.get_by_label(_("Password")).fill(PASSWORD)
    dialog.get_by_role("button", name=_("Sign in and go on")).click()

    expect(dialog).to_be_hidden()
    expect(idea).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5", "0.75"]
    assert cell(IDEA).reason == "Sau khi hết phiên"
    row(sheet, PLAN).get_by_label("Chậm").check()
    expect(row(sheet, PLAN)).to_contain_text(SAVED)


def test_the_password_can_be_given_later(sheet):
    Session.objects.all().delete()
    say_points(sheet, "0,75", "Sau khi hết phiên")
    dialog = sheet.get_by_role("dialog")
    dialog.get_by_role("button", name=_("Later")).click()
    row(sheet, PLAN).get_by_label("Chậm").check()
    expect(bar(sheet)).to_contain_text("2")
    assert Cell.objects.count() == 0

    bar(sheet).get_by_role("button", name=_("Sign in and go on")).click()
    dialog.get_by_label(_("Password")).fill(PASSWORD)
    dialog.get_by_label(_("Password")).press("Enter")
    for name in (IDEA, PLAN):
        expect(row(sheet, name)).to_contain_text(SAVED)
    assert order_of_saves() == ["1.3", "1.1"]


def test_a_token_renewed_in_another_window_asks_for_nothing(sheet):
    idea = row(sheet, IDEA)
    sheet.context.add_cookies(
        [{"name": "csrftoken", "value": "b" * 32, "url": sheet.url}]
    )
    say_points(sheet, "0,5")

    expect(idea).to_contain_text(SAVED)
    expect(sheet.get_by_role("dialog")).to_have_count(0)
    say_points(sheet, "0,75")
    expect(idea.get_by_label(_("Self-assessed points"))).to_have_value("0,75")
    expect(idea.locator(".row-save.is-saved")).to_be_visible()
    assert line_values(IDEA)[-1] == "0.75"


def test_another_person_in_the_same_browser_neither_sees_nor_sends(
    sheet, world, officer, live_server
):
    colleague = world.officer()
    enter(sheet, live_server.url, colleague)
    say_points(sheet, "0,5", "Của người thứ nhất")
    expect(bar(sheet)).to_contain_text(str(colleague))
    assert cell(IDEA) is None

    theirs = another_window(sheet, sheet.url)
    row(theirs, PLAN).get_by_label("Chậm").check()
    expect(row(theirs, PLAN)).to_contain_text(SAVED)
    expect(row(theirs, IDEA).get_by_label(_("Explanation"))).to_have_value("")
    assert cell(IDEA) is None
    assert cell(PLAN).updated_by == colleague

    enter(sheet, live_server.url, officer)
    sheet.on("dialog", lambda dialog: dialog.accept())
    bar(sheet).get_by_role("button", name=_("Load the page again")).click()
    expect(row(sheet, IDEA)).to_contain_text(SAVED)
    assert cell(IDEA).updated_by == officer
    assert line_values(IDEA) == ["0.5"]


def test_a_page_never_takes_the_token_of_another_person(
    sheet, world, officer, live_server
):
    """Uploads and the forms of evidence would go on in the other person's name."""
    token = "() => window.parIndex.session.token()"
    headers = "() => document.body.getAttribute('hx-headers')"
    before = sheet.evaluate(token), sheet.evaluate(headers)
    enter(sheet, live_server.url, world.officer())

    why = sheet.evaluate(
        "() => window.parIndex.session.renew().then(() => null, (why) => why)"
    )

    assert why["isAnother"]
    assert (sheet.evaluate(token), sheet.evaluate(headers)) == before


# --- two windows, two people ----------------------------------------------------------


@pytest.fixture
def clash(sheet):
    """0,5 was stored from another window while 0,75 is typed here."""
    other = another_window(sheet, sheet.url)
    say_points(other, "0,5", "Cửa sổ thứ hai")
    expect(row(other, IDEA)).to_contain_text(SAVED)
    idea = say_points(sheet, "0,75", "Cửa sổ thứ nhất")
    expect(idea.get_by_role("alert")).to_contain_text("Cửa sổ thứ hai")
    expect(idea.get_by_role("alert")).to_contain_text("Cửa sổ thứ nhất")
    assert line_values(IDEA) == ["0.5"]
    return idea


def test_of_two_values_the_own_is_kept(sheet, clash):
    clash.get_by_role("button", name=_("Keep what is entered here")).click()

    expect(clash).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5", "0.75"]
    assert cell(IDEA).reason == "Cửa sổ thứ nhất"


def test_of_two_values_the_stored_is_taken(sheet, clash):
    row(sheet, PLAN).get_by_label("Chậm").check()
    expect(row(sheet, PLAN)).to_contain_text(SAVED)
    clash.get_by_role("link", name=_("Take the stored value")).click()

    expect(clash.get_by_label(_("Self-assessed points"))).to_have_value("0,5")
    expect(clash.get_by_label(_("Explanation"))).to_have_value("Cửa sổ thứ hai")
    assert waiting_in_browser(sheet) == []
    say_points(sheet, "1")
    expect(clash).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5", "1"]


def test_a_choice_still_open_waits_for_the_page_to_be_loaded_again(sheet, clash):
    sheet.on("dialog", lambda dialog: dialog.accept())
    sheet.reload()
    idea = row(sheet, IDEA)

    expect(idea.get_by_role("alert")).to_contain_text("Cửa sổ thứ nhất")
    idea.get_by_role("button", name=_("Keep what is entered here")).click()
    expect(idea).to_contain_text(SAVED)
    assert line_values(IDEA) == ["0.5", "0.75"]


# --- closed meanwhile -----------------------------------------------------------------


def test_a_sheet_handed_over_meanwhile_says_so_and_keeps_the_text(
    sheet, world, officer
):
    sent = requests_to_cells(sheet)
    assessments.hand_over(Assessment.objects.get(pk=world.file.pk), by=officer)
    idea = say_points(sheet, "0,5", "Gõ khi bảng đã chuyển")
    plan = row(sheet, PLAN)
    plan.get_by_label("Chậm").check()

    for found in (idea, plan):
        expect(found.get_by_role("alert")).to_contain_text(_("Not saved"))
    expect(bar(sheet)).to_contain_text("2")
    expect(idea.get_by_label(_("Explanation"))).to_have_value("Gõ khi bảng đã chuyển")
    assert len(sent) == 2
    assert Cell.objects.count() == 0

    sheet.on("dialog", lambda dialog: dialog.accept())
    sheet.reload()
    left = sheet.locator("#saving-left")
    expect(left).to_contain_text("Gõ khi bảng đã chuyển")
    left.get_by_role("button", name=_("Discard")).first.click()
    left.get_by_role("button", name=_("Discard")).first.click()
    expect(left).to_be_hidden()
    assert waiting_in_browser(sheet) == []
    assert world.reload().state == FileState.WITH_LEADER
