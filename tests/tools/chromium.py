"""The machine's Chromium, driven by Playwright; for browser tests and screenshots."""

import contextlib
import os
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from . import programs

# Nothing of the browser's own calls home: it would wait for answers in vain on a
# machine without a line to the world.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


class ChromiumMissing(RuntimeError):
    """There is no Chromium on this machine; the text names its package."""


@contextlib.contextmanager
def launched(*arguments: str) -> Iterator[Browser]:
    """A headless Chromium with further command-line ``arguments``.

    Within the context this thread runs an event loop, in which Django refuses its
    ORM; DJANGO_ALLOW_ASYNC_UNSAFE says that nothing else runs in that loop.
    """
    program = programs.CHROMIUM.path()
    if program is None:
        raise ChromiumMissing(f"apt-get install {programs.CHROMIUM.package}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[*QUIET, *arguments],
            # Chromium's sandbox does not work for root.
            chromium_sandbox=os.geteuid() != 0,
            # An office's proxy must not come between the tests and the loopback.
            env={
                name: value
                for name, value in os.environ.items()
                if not name.lower().endswith("_proxy")
            },
        )
        before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        try:
            yield browser
        finally:
            browser.close()
            if before is None:
                del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
            else:
                os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before
