"""Which lines of a score sheet a reader wants to see now.

Lines are only hidden, never left out: the page with script changes its filter without
asking again, and a line that no longer fits stays until the filter is set anew.
"""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from scoring.labels import SheetMark
from scoring.vietnamese import search_text


@dataclass(frozen=True, slots=True)
class SheetFilter:
    """One of the filters above the sheet, with how many criteria it would leave.

    key    a SheetMark, "" for all lines
    query  what follows the sheet's address to see it
    """

    key: str
    label: str
    count: int
    query: str
    is_current: bool


def narrow(sheet, *, show="", text=""):
    """Hide the lines that ``show`` (a SheetMark) and ``text`` leave out.

    Fields and criteria stay above what is left of them, and so does an opened line.
    Answers how many lines that take points are left.
    """
    wanted = show if show in _usable(sheet) else ""
    words = search_text(text.strip())
    if not wanted and not words:
        return sum(row.kind != "branch" for row in sheet.rows)
    left, found = set(), 0
    for row in sheet.rows:
        if row.kind == "branch":
            continue
        fits = (not wanted or wanted in row.marks) and (
            not words or words in row.text.search
        )
        row.is_hidden = not (fits or row.is_open)
        found += fits
        if not row.is_hidden:
            left.update(row.text.path)
    for row in sheet.rows:
        if row.kind == "branch":
            row.is_hidden = row.text.code not in left
    return found


def filters_of(sheet, *, show="", text=""):
    """``(SheetFilter, …)``: all, then one for each mark that the reader can use here."""
    marks = _usable(sheet)
    current = show if show in marks else ""
    rows = [row for row in sheet.rows if row.kind != "branch"]
    counts = Counter(mark for row in rows for mark in row.marks)
    return (
        SheetFilter("", _("All"), len(rows), _query("", text), not current),
        *(
            SheetFilter(
                mark.value,
                mark.label,
                counts[mark],
                _query(mark.value, text),
                mark == current,
            )
            for mark in marks
        ),
    )


def _usable(sheet):
    """Lost points are looked for only by who is shown them."""
    return [mark for mark in SheetMark if mark != SheetMark.LOST or sheet.columns.lost]


def _query(show, text):
    given = {name: value for name, value in (("show", show), ("q", text)) if value}
    return f"?{urlencode(given)}" if given else ""
