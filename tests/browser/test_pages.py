"""Every page of the demonstration: no barriers, in light and in dark; nothing that the
Content-Security-Policy refuses; nothing lost at 200 % zoom or on a telephone."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.demonstration import Visitor, served, stages

pytestmark = pytest.mark.browser

# What the browser says when the policy refuses something.
REFUSED = "Content Security Policy"
# 1280 px at 200 % leave 640.
ZOOMED, TELEPHONE = 640, 360

# Colours on their way from light to dark are nobody's colours.
SETTLE = "Promise.all(document.getAnimations().map((a) => a.finished)).then(() => {})"
FIND_BARRIERS = """async (rules) => {
  const found = await axe.run(document, rules ? {runOnly: rules} : {});
  return found.violations.map(
    (v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join("; ")
  );
}"""


def test_no_page_has_a_barrier(browser, tmp_path):
    faults = []
    with served(tmp_path) as (address, passwords, manage):
        visitor = Visitor(browser, address, passwords)
        for pictures in stages(visitor, manage):
            for picture in pictures:
                faults += [f"{picture.name}: {f}" for f in faults_of(visitor, picture)]

    assert not faults, "\n".join(faults)


def faults_of(visitor, picture):
    with visitor.window(picture.account) as page:
        refused = []
        page.on("console", lambda line: refused.append(line.text))
        answer = page.goto(picture.path, wait_until="load")
        # What the search for barriers does itself comes after this.
        faults = [line for line in refused if REFUSED in line]
        page.evaluate(AXE_SCRIPT)
        faults += [f"light: {fault}" for fault in page.evaluate(FIND_BARRIERS)]
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLE)
        in_dark = page.evaluate(FIND_BARRIERS, ["color-contrast"])
        faults += [f"dark: {fault}" for fault in in_dark]
        if answer.status != 200:
            faults.append(f"the server answers {answer.status}")
        return [*faults, *wider_than_its_window(page)]


def wider_than_its_window(page):
    for width in (ZOOMED, TELEPHONE):
        page.set_viewport_size({"width": width, "height": 450})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{wide} px wide in a window of {width}"
