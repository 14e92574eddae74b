import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.actions import evidence
from scoring.labels import PhaseName
from scoring.models import EvidenceDocument, EvidenceLink
from tests.factories import World

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PDF = b"%PDF-1.4 one page"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(client, world):
    user = world.officer()
    client.force_login(user)
    return user


def address(file, code="1.1"):
    return f"{file.get_absolute_url()}evidence/{code}/"


def pdf(name="Kế hoạch số 12.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def attached(file, user, code="1.1", name="Kế hoạch số 12.pdf"):
    document = {"title": "Kế hoạch", "number": "12/KH-UBND"}
    return evidence.attach(file, code, document=document, upload=pdf(name), by=user)


def text_of(response):
    return response.content.decode()


def test_a_document_is_attached_with_the_place_of_the_proof(client, world, officer):
    response = client.post(
        address(world.file),
        {
            "upload": pdf(),
            "title": "Kế hoạch CCHC năm",
            "number": "12/KH-UBND",
            "issued_on": "15/12/2025",
            "issuer": "UBND phường",
            "section": "Mục II",
            "page": "3",
        },
        follow=True,
    )

    page = text_of(response)
    assert response.redirect_chain[0][0].endswith("?open=1.1#row-1-1")
    assert "Kế hoạch CCHC năm (12/KH-UBND, 15/12/2025, UBND phường)" in page
    assert "Mục II" in page


def test_a_link_is_evidence_too(client, world, officer):
    client.post(address(world.file), {"link": "https://example.vn/kh", "title": "KH"})

    page = text_of(client.get(world.file.get_absolute_url()))
    assert 'href="https://example.vn/kh" rel="noopener noreferrer"' in page


def test_attaching_twice_gives_one_link(client, world, officer):
    for _ in range(2):
        client.post(address(world.file), {"upload": pdf(), "title": "Kế hoạch"})

    assert EvidenceLink.objects.count() == EvidenceDocument.objects.count() == 1


def test_htmx_gets_the_list_and_the_line_without_the_rows_inputs(
    client, world, officer
):
    response = client.post(
        address(world.file), {"upload": pdf(), "title": "Kế hoạch"}, headers=HTMX
    )

    page = text_of(response)
    assert 'id="evidence-1-1"' in page
    assert "evidence-list" in page
    assert "d-option" not in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({}, "title", id="neither file nor link"),
        pytest.param(
            {"upload": ("a.exe", b"MZ")}, "a.exe", id="a kind that is not accepted"
        ),
        pytest.param(
            {"upload": ("a.pdf", b"MZ\x90")}, "a.pdf", id="not what the name says"
        ),
        pytest.param({"link": "javascript:alert(1)"}, "link", id="not a web address"),
        pytest.param(
            {"link": "https://example.vn/", "issued_on": "31/02/2025"},
            "31/02/2025",
            id="no such day",
        ),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_refused_document_says_why_and_the_form_keeps_its_words(
    client, world, officer, given, words, headers
):
    if "upload" in given:
        given = {"upload": SimpleUploadedFile(*given["upload"])}
    typed = {"title": "Kế hoạch đã gõ", **given}

    response = client.post(address(world.file), typed, headers=headers)

    page = text_of(response)
    assert response.status_code == 422
    assert "error-summary" in page
    assert not EvidenceDocument.objects.exists()
    if headers:
        assert "<form" not in page
    else:
        assert words in page
        assert 'value="Kế hoạch đã gõ"' in page


def test_a_file_above_the_limit_is_refused(client, world, officer, settings):
    settings.EVIDENCE_MAX_BYTES = 10

    response = client.post(address(world.file), {"upload": pdf(), "title": "Kế hoạch"})

    assert response.status_code == 422
    assert not EvidenceDocument.objects.exists()


def test_late_evidence_is_refused_with_a_sentence(client, world, officer):
    world.open_phase(PhaseName.APPRAISAL)

    response = client.post(address(world.file), {"upload": pdf(), "title": "Kế hoạch"})

    assert response.status_code == 403
    assert "error-summary" in text_of(response)
    assert not EvidenceDocument.objects.exists()


@pytest.mark.parametrize("code", ["1", "2.1", "7.7"])
def test_only_criteria_that_the_agency_scores_take_evidence(
    client, world, officer, code
):
    assert client.get(address(world.file, code)).status_code == 404


# --- opening ------------------------------------------------------------------------


def test_the_file_comes_as_an_attachment_under_its_vietnamese_name(
    client, world, officer
):
    link = attached(world.file, officer)

    response = client.get(f"/evidence/{link.document_id}/")

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "K%E1%BA%BF_ho%E1%BA%A1ch" in response["Content-Disposition"]
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


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
def test_who_may_open_a_file(client, world, role, status):
    link = attached(world.file, world.officer())
    stranger = role == "stranger"
    user = world.officer(world.files[1]) if stranger else getattr(world, role)()
    client.force_login(user)

    response = client.get(f"/evidence/{link.document_id}/")

    assert response.status_code == status
    assert (response.streaming and b"".join(response.streaming_content)) == (
        PDF if status == 200 else False
    )


def test_who_is_not_signed_in_opens_nothing(client, world):
    link = attached(world.file, world.officer())

    response = client.get(f"/evidence/{link.document_id}/")

    assert response.url.startswith("/accounts/login/")


def test_stored_files_lie_on_no_public_path(client, world, officer):
    link = attached(world.file, officer)

    assert client.get(f"/media/{link.document.file.name}").status_code == 404
    assert "hoach" not in link.document.file.name


def test_a_link_is_no_stored_file(client, world, officer):
    document = {"title": "KH", "link": "https://example.vn/"}
    link = evidence.attach(world.file, "1.1", document=document, by=officer)

    assert client.get(f"/evidence/{link.document_id}/").status_code == 404


# --- taking off ---------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_document_is_taken_off(client, world, officer, headers):
    link = attached(world.file, officer)

    response = client.post(f"/evidence-links/{link.pk}/remove/", headers=headers)

    assert response.status_code == (200 if headers else 302)
    assert not EvidenceLink.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [("leader", 403), ("manager", 403), ("stranger", 404)]
)
def test_who_may_not_take_off(client, world, role, status):
    link = attached(world.file, world.officer())
    stranger = role == "stranger"
    user = world.officer(world.files[1]) if stranger else getattr(world, role)()
    client.force_login(user)

    assert client.post(f"/evidence-links/{link.pk}/remove/").status_code == status
    assert client.get(address(world.file)).status_code == status
    assert EvidenceLink.objects.exists()


def test_nothing_is_taken_off_after_the_deadline(client, world, officer):
    link = attached(world.file, officer)
    world.open_phase(PhaseName.APPRAISAL)

    client.post(f"/evidence-links/{link.pk}/remove/")

    assert EvidenceLink.objects.exists()
