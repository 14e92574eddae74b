"""CSV tables row by row. A faulty row is told and skipped, the reading goes on."""

import csv

from django.utils.translation import gettext as _

BOM = b"\xef\xbb\xbf"
# Python's own limit of 131,072 would refuse long reasons that pages have accepted.
csv.field_size_limit(5_000_000)


class _NoText(Exception):
    """A line that is not UTF-8."""


def rows(stream, name, columns, faults, *, most=None):
    """Yield ``(row number, tuple of texts in the order of columns)``.

    The heading is row 1. Columns may stand in any order; missing, unknown and
    repeated ones are refused, and then no row is read. Texts are as they stand,
    with LF for every line end. ``most`` bounds the number of rows.
    """
    reader = csv.reader(_lines(stream), strict=True)
    order = None
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except _NoText:
            faults.add(name, _("The text is not encoded as UTF-8."), row=number)
            return
        except csv.Error as error:
            faults.add(name, _csv_sentence(error), row=number)
            return
        if order is None:
            order = _order(row, name, columns, faults)
            if order is None:
                return
        elif row:
            if most is not None and number > most + 1:
                faults.add(
                    name, _("There are more than %(most)s rows.") % {"most": most}
                )
                return
            texts = _texts(row, number, name, columns, order, faults)
            if texts is not None:
                yield number, texts
    if order is None:
        faults.add(name, _("The file is empty; the heading is missing."), row=1)


def _lines(stream):
    first = True
    for raw in stream:
        line = raw.removeprefix(BOM) if first else raw
        first = False
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise _NoText from error
        yield text.replace("\r\n", "\n").replace("\r", "\n")


def _csv_sentence(error):
    if "field larger" in str(error):
        return _("A field is longer than %(most)s characters.") % {
            "most": csv.field_size_limit()
        }
    return _("The row cannot be read: its quotation marks or line ends are broken.")


def _order(heading, name, columns, faults):
    """Where each column stands in the file; None after faults in the heading."""
    sound = True
    for column in columns:
        if column not in heading:
            sound = False
            faults.add(name, _("This column is missing."), row=1, column=column)
    for place, column in enumerate(heading):
        if column not in columns:
            problem = _("This column is unknown.")
        elif column in heading[:place]:
            problem = _("This column stands twice.")
        else:
            continue
        sound = False
        faults.add(name, problem, row=1, column=column or f"({place + 1})")
    return [heading.index(column) for column in columns] if sound else None


def _texts(row, number, name, columns, order, faults):
    if len(row) != len(columns):
        faults.add(
            name,
            _("The row has %(found)s columns instead of %(wanted)s.")
            % {"found": len(row), "wanted": len(columns)},
            row=number,
        )
        return None
    texts = tuple(row[place] for place in order)
    sound = True
    for column, text in zip(columns, texts, strict=True):
        if "\x00" in text:
            sound = False
            faults.add(
                name,
                _("The text holds a character that cannot be stored."),
                row=number,
                column=column,
            )
    return texts if sound else None
