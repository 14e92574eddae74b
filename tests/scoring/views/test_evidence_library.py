"""The evidence library as a page: read, search, bring, describe, replace, remove."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.actions import evidence
from scoring.labels import PhaseName
from scoring.models import EvidenceDocument, EvidenceVersion
from tests.earlier import file_of_last_year, prove
from tests.factories import World
from tests.papers import pdf

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(client, world):
    user = world.officer()
    client.force_login(user)
    return user


def address(file, rest=""):
    return f"{file.get_absolute_url()}evidence/{rest}"


def stored(file, user, words="", **details):
    details = {"title": "Kế hoạch", "number": "12/KH-UBND", **details}
    return evidence.add(file, details=details, upload=pdf("tep.pdf", words), by=user)


def of(document, rest=""):
    return address(document.assessment, f"documents/{document.pk}/{rest}")


def text_of(response):
    return response.content.decode()


def test_the_library_shows_what_a_document_is_and_proves(client, world, officer):
    document = stored(world.file, officer, issuer="UBND phường")
    evidence.link(document, "1.1", section="Mục II", page="3", by=officer)

    page = text_of(client.get(address(world.file)))

    line = page.split(f'id="line-{document.pk}"')[1].split("</tr>")[0]
    assert "12/KH-UBND" in line
    assert "UBND phường" in line
    assert 'data-preview="pdf"' in line
    assert f'data-preview-src="/evidence/{document.pk}/versions/1/?inline=1"' in line
    assert "?open=1.1#row-1-1" in line
    assert "Mục II, trang 3" in line
    assert "1 KB" in line


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"Kế hoạch", "Báo cáo", "Công văn cũ"}),
        ({"show": "unlinked"}, {"Báo cáo", "Công văn cũ"}),
        ({"show": "old"}, {"Công văn cũ"}),
        ({"q": "ke hoach"}, {"Kế hoạch"}),
        ({"q": "CÔNG VĂN"}, {"Công văn cũ"}),
        ({"q": "1.1"}, {"Kế hoạch"}),
        ({"q": "7/bc"}, {"Báo cáo"}),
        ({"q": "khong co"}, set()),
        ({"show": "unlinked", "q": "bao cao"}, {"Báo cáo"}),
        ({"show": "sai"}, {"Kế hoạch", "Báo cáo", "Công văn cũ"}),
    ],
)
def test_filters_and_search(client, world, officer, asked, found):
    plan = stored(world.file, officer)
    evidence.link(plan, "1.1", by=officer)
    stored(world.file, officer, "b", title="Báo cáo", number="7/BC-UBND")
    old = stored(world.file, officer, "c", title="Công văn cũ", number="")
    EvidenceDocument.objects.filter(pk=old.pk).update(
        issued_on=f"{world.round.year - 1}-12-31"
    )

    page = text_of(client.get(address(world.file), asked))

    titles = {"Kế hoạch", "Báo cáo", "Công văn cũ"}
    table = page.split('id="library"')[1]
    assert {title for title in titles if f">{title}</a>" in table} == found
    if not found:
        assert "library-empty" in page


def test_files_come_into_the_library_without_a_criterion(client, world, officer):
    files = [pdf("Kế hoạch.pdf"), pdf("Báo cáo.pdf", "b")]

    response = client.post(address(world.file), {"upload": files}, follow=True)

    assert "Kế hoạch" in text_of(response)
    assert EvidenceDocument.objects.filter(links=None).count() == 2


def test_the_script_gets_the_line_and_the_form_of_a_new_document(
    client, world, officer
):
    answer = client.post(address(world.file), {"upload": pdf()}, headers=JSON)

    facts = answer.json()
    pk = EvidenceDocument.objects.get().pk
    assert answer.status_code == 201
    line = text_of(client.get(facts["line"], headers=HTMX))
    form = text_of(client.get(facts["details"], headers=HTMX))
    assert f'<tbody class="row-group" id="document-{pk}"' in line
    assert "(1)" in line.split('id="library-tabs"')[1]
    assert f'id="details-document-{pk}"' in form
    assert "<html" not in line + form


def test_a_link_comes_into_the_library(client, world, officer):
    link = f"{world.file.get_absolute_url()}evidence-link/"

    client.post(link, {"link": "https://example.vn/kh", "title": "KH"})
    refused = client.post(link, {"link": "không phải", "title": "Đã gõ"})

    assert EvidenceVersion.objects.get().link == "https://example.vn/kh"
    assert refused.status_code == 422
    assert 'value="Đã gõ"' in text_of(refused)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("leader", 200),
        ("appraiser", 200),
        ("manager", 200),
        ("inspector", 200),
        ("stranger", 404),
    ],
)
def test_who_reads_the_library_and_that_readers_change_nothing(
    client, world, role, status
):
    document = stored(world.file, world.officer())
    stranger = role == "stranger"
    user = world.officer(world.files[1]) if stranger else getattr(world, role)()
    client.force_login(user)

    page = client.get(address(world.file))
    details = client.get(of(document))

    assert (page.status_code, details.status_code) == (status, status)
    if status == 200:
        assert "read-only-note" in text_of(page)
        assert "<form" not in text_of(page).split('id="library"')[1].split("<footer")[0]
        assert 'name="number"' not in text_of(details)
    forbidden = 404 if stranger else 403
    for rest in ("", "replace/", "remove/"):
        assert (
            client.post(of(document, rest), {"title": "Khác"}).status_code == forbidden
        )
    sent = client.post(address(world.file), {"upload": pdf("b.pdf", "b")})
    assert sent.status_code == forbidden
    assert EvidenceDocument.objects.get().title == "Kế hoạch"


def test_after_the_lock_the_library_says_who_can_open_it_again(client, world, officer):
    document = stored(world.file, officer)
    world.open_phase(PhaseName.APPRAISAL)

    page = text_of(client.get(address(world.file)))
    client.post(of(document, "remove/"))
    client.post(of(document, "replace/"), {"upload": pdf("b.pdf", "b")})
    late = client.post(of(document), {"title": "Muộn"})

    assert "Sở Nội vụ" in page.split("read-only-note")[1].split("</p>")[0]
    assert "data-upload-to" not in page
    assert late.status_code == 403
    assert EvidenceDocument.objects.standing().get().current.number == 1
    assert EvidenceDocument.objects.get().title == "Kế hoạch"


def test_an_empty_library_says_who_brings_what(client, world, officer):
    own = text_of(client.get(address(world.file)))
    client.force_login(world.manager())
    theirs = text_of(client.get(address(world.file)))

    assert "library-empty" in own
    assert "library-empty" in theirs
    assert own.split("library-empty")[1] != theirs.split("library-empty")[1]


# --- one document -------------------------------------------------------------------


def test_details_are_edited_in_place(client, world, officer):
    document = stored(world.file, officer)

    opened = text_of(client.get(of(document), headers=HTMX))
    saved = client.post(
        of(document), {"title": "Kế hoạch mới", "number": "1/KH"}, headers=HTMX
    )

    assert f'id="details-document-{document.pk}"' in opened
    assert "<html" not in opened
    page = text_of(saved)
    assert "is-saved" in page
    assert (
        f'<tr id="line-{document.pk}" class="library-line" hx-swap-oob="true">' in page
    )
    assert "Kế hoạch mới" in page


def test_a_new_version_stands_beside_the_earlier_one(client, world, officer):
    document = stored(world.file, officer)

    page = client.post(
        of(document, "replace/"), {"upload": pdf("mới.pdf", "mới")}, follow=True
    )

    document.refresh_from_db()
    assert document.current.number == 2
    text = text_of(page)
    for number in (1, 2):
        assert f"/evidence/{document.pk}/versions/{number}/" in text


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="neither file nor link"),
        pytest.param(
            {"upload": SimpleUploadedFile("a.pdf", b"MZ\x90" * 99)}, id="no pdf inside"
        ),
        pytest.param({"link": "javascript:alert(1)"}, id="no web address"),
        pytest.param({"link": "ftp://so.example.vn/a.pdf"}, id="not of the web"),
    ],
)
def test_a_refused_version_says_why_and_changes_nothing(client, world, officer, given):
    document = stored(world.file, officer)

    page = client.post(
        of(document, "replace/"), given, follow=True, headers={"Referer": ""}
    )

    assert "notice-danger" in text_of(page) or "error-summary" in text_of(page)
    assert EvidenceVersion.objects.count() == 1


def test_a_document_is_removed_with_its_links(client, world, officer):
    document = stored(world.file, officer)
    evidence.link(document, "1.1", by=officer)

    warned = text_of(client.get(of(document)))
    page = client.post(of(document, "remove/"), follow=True)

    assert "1 tiêu chí" in warned or "1 criterion" in warned
    assert "library-empty" in text_of(page)
    assert not EvidenceDocument.objects.standing().exists()
    assert client.get(of(document)).status_code == 404


def test_a_neighbours_document_is_not_found_under_the_own_file(client, world, officer):
    theirs = stored(world.files[1], world.officer(world.files[1]))
    wrong = address(world.file, f"documents/{theirs.pk}/")

    assert client.get(wrong).status_code == 404
    for rest in ("", "replace/", "remove/"):
        assert client.post(f"{wrong}{rest}", {"title": "Khác"}).status_code == 404
    assert EvidenceDocument.objects.standing().get().title == "Kế hoạch"


# --- last year ----------------------------------------------------------------------


def test_last_years_documents_are_listed_and_used_again(client, world, officer):
    before = file_of_last_year(world.file, people=[officer])
    link = prove(before, "1.1", title="Quy chế", number="3/QĐ")
    earlier = {"show": "earlier"}

    page = text_of(client.get(address(world.file), earlier))
    again = f"documents/{link.document_id}/use-again/"
    after = client.post(address(world.file, again), follow=True)

    assert "Quy chế" in page
    assert again in page
    here = EvidenceDocument.objects.get(assessment=world.file)
    assert (here.title, here.number) == ("Quy chế", "3/QĐ")
    assert again not in text_of(after)
    client.post(address(world.file, again))
    assert EvidenceDocument.objects.filter(assessment=world.file).count() == 1


def test_whoever_had_no_role_then_reads_how_they_are_called(client, world, officer):
    """As beside the row: without opening or using them."""
    before = file_of_last_year(world.file)
    link = prove(before, "1.1", title="Quy chế cũ")
    again = f"documents/{link.document_id}/use-again/"

    page = text_of(client.get(address(world.file), {"show": "earlier"}))
    sent = client.post(address(world.file, again))

    assert "Quy chế cũ" in page
    assert again not in page
    assert link.document.current.address not in page
    assert sent.status_code == 404
    assert not EvidenceDocument.objects.filter(assessment=world.file).exists()


def test_last_years_documents_of_others_stay_theirs(client, world, officer):
    before = file_of_last_year(world.files[1])
    link = prove(before, "1.1", title="Quy chế của cơ quan khác")

    page = text_of(client.get(address(world.file), {"show": "earlier"}))
    sent = client.post(address(world.file, f"documents/{link.document_id}/use-again/"))

    assert "Quy chế" not in page
    assert sent.status_code == 404
    assert not EvidenceDocument.objects.filter(assessment=world.file).exists()


# --- how often the database is asked ------------------------------------------------


@pytest.mark.parametrize("documents", [1, 3])
@pytest.mark.parametrize(("show", "queries"), [("all", 8), ("earlier", 14)])
def test_the_library_asks_the_database_a_fixed_number_of_times(
    client, world, officer, documents, show, queries, django_assert_num_queries
):
    before = file_of_last_year(world.file, people=[officer])
    for number in range(documents):
        document = stored(world.file, officer, str(number), title=f"Số {number}")
        for code in ("1.1", "1.3"):
            evidence.link(document, code, by=officer)
        prove(before, "1.1", title=f"Năm trước {number}")
    client.get(address(world.file))  # the set's tree is read once

    with django_assert_num_queries(queries):
        page = client.get(address(world.file), {"show": show})

    title = "Năm trước" if show == "earlier" else "Số"
    assert text_of(page).count(f">{title} ") == documents
