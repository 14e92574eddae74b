"""Every pair of text and ground of tokens.css is readable, in light and in dark."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "static" / "css" / "tokens.css"
THEMES = {
    "light": r"\n:root \{\n  color-scheme: light;(.*?)\n\}",
    "dark by the machine": r":root:not\(\[data-theme=\"light\"\]\) \{(.*?)\n  \}",
    "dark by choice": r":root\[data-theme=\"dark\"\] \{(.*?)\n\}",
}
LAYERS = ("self", "appraised", "explained", "council", "survey", "lost", "bonus")
TONES = ("ok", "warn", "danger", "info")
GROUNDS = ("paper", "paper-2", "paper-3")

TEXT = "4.5"  # WCAG 2.2, 1.4.3: text
PART = "3"  # WCAG 2.2, 1.4.11: edges of inputs, focus, signs
FAR = "7"  # figures on the meeting's projector

PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS),
    *((ink, soft, TEXT) for ink in ("ink", "ink-2") for soft in ("accent-soft",)),
    *((ink, "warn-soft", TEXT) for ink in ("ink", "ink-2")),
    *(("ink", f"{tone}-soft", TEXT) for tone in TONES),
    *((layer, ground, TEXT) for layer in LAYERS for ground in GROUNDS),
    *((layer, f"{layer}-soft", TEXT) for layer in LAYERS),
    *((layer, "accent-soft", TEXT) for layer in LAYERS),
    *((tone, ground, TEXT) for tone in TONES for ground in GROUNDS),
    *((tone, f"{tone}-soft", TEXT) for tone in TONES),
    *(
        (accent, ground, TEXT)
        for accent in ("accent", "accent-strong")
        for ground in GROUNDS
    ),
    *((accent, "accent-soft", TEXT) for accent in ("accent", "accent-strong")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-danger", "danger", TEXT),
    ("simulated", "simulated-soft", TEXT),
    *(("edge", ground, PART) for ground in GROUNDS),
    *(("focus", ground, PART) for ground in (*GROUNDS, "accent-soft")),
    ("accent", "hairline", PART),
    ("ink", "paper", FAR),
    ("ink", "paper-2", FAR),
]


def colours(theme):
    block = re.search(THEMES[theme], TOKENS.read_text(encoding="utf-8"), re.DOTALL)
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block.group(1)))


def luminance(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground", "at_least"), PAIRS)
def test_text_stands_out_from_its_ground(theme, text, ground, at_least):
    shades = colours(theme)

    measured = contrast(shades[text], shades[ground])

    assert measured >= float(at_least), f"{text} on {ground}: {measured:.2f} : 1"


def test_dark_is_the_same_whoever_asks_for_it():
    assert colours("dark by the machine") == colours("dark by choice")


def test_every_colour_of_one_theme_is_in_the_other():
    assert colours("light").keys() == colours("dark by choice").keys()


def test_every_colour_that_is_used_exists():
    css = (TOKENS.parent / "app.css").read_text(encoding="utf-8")
    own = set(re.findall(r"(--[a-z0-9-]+):", css + TOKENS.read_text(encoding="utf-8")))

    assert set(re.findall(r"var\((--[a-z0-9-]+)", css)) - own == set()
