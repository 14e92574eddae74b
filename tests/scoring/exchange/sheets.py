"""Workbooks for the readers' tests, made as people's programs make them."""

import io

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
