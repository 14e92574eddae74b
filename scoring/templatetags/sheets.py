"""The lines of the score sheet: laid out once per criterion, then filled.

A sheet has some ninety lines with a form each. Two agencies' lines of one criterion
differ in their texts alone: points, words, figures in inputs. So the template prints a
line with marks where these texts stand, that layout is kept, and every sheet puts its
own texts in, escaped as the template would have done it.
"""

import re
import secrets
from functools import lru_cache, partial
from html import escape
from itertools import count

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from scoring.queries.sheet_layout import (
    marked_row,
    marked_saved,
    saved_shape,
    saved_texts,
    shape_of,
    texts_of,
)

register = template.Library()

# A process draws its marks anew, so that nobody can write one in a criterion's name.
SECRET = secrets.token_hex(16)
MARK = re.compile(rf"mark-{SECRET}-(\d+)-")

# What the template prints between the items of a list.
BETWEEN_ITEMS = "</li><li>"

# The rights that a line's print depends on.
RIGHTS = ("edit", "remark")

# The first two texts are those that all lines of a page have in common.
BASE, TOKEN, FIRST_OF_ROW = range(3)


@register.simple_tag(takes_context=True)
def sheet_rows(context):
    """All lines of ``sheet``. Takes: sheet, base, rights, words, csrf_token."""
    page = {name: context[name] for name in ("base", "rights", "words", "csrf_token")}
    page["columns"] = context["sheet"].columns
    common = [escape(str(page["base"])), escape(str(page["csrf_token"]))]
    layout_of = _layouts(
        tuple(page["words"].items()),
        page["columns"],
        *(getattr(page["rights"], name) for name in RIGHTS),
    )
    return SafeString(
        "".join(
            _print(row, page)
            if row.is_typed or row.remarks
            else _fill(layout_of(shape_of(row)), [*common, *map(_safe, texts_of(row))])
            for row in context["sheet"].rows
        )
    )


@register.simple_tag
def sheet_keys(may_edit):
    """The dialog of keys; nothing in it is of a file or a person."""
    return _keys(get_language(), may_edit)


@lru_cache(maxsize=8)
def _keys(language, may_edit):
    page = {"rights": {"edit": may_edit}}
    return get_template("scoring/assessments/_keys.html").render(page)


def saved_row(row, sheet, base, words):
    """The answer to a saved row: all pieces of the page that the save changed."""
    field = sheet.field_of(row)
    if row.remarks:
        return _print_saved(
            {"words": words, "columns": sheet.columns, "base": base},
            (row, sheet.totals, field),
        )
    layout_of = _saved_layouts(tuple(words.items()), sheet.columns)
    texts = map(_safe, saved_texts(row, sheet.totals, field))
    return _fill(
        layout_of(saved_shape(row, sheet.totals, field)), [escape(base), "", *texts]
    )


@lru_cache(maxsize=8)
def _saved_layouts(words, columns):
    """A function from the shape of a saved row to its layout, in one language."""
    page = {"words": dict(words), "columns": columns, "base": _mark(BASE)}
    return lru_cache(maxsize=4096)(partial(_lay_out_saved, page))


def _lay_out_saved(page, shape):
    marks = map(_mark, count(FIRST_OF_ROW))
    return _split(_print_saved(page, marked_saved(shape, marks)))


def _print_saved(page, pieces):
    row, totals, field = pieces
    return get_template("scoring/assessments/_saved.html").render(
        {**page, "row": row, "sheet": {"totals": totals}, "field": field, "oob": True}
    )


@lru_cache(maxsize=32)
def _layouts(words, columns, *rights):
    """A function from the shape of a row to its layout, in one language."""
    page = {
        "words": dict(words),
        "columns": columns,
        "rights": dict(zip(RIGHTS, rights, strict=True)),
    }
    return lru_cache(maxsize=4096)(partial(_lay_out, page))


def _lay_out(common, shape):
    """``(print in pieces, places)``: every second piece is to be the text of a place."""
    page = {
        "base": _mark(BASE),
        "csrf_token": _mark(TOKEN),
        **common,
    }
    row = marked_row(shape, map(_mark, count(FIRST_OF_ROW)))
    return _split(_print(row, page))


def _split(text):
    pieces = MARK.split(text)
    return pieces, [int(place) for place in pieces[1::2]]


def _mark(place):
    return f"mark-{SECRET}-{place}-"


def _safe(text):
    """A text escaped; several texts as the items of a list."""
    if isinstance(text, tuple):
        return BETWEEN_ITEMS.join(map(escape, text))
    return escape(text)


def _fill(layout, texts):
    pieces, places = layout
    filled = pieces.copy()
    filled[1::2] = [texts[place] for place in places]
    return "".join(filled)


def _print(row, page):
    return get_template("scoring/assessments/_row.html").render({**page, "row": row})
