"""The report's page: its words, its document, the signed scan; the city's template."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.actions import assessments, reports
from scoring.exchange.report_template import DEFAULT_TEMPLATE
from scoring.models import (
    AgencyReport,
    DocumentTemplate,
    LedgerLine,
    RoundGroup,
    SignedScan,
)
from scoring.refusals import Conflict, NotAllowed, Refused
from scoring.states import GroupState
from tests.factories import World
from tests.papers import pdf
from tests.scoring.exchange.docx_files import template, texts_of

pytestmark = pytest.mark.django_db

WORDS = {
    "version": "0",
    "number": "45/BC-UBND",
    "place": "Hồng Bàng",
    "dated_on": "05/12/2026",
    "difficulties": "Thiếu cán bộ",
    "proposals": "Tập huấn",
    "signer_post": "Chủ tịch",
    "signer_name": "Họ Tên",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(world):
    return world.officer()


def address(world, page):
    return f"{world.file.get_absolute_url()}{page}"


def lock(world, officer):
    assessments.hand_over(world.file, by=officer)
    assessments.lock(world.file, by=world.leader())


def kept_apart(response):
    """Whether the file can neither act in the site nor be taken for a part of it."""
    facts = {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return {name: response[name] for name in facts} == facts


def without_store(monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("the store is down")

    monkeypatch.setattr(type(default_storage), "save", fail, raising=False)


def main_of(response):
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


# --- the words --------------------------------------------------------------------------


def test_words_are_saved_and_stand_in_the_document(client, world, officer):
    client.force_login(officer)

    saved = client.post(address(world, "report/"), WORDS)

    assert saved.status_code == 302
    document = client.get(address(world, "report.docx"))
    assert "attachment" in document["Content-Disposition"]
    assert kept_apart(document)
    texts = texts_of(document.content)
    assert "Thiếu cán bộ" in texts
    assert "Hồng Bàng, ngày 05 tháng 12 năm 2026" in texts
    line = LedgerLine.objects.get(kind="report")
    assert (line.actor, line.before) == (officer.username, "")
    assert "Thiếu cán bộ" in line.after


def test_the_same_words_twice_are_one_version(client, world, officer):
    client.force_login(officer)

    client.post(address(world, "report/"), WORDS)
    client.post(address(world, "report/"), WORDS)

    assert AgencyReport.objects.get().version == 1
    assert LedgerLine.objects.filter(kind="report").count() == 1


def test_somebody_elses_words_are_shown_with_a_choice(client, world, officer):
    client.force_login(officer)
    client.post(address(world, "report/"), WORDS)
    mine = {**WORDS, "difficulties": "Bản của tôi"}

    refused = client.post(address(world, "report/"), mine)

    assert refused.status_code == 409
    assert "Bản của tôi" in main_of(refused)
    assert "Thiếu cán bộ" in main_of(refused)
    assert AgencyReport.objects.get().difficulties == "Thiếu cán bộ"
    kept = client.post(address(world, "report/"), {**mine, "version": ["0", "1"]})
    assert kept.status_code == 302
    assert AgencyReport.objects.get().difficulties == "Bản của tôi"


def test_a_wrong_date_gets_a_sentence_and_keeps_the_words(client, world, officer):
    client.force_login(officer)

    refused = client.post(
        address(world, "report/"), {**WORDS, "dated_on": "31/02/2026"}
    )

    assert refused.status_code == 422
    assert "15/12/2026" in main_of(refused)
    assert "Thiếu cán bộ" in main_of(refused)
    assert not AgencyReport.objects.exists()


def test_after_the_lock_the_words_stay(client, world, officer):
    lock(world, officer)
    client.force_login(officer)

    refused = client.post(address(world, "report/"), WORDS)

    assert refused.status_code == 422
    assert not AgencyReport.objects.exists()
    assert 'name="difficulties"' not in main_of(client.get(address(world, "report/")))


def test_a_file_locked_by_the_clock_may_still_be_reported(world, officer):
    world.open_phase("appraisal")
    texts = {name: WORDS[name] for name in reports.TEXTS} | {"dated_on": None}

    reports.write(world.file, texts, version=0, by=officer)
    with pytest.raises(Conflict):
        reports.write(world.file, {**texts, "place": "X"}, version=0, by=officer)
    with pytest.raises(NotAllowed):
        reports.write(world.file, texts, version=1, by=world.manager())
    RoundGroup.objects.filter(pk=world.group.pk).update(state=GroupState.ADOPTED)
    with pytest.raises(Refused):
        reports.write(world.file, {**texts, "place": "X"}, version=1, by=officer)

    assert AgencyReport.objects.get().place == "Hồng Bàng"


@pytest.mark.parametrize("role", ["manager", "appraiser"])
def test_who_reads_the_report_cannot_write_it(client, world, role):
    client.force_login(getattr(world, role)())

    assert client.get(address(world, "report/")).status_code == 200
    assert client.post(address(world, "report/"), WORDS).status_code == 403
    assert not AgencyReport.objects.exists()


# --- the scan ---------------------------------------------------------------------------


def test_the_signed_scan_keeps_its_versions_and_is_read_by_the_appraiser(
    client, world, officer
):
    lock(world, officer)
    client.force_login(officer)
    client.post(address(world, "scans/"), {"upload": pdf("Báo cáo đã ký.pdf")})
    client.post(address(world, "scans/"), {"upload": pdf("Báo cáo đã ký.pdf")})
    client.post(address(world, "scans/"), {"upload": pdf("bản hai.pdf", "khác")})

    assert list(
        SignedScan.objects.order_by("version").values_list("version", "file_name")
    ) == [(1, "Báo cáo đã ký.pdf"), (2, "bản hai.pdf")]
    assert LedgerLine.objects.filter(kind="scan").count() == 2

    client.force_login(world.appraiser())
    page = main_of(client.get(address(world, "report/")))
    scan = SignedScan.objects.get(version=2)
    assert f"/scans/{scan.pk}/" in page
    served = client.get(f"/scans/{scan.pk}/")
    assert b"".join(served.streaming_content).startswith(b"%PDF")
    assert served["Content-Disposition"].startswith("attachment")
    assert kept_apart(served)


def test_no_scan_before_the_lock(client, world, officer):
    client.force_login(officer)

    client.post(address(world, "scans/"), {"upload": pdf("a.pdf")})

    assert not SignedScan.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ not a pdf"),
        ("a.docx", DEFAULT_TEMPLATE.read_bytes()),
        ("a.exe", b"MZ"),
    ],
)
def test_what_is_no_scan_is_refused(client, world, officer, name, content):
    lock(world, officer)
    client.force_login(officer)
    upload = SimpleUploadedFile(name, content)

    answer = client.post(address(world, "scans/"), {"upload": upload}, follow=True)

    assert name in answer.content.decode()
    assert not SignedScan.objects.exists()


def test_a_neighbour_sees_no_scan(client, world, officer):
    lock(world, officer)
    client.force_login(officer)
    client.post(address(world, "scans/"), {"upload": pdf("a.pdf")})
    client.force_login(world.officer(world.files[1]))

    scan = SignedScan.objects.get()
    assert client.get(f"/scans/{scan.pk}/").status_code == 404
    assert client.get(address(world, "report.docx")).status_code == 404


# --- the city's template ------------------------------------------------------------------


def documents(world, page=""):
    return f"/rounds/{world.round.year}/documents/{page}"


def test_the_manager_replaces_the_template_and_takes_it_back(client, world):
    client.force_login(world.manager())
    content = template("Mẫu riêng {{ agency }}")
    upload = SimpleUploadedFile("mau.docx", content)

    assert client.post(documents(world), {"upload": upload}).status_code == 302
    stored = client.get(documents(world, "1.docx"))
    assert b"".join(stored.streaming_content) == content
    assert stored["Content-Disposition"] == 'attachment; filename="mau.docx"'
    assert kept_apart(stored)
    report = client.get(address(world, "report.docx"))
    assert texts_of(report.content) == [f"Mẫu riêng {world.file.name_vi}"]

    client.post(documents(world, "use-default/"))
    assert client.get(documents(world, "2.docx")).status_code == 404
    default = client.get(documents(world, "default.docx"))
    assert BytesIO(default.content).read() == DEFAULT_TEMPLATE.read_bytes()
    assert "BÁO CÁO" in texts_of(client.get(address(world, "report.docx")).content)


def test_all_faults_of_a_template_are_shown_and_nothing_is_kept(client, world):
    client.force_login(world.manager())
    content = template("{{ agancy }}", "{{ signer.nam }}")

    answer = client.post(
        documents(world), {"upload": SimpleUploadedFile("mau.docx", content)}
    )

    assert answer.status_code == 422
    assert "error-summary" not in main_of(answer)  # each fault is said once
    assert "agancy" in main_of(answer)
    assert "signer.nam" in main_of(answer)
    assert not DocumentTemplate.objects.exists()


def test_a_scan_that_the_store_cannot_give_gets_a_sentence(client, world, officer):
    lock(world, officer)
    client.force_login(officer)
    client.post(address(world, "scans/"), {"upload": pdf("a.pdf")})
    scan = SignedScan.objects.get()
    scan.file.storage.delete(scan.file.name)

    answer = client.get(f"/scans/{scan.pk}/", follow=True)

    assert "a.pdf" in answer.content.decode()


def test_a_template_that_the_store_cannot_take_gets_a_sentence(
    client, world, monkeypatch
):
    client.force_login(world.manager())
    without_store(monkeypatch)

    answer = client.post(
        documents(world),
        {"upload": SimpleUploadedFile("mau.docx", template("{{ agency }}"))},
    )

    assert answer.status_code == 503
    assert "“mau.docx”" in main_of(answer)
    assert not DocumentTemplate.objects.exists()


def test_a_scan_that_the_store_cannot_take_gets_a_sentence(
    client, world, officer, monkeypatch
):
    lock(world, officer)
    client.force_login(officer)
    without_store(monkeypatch)

    answer = client.post(
        address(world, "scans/"), {"upload": pdf("a.pdf")}, follow=True
    )

    assert "“a.pdf”" in main_of(answer)
    assert not SignedScan.objects.exists()
