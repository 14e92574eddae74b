"""A stored PDF is shown beside a page by the browser itself, in a sandbox."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from scoring.actions import evidence
from tests.factories import World
from tests.papers import picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PDF = Path(__file__).resolve().parents[1] / "files" / "evidence" / "a.pdf"
SHOW = """address => {
  const frame = document.createElement("iframe");
  frame.src = address;
  document.body.append(frame);
}"""


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(page, world, live_server):
    """Signed in, in the browser too, and before the score sheet."""
    officer = world.officer()
    client = Client()
    client.force_login(officer)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.goto(world.file.get_absolute_url())
    return officer


def shown(page, world, officer, name, content):
    """The answer to a frame that shows this file in the page."""
    document = evidence.add(
        world.file, details={}, upload=SimpleUploadedFile(name, content), by=officer
    )
    address = f"/evidence/{document.pk}/?inline=1#page=1"
    with page.expect_response(lambda answer: "/evidence/" in answer.url) as answer:
        page.evaluate(SHOW, address)
    return answer.value


def test_the_browsers_own_viewer_opens_a_pdf_in_the_page(page, world, officer):
    shown(page, world, officer, "a.pdf", PDF.read_bytes())

    viewer = "chrome-extension://"
    for _ in range(50):
        if any(frame.url.startswith(viewer) for frame in page.frames):
            break
        page.wait_for_timeout(100)
    assert any(frame.url.startswith(viewer) for frame in page.frames)


def test_a_picture_is_drawn_in_the_page_without_any_script(page, world, officer):
    answer = shown(page, world, officer, "a.png", picture_bytes("PNG", (30, 20)))

    picture = page.frames[-1].locator("img")
    picture.wait_for()
    assert picture.bounding_box()["width"] == 30
    assert "sandbox" in answer.headers["content-security-policy"]
