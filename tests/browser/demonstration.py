"""The demonstration as a running site, and every page of it that a person can open.

``make screenshots`` takes their pictures, ``test_pages.py`` looks for barriers on them.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from par_index.style_guide import ERRORS

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
HEIGHT = 900

MEETING = "/rounds/2025/council/meetings/1/"
GROUP = f"{MEETING}groups/so/"
WARD = "/rounds/2026/files/phuong-hong-bang/"


@dataclass(frozen=True, slots=True)
class Picture:
    """One page; ``readme`` names its picture in the README, where it has one."""

    name: str
    path: str
    account: str = ""
    readme: str = ""


BEFORE = (
    Picture("sign-in", "/accounts/login/"),
    Picture("password-reset", "/accounts/password_reset/"),
    Picture("rounds-public", "/rounds/"),
    Picture("results-public", "/rounds/2019/results/", readme="results"),
    Picture("home-officer", "/", "canbo.hongbang"),
    Picture("score-sheet", WARD, "canbo.hongbang"),
    Picture("score-sheet-open", f"{WARD}?open=1.1.1", "canbo.hongbang", "score-sheet"),
    Picture("score-sheet-not-scored", f"{WARD}?show=not_scored", "canbo.hongbang"),
    Picture("last-year", f"{WARD}cells/1.1.1/beside/", "canbo.hongbang"),
    Picture("evidence", f"{WARD}evidence/1.1.1/", "canbo.hongbang"),
    Picture("evidence-library", f"{WARD}evidence/", "canbo.hongbang"),
    Picture("submit", f"{WARD}submit/", "canbo.hongbang"),
    Picture("report", f"{WARD}report/", "canbo.hongbang"),
    Picture("off-line", f"{WARD}sheet-upload/", "canbo.hongbang"),
    Picture("notices", "/notices/", "canbo.hongbang"),
    Picture("outbox", "/outbox/", "canbo.hongbang"),
    Picture("derivation-officer", f"{WARD}derivation/?view=self", "canbo.hongbang"),
    Picture("home-leader", "/", "lanhdao.anlao", "home"),
    Picture("sheet-leader", "/rounds/2026/files/xa-an-lao/", "lanhdao.anlao"),
    Picture("submit-leader", "/rounds/2026/files/xa-an-lao/submit/", "lanhdao.anlao"),
    Picture("home-manager", "/", "quanly"),
    Picture("documents", "/rounds/2026/documents/", "quanly"),
    Picture("reminders", "/rounds/2026/notices/", "quanly"),
    Picture("evidence-library-manager", f"{WARD}evidence/", "quanly"),
    Picture("round", "/rounds/2026/", "quanly"),
    Picture("progress", "/rounds/2026/progress/", "quanly", "progress"),
    Picture("extension", f"{WARD}extend/", "quanly"),
    Picture("import-surveys", "/rounds/2025/imports/surveys/", "quanly"),
    Picture("import-scores", "/rounds/2025/imports/scores/", "quanly"),
    Picture("results", "/rounds/2025/results/?view=final", "quanly"),
    Picture(
        "derivation",
        "/rounds/2025/files/so-cong-thuong/derivation/?view=final",
        "quanly",
    ),
    Picture("home-chair", "/", "chutich.hd"),
    Picture("council", "/rounds/2025/council/", "quanly"),
    Picture("meeting-planned", MEETING, "thuky.hd"),
    *(
        Picture(f"error-{code}", f"/style-guide/{code}/", "canbo.hongbang")
        for code in ERRORS
    ),
    Picture("style-guide", "/style-guide/"),
    Picture("admin", "/admin/", "admin"),
    Picture("admin-agencies", "/admin/scoring/agency/", "admin"),
    Picture("admin-import", "/admin/scoring/agency/import/", "admin"),
    Picture("admin-export", "/admin/scoring/agency/export/", "admin"),
)
IN_MEETING = (
    Picture("meeting", MEETING, "thuky.hd"),
    Picture("item-member", GROUP, "uyvien1", "meeting"),
    Picture("item-secretary", GROUP, "thuky.hd"),
    Picture("item-agency", f"{GROUP}agencies/so-cong-thuong/", "uyvien1"),
    Picture("projector", f"{GROUP}projector/", "thuky.hd"),
)
IN_APPRAISAL = (
    Picture("home-appraiser", "/", "thamdinh1"),
    Picture("appraisal-list", "/rounds/2026/appraisals/", "thamdinh1"),
    Picture("appraisal", "{appraisal}", "thamdinh1"),
    Picture("appraisal-open", "{appraisal}?open=1.1.1", "thamdinh1", "appraisal"),
)


# --- the server -----------------------------------------------------------------------


@contextlib.contextmanager
def served(folder):
    """The demonstration on a free port: its address, the passwords that it prints by
    account, and a way to call manage.py."""
    environment = {
        **os.environ,
        "DEBUG": "1",
        "DEMO": "1",
        "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
    }

    def manage(*arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ).stdout

    manage("migrate", "--verbosity", "0")
    passwords = passwords_in(manage("load_demo"))
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, server)
        yield address, passwords, manage
    finally:
        server.terminate()
        server.wait()


def passwords_in(text):
    """By account, from the table "role | account | password" that load_demo prints."""
    rows = [line.split("|") for line in text.splitlines() if line.count("|") == 2]
    return {account.strip(): password.strip() for __, account, password in rows}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, server):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(URLError), urlopen(f"{address}/accounts/login/"):  # noqa: S310 - http, our own
            return
        time.sleep(0.2)
    raise SystemExit("The server did not start.")


# --- its visitors ---------------------------------------------------------------------


class Visitor:
    """Opens windows on the demonstration as any of its accounts."""

    def __init__(self, browser, address, passwords):
        self.browser = browser
        self.address = address
        self.passwords = passwords
        self.cookies = {"": []}

    @contextlib.contextmanager
    def window(self, account, theme="light", width=1280):
        context = self.browser.new_context(
            base_url=self.address,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            color_scheme=theme,
            reduced_motion="reduce",
            viewport={"width": width, "height": HEIGHT},
        )
        context.add_cookies(self._signed_in(account))
        try:
            yield context.new_page()
        finally:
            context.close()

    def _signed_in(self, account):
        if account not in self.cookies:
            context = self.browser.new_context(base_url=self.address)
            page = context.new_page()
            page.goto("/accounts/login/")
            page.fill("[name=username]", account)
            page.fill("[name=password]", self.passwords[account])
            page.click("main button[type=submit]")
            self.cookies[account] = context.cookies()
            context.close()
        return self.cookies[account]


def stages(visitor, manage):
    """The pages in turn: as loaded, in the meeting, in the appraisal. What a stage
    needs is done when the one before has been seen."""
    yield BEFORE
    begin_the_meeting(visitor)
    yield IN_MEETING
    manage("load_demo", "--open", "2026:appraisal")
    sheet = first_open_appraisal(visitor)
    yield [replace(p, path=p.path.format(appraisal=sheet)) for p in IN_APPRAISAL]


def begin_the_meeting(visitor):
    """The secretary opens it, notes all as present and opens the first vote."""
    with visitor.window("thuky.hd") as page:
        page.goto(MEETING)
        page.locator("form[action$='/meetings/1/open/'] button").click()
        page.locator("#presence button[name=present][value='1']").first.click()
        page.locator("#presence button[value='0']").first.wait_for()
        page.goto(GROUP)
        page.locator("form[action$='/vote/open/'] button").click()
        page.wait_for_load_state("networkidle")


def first_open_appraisal(visitor):
    """The address of the first agency that waits for its appraisal."""
    with visitor.window("thamdinh1") as page:
        page.goto("/rounds/2026/appraisals/")
        link = page.locator("main table a.btn-primary[href$='/appraisal/']").first
        return link.get_attribute("href")
