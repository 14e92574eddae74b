"""Collect the strings to translate and compile the translations, without GNU gettext.

    python -m tests.tools.messages            renew locale/vi/LC_MESSAGES/*.po and *.mo
    python -m tests.tools.messages --check    change nothing, list everything wrong

Source strings are English, so only Vietnamese has a catalogue. Python sources are
read by Babel, templates by Django's own ``templatize`` and then by Babel, scripts
by Babel. What is written depends on the sources alone: entries are sorted by their
text and name their files without lines, so that a change of code changes no more of
the catalogue than its strings.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "vi"
CODE_FOLDERS = ("par_index", "scoring", "councils")
TEMPLATE_FOLDERS = ("templates",)
SCRIPT_FOLDERS = ("static/js",)
TEMPLATE_ENDINGS = {".html", ".txt"}

# Which arguments are the text, its plural, its context ("c").
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TRANSLATOR_NOTE = "Translators:"
HEADER = "Vietnamese of the PAR Index application. Renewed by `make messages`."
METADATA = {
    "Project-Id-Version": "PAR Index",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# A space after the sign is prose ("90 % of"), never the flag that Python knows.
PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0+]*\d*(?:\.\d+)?(?P<kind>[a-zA-Z%])?")

Key = tuple[str | None, str]  # context, text


@dataclass(slots=True)
class Message:
    """A string of the sources: its plural, the files it stands in, notes on it."""

    plural: str | None = None
    files: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)


# --- from the sources -------------------------------------------------------------


def collect_django(root: Path) -> dict[Key, Message]:
    """Strings of Python code and templates, of domain ``django``."""
    found: dict[Key, Message] = {}
    for path in files_below(root, CODE_FOLDERS, {".py"}):
        add(found, path.relative_to(root), "python", path.read_text("utf-8"))
    for path in files_below(root, TEMPLATE_FOLDERS, TEMPLATE_ENDINGS):
        name = path.relative_to(root)
        source = templatize(path.read_text("utf-8"), origin=str(name))
        # Within parentheses indentation means nothing to Python's tokenizer.
        add(found, name, "python", f"({source}\n)")
    return found


def collect_scripts(root: Path) -> dict[Key, Message]:
    """Strings of the own scripts, of domain ``djangojs``."""
    found: dict[Key, Message] = {}
    for path in files_below(root, SCRIPT_FOLDERS, {".js"}):
        add(found, path.relative_to(root), "javascript", path.read_text("utf-8"))
    return found


def files_below(root: Path, folders, endings) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in endings and path.is_file():
                yield path


def add(found: dict[Key, Message], name: Path, method: str, source: str):
    messages = extract(
        method,
        io.BytesIO(source.encode()),
        keywords=KEYWORDS,
        comment_tags=[TRANSLATOR_NOTE],
        options={"encoding": "utf-8"},
    )
    for _line, text, notes, context in messages:
        singular, plural = text if isinstance(text, tuple) else (text, None)
        message = found.setdefault((context, singular), Message())
        message.plural = message.plural or plural
        message.files.add(name.as_posix())
        message.notes.update(notes)


# --- into the catalogue -------------------------------------------------------------


def merge(found: dict[Key, Message], old: Iterable[polib.POEntry]) -> polib.POFile:
    """A catalogue of what is in the sources, with the translations of ``old``."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    catalogue = polib.POFile(wrapwidth=88)
    catalogue.header = HEADER
    catalogue.metadata = METADATA
    for (context, text), message in sorted(found.items(), key=sort_key):
        catalogue.append(new_entry(context, text, message, known.get((context, text))))
    return catalogue


def sort_key(item):
    (context, text), _message = item
    return text.casefold(), text, context or ""


def new_entry(context, text, message, old):
    entry = polib.POEntry(
        msgctxt=context,
        msgid=text,
        comment="\n".join(sorted(message.notes)),
        occurrences=[(file, "") for file in sorted(message.files)],
        flags=["python-format"] if placeholders(text) else [],
    )
    if message.plural is None:
        entry.msgstr = old.msgstr or first_plural(old) if old else ""
    else:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: (first_plural(old) or old.msgstr) if old else ""}
    if old:
        entry.tcomment = old.tcomment
        if old.fuzzy:
            entry.flags.append("fuzzy")
    return entry


def first_plural(entry):
    """Vietnamese has one form for all numbers."""
    return entry.msgstr_plural.get(0, "")


# --- what may be wrong --------------------------------------------------------------


def placeholders(text: str) -> set[str]:
    """``{"%(points)s", "%d"}``: what will be filled in; a literal %% is none."""
    return {
        match.group()
        for match in PERCENT.finditer(text)
        if match["kind"] not in {None, "%"}
    }


def stray_percents(text: str) -> int:
    """How many percent signs would break a %-format (single, with nothing to fill)."""
    return sum(match["kind"] is None for match in PERCENT.finditer(text))


def problems_of(entry: polib.POEntry) -> Iterator[str]:
    sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
    translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
    if entry.fuzzy:
        yield "is marked fuzzy"
    if not all(text.strip() for text in translations):
        yield "has no translation"
        return
    expected = set().union(*(placeholders(text) for text in sources))
    for text in translations:
        if placeholders(text) != expected:
            yield (
                f"needs the placeholders {sorted(expected)}, "
                f"its translation has {sorted(placeholders(text))}"
            )
        if "%" in entry.msgid and stray_percents(text) > stray_percents(entry.msgid):
            yield "has a single % in its translation; a literal one is written %%"
        if edges(text) != edges(entry.msgid):
            yield "begins or ends with other white space than its translation"


def edges(text):
    return text[:1].isspace(), text[-1:].isspace()


# --- the files --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Domain:
    """A catalogue: its two files, and what they should hold."""

    name: str
    po: Path
    mo: Path
    found: dict[Key, Message]

    def is_needed(self):
        """Without any string there need be no file."""
        return bool(self.found) or self.po.exists()

    def current(self) -> polib.POFile:
        return polib.pofile(str(self.po)) if self.po.exists() else polib.POFile()

    def renewed(self) -> polib.POFile:
        return merge(self.found, self.current())


def domains(root: Path) -> list[Domain]:
    folder = root / "locale" / LANGUAGE / "LC_MESSAGES"
    collected = {"django": collect_django(root), "djangojs": collect_scripts(root)}
    every = [
        Domain(name, folder / f"{name}.po", folder / f"{name}.mo", found)
        for name, found in collected.items()
    ]
    return [domain for domain in every if domain.is_needed()]


def po_text(catalogue: polib.POFile) -> str:
    return str(catalogue).rstrip("\n") + "\n"


def renew(root: Path) -> Iterator[str]:
    """Write the catalogues; yield one line on each."""
    for domain in domains(root):
        catalogue = domain.renewed()
        domain.po.parent.mkdir(parents=True, exist_ok=True)
        domain.po.write_text(po_text(catalogue), encoding="utf-8", newline="\n")
        domain.mo.write_bytes(catalogue.to_binary())
        lacking = len(catalogue.untranslated_entries())
        yield (
            f"{domain.po.relative_to(root)}: {len(catalogue)} strings, "
            f"{lacking} without translation"
        )


def check(root: Path) -> Iterator[str]:
    """Yield a line on everything that is wrong with the committed catalogues."""
    for domain in domains(root):
        name = domain.po.relative_to(root)
        catalogue = domain.renewed()
        if not domain.po.exists() or domain.po.read_text("utf-8") != po_text(catalogue):
            yield f"{name}: out of date: run make messages"
        if not domain.mo.exists() or domain.mo.read_bytes() != catalogue.to_binary():
            yield f"{domain.mo.relative_to(root)}: out of date: run make messages"
        for entry in catalogue:
            for problem in problems_of(entry):
                yield f'{name}: "{entry.msgid}" {problem}'


def main():
    parser = argparse.ArgumentParser(description="Strings and their translations.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing, list what is wrong"
    )
    arguments = parser.parse_args()
    if not settings.configured:
        settings.configure()  # templatize reads nothing but defaults
    lines = list(check(ROOT) if arguments.check else renew(ROOT))
    print("\n".join(lines) if lines else "translations: complete and up to date")
    return 1 if arguments.check and lines else 0


if __name__ == "__main__":
    sys.exit(main())
