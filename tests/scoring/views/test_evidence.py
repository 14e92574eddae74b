import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.actions import cells, evidence
from scoring.actions.cells import CellChange
from tests.factories import World
from tests.papers import PDF, pdf_bytes, picture_bytes
from tests.scoring.content.made import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(client, world):
    user = world.officer()
    client.force_login(user)
    return user


def pdf(name="Kế hoạch số 12.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def attached(file, user, code="1.1", name="Kế hoạch số 12.pdf"):
    document = {"title": "Kế hoạch", "number": "12/KH-UBND"}
    return evidence.attach(file, code, document=document, upload=pdf(name), by=user)


def test_the_file_comes_as_an_attachment_under_its_vietnamese_name(
    client, world, officer
):
    link = attached(world.file, officer)

    response = client.get(f"/evidence/{link.document_id}/")

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "K%E1%BA%BF%20ho%E1%BA%A1ch" in response["Content-Disposition"]
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

    assert client.get(f"/media/{link.document.current.file.name}").status_code == 404
    assert "hoach" not in link.document.current.file.name


def test_a_link_is_no_stored_file(client, world, officer):
    document = {"title": "KH", "link": "https://example.vn/"}
    link = evidence.attach(world.file, "1.1", document=document, by=officer)

    assert client.get(f"/evidence/{link.document_id}/").status_code == 404


# --- versions and the preview ---------------------------------------------------------


def content_of(response):
    return b"".join(response.streaming_content)


def test_each_version_has_its_own_address_and_the_document_shows_the_newest(
    client, world, officer
):
    document = attached(world.file, officer).document
    newer = pdf_bytes("bản sửa")
    evidence.replace(document, upload=pdf("Bản sửa.pdf", newer), by=officer)

    for address, content in (
        (f"/evidence/{document.pk}/", newer),
        (f"/evidence/{document.pk}/versions/1/", PDF),
        (f"/evidence/{document.pk}/versions/2/", newer),
    ):
        assert content_of(client.get(address)) == content
    assert client.get(f"/evidence/{document.pk}/versions/3/").status_code == 404
    client.force_login(world.officer(world.files[1]))
    assert client.get(f"/evidence/{document.pk}/versions/1/").status_code == 404


def test_a_removed_document_that_the_ledger_names_is_still_read(client, world, officer):
    document = attached(world.file, officer).document
    change = CellChange("1.1", "self", data={"option": 1})
    cells.save(world.file, [change], by=officer)
    evidence.remove(document, by=officer)

    assert content_of(client.get(f"/evidence/{document.pk}/versions/1/")) == PDF


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        pytest.param("a.pdf", PDF, "application/pdf", id="pdf"),
        pytest.param("a.png", picture_bytes("PNG"), "image/png", id="png"),
        pytest.param("a.jpeg", picture_bytes("JPEG"), "image/jpeg", id="jpeg"),
    ],
)
def test_pdf_and_pictures_are_shown_beside_a_page_under_their_own_kind(
    client, world, officer, name, content, media_type
):
    upload = SimpleUploadedFile(name, content, content_type="text/html")
    document = evidence.add(world.file, details={}, upload=upload, by=officer)

    response = client.get(f"/evidence/{document.pk}/?inline=1")

    assert content_of(response) == content
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


def test_other_kinds_are_never_shown_by_the_browser(client, world, officer):
    content = office("docx")
    upload = SimpleUploadedFile("a.docx", content)
    document = evidence.add(world.file, details={}, upload=upload, by=officer)

    response = client.get(f"/evidence/{document.pk}/?inline=1")

    assert content_of(response) == content
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Frame-Options"] == "DENY"


def test_a_file_is_opened_by_the_same_few_questions_whatever_it_has(
    client, world, officer, django_assert_num_queries
):
    document = attached(world.file, officer).document
    for number in range(3):
        newer = pdf_bytes(str(number))
        evidence.replace(document, upload=pdf("a.pdf", newer), by=officer)

    with django_assert_num_queries(5):
        content_of(client.get(f"/evidence/{document.pk}/"))
