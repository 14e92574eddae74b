"""``make screenshots``: every page of the demonstration, as a first-time user sees it.

Into ``screenshots/`` go all pages, narrow, usual and wide, light and dark; into
``docs/pictures/`` the six of the README. A page that fails or scrolls sideways is
named, and the exit status is then 1. The server runs on a database of its own, gone
afterwards. Names of pages as arguments take only those.
"""

import sys
import tempfile

from tests.browser.demonstration import HEIGHT, ROOT, Visitor, served, stages
from tests.tools import chromium

ALL = ROOT / "screenshots"
README = ROOT / "docs" / "pictures"
WIDTHS = (360, 1280, 1920)
THEMES = ("light", "dark")
# A ranking of 68 communes is ten metres long on a telephone; its head says enough.
MOST_HEIGHT = 3600


def take(visitor, picture):
    """One page in all widths and themes; returns what is wrong with it."""
    faults = []
    for theme in THEMES:
        for width in WIDTHS:
            with visitor.window(picture.account, theme, width) as page:
                faults += _take_one(page, picture, theme, width)
    return faults


def _take_one(page, picture, theme, width):
    answer = page.goto(picture.path, wait_until="networkidle")
    wide, tall = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
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
    if answer.status != 200:
        yield f"{picture.name}: the server answers {answer.status}"
    if wide > width:
        yield f"{picture.name} at {width} px is {wide} px wide"


def main():
    """All pictures, or those whose names are given."""
    README.mkdir(parents=True, exist_ok=True)
    only = set(sys.argv[1:])
    faults = []
    with (
        tempfile.TemporaryDirectory() as folder,
        served(folder) as (address, passwords, manage),
        chromium.launched() as browser,
    ):
        visitor = Visitor(browser, address, passwords)
        for pictures in stages(visitor, manage):
            for picture in pictures:
                if not only or picture.name in only:
                    print(picture.name, flush=True)
                    faults += take(visitor, picture)
    for line in faults:
        print(line, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
