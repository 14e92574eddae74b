"""Half of a sheet is filled in LibreOffice, the other half on-line meanwhile.

Everything is found on pages by its words, in the workbook by the names of criteria;
the workbook is filled in and saved by LibreOffice itself.
"""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape
from django.utils.translation import gettext as _

from scoring.labels import LedgerKind
from scoring.models import Cell, LedgerLine
from tests.factories import World
from tests.journeys.test_self_assessment import main_of, sign_in
from tests.scoring.exchange.sheet_forms import COLUMN, Form, declare, fresh, save
from tests.tools.office import filled

pytestmark = [pytest.mark.django_db, pytest.mark.uno]


def link(page, words):
    """The address behind the link of those words."""
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>{re.escape(escape(words))}<', page)
    assert found, words
    return found.group(1)


def place(form, name, what, label=""):
    """Sheet and address of a cell beside a criterion's name and a label's words."""
    sheet = form.sheet
    row = next(
        row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == name
    )
    while label and sheet.cell(row, 4).value != label:
        row += 1
    return sheet.title, sheet.cell(row, COLUMN[what] + 1).coordinate


def stored():
    return {
        cell.criterion.code: (cell.points, cell.data, cell.not_applicable, cell.reason)
        for cell in Cell.objects.select_related("criterion")
    }


def test_a_sheet_is_filled_off_line_while_others_work_on_line(client, tmp_path):
    world = World(agencies=1)
    officer, colleague = world.officer(), world.officer()
    declare(world, colleague, {"9.2": {"count": 1}})

    sign_in(client, officer)
    sheet = client.get(world.file.get_absolute_url()).content.decode()
    address = link(sheet, _("Work off-line"))
    page = client.get(address).content.decode()
    download = client.get(link(page, _("Download the workbook of the sheet")))
    form = Form(download.content)

    # The line is down; a colleague elsewhere goes on.
    save(world, colleague, "1.3", points=Decimal("0.25"))
    save(world, colleague, "9.1", data={"count": 1})
    done = filled(
        download.content,
        tmp_path,
        {
            place(form, "Ban hành kế hoạch", "value"): form.book["_lists"]["A1"].value,
            place(form, "Ban hành kế hoạch", "reason"): "Kế hoạch số 5 & phụ lục",
            place(form, "Giải quyết hồ sơ", "value", "hồ sơ đúng hạn"): "45",
            place(form, "Giải quyết hồ sơ", "value", "hồ sơ đã giải quyết"): "50",
            place(form, "Sáng kiến", "given"): "0.75",
            place(form, "Trừ", "value"): "",
        },
    )

    upload = SimpleUploadedFile("bang-tu-cham.xlsx", done)
    preview = client.post(address, {"workbook": upload})
    shown = main_of(preview.content.decode())
    assert "Kế hoạch số 5 &amp; phụ lục" in shown
    choices = re.findall(r'name="(choice-\d+)" value="workbook"', shown)
    assert len(choices) == 1, "the one criterion that both have changed"
    sealed = re.search(r'name="sealed" value="([^"]+)"', shown).group(1)
    client.post(address, {"sealed": sealed, choices[0]: "workbook"})

    assert stored() == {
        "1.1": (2, '{"option": 1}', "", "Kế hoạch số 5 & phụ lục"),
        "1.2": (Decimal("2.7"), '{"denominator": 50, "numerator": 45}', "", ""),
        "1.3": (Decimal("0.75"), "", "", ""),
        "9.1": (1, '{"count": 1}', "", ""),
        "9.2": (None, "", "", ""),
    }
    lines = LedgerLine.objects.filter(actor=officer.username)
    assert [(line.criterion_code, line.kind) for line in lines] == [
        ("1.1", LedgerKind.IMPORTED),
        ("1.2", LedgerKind.IMPORTED),
        ("1.3", LedgerKind.IMPORTED),
        ("9.2", LedgerKind.WITHDRAWN),
    ]

    # What LibreOffice saved says the same as the sheet now: nothing to store any more.
    again = client.post(address, {"workbook": SimpleUploadedFile("x.xlsx", done)})
    assert again.context["lines"] == []
    assert fresh(world).ledger_length == LedgerLine.objects.count()
