"""Workbooks for the readers' tests, made as people's programs make them."""

import io
from zipfile import ZipFile

from openpyxl import Workbook


def workbook(rows, title="Trang 1"):
    """An .xlsx of one sheet with these rows, as bytes."""
    return workbooks({title: rows})


def workbooks(sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_macros(content, name="xl/vbaProject.bin"):
    """The workbook with a program in it."""
    out = io.BytesIO(content)
    with ZipFile(out, "a") as members:
        members.writestr(name, b"Sub AutoOpen()")
    return out.getvalue()
