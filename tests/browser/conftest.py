"""A browser window per test, as an official in Việt Nam would have it.

Mark the tests ``browser`` and ask for ``page`` and ``live_server``.
"""

import pytest

from scoring.refusals import Unavailable
from tests.tools import chromium

# How the browser and htmx begin their own lines about an answer that is no success.
OF_AN_ANSWER = ("Failed to load resource", "Response Status Error Code")


@pytest.fixture(scope="session")
def browser():
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def page(browser, live_server):
    """A fresh window without cookies. Errors of scripts and of the server fail the
    test, so that no page works by luck; refusals (4xx, or 503 of a store that is down)
    are for the test to judge."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1366, "height": 768},
    )
    window = context.new_page()
    errors = errors_of(window)
    yield window
    context.close()
    assert errors == []


def errors_of(window):
    """A list that grows with every error that this window meets."""
    errors = []

    def note_line(line):
        # An answer's status is noted below, with its address.
        if line.type == "error" and not line.text.startswith(OF_AN_ANSWER):
            errors.append(line.text)

    def note_answer(answer):
        if answer.status >= 500 and answer.status != Unavailable.status:
            errors.append(f"{answer.status} {answer.url}")

    window.on("pageerror", lambda error: errors.append(str(error)))
    window.on("console", note_line)
    window.on("response", note_answer)
    return errors
