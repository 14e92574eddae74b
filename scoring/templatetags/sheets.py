"""The lines of the score sheet, printed once for the same content.

A sheet has some ninety lines with a form each, and between two loads most of them are
as they were. So the print of a line is remembered by all that it depends on, and only
the token of the page is put in anew.
"""

import secrets
from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# Stands for the page's token while a line is remembered; nobody can write it in a text.
TOKEN = f"token-{secrets.token_hex(16)}"


class Line:
    """A row with what else its print depends on; equal when the print is."""

    __slots__ = ("context", "facts", "row")

    def __init__(self, row, context, language):
        self.row = row
        self.context = context
        self.facts = (row.facts, context["base"], context["rights"].edit, language)

    def __eq__(self, other):
        return self.facts == other.facts

    def __hash__(self):
        return hash(self.facts)


@register.simple_tag(takes_context=True)
def sheet_rows(context):
    """All lines of ``sheet``. Takes: sheet, base, rights, words, csrf_token."""
    common = {name: context[name] for name in ("base", "rights", "words")}
    language = get_language()
    lines = [Line(row, common, language) for row in context["sheet"].rows]
    printed = [
        _printed(line) if line.facts[0] is None else _remembered(line) for line in lines
    ]
    return SafeString("".join(printed).replace(TOKEN, str(context["csrf_token"])))


@lru_cache(maxsize=8192)
def _remembered(line):
    return _printed(line)


def _printed(line):
    page = {**line.context, "row": line.row, "csrf_token": TOKEN}
    return get_template("scoring/assessments/_row.html").render(page)
