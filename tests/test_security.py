"""What every answer carries, and what is too much for one request."""

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.access_world import AccessWorld

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def test_pages_travel_compressed(client):
    answer = client.get("/accounts/login/", headers={"accept-encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<title>" in gzip.decompress(answer.content)


def test_downloads_keep_their_length(client):
    world = AccessWorld(published=True)
    address = reverse("scoring:result-export", args=[world.round.year])

    answer = client.get(address, headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.getvalue())


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/rounds/", "/nowhere/", "/admin/login/"]
)
def test_every_answer_bears_the_policy(client, address):
    policy = client.get(address).headers["Content-Security-Policy"]

    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == POLICY


def test_more_than_one_request_may_bring_is_refused_before_it_is_read(settings):
    settings.UPLOAD_MAX_BYTES = 1024**2
    world = AccessWorld()
    client = world.client("officer")
    too_large = SimpleUploadedFile("scan.pdf", b"%PDF-" + b"0" * 1024**2)

    answer = client.post(
        f"{world.mine.get_absolute_url()}evidence/1.1/", {"file": too_large}
    )

    assert answer.status_code == 413
    assert "1 MB" in answer.content.decode()
    assert world.mine.evidence.count() == 1


def test_a_damaged_request_gets_a_page_of_its_own(client):
    answer = client.post(
        "/accounts/login/", b"no boundary", content_type="multipart/form-data"
    )

    assert answer.status_code == 400
    assert "fault-code" in answer.content.decode()
