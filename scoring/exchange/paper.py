"""Workbooks as Vietnamese papers: heading, formats, inert text, the same bytes always.

What leaves here is an official paper, so its words are Vietnamese whatever the
reader's language is; they stand in the modules of this folder, not in locale/.
"""

from datetime import datetime
from io import BytesIO

from django.conf import settings
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
FIGURE = "0.00"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
SIMULATED = "DỮ LIỆU MÔ PHỎNG"
MODELLED = (
    "Bộ tiêu chí trong tệp này được mô phỏng theo các văn bản đã công bố, "
    "không phải văn bản chính thức."
)

# What a spreadsheet program may take for the beginning of a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_BAD_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_SHEET_NAME = 31


class Paper:
    """One workbook. Every format is made once and shared by all cells that bear it."""

    book = Workbook

    def __init__(self, title, *, created):
        self._buffer = BytesIO()
        # In memory the members bear a fixed time; Excel computes anew when it opens.
        self.workbook = self.book(self._buffer, {"in_memory": True})
        self.workbook.set_properties(
            {"title": title, "company": settings.ISSUING_BODY, "created": created}
        )
        self._formats = {}
        self._names = set()

    def format(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({**FONT, **properties})
        return self._formats[key]

    def write_text(self, sheet, row, column, text, **properties):
        """Text that stays text, also when somebody edits the cell.

        A string never is a formula in a workbook; the sign of a quoted text keeps
        it from becoming one when the cell is opened and closed.
        """
        if text.startswith(RISKY):
            properties = {**properties, "quote_prefix": True}
        sheet.write_string(row, column, text, self.format(**properties))

    def add_sheet(self, name):
        return self.workbook.add_worksheet(self._free_name(name))

    def _free_name(self, name):
        """A name that a sheet may bear and no other sheet bears."""
        clean = " ".join(name.translate(_BAD_IN_SHEET_NAMES).split()).strip("'") or "-"
        free, number = clean[:_LONGEST_SHEET_NAME].strip(" '"), 1
        while free.casefold() in self._names:
            number += 1
            ending = f" ({number})"
            free = clean[: _LONGEST_SHEET_NAME - len(ending)].strip(" '") + ending
        self._names.add(free.casefold())
        return free

    def close(self):
        """The workbook's bytes."""
        self.workbook.close()
        return self._buffer.getvalue()


def created_in(year):
    """The date that a file of a round bears: of the data, not of the clock."""
    return datetime(year, 1, 1)


def lay_page(sheet, *, heads):
    """A4 landscape; the rows ``heads`` (first, last) stand on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
    sheet.repeat_rows(*heads)
    sheet.set_footer("&L&10&A&R&10Trang &P/&N")


def write_national_heading(paper, sheet, *, split, last):
    """Issuer on the left half of the columns, nation and motto on the right half."""
    centred = {"align": "center", "bold": True}
    issuer = settings.ISSUING_BODY
    merge(paper, sheet, 0, (0, split - 1), issuer, **centred, font_size=12)
    merge(paper, sheet, 0, (split, last), NATION, **centred, font_size=12)
    merge(paper, sheet, 1, (split, last), MOTTO, **centred, font_size=13, underline=1)


def write_title(paper, sheet, row, last, title, notes):
    """The annex's title and the lines below it; returns the next free row."""
    centred = {"align": "center", "text_wrap": True}
    merge(paper, sheet, row, (0, last), title, **centred, bold=True, font_size=14)
    sheet.set_row(row, 22)
    for place, (note, properties) in enumerate(notes, start=row + 1):
        merge(paper, sheet, place, (0, last), note, **centred, **properties)
    return row + 1 + len(notes)


def merge(paper, sheet, row, columns, text, **properties):
    """Text across columns; over one column alone it is just the cell."""
    first, last = columns
    if text.startswith(RISKY):
        properties["quote_prefix"] = True
    form = paper.format(**properties)
    if last > first:
        sheet.merge_range(row, first, row, last, "", form)
    sheet.write_string(row, first, text, form)


def quoted(sheet):
    """The sheet's name as formulas write it."""
    return "'" + sheet.get_name().replace("'", "''") + "'"


def address(row, column, *, fixed_row=False, fixed_column=False):
    return xl_rowcol_to_cell(row, column, row_abs=fixed_row, col_abs=fixed_column)
