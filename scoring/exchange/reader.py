"""The one reader of workbooks that people send: sheets, rows, cells with addresses.

Nothing is guessed. Figures are taken as Excel shows them (15 significant digits,
so that the binary 0.30000000000000004 of a formula is 0.3); what is no plain value
(errors, formulas never computed, dates, yes/no) is told apart and refused where a
figure or a text is needed. Files that are no workbook, bear a password, or unpack
to an unreasonable size are refused with a sentence before anything is parsed.
"""

import warnings
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from scoring.index.figures import shortest
from scoring.numbers import read_number
from scoring.refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 150 * 1024 * 1024
MOST_MEMBERS = 500
MOST_ROWS = 100_000
MOST_COLUMNS = 100

_OLD_OR_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")
# Everything that parsers of zip, XML and cells raise over a broken file.
_BROKEN = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    EOFError,
    UnicodeDecodeError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    NotImplementedError,
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


class Unreadable(Refused):
    """The file is no workbook that can be read at all."""


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell that shows an error of Excel, such as #REF!."""

    text: str


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A formula whose value the file does not hold."""

    formula: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``value``: None, str, Decimal, bool, date or time, or one of the
    two classes above. Blank texts are None."""

    sheet: str
    row: int
    column: int
    value: object

    @property
    def address(self):
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows from row 1 on; stray blank rows are there as well."""

    name: str
    rows: tuple[tuple[object, ...], ...]

    def cell(self, row, column):
        """The cell at 1-based row and column; beyond the edge it is blank."""
        values = self.rows[row - 1] if row <= len(self.rows) else ()
        value = values[column - 1] if column <= len(values) else None
        return Cell(self.name, row, column, value)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, where, and what is expected there.

    Without sheet and cell: the file as a whole cannot be read.
    """

    sheet: str
    cell: str
    wrong: str
    expected: str = ""

    def __str__(self):
        if not self.cell:
            return self.wrong
        where = _("Sheet “%(sheet)s”, cell %(cell)s") % {
            "sheet": self.sheet,
            "cell": self.cell,
        }
        sentence = f"{where}: {self.wrong}"
        if self.expected:
            sentence += " " + _("Expected: %(expected)s.") % {"expected": self.expected}
        return sentence


class CellFault(ValueError):
    """Raised while one cell is read; the message says what is wrong."""


def read_workbook(content):
    """All sheets of an .xlsx given as bytes; Unreadable when it is none."""
    _require_workbook(content)
    try:
        sheets, has_formulas = _parse(content, cached=False)
        if has_formulas:
            values, __ = _parse(content, cached=True)
            sheets = [_computed(*pair) for pair in zip(sheets, values, strict=True)]
    except _BROKEN as error:
        raise Unreadable(
            _("The file is damaged. Open it in Excel, save it again as .xlsx, retry.")
        ) from error
    return sheets


def read_sheets(content):
    """``(sheets, faults)``: a file that is no workbook is the one fault."""
    try:
        return read_workbook(content), []
    except Unreadable as refusal:
        return [], [Fault("", "", str(refusal))]


def _require_workbook(content):
    if len(content) > MOST_BYTES:
        raise Unreadable(
            _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024**2}
        )
    if content.startswith(_OLD_OR_LOCKED):
        raise Unreadable(
            _(
                "The file bears a password or is of the old form .xls. Save it as "
                ".xlsx without a password."
            )
        )
    try:
        with ZipFile(BytesIO(content)) as members:
            _require_sound(members)
    except _BROKEN as error:
        raise Unreadable(_("The file is no Excel workbook (.xlsx).")) from error


def _require_sound(members):
    """Size as declared (a member that unpacks to more is broken), no programs, no
    foreign XML."""
    infos = members.infolist()
    if "xl/workbook.xml" not in members.namelist():
        raise Unreadable(_("The file is no Excel workbook (.xlsx)."))
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable(_("The file bears a password. Save it without one."))
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise Unreadable(_("The file unpacks to an unreasonable size."))
    if any(_is_macro(info.filename.casefold()) for info in infos):
        raise Unreadable(
            _("The workbook holds macros. Save it as .xlsx without macros and send it.")
        )
    for info in infos:
        if info.filename.endswith((".xml", ".rels")):
            with members.open(info) as member:
                _require_plain_xml(member.read(4096))


def _is_macro(name):
    return "vbaproject" in name or "/macrosheets/" in name


def _require_plain_xml(head):
    """No document type: without it there are neither entities nor foreign files."""
    if b"<!DOCTYPE" in head.replace(b"\x00", b"").upper():
        raise Unreadable(_("The file holds a document type, which no workbook needs."))


def _parse(content, *, cached):
    """(sheets, whether one holds formulas); ``cached``: values instead of formulas."""
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that it leaves out; we need neither.
        warnings.simplefilter("ignore")
        workbook = load_workbook(BytesIO(content), read_only=True, data_only=cached)
        try:
            sheets, has_formulas = [], False
            for worksheet in workbook.worksheets:
                # Other programs write wrong dimensions; the rows know better.
                worksheet.reset_dimensions()
                rows, formulas = _rows(worksheet)
                has_formulas = has_formulas or formulas
                sheets.append(Sheet(worksheet.title, rows))
        finally:
            workbook.close()
    return sheets, has_formulas


def _rows(worksheet):
    rows, has_formulas = [], False
    for cells in worksheet.iter_rows():
        if len(rows) >= MOST_ROWS:
            raise Unreadable(
                _("Sheet “%(sheet)s” has more than %(most)s rows.")
                % {"sheet": worksheet.title, "most": MOST_ROWS}
            )
        values = tuple(_value(cell) for cell in cells[:MOST_COLUMNS])
        has_formulas = has_formulas or any(
            isinstance(value, Uncomputed) for value in values
        )
        rows.append(values)
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    return tuple(rows), has_formulas


def _value(cell):
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        return ErrorValue(str(value))
    if cell.data_type == "f":
        return Uncomputed(str(getattr(value, "text", value)))
    if isinstance(value, bool | date | time | timedelta):
        return value
    if isinstance(value, int | float):
        return figure_as_shown(value)
    return clean_text(str(value)) or None


def figure_as_shown(number):
    """A number of a workbook as a Decimal of the 15 digits that Excel shows."""
    return Decimal(shortest(Decimal(format(number, ".15g"))))


def clean_text(text):
    """Without the blanks that copying leaves: around, unbreakable, of no width."""
    return text.replace("\u00a0", " ").translate(_INVISIBLE).strip()


def _computed(formulas, values):
    """Formulas replaced by the values that the program which saved them computed."""
    rows = tuple(
        tuple(
            _cached(value, values.cell(row, column).value)
            for column, value in enumerate(cells, start=1)
        )
        for row, cells in enumerate(formulas.rows, start=1)
    )
    return Sheet(formulas.name, rows)


def _cached(value, computed):
    if isinstance(value, Uncomputed) and computed is not None:
        return computed
    return value


# --- one cell as what is needed there --------------------------------------------------


def text_of(cell):
    """Text, blank as ""; a number as people see it. CellFault for all else."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return shortest(value)
    raise CellFault(_what_it_is(value))


def figure_of(cell, *, places=4):
    """A Decimal or None when blank; text by the rule of ``scoring.numbers``."""
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = read_number(value)
        except ValueError as error:
            raise CellFault(str(error)) from error
    if not isinstance(value, Decimal):
        raise CellFault(_what_it_is(value))
    if len(shortest(value).partition(".")[2]) > places:
        raise CellFault(
            _("%(value)s has more than %(places)s decimals.")
            % {"value": shortest(value), "places": places}
        )
    return value


def whole_of(cell):
    """A whole number or None when blank."""
    value = figure_of(cell)
    if value is not None and value != value.to_integral_value():
        raise CellFault(_("%(value)s is not a whole number.") % {"value": value})
    return None if value is None else int(value)


def _what_it_is(value):
    if isinstance(value, ErrorValue):
        return _("the cell shows the error %(error)s.") % {"error": value.text}
    if isinstance(value, Uncomputed):
        return _(
            "the formula has no stored value: open the file in Excel, save it, retry."
        )
    if isinstance(value, bool):
        return _("the cell holds a yes/no value.")
    if isinstance(value, datetime | date):
        return _(
            "Excel has made a date (%(date)s) of it: format the cell as text or number "
            "and enter it again."
        ) % {"date": f"{value:%d/%m/%Y}"}
    return _("the cell holds a time.")


# --- tables -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its key and the headings by which it is known.

    The first heading is the one that templates bear and sentences name.
    """

    key: str
    headings: tuple[str, ...]
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: its cells by column key; missing columns are blank."""

    sheet: Sheet
    row: int
    columns: dict[str, int]

    def cell(self, key):
        column = self.columns.get(key)
        if column is None:
            return Cell(self.sheet.name, self.row, 1, None)
        return self.sheet.cell(self.row, column)

    def fault(self, key, wrong, expected=""):
        cell = self.cell(key)
        return Fault(cell.sheet, cell.address, wrong, expected)

    def is_blank(self, keys):
        return all(self.cell(key).value is None for key in keys)


MOST_ROWS_ABOVE_HEADS = 20


def read_table(content, columns):
    """``(records, faults)`` of all sheets of an .xlsx that bear the headings.

    Sheets without them (explanations, cover) are passed over; if none has them, that
    is the fault. Blank rows are passed over. A heading that nobody knows is a fault,
    lest a misspelt column be lost in silence.
    """
    sheets, faults = read_sheets(content)
    if faults:
        return [], faults
    records, found = [], False
    for sheet in sheets:
        head = _head_row(sheet, columns)
        if head is None:
            continue
        found = True
        places = _places(sheet, head, columns, faults)
        if places:
            for row in range(head + 1, len(sheet.rows) + 1):
                record = Record(sheet, row, places)
                if not record.is_blank(places):
                    records.append(record)
    if not found:
        first = sheets[0].name if sheets else "—"
        needed = ", ".join(c.headings[0] for c in columns if c.is_needed)
        faults.append(Fault(first, "A1", _("the headings are missing."), needed))
    return records, faults


def _head_row(sheet, columns):
    """The first row with at least two of the needed headings; None without."""
    needed = {
        _folded(name)
        for column in columns
        if column.is_needed
        for name in column.headings
    }
    for row, values in enumerate(sheet.rows[:MOST_ROWS_ABOVE_HEADS], start=1):
        heads = {_folded(value) for value in values if isinstance(value, str)}
        if len(heads & needed) >= 2:
            return row
    return None


def _places(sheet, head, columns, faults):
    """Column numbers by key; {} after a fault in the headings."""
    known = {_folded(name): c.key for c in columns for name in c.headings}
    places, before = {}, len(faults)
    for number, value in enumerate(sheet.rows[head - 1], start=1):
        if value is None:
            continue
        cell = sheet.cell(head, number)
        key = known.get(_folded(value)) if isinstance(value, str) else None
        if key is None:
            accepted = ", ".join(column.headings[0] for column in columns)
            wrong = _("the heading “%(text)s” is unknown.") % {"text": value}
            faults.append(Fault(sheet.name, cell.address, wrong, accepted))
        elif key in places:
            wrong = _("the heading “%(text)s” stands twice.") % {"text": value}
            faults.append(Fault(sheet.name, cell.address, wrong))
        places.setdefault(key, number)
    for column in columns:
        if column.is_needed and column.key not in places:
            wrong = _("the column “%(name)s” is missing.") % {
                "name": column.headings[0]
            }
            faults.append(Fault(sheet.name, f"A{head}", wrong))
    return places if len(faults) == before else {}


def _folded(text):
    return " ".join(str(text).split()).casefold()
