"""What others wrote and we ship is unchanged, named, licensed and self-contained."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "static" / "vendor"
PARTS = sorted(part for part in VENDOR.iterdir() if part.is_dir())
ELSEWHERE = re.compile(
    r"(?:src|href|action)=[\"'](?:https?:)?//|url\([\"']?(?:https?:)?//"
)
INLINE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)[^>]*>|\s(?:style|on[a-z]+)=[\"']", re.IGNORECASE
)


def checksums(part):
    lines = (part / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: checksum for checksum, name in (line.split(" *") for line in lines)}


COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)


def by_name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_vendored_files_are_those_of_the_list(part):
    present = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in part.iterdir()
        if path.name != "SHA256SUMS"
    }

    assert present == checksums(part)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_vendored_parts_name_their_version_and_licence(part):
    version = (part / "VERSION").read_text(encoding="utf-8").splitlines()[0]
    licence = (part / "LICENCE").read_text(encoding="utf-8")

    assert re.fullmatch(r"\S+ \d+\.\d+\.\d+", version)
    assert re.search(r"MIT|Zero-Clause|SIL Open Font|Apache", licence)


def test_there_is_something_vendored():
    assert {part.name for part in PARTS} >= {"bootstrap", "htmx", "noto-sans"}


def test_inline_code_is_recognised():
    assert INLINE.search("<p style='x'>")
    assert INLINE.search('<a onclick="x">')
    assert INLINE.search("<script>x</script>")
    assert INLINE.search("<style>x</style>")
    assert not INLINE.search('<script src="/a.js" defer></script>')


PAGES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static").rglob("*.css"))


@pytest.mark.parametrize("path", [*PAGES, *SHEETS], ids=by_name)
def test_nothing_is_fetched_from_elsewhere(path):
    assert ELSEWHERE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PAGES, ids=by_name)
def test_pages_hold_no_inline_script_or_style(path):
    markup = COMMENT.sub("", path.read_text(encoding="utf-8"))

    assert INLINE.findall(markup) == []


@pytest.mark.parametrize("path", SHEETS, ids=by_name)
def test_style_sheets_point_to_no_missing_file(path):
    """Otherwise collectstatic, which renames by content, stops."""
    text = path.read_text(encoding="utf-8")
    own = [
        name for name in re.findall(r"url\([\"']?([^\"')]+)", text) if ":" not in name
    ]

    assert [name for name in own if not (path.parent / name).exists()] == []
    assert "sourceMappingURL" not in text
