"""Evidence at a row of the sheet: files, links, documents of the library, details."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from scoring.actions import evidence
from scoring.labels import PhaseName
from scoring.models import EvidenceDocument, EvidenceLink
from tests.factories import World
from tests.papers import pdf, pdf_bytes

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


def address(file, rest="1.1/"):
    return f"{file.get_absolute_url()}evidence/{rest}"


def attached(file, user, code="1.1", words="", **details):
    document = {"title": "Kế hoạch", "number": "12/KH-UBND", **details}
    upload = pdf("tep.pdf", words)
    return evidence.attach(file, code, document=document, upload=upload, by=user)


def of_link(link, rest=""):
    return address(link.document.assessment, f"links/{link.pk}/{rest}")


def text_of(response):
    return response.content.decode()


def exe(name="chuong-trinh.pdf"):
    return SimpleUploadedFile(name, b"MZ\x90\x00" * 64, content_type="application/pdf")


# --- files --------------------------------------------------------------------------


def test_several_files_come_at_once_and_take_their_titles_from_their_names(
    client, world, officer
):
    files = [pdf("Kế hoạch_số 12.pdf"), pdf("Báo cáo.pdf", "khác")]

    response = client.post(address(world.file), {"upload": files}, follow=True)

    assert response.redirect_chain[0][0].endswith("?open=1.1#row-1-1")
    titles = EvidenceDocument.objects.values_list("title", flat=True)
    assert list(titles) == ["Kế hoạch số 12", "Báo cáo"]
    assert EvidenceLink.objects.filter(criterion__code="1.1").count() == 2
    assert "Kế hoạch số 12" in text_of(response)


def test_of_several_files_each_is_stored_or_refused_for_itself(client, world, officer):
    files = [pdf("tot.pdf"), exe(), pdf("tot-2.pdf", "khác")]

    response = client.post(address(world.file), {"upload": files})

    page = text_of(response)
    assert response.status_code == 422
    assert "chuong-trinh.pdf" in page.split("error-summary")[1].split("</ul>")[0]
    assert EvidenceDocument.objects.count() == 2
    assert "tot-2" in page.split("notice-ok")[1].split("</ul>")[0]


def test_nothing_chosen_is_said(client, world, officer):
    response = client.post(address(world.file), {})

    assert response.status_code == 422
    assert "error-summary" in text_of(response)


def test_the_script_is_told_what_was_stored(client, world, officer):
    response = client.post(address(world.file), {"upload": pdf()}, headers=JSON)

    link = EvidenceLink.objects.get()
    facts = response.json()
    assert response.status_code == 201
    assert (facts["document"], facts["is_known"]) == (link.document_id, False)
    assert facts["details"] == of_link(link)
    assert 'id="evidence-1-1"' in text_of(client.get(facts["list"], headers=HTMX))


def test_the_script_is_told_why_a_file_is_refused(client, world, officer):
    response = client.post(address(world.file), {"upload": exe()}, headers=JSON)

    assert response.status_code == 422
    assert "chuong-trinh.pdf" in response.json()["error"]
    assert not EvidenceDocument.objects.exists()


def test_the_same_file_again_is_one_document_and_keeps_the_place_of_the_proof(
    client, world, officer
):
    link = attached(world.file, officer, section="Mục II", page="3")

    answer = client.post(
        address(world.file), {"upload": pdf("Bản sao.pdf")}, headers=JSON
    )

    link.refresh_from_db()
    assert answer.json()["is_known"] is True
    assert EvidenceDocument.objects.count() == EvidenceLink.objects.count() == 1
    assert (link.section, link.page) == ("Mục II", "3")


def test_what_is_stored_already_is_recognised_by_its_content(client, world, officer):
    attached(world.file, officer)
    known = f"{world.file.get_absolute_url()}evidence-known/"

    def asked(content):
        digest = hashlib.sha256(content).hexdigest()
        return client.get(known, {"sha256": digest}).json()

    assert asked(pdf_bytes())["title"].startswith("Kế hoạch (12/KH-UBND")
    assert asked(pdf_bytes("khác")) == {}
    assert client.get(known).json() == {}


def test_a_recognised_document_is_used_without_sending_it_again(client, world, officer):
    link = attached(world.file, officer, "1.3", page="7")
    known = {"known": link.document_id}

    for __ in range(2):
        answer = client.post(address(world.file), known, headers=JSON)

    used = EvidenceLink.objects.get(criterion__code="1.1")
    assert answer.json()["is_known"] is True
    assert used.document_id == link.document_id
    assert EvidenceLink.objects.count() == 2


@pytest.mark.parametrize("known", ["", "x", "²", "999999999999999999"])
def test_a_known_document_that_is_not_there_is_not_found(client, world, officer, known):
    answer = client.post(address(world.file), {"known": known}, headers=JSON)

    assert answer.status_code == 404


def test_a_neighbours_document_is_unknown(client, world, officer):
    neighbour = world.officer(world.files[1])
    theirs = attached(world.files[1], neighbour)

    answer = client.post(
        address(world.file), {"known": theirs.document_id}, headers=JSON
    )

    assert answer.status_code == 404
    assert not EvidenceLink.objects.filter(document__assessment=world.file).exists()


@pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "script"])
def test_late_files_are_refused_with_a_sentence(client, world, officer, headers):
    world.open_phase(PhaseName.APPRAISAL)

    response = client.post(address(world.file), {"upload": pdf()}, headers=headers)

    assert response.status_code == 403
    assert "Sở Nội vụ" in (response.json()["error"] if headers else text_of(response))
    assert not EvidenceDocument.objects.exists()


@pytest.mark.parametrize("code", ["1", "2.1", "7.7"])
@pytest.mark.parametrize("rest", ["", "link/", "choose/"])
def test_only_criteria_that_the_agency_scores_take_evidence(
    client, world, officer, code, rest
):
    assert client.get(address(world.file, f"{code}/{rest}")).status_code == 404


# --- links --------------------------------------------------------------------------


def test_a_link_is_evidence_with_the_day_it_was_seen(client, world, officer):
    client.post(
        address(world.file, "1.1/link/"),
        {"link": "https://example.vn/kh", "title": "KH", "seen_on": "20/3/2024"},
    )

    version = EvidenceDocument.objects.get().current
    page = text_of(client.get(world.file.get_absolute_url()))
    assert (version.link, str(version.seen_on)) == (
        "https://example.vn/kh",
        "2024-03-20",
    )
    assert 'href="https://example.vn/kh" rel="noopener noreferrer"' in page


def test_today_stands_in_the_form_of_a_link(client, world, officer):
    page = text_of(client.get(address(world.file, "1.1/link/")))

    assert f'value="{timezone.localdate():%d/%m/%Y}"' in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({}, "link", id="no address"),
        pytest.param(
            {"link": "javascript:alert(1)"}, "https://", id="not a web address"
        ),
        pytest.param(
            {"link": "https://example.vn/", "issued_on": "31/02/2025"},
            "31/02/2025",
            id="no such day",
        ),
        pytest.param(
            {"link": "https://example.vn/", "seen_on": "31/12/2999"},
            "31/12/2999",
            id="seen in the future",
        ),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_refused_link_says_why_and_the_form_keeps_its_words(
    client, world, officer, given, words, headers
):
    typed = {"title": "Kế hoạch đã gõ", **given}

    response = client.post(address(world.file, "1.1/link/"), typed, headers=headers)

    page = text_of(response)
    assert response.status_code == 422
    assert "error-summary" in page
    assert not EvidenceDocument.objects.exists()
    if headers:
        assert "<form" not in page
    else:
        assert words in page
        assert 'value="Kế hoạch đã gõ"' in page


# --- the library at the row ---------------------------------------------------------


def test_a_document_of_the_library_is_found_without_diacritics_and_chosen(
    client, world, officer
):
    plan = attached(world.file, officer, "1.3")
    attached(world.file, officer, "1.3", "khác", title="Báo cáo", number="7/BC")
    choose = address(world.file, "1.1/choose/")

    page = text_of(client.get(choose, {"q": "ke hoach 12"}))
    client.post(
        choose, {"document": plan.document_id, "section": "Mục II", "page": "5"}
    )

    assert "Kế hoạch (12/KH-UBND)" in page
    assert "Báo cáo" not in page
    chosen = EvidenceLink.objects.get(criterion__code="1.1")
    assert chosen.document_id == plan.document_id
    assert (chosen.section, chosen.page) == ("Mục II", "5")
    again = text_of(client.get(choose))
    assert f'value="{plan.document_id}"' not in again


def test_a_removed_or_foreign_document_cannot_be_chosen(client, world, officer):
    theirs = attached(world.files[1], world.officer(world.files[1]))

    response = client.post(
        address(world.file, "1.1/choose/"), {"document": theirs.document_id}
    )

    assert response.status_code == 422
    assert (
        not EvidenceLink.objects.filter(criterion__code="1.1")
        .exclude(pk=theirs.pk)
        .exists()
    )


# --- details ------------------------------------------------------------------------

DETAILS = {
    "title": "Kế hoạch CCHC",
    "number": "15/KH-UBND",
    "issued_on": "15/12/2025",
    "issuer": "UBND phường",
    "section": "Mục II",
    "page": "3",
}


def shown(link, **typed):
    """What the form sends: what stood in it, and what is typed over it."""
    document = link.document
    stood = {
        "title": document.title,
        "number": document.number,
        "issued_on": document.issued_on or "",
        "issuer": document.issuer,
        "section": link.section,
        "page": link.page,
    }
    hidden = {f"initial-{name}": value for name, value in stood.items()}
    return {**stood, **hidden, **typed}


def test_details_are_saved_with_the_place_of_the_proof(client, world, officer):
    link = attached(world.file, officer)

    response = client.post(of_link(link), shown(link, **DETAILS), headers=HTMX)

    page = text_of(response)
    assert response.status_code == 200
    assert "is-saved" in page
    assert "Kế hoạch CCHC (15/KH-UBND, 15/12/2025, UBND phường)" in page
    assert "Mục II" in page
    assert "d-option" not in page  # nothing that is being typed is replaced
    assert 'name="initial-number" value="15/KH-UBND"' in page


def test_two_people_fill_different_fields_of_one_form(client, world, officer):
    link = attached(world.file, officer)
    first = shown(link, number="15/KH-UBND")
    second = shown(link, issuer="UBND phường")

    client.post(of_link(link), first, headers=HTMX)
    client.post(of_link(link), second, headers=HTMX)

    document = EvidenceDocument.objects.get()
    assert (document.number, document.issuer) == ("15/KH-UBND", "UBND phường")


def test_a_field_that_somebody_else_changed_is_asked_about_once(client, world, officer):
    link = attached(world.file, officer)
    mine = shown(link, number="99/KH-UBND")
    evidence.describe(
        link.document, details={"title": "Kế hoạch", "number": "15/KH-UBND"}, by=officer
    )

    response = client.post(of_link(link), mine, headers=HTMX)

    page = text_of(response)
    assert response.status_code == 409
    assert "15/KH-UBND" in page
    assert EvidenceDocument.objects.get().number == "15/KH-UBND"
    assert 'name="initial-number" value="15/KH-UBND"' in page
    again = {**mine, "initial-number": "15/KH-UBND"}
    assert client.post(of_link(link), again, headers=HTMX).status_code == 200
    assert EvidenceDocument.objects.get().number == "99/KH-UBND"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"issued_on": "31/02/2026"}, "15/12/2026"), ({"title": " "}, "Tên tài liệu")],
)
def test_refused_details_name_the_field_and_change_nothing(
    client, world, officer, wrong, words
):
    link = attached(world.file, officer)

    response = client.post(of_link(link), shown(link, **wrong), headers=HTMX)

    page = text_of(response)
    assert response.status_code == 422
    assert words in page
    assert "<form" not in page
    assert EvidenceDocument.objects.get().title == "Kế hoạch"


def test_without_script_the_details_are_a_page(client, world, officer):
    link = attached(world.file, officer)

    page = text_of(client.get(of_link(link)))
    sent = client.post(of_link(link), shown(link, **DETAILS), follow=True)

    assert 'value="12/KH-UBND"' in page
    assert "hx-post" not in page.split("<main")[1]
    assert "15/KH-UBND" in text_of(sent)


def test_details_after_the_deadline_stay_as_they_are(client, world, officer):
    link = attached(world.file, officer)
    world.open_phase(PhaseName.APPRAISAL)

    response = client.post(of_link(link), shown(link, **DETAILS), headers=HTMX)

    assert response.status_code == 403
    assert "Sở Nội vụ" in text_of(response)
    assert EvidenceDocument.objects.get().number == "12/KH-UBND"


# --- taking off ---------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_document_is_taken_off_and_stays_in_the_library(
    client, world, officer, headers
):
    link = attached(world.file, officer)

    response = client.post(of_link(link, "remove/"), headers=headers)

    assert response.status_code == (200 if headers else 302)
    assert not EvidenceLink.objects.exists()
    assert EvidenceDocument.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("role", "status"), [("leader", 403), ("manager", 403), ("stranger", 404)]
)
def test_who_may_not_touch_evidence(client, world, role, status):
    link = attached(world.file, world.officer())
    stranger = role == "stranger"
    user = world.officer(world.files[1]) if stranger else getattr(world, role)()
    client.force_login(user)

    assert client.post(of_link(link, "remove/")).status_code == status
    assert client.post(of_link(link), DETAILS).status_code == status
    assert client.get(address(world.file)).status_code == status
    assert EvidenceLink.objects.exists()
    assert EvidenceDocument.objects.get().number == "12/KH-UBND"


def test_a_link_of_another_file_is_not_found_under_the_own(client, world, officer):
    theirs = attached(world.files[1], world.officer(world.files[1]))
    place = [world.round.year, world.file.agency.code, theirs.pk]

    for name in ("scoring:evidence-detach", "scoring:evidence-link-describe"):
        assert client.post(reverse(name, args=place), DETAILS).status_code == 404
    assert EvidenceLink.objects.filter(pk=theirs.pk).exists()


def test_nothing_is_taken_off_after_the_deadline(client, world, officer):
    link = attached(world.file, officer)
    world.open_phase(PhaseName.APPRAISAL)

    client.post(of_link(link, "remove/"))

    assert EvidenceLink.objects.exists()
