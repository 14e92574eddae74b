"""A whole year in the browser: from the first declared figure to the Excel in hand.

Everything is found as somebody finds it who was never here: by what stands on links,
buttons and fields, in Vietnamese: ``_("…")`` is the translation, so that a better
word needs no change here. Of the database only the clock is touched between phases.
"""

import io
import re

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import load_workbook
from playwright.sync_api import expect

from scoring.labels import PhaseName, View
from scoring.models import FrozenResult
from scoring.states import FileState
from tests.councils.worlds import CouncilWorld
from tests.factories import PASSWORD
from tests.papers import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000
SAVED = re.compile(r"lưu lúc \d\d:\d\d")
REASON = "Báo cáo số 12 nộp sau thời hạn"


class Year(CouncilWorld):
    """The first agency has done nothing yet; the second is complete."""

    def complete(self, file, spare=None):
        if file.position:
            super().complete(file, spare)


@pytest.fixture
def year():
    return Year(agencies=2, members=1, phase=PhaseName.SELF_ASSESSMENT)


# --- what a person does --------------------------------------------------------------


def sign_in(page, user):
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label(_("Username")).fill(user.username)
    page.get_by_label(_("Password")).fill(PASSWORD)
    page.get_by_role("button", name=_("Sign in")).click()
    expect(page.get_by_role("heading", name=_("My work"))).to_be_visible()


def follow(page, text):
    page.get_by_role("link", name=text).first.click()


def press(page, text):
    page.get_by_role("button", name=text, exact=True).click()


def unfold(page, text):
    page.locator("summary", has_text=text).click()


def row_of(page, name):
    """The criterion of that name, opened."""
    page.get_by_role("button", name=name).click()
    return page.locator("tbody", has=page.get_by_role("button", name=name))


def index_of_sheet(page):
    return page.locator("#totals")


# --- the year ------------------------------------------------------------------------


def test_from_self_scoring_to_the_workbook(page, year):
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)

    score(page, year)
    approve(page, year)
    year.open_phase(PhaseName.APPRAISAL)
    appraise(page, year)
    enter_the_surveys(page, year)
    look_at_every_layer(page, year)
    year.open_phase(PhaseName.COUNCIL)
    meet_and_vote(page, year)
    adopt(page, year)
    take_the_workbook_home(page, year)


def score(page, year):
    """The officer: data by several rules, points at once, an override, evidence."""
    sign_in(page, year.officer())
    follow(page, _("Open the score sheet"))

    plan = row_of(page, "Ban hành kế hoạch")
    plan.get_by_label("Kịp thời").check()
    expect(plan).to_contain_text(SAVED)
    expect(index_of_sheet(page)).to_contain_text("2 / 6")

    cases = row_of(page, "Giải quyết hồ sơ")
    cases.get_by_label("hồ sơ đúng hạn").fill("45")
    cases.get_by_label("hồ sơ đã giải quyết").fill("50")
    press(cases, _("Save"))
    expect(index_of_sheet(page)).to_contain_text("4,7 / 6")
    cases.get_by_label(_("Other points than computed (give the reason)")).fill("2,8")
    press(cases, _("Save"))
    expect(cases).to_contain_text(_("Not saved"))  # no reason was given
    cases.get_by_label(_("Explanation")).fill("Hai hồ sơ trùng trên hệ thống một cửa")
    press(cases, _("Save"))
    expect(cases).to_contain_text(SAVED)
    expect(index_of_sheet(page)).to_contain_text("4,8 / 6")

    idea = row_of(page, "Sáng kiến")
    idea.get_by_label(_("Self-assessed points")).fill("0,5")
    idea.get_by_label(_("Explanation")).fill("Một sáng kiến cấp cơ sở")
    press(idea, _("Save"))
    bonus = row_of(page, "Thưởng")
    bonus.get_by_label("mô hình").fill("1")
    bonus.get_by_label(_("Explanation")).fill("Mô hình một cửa số")
    press(bonus, _("Save"))
    expect(index_of_sheet(page)).to_contain_text("5,3 / 6")

    with page.expect_file_chooser() as chooser:
        press(plan, _("Choose files"))
    chooser.value.set_files(
        {
            "name": "ke-hoach.pdf",
            "mimeType": "application/pdf",
            "buffer": PDF,
        }
    )
    plan.get_by_label(_("Title")).fill("Kế hoạch CCHC năm")
    press(plan, _("Save the details"))
    expect(
        plan.get_by_role("link", name="Kế hoạch CCHC năm", exact=True)
    ).to_be_visible()

    follow(page, _("Hand over to the leader"))
    press(page, _("Hand the sheet over"))
    expect(page.locator("main")).to_contain_text(
        _("The file is with the leader for approval.")
    )


def approve(page, year):
    """The leader reads what was declared, and locks."""
    leader = year.leader()
    sign_in(page, leader)
    follow(page, _("Check the score sheet"))
    expect(page.locator("main")).to_contain_text("Kế hoạch CCHC năm")
    expect(page.locator("main")).to_contain_text("Hai hồ sơ trùng")
    follow(page, _("Return or lock the sheet"))
    press(page, _("Lock and send the self-assessment"))
    expect(page.locator("main")).to_contain_text(
        _("The self-assessment is approved and locked.")
    )
    file = year.reload()
    assert (file.state, file.locked_by) == (FileState.LOCKED, leader)


def appraise(page, year):
    """The appraiser: one criterion judged otherwise, with a reason; the rest kept."""
    sign_in(page, year.appraiser())
    follow(page, _("Open the files"))
    follow(page, f"{pgettext('button', 'Appraise')} {year.file.name_vi}")
    follow(page, f"{pgettext('button', 'Judge')} 1.1")
    form = page.locator(
        "form", has=page.get_by_role("button", name=_("Save the judgement"))
    )
    form.get_by_label("Chậm").check()
    press(form, _("Save the judgement"))
    expect(form).to_contain_text("lý do")  # is needed, and what was chosen stays
    expect(form.get_by_label("Chậm")).to_be_checked()
    form.get_by_label(_("Reason")).fill(REASON)
    press(form, _("Save the judgement"))
    expect(page.locator("#appraisal-totals")).to_contain_text("1 / 5")

    unfold(page, _("Accept the rest as self-assessed"))
    press(page, _("Accept them"))
    expect(page.locator("#appraisal-totals")).to_contain_text("4 / 5")


def enter_the_surveys(page, year):
    """The manager: the form to fill in, its preview, the confirmation."""
    first, second = (file.agency.code for file in year.files)
    sign_in(page, year.clerk_of_the_round)
    page.get_by_role("link", name=_("Rounds"), exact=True).click()
    follow(page, year.round.name)
    follow(page, _("Import survey results"))
    with page.expect_download() as waiting:
        follow(page, _("Download the form to fill in"))
    percents = {
        (first, "2.1"): 80,
        (first, "2.2"): 90,
        (second, "2.1"): 75,
        (second, "2.2"): 80,
    }
    content = filled_in(downloaded(waiting), percents)
    page.get_by_label(_("Workbook")).set_input_files(
        {"name": "khao-sat.xlsx", "mimeType": "application/zip", "buffer": content}
    )
    press(page, _("Read the file and show the differences"))
    expect(page.get_by_role("region").get_by_role("row")).to_have_count(1 + 4)
    press(page, _("Store these values"))
    expect(page.locator("#alerts")).to_contain_text("4")


def downloaded(waiting):
    """The downloaded workbook as a stream: Chromium keeps it under no name."""
    return io.BytesIO(waiting.value.path().read_bytes())


def filled_in(form, percents):
    """The form as it was downloaded, with 120 answers and a percent in each row."""
    book = load_workbook(form)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        agency = sheet.cell(row, heads["Mã cơ quan"]).value
        criterion = sheet.cell(row, heads["Mã tiêu chí"]).value
        sheet.cell(row, heads["Số phiếu"]).value = 120
        sheet.cell(row, heads["Tỷ lệ %"]).value = percents[agency, criterion]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def look_at_every_layer(page, year):
    """Index by view: as the agency gave itself, and as appraised."""
    follow(page, _("Results"))
    for view, mine in ((View.SELF.label, "88,00"), (View.FINAL.label, "78,00")):
        page.get_by_role("navigation").get_by_role("link", name=view).click()
        line = page.get_by_role("row").filter(has_text=year.files[0].name_vi)
        expect(line).to_contain_text(mine)


def meet_and_vote(page, year):
    sign_in(page, year.secretary)
    go_to_the_meeting(page)
    press(page, _("Open the meeting"))
    press(page, _("Note all members as present"))
    expect(page.locator("#presence")).not_to_contain_text(_("absent"))
    go_to_the_group(page, year)
    press(page, _("Open the vote"))

    for person, choice in (
        (year.voters[0], _("Disagree")),
        (year.chair, _("Agree")),
        (year.secretary, _("Agree")),
    ):
        sign_in(page, person)
        go_to_the_meeting(page)
        go_to_the_group(page, year)
        press(page, choice)
        button = page.get_by_role("button", name=choice, exact=True)
        expect(button).to_have_attribute("aria-pressed", "true")
    unfold(page, _("Close the vote"))
    press(page, _("Close the vote now"))
    expect(page.get_by_role("button", name=_("Agree"), exact=True)).to_have_count(0)


def adopt(page, year):
    sign_in(page, year.chair)
    go_to_the_meeting(page)
    go_to_the_group(page, year)
    unfold(page, _("Adopt the results"))
    press(page, _("Adopt and freeze the results"))
    expect(
        page.get_by_role("button", name=_("Adopt and freeze the results"))
    ).to_have_count(0)
    assert [
        (row.rank, row.agency_code, str(row.index))
        for row in FrozenResult.objects.order_by("rank")
    ] == [
        (1, year.files[1].agency.code, "79.0000"),
        (2, year.files[0].agency.code, "78.0000"),
    ]


def take_the_workbook_home(page, year):
    """What the workbook says is what the page says."""
    follow(page, _("Results"))
    shown = [
        page.get_by_role("row").filter(has_text=file.name_vi).first.inner_text()
        for file in year.files
    ]
    with page.expect_download() as waiting:
        follow(page, _("Download the Excel workbook"))
    book = load_workbook(downloaded(waiting), data_only=True)

    for file, line in zip(year.files, shown, strict=True):
        rank, index = ranked_in(book, file.name_vi)
        assert line.split()[0] == str(rank)
        assert f"{index:.2f}".replace(".", ",") in line
    assert ranked_in(book, year.files[1].name_vi) == (1, 79)
    assert ranked_in(book, year.files[0].name_vi) == (2, 78)


def ranked_in(book, name):
    """Rank and index of an agency, by the headings of the first sheet."""
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    heads = next(row for row in rows if row[0] == "Hạng")
    line = next(row for row in rows if name in row)
    return line[0], line[heads.index("Chỉ số CCHC (%)")]


def go_to_the_meeting(page):
    page.goto("/")
    follow(page, _("Open the Council's page"))
    follow(page, _("Meeting %(number)s") % {"number": 1})


def go_to_the_group(page, year):
    follow(page, year.group.name)
