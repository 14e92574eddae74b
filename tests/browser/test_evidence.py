"""Evidence in the browser: dropped at a row, described, read, found again, reused.

Found by its visible words, as in test_journey; ``_("…")`` is the translation.
"""

import base64
import re

import pytest
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from scoring.models import EvidenceDocument, EvidenceLink
from tests.browser.test_journey import row_of, sign_in
from tests.factories import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000
PLAN = "Ban hành kế hoạch"
IDEA = "Sáng kiến"

# Drops files on an element as a file manager does.
DROP = """(element, files) => {
  const brought = new DataTransfer();
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file.content), sign => sign.charCodeAt(0));
    brought.items.add(new File([bytes], file.name));
  }
  for (const type of ["dragover", "drop"]) {
    const options = {dataTransfer: brought, bubbles: true, cancelable: true};
    element.dispatchEvent(new DragEvent(type, options));
  }
}"""


@pytest.fixture
def world():
    return World(agencies=1)


@pytest.fixture
def sheet(page, world):
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    sign_in(page, world.officer())
    page.goto(world.file.get_absolute_url())
    return page


def paper(pages=3, words="", bulk=0):
    """A whole PDF of some pages, each with its number on it; ``bulk`` makes it heavy."""
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(pages))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
    ]
    for number in range(pages):
        text = f"BT /F 72 Tf 100 600 Td (Trang {number + 1}) Tj ET"
        bodies += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {4 + 2 * number} 0 R /Resources << /Font << /F << /Type /Font "
            "/Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
            f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        ]
    whole, places = f"%PDF-1.7\n% {words}\n".encode() + b"%" * bulk + b"\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(bodies) + 1
    return (
        whole
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
            f"<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(whole)}\n%%EOF\n"
        ).encode()
    )


def drop(row, *files):
    """Drop ``(name, content)`` files on the evidence of an open row."""
    brought = [
        {"name": name, "content": base64.b64encode(content).decode()}
        for name, content in files
    ]
    row.locator("[data-upload-to]").evaluate(DROP, brought)


def line_of(row, name):
    return row.locator(".upload-line", has=row.page.get_by_text(name, exact=True))


def words(text, **values):
    """The words of the page's script with their values in them."""
    text = _(text)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def slow_line(page, bytes_a_second):
    """A weak line from here on; -1: as fast as it is."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_a_second,
        },
    )


def test_three_files_are_dropped_described_read_and_used_again(sheet, world):
    page, plan = sheet, row_of(sheet, PLAN)
    slow_line(page, 150_000)
    drop(
        plan,
        ("Kế hoạch_số 12.pdf", paper(bulk=400_000)),
        ("Báo cáo.pdf", paper(words="khác")),
        ("chuong-trinh.pdf", b"MZ\x90\x00" * 500),
    )

    progress = plan.get_by_role(
        "progressbar", name=words("Progress of {name}", name="Kế hoạch_số 12.pdf")
    )
    page.wait_for_function(
        "bar => bar.value > 0 && bar.value < 100", arg=progress.element_handle()
    )
    slow_line(page, -1)
    refused = line_of(plan, "chuong-trinh.pdf")
    expect(refused).to_have_attribute("data-state", "refused")
    expect(refused).to_contain_text("“chuong-trinh.pdf”")
    for name in ("Kế hoạch_số 12.pdf", "Báo cáo.pdf"):
        expect(line_of(plan, name)).to_have_attribute("data-state", "stored")
    told = page.get_by_role("status").filter(has_text=re.compile("."))
    expect(told.first).to_contain_text(words("{number} files uploaded.", number=2))
    expect(told.first).to_contain_text(words("{number} file not stored.", number=1))

    details = line_of(plan, "Kế hoạch_số 12.pdf").locator("form")
    details.get_by_label(_("Number and symbol")).fill("12/KH-UBND")
    details.get_by_label(_("Date"), exact=True).fill("15/2/2026")
    details.get_by_label(_("Page"), exact=True).fill("2")
    details.get_by_role("button", name=_("Save the details")).click()
    expect(details.locator(".save-state.is-saved")).to_be_visible()
    cited = "Kế hoạch số 12 (12/KH-UBND, 15/02/2026)"
    expect(plan.locator(".sheet-row")).to_contain_text(cited)

    read_at_page_2(page, plan, cited)
    find_in_the_library(page, world, cited)
    take_off_and_use_again(page, cited)


def read_at_page_2(page, plan, cited):
    link = plan.get_by_role("link", name=cited, exact=True)
    with page.expect_response(re.compile(r"inline=1")) as shown:
        link.click()
    panel = page.get_by_role("dialog", name=cited)
    expect(panel).to_be_visible()
    assert shown.value.headers["content-type"] == "application/pdf"
    frame = panel.locator("iframe")
    expect(frame).to_have_attribute("src", re.compile(r"inline=1#page=2\b"))
    download = panel.get_by_role("link", name=_("Download"))
    assert "inline" not in download.get_attribute("href")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()


def find_in_the_library(page, world, cited):
    page.get_by_role("link", name=_("Evidence library")).click()
    page.get_by_label(
        _("Search number, title, issuer, criterion"), exact=True
    ).press_sequentially("ke hoach")
    table = page.locator("#library-table")
    expect(table).not_to_contain_text("Báo cáo")
    line = table.locator(".library-line", has_text="12/KH-UBND")
    expect(line).to_contain_text("Kế hoạch số 12")
    line.get_by_role("link", name="1.1", exact=True).click()
    expect(page).to_have_url(re.compile(r"open=1\.1#row-1-1$"))


def take_off_and_use_again(page, cited):
    plan = page.locator("#group-1-1")
    plan.get_by_role("button", name=f"{_('Take off')} {cited}").click()
    expect(plan.get_by_role("link", name=cited, exact=True)).to_have_count(0)
    assert EvidenceDocument.objects.count() == 2

    idea = row_of(page, IDEA)
    drop(idea, ("Một tên khác.pdf", paper(bulk=400_000)))
    line = line_of(idea, "Một tên khác.pdf")
    expect(line).to_contain_text(words("Already stored as “{title}”.", title=cited))
    line.get_by_role("button", name=_("Use it")).click()
    expect(line).to_have_attribute("data-state", "stored")
    expect(idea.get_by_role("link", name=cited, exact=True)).to_be_visible()
    assert EvidenceDocument.objects.count() == 2
    assert EvidenceLink.objects.filter(criterion__code="1.3").count() == 1


def test_a_file_waits_for_the_line_and_is_sent_when_it_is_back(sheet):
    plan = row_of(sheet, PLAN)
    sheet.context.set_offline(True)

    drop(plan, ("Kế hoạch.pdf", paper()))

    line = line_of(plan, "Kế hoạch.pdf")
    expect(line).to_have_attribute("data-state", "lost")
    expect(line.get_by_role("button", name=_("Retry"))).to_be_visible()
    assert sheet.evaluate(LEAVING_ASKS) is True
    sheet.context.set_offline(False)
    expect(line).to_have_attribute("data-state", "stored")
    assert sheet.evaluate(LEAVING_ASKS) is False
    assert EvidenceLink.objects.count() == 1


# Whether leaving the page would ask first.
LEAVING_ASKS = """() => {
  const leaving = new Event("beforeunload", {cancelable: true});
  window.dispatchEvent(leaving);
  return leaving.defaultPrevented;
}"""


def test_a_lost_answer_stores_the_file_once(sheet):
    """The server stored the file, but its answer never came: sent again, it is known."""
    plan = row_of(sheet, PLAN)
    dropped = []

    def lose_the_first(route):
        if route.request.method == "POST" and not dropped:
            dropped.append(route.fetch().status)
            route.abort()
        else:
            route.fallback()

    sheet.route(re.compile(r"/evidence/1\.1/"), lose_the_first)
    drop(plan, ("Kế hoạch.pdf", paper()))

    line = line_of(plan, "Kế hoạch.pdf")
    expect(line).to_have_attribute("data-state", "lost")
    assert dropped == [201]
    line.get_by_role("button", name=_("Retry")).click()
    line.get_by_role("button", name=_("Use it")).click()
    expect(line).to_have_attribute("data-state", "stored")
    assert EvidenceDocument.objects.count() == EvidenceLink.objects.count() == 1


def test_a_store_that_is_down_is_told_and_the_file_can_be_sent_again(
    sheet, monkeypatch
):
    def fail(*args, **kwargs):
        raise OSError("the store is down")

    monkeypatch.setattr(type(default_storage), "save", fail, raising=False)
    plan = row_of(sheet, PLAN)
    drop(plan, ("Kế hoạch.pdf", paper()))

    line = line_of(plan, "Kế hoạch.pdf")
    expect(line).to_have_attribute("data-state", "lost")
    told = _(
        "“%(name)s” could not be stored: the file store does not answer. Nothing was "
        "changed; try again in a few minutes."
    )
    expect(line).to_contain_text(told % {"name": "Kế hoạch.pdf"})
    assert not EvidenceDocument.objects.exists()

    monkeypatch.undo()
    line.get_by_role("button", name=_("Retry")).click()
    expect(line).to_have_attribute("data-state", "stored")
    assert EvidenceDocument.objects.count() == 1


@pytest.mark.parametrize("body", ["", "<!DOCTYPE html><html><h1>Xin chào</h1></html>"])
def test_a_503_of_a_server_in_front_takes_no_place_in_the_page(sheet, body):
    sheet.route(re.compile(r"choose/"), unavailable(body))
    plan = row_of(sheet, PLAN)
    before = plan.locator(".evidence-work").inner_html()
    plan.get_by_role("button", name=_("Choose from the library")).click()

    expect(sheet.locator("#alerts [data-line-lost]")).to_be_visible()
    expect(sheet.get_by_text("Xin chào")).to_have_count(0)
    assert plan.locator(".evidence-work").inner_html() == before


def test_a_503_of_the_application_is_read_in_the_page(sheet):
    notice = '\n<div class="notice">Kho không trả lời</div>'
    to_alerts = {"HX-Retarget": "#alerts", "HX-Reswap": "innerHTML"}
    sheet.route(re.compile(r"choose/"), unavailable(notice, to_alerts))
    row_of(sheet, PLAN).get_by_role("button", name=_("Choose from the library")).click()

    expect(sheet.locator("#alerts")).to_contain_text("Kho không trả lời")
    expect(sheet.locator("[data-line-lost]")).to_have_count(0)


def unavailable(body, headers=()):
    """Answers with 503: of a server in front, or with headers as the middleware does."""

    def answer(route):
        whole = {"Content-Type": "text/html; charset=utf-8", **dict(headers)}
        route.fulfill(status=503, headers=whole, body=body)

    return answer


def test_an_upload_is_cancelled_and_can_be_sent_again(sheet):
    plan = row_of(sheet, PLAN)
    slow_line(sheet, 50_000)
    drop(plan, ("Kế hoạch.pdf", paper(bulk=900_000)))
    line = line_of(plan, "Kế hoạch.pdf")
    expect(line).to_have_attribute("data-state", "sending")

    line.get_by_role("button", name=_("Cancel")).click()
    expect(line).to_have_attribute("data-state", "cancelled")
    slow_line(sheet, -1)
    line.get_by_role("button", name=_("Retry")).click()

    expect(line).to_have_attribute("data-state", "stored")
    assert EvidenceDocument.objects.count() == 1


def test_a_link_and_a_document_of_the_library_are_attached_in_place(sheet):
    plan, idea = row_of(sheet, PLAN), row_of(sheet, IDEA)
    plan.get_by_role("button", name=_("Attach a link")).click()
    plan.get_by_label(_("Web address")).fill("https://example.vn/ke-hoach")
    plan.get_by_label(_("Title")).fill("Kế hoạch trên Cổng thông tin")
    form = plan.locator("form", has=sheet.get_by_label(_("Web address")))
    form.get_by_role("button", name=_("Attach the link")).click()
    expect(
        plan.get_by_role("link", name="Kế hoạch trên Cổng thông tin", exact=True)
    ).to_have_attribute("href", "https://example.vn/ke-hoach")
    expect(plan.get_by_label(_("Web address"))).to_have_count(0)

    idea.get_by_role("button", name=_("Choose from the library")).click()
    choice = idea.get_by_label("Kế hoạch trên Cổng thông tin")
    choice.check()
    with sheet.expect_response(re.compile(r"choose/\?q=cong")):
        idea.get_by_label(_("Search number, title, issuer")).fill("cong thong")
    sheet.wait_for_function("() => !document.querySelector('.htmx-request')")
    expect(choice).to_be_checked()  # a late answer takes no choice back
    idea.get_by_label(_("Page"), exact=True).fill("4")
    idea.get_by_role("button", name=_("Attach the chosen document")).click()

    expect(idea.locator(".evidence-list")).to_contain_text(
        _("page %(page)s") % {"page": 4}
    )
    assert EvidenceDocument.objects.count() == 1
    assert EvidenceLink.objects.count() == 2


def test_files_are_brought_to_the_library_and_described_there(sheet):
    page = sheet
    page.get_by_role("link", name=_("Evidence library")).click()
    files = [
        {"name": name, "mimeType": "application/pdf", "buffer": paper(words=name)}
        for name in ("Kế hoạch.pdf", "Báo cáo.pdf")
    ]
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=_("Choose files")).click()
    chooser.value.set_files(files)

    table = page.locator("#library-table")
    line = table.locator(".library-line", has_text="Kế hoạch")
    expect(line).to_be_visible()
    expect(page.get_by_role("navigation", name=_("Filter"))).to_contain_text("(2)")
    line.get_by_role("link", name=f"{_('Edit')} Kế hoạch").click()
    details = table.locator("form.evidence-details")
    details.get_by_label(_("Issuer")).fill("UBND phường")
    details.get_by_label(_("Number and symbol")).focus()  # leaving the field saves it
    expect(details.locator(".save-state.is-saved")).to_be_visible()
    expect(line).to_contain_text("UBND phường")
    assert set(EvidenceDocument.objects.values_list("issuer", flat=True)) == {
        "UBND phường",
        "",
    }
