"""``make screenshots``: every page of the demonstration, as a first-time user sees it.

Into ``screenshots/`` go all pages, narrow, usual and wide, light and dark; into
``docs/pictures/`` the six of the README. A page that fails or scrolls sideways is
named, and the exit status is then 1. The server runs on a database of its own, gone afterwards.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.tools import chromium

ROOT = Path(__file__).resolve().parents[2]
ALL = ROOT / "screenshots"
README = ROOT / "docs" / "pictures"
WIDTHS = (360, 1280, 1920)
THEMES = ("light", "dark")
HEIGHT = 900
# A ranking of 68 communes is ten metres long on a telephone; its head says enough.
MOST_HEIGHT = 3600
PATIENCE_SECONDS = 60

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
    Picture("evidence", f"{WARD}evidence/1.1.1/", "canbo.hongbang"),
    Picture("derivation-officer", f"{WARD}derivation/?view=self", "canbo.hongbang"),
    Picture("home-leader", "/", "lanhdao.anlao", "home"),
    Picture("sheet-leader", "/rounds/2026/files/xa-an-lao/", "lanhdao.anlao"),
    Picture("home-manager", "/", "quanly"),
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
    Picture("not-found", "/rounds/1990/", "canbo.hongbang"),
    Picture("admin", "/admin/", "admin"),
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


# --- the pictures ---------------------------------------------------------------------


class Camera:
    """Takes pictures in one browser; remembers which pages fail or scroll sideways."""

    def __init__(self, browser, address, passwords):
        self.browser = browser
        self.address = address
        self.passwords = passwords
        self.cookies = {"": []}
        self.only = set(sys.argv[1:])
        self.faults = []

    def take(self, pictures):
        for picture in pictures:
            if self.only and picture.name not in self.only:
                continue
            print(picture.name, flush=True)
            for theme in THEMES:
                for width in WIDTHS:
                    self._one(picture, theme, width)

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

    def _one(self, picture, theme, width):
        with self.window(picture.account, theme, width) as page:
            answer = page.goto(picture.path, wait_until="networkidle")
            if answer.status >= 500:
                self.faults.append(
                    f"{picture.name}: the server answers {answer.status}"
                )
            wide, tall = page.evaluate(
                "[document.documentElement.scrollWidth,"
                " document.documentElement.scrollHeight]"
            )
            if wide > width:
                self.faults.append(f"{picture.name} at {width} px is {wide} px wide")
            page.screenshot(
                path=ALL / theme / str(width) / f"{picture.name}.png",
                full_page=True,
                clip={
                    "x": 0,
                    "y": 0,
                    "width": width,
                    "height": max(HEIGHT, min(tall, MOST_HEIGHT)),
                },
            )
            if picture.readme and (theme, width) == ("light", 1280):
                page.screenshot(path=README / f"{picture.readme}.png")


def begin_the_meeting(camera):
    """The secretary opens it, notes all as present and opens the first vote."""
    with camera.window("thuky.hd") as page:
        page.goto(MEETING)
        page.locator("form[action$='/meetings/1/open/'] button").click()
        page.locator("#presence button[name=present][value='1']").first.click()
        page.locator("#presence button[value='0']").first.wait_for()
        page.goto(GROUP)
        page.locator("form[action$='/vote/open/'] button").click()
        page.wait_for_load_state("networkidle")


def first_open_appraisal(camera):
    """The address of the first agency that waits for its appraisal."""
    with camera.window("thamdinh1") as page:
        page.goto("/rounds/2026/appraisals/")
        link = page.locator("main table a.btn-primary[href$='/appraisal/']").first
        return link.get_attribute("href")


def main():
    """All pictures, or those whose names are given."""
    README.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(folder) as (address, passwords, manage),
        chromium.launched() as browser,
    ):
        camera = Camera(browser, address, passwords)
        camera.take(BEFORE)
        begin_the_meeting(camera)
        camera.take(IN_MEETING)
        manage("load_demo", "--open", "2026:appraisal")
        sheet = first_open_appraisal(camera)
        camera.take(
            Picture(
                picture.name,
                picture.path.format(appraisal=sheet),
                picture.account,
                picture.readme,
            )
            for picture in IN_APPRAISAL
        )
    for line in camera.faults:
        print(line, file=sys.stderr)
    return 1 if camera.faults else 0


if __name__ == "__main__":
    sys.exit(main())
