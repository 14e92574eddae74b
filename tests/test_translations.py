"""Every string is marked for translation, and every marked one is in Vietnamese."""

import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType

from tests.tools import messages

ROOT = Path(__file__).resolve().parents[1]
# Shown to developers alone.
UNTRANSLATED = {ROOT / "templates/style_guide.html"}
TEMPLATES = sorted(set((ROOT / "templates").rglob("*.html")) - UNTRANSLATED)
CATALOGUES = sorted((ROOT / "locale").rglob("*.po"))

TRANSLATED_BLOCKS = {"blocktranslate", "blocktrans"}
# Their content stands in a class attribute.
CLASS_BLOCKS = {"block body_class", "block page_class"}
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title"}
SILENT_ELEMENTS = {"script", "style"}
WORD = re.compile(r"[^\W\d_]{2,}")
# The same in every language.
NAMES = {
    "PAR",
    "Index",
    "Excel",
    "Word",
    "JSON",
    "SHA",
    "PDF",
    "English",
    "Tiếng",
    "Việt",
    "Enter",  # keys
    "Ctrl",
    "Esc",
}


def test_the_vietnamese_catalogue_is_complete_and_up_to_date():
    assert list(messages.check(ROOT)) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_vietnamese_speaks_to_offices(path):
    """No "bạn", no exclamation marks: the words of an administration."""
    offending = [
        text
        for entry in polib.pofile(path)
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if "!" in text or re.search(r"\bbạn\b", text, re.IGNORECASE)
    ]
    assert offending == []


class Words(HTMLParser):
    """Collects what a reader would see or hear."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.silent = 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in SILENT_ELEMENTS
        for name, value in attributes:
            if name in SPOKEN_ATTRIBUTES and value:
                self.collect(value)

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT_ELEMENTS

    def handle_data(self, data):
        if not self.silent:
            self.collect(data)

    def collect(self, text):
        self.found += [word for word in WORD.findall(text) if word not in NAMES]


def without_template_code(source):
    """The plain HTML of a template: tags and variables, translated blocks and
    comments are blanks."""
    kept, closing = [], None
    for token in Lexer(source).tokenize():
        tag = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if token.token_type == TokenType.BLOCK and closing is None:
            is_class = " ".join(token.split_contents()) in CLASS_BLOCKS
            if is_class or tag in TRANSLATED_BLOCKS | {"comment"}:
                closing = f"end{tag}"
        elif token.token_type == TokenType.BLOCK and tag == closing:
            closing = None
        elif token.token_type == TokenType.TEXT and closing is None:
            kept.append(token.contents)
            continue
        kept.append(" ")
    return "".join(kept)


def untranslated_words(source):
    words = Words()
    words.feed(without_template_code(source))
    words.close()
    return words.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_template_speaks_without_translation(path):
    assert untranslated_words(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Sign in</p>", ["Sign", "in"]),
        ('{% load i18n %}<p>{% translate "Sign in" %}</p>', []),
        ("{% blocktranslate %}<b>Sign in</b>{% endblocktranslate %}", []),
        ("{% comment %}why{% endcomment %}{# why #}<p>{{ agency }}</p>", []),
        ('<input title="Points" class="field">', ["Points"]),
        ("""<a href="{% url "x" %}" title="{% translate "Points" %}">1</a>""", []),
        ("<script>let total = 1</script>", []),
        ("{% block body_class %}print-wide{% endblock body_class %}", []),
        ("{% block content %}Points{% endblock content %}", ["Points"]),
    ],
)
def test_the_check_itself_can_fail(source, expected):
    assert untranslated_words(source) == expected
