"""The reader of workbooks: what cells hold, and which files are no workbook."""

import io
from datetime import date, datetime
from decimal import Decimal
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from django.utils import translation
from openpyxl import Workbook

from scoring.exchange import reader
from scoring.exchange.reader import (
    Cell,
    CellFault,
    Column,
    ErrorValue,
    Uncomputed,
    Unreadable,
    figure_of,
    read_table,
    read_workbook,
    text_of,
    whole_of,
)
from tests.scoring.exchange.sheets import with_macros, workbook, workbooks

COLUMNS = (
    Column("agency", ("Mã cơ quan", "agency")),
    Column("points", ("Điểm", "points")),
    Column("reason", ("Lý do", "reason"), is_needed=False),
)


def cell(value):
    return Cell("Trang 1", 1, 1, value)


def test_cells_keep_their_kind_and_their_address():
    (sheet,) = read_workbook(
        workbook([["a\u00a0", 0.1, True, date(2026, 5, 1)], [], [None, " \u200b", 7]])
    )
    assert sheet.rows[0] == ("a", Decimal("0.1"), True, datetime(2026, 5, 1))
    assert sheet.cell(3, 3).value == Decimal(7)
    assert sheet.cell(3, 3).address == "C3"
    assert sheet.cell(3, 2).value is None
    assert sheet.cell(99, 99).value is None


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (1.005, "1.005"),
        (1e15, "1000000000000000"),
        (-0.0, "0"),
        (1e-4, "0.0001"),
        (80.125, "80.125"),
    ],
)
def test_numbers_are_read_as_excel_shows_them(number, read):
    (sheet,) = read_workbook(workbook([[number]]))
    assert sheet.cell(1, 1).value == Decimal(read)
    assert text_of(sheet.cell(1, 1)) == read


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        (Decimal("1.5"), "1.5"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("−0,25", "-0.25"),
        ("1.234,5", "1234.5"),
        (None, None),
    ],
)
def test_figures(value, figure):
    assert figure_of(cell(value)) == (None if figure is None else Decimal(figure))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("1.234", "1234"),
        ("một", "một"),
        (Decimal("0.12345"), "0.12345"),
        (True, "yes/no"),
        (ErrorValue("#REF!"), "#REF!"),
        (Uncomputed("=A1"), "open the file in Excel"),
        (datetime(2026, 5, 1), "01/05/2026"),
    ],
)
def test_what_is_no_figure_is_told(value, told):
    with translation.override("en"), pytest.raises(CellFault) as fault:
        figure_of(cell(value))
    assert told in str(fault.value)


def test_whole_numbers_are_whole_by_value():
    assert whole_of(cell(Decimal("3.0"))) == 3
    assert whole_of(cell("1 234")) == 1234
    with pytest.raises(CellFault):
        whole_of(cell(Decimal("3.5")))


@pytest.mark.parametrize("value", [True, ErrorValue("#N/A"), datetime(2026, 1, 1)])
def test_what_is_no_text_is_told(value):
    with pytest.raises(CellFault):
        text_of(cell(value))


def test_formulas_give_their_stored_value_or_ask_for_one():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Trang 1")
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("B1", "=0.1+0.2", None, 0.1 + 0.2)
    (read,) = read_workbook(out.getvalue())
    assert read.rows[0] == (Decimal(2), Decimal("0.3"))

    (never,) = read_workbook(workbook([["=1+1", "#REF!"]]))
    assert never.rows[0] == (Uncomputed("=1+1"), ErrorValue("#REF!"))


def test_tables_are_found_below_titles_on_any_sheet_in_either_language():
    content = workbooks(
        {
            "Bìa": [["Hướng dẫn"]],
            "Điểm": [
                ["Bảng điểm", None],
                [],
                [" mã  CƠ quan ", "points", "Lý do"],
                ["so-noi-vu", 1, None],
                [None, None, None],
                ["so-tu-phap", None, "x"],
            ],
        }
    )
    records, faults = read_table(content, COLUMNS)

    assert faults == []
    assert [(r.row, r.cell("agency").value) for r in records] == [
        (4, "so-noi-vu"),
        (6, "so-tu-phap"),
    ]
    assert records[1].cell("reason").address == "C6"


@pytest.mark.parametrize(
    ("heads", "cells"),
    [
        (["Mã cơ quan", "Điểm", "Lí do"], ["C1"]),
        (["Mã cơ quan", "Điểm", "points"], ["C1"]),
        (["x", "y"], ["A1"]),
    ],
)
def test_headings_that_are_unknown_doubled_or_missing_are_faults(heads, cells):
    records, faults = read_table(workbook([heads, ["a", 1, None]]), COLUMNS)
    assert records == []
    assert [fault.cell for fault in faults] == cells
    assert "Trang 1" in str(faults[0])


def test_a_missing_column_is_named():
    columns = (*COLUMNS, Column("answers", ("Số phiếu",)))
    __, faults = read_table(workbook([["Mã cơ quan", "Điểm"]]), columns)
    assert "Số phiếu" in faults[0].wrong


def bomb(members):
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(content, name, change):
    """A sound workbook with one member changed."""
    with ZipFile(io.BytesIO(content)) as archive:
        members = {info: archive.read(info) for info in archive.namelist()}
    return bomb({**members, name: change(members[name])})


SOUND = workbook([["a", 1]])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"a;b\n1;2\n", id="csv"),
        pytest.param(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, id="password"),
        pytest.param(SOUND[: len(SOUND) // 2], id="cut"),
        pytest.param(bomb({"mimetype": "application/vnd.oasis"}), id="another zip"),
        pytest.param(b"x" * (reader.MOST_BYTES + 1), id="too large"),
        pytest.param(
            bomb({"xl/workbook.xml": "<a/>", "big": b"\0" * (160 * 1024 * 1024)}),
            id="bomb",
        ),
        pytest.param(
            bomb({"xl/workbook.xml": "<a/>", **{f"m{n}": "" for n in range(600)}}),
            id="many members",
        ),
        pytest.param(bomb({"xl/workbook.xml": "<a/>"}), id="no content"),
        pytest.param(
            changed(
                SOUND,
                "xl/worksheets/sheet1.xml",
                lambda xml: (
                    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + xml
                ),
            ),
            id="entities",
        ),
        pytest.param(
            changed(SOUND, "xl/worksheets/sheet1.xml", lambda xml: xml[:-40]),
            id="broken XML",
        ),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(content):
    with pytest.raises(Unreadable) as refusal:
        read_workbook(content)
    assert str(refusal.value).endswith(".")
    records, faults = read_table(content, COLUMNS)
    assert records == []
    assert [str(fault) for fault in faults] == [str(refusal.value)]


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "XL/MacroSheets/sheet1.xml"])
def test_a_workbook_with_programs_is_refused_with_what_to_do(name):
    content = with_macros(workbook([["Mã cơ quan", "Điểm"], ["a", 1]]), name)
    with translation.override("en"):
        records, faults = read_table(content, COLUMNS)

    assert records == []
    assert [str(fault) for fault in faults] == [
        "The workbook holds macros. Save it as .xlsx without macros and send it."
    ]


def test_wrong_dimensions_hide_no_row():
    content = changed(
        workbook([["Mã cơ quan", "Điểm"], ["a", 1], ["b", 2]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1"'),
    )
    records, __ = read_table(content, COLUMNS)
    assert len(records) == 2


def test_merged_headings_are_read_at_their_first_cell():
    book = Workbook()
    sheet = book.active
    sheet.append(["Bảng điểm", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(["Mã cơ quan", "Điểm", None])
    sheet.merge_cells("B2:C2")
    sheet.append(["a", 1])
    out = io.BytesIO()
    book.save(out)
    records, faults = read_table(out.getvalue(), COLUMNS)
    assert faults == []
    assert records[0].cell("points").value == 1
