"""A commune fills all its criteria from an empty sheet, and its leader locks it.

On the modelled set of communes, with some eighty criteria. Everything is found by the
words that stand on links, buttons and fields; what is typed comes from the seeded
simulation, so that every stored value can be compared with what was meant.
"""

import io
from pathlib import Path

import pytest
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from playwright.sync_api import expect

from scoring.demo.simulate import chance_of, declared
from scoring.demo.sources import criteria_rows
from scoring.exchange.sheet_inputs import option_text
from scoring.index.fields import input_names, inputs_from_data
from scoring.index.jsontext import canonical, read_object
from scoring.labels import Layer
from scoring.models import Cell, LedgerLine
from scoring.queries.criteria import tree_of
from scoring.queries.sheet_texts import criterion_texts
from scoring.states import FileState
from tests.browser.test_journey import follow, press, sign_in
from tests.factories import World
from tests.papers import PDF
from tests.scoring.exchange.sheet_forms import COLUMN
from tests.tools.office import filled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 30_000
SKILL = 800
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BY_HAND = "0,5"
EXPLANATION = "Theo báo cáo số {number}/BC-UBND"


class Commune(World):
    """One commune with nothing entered yet, and what it means to declare."""

    def __init__(self):
        super().__init__(agencies=1, rows=criteria_rows("commune"))
        chance = chance_of("the whole sheet")
        self.leaves = [
            text
            for text in criterion_texts(self.set)
            if text.leaf is not None and not text.measured_by
        ]
        self.meant = {
            text.code: None if text.is_manual else declared(text.leaf, SKILL, chance)
            for text in self.leaves
        }

    def stored(self):
        """``{code: (declared data, explanation)}`` as the cells have it."""
        codes = tree_of(self.set).codes
        cells = Cell.objects.filter(assessment=self.file, layer=Layer.SELF)
        return {
            codes[cell.criterion_id]: (
                read_object(cell.data) if cell.data else None,
                cell.reason,
            )
            for cell in cells
        }

    def expected(self):
        return {
            code: (data and whole(data), explanation_of(number))
            for number, (code, data) in enumerate(self.meant.items())
        }


def whole(data):
    """Data as the engine reads them back."""
    return read_object(canonical(data))


@pytest.fixture
def commune():
    return Commune()


def explanation_of(number):
    return EXPLANATION.format(number=number + 1)


# --- what the officer does at a row ---------------------------------------------------


def fill(page, text, data, number):
    """One criterion, found by its name and filled by the labels of its fields."""
    row = open_row(page, text)
    if text.is_manual:
        row.get_by_label(_("Self-assessed points"), exact=False).first.fill(BY_HAND)
    for field in () if data is None else text.leaf.rule.fields(text.leaf.parameters):
        enter(row, text, field, inputs_from_data([field], data))
    row.get_by_label(_("Explanation")).fill(explanation_of(number))


def open_row(page, text):
    toggle = page.get_by_role("button", name=text.name, exact=True)
    row = page.locator("tbody", has=toggle)
    if toggle.get_attribute("aria-expanded") != "true":
        toggle.click()
    return row


def enter(row, text, field, values):
    shown = {
        one.name: [other for other in group.inputs if other.name == one.name]
        for group in text.groups
        for one in group.inputs
    }
    for name in input_names(field):
        value, inputs = values[name], shown[f"d-{name}"]
        if field.kind in ("option", "yes_no"):
            choose(row, inputs, [place_of(field, value)])
        elif field.kind == "ticks":
            choose(row, inputs, [place_of(field, one) for one in value] or [-1])
        else:
            row.get_by_label(inputs[0].label, exact=False).first.fill(
                str(value).replace(".", ",")
            )


def place_of(field, value):
    return [choice.value for choice in field.choices].index(value)


def choose(row, inputs, places):
    for place in places:
        row.get_by_label(inputs[place].label, exact=False).first.check()


def everything_is_saved(page, commune):
    """The row that was left last has been sent, and the sheet counts every criterion."""
    page.get_by_role("heading", level=1).click()
    count = sum(not text.leaf.is_adjustment for text in commune.leaves)
    expect(page.locator("#totals")).to_contain_text(f"{count} / {count}")
    expect(page.locator("#saving-line")).to_be_hidden()


def written_twice(commune):
    """Codes of criteria of which one and the same value was written again."""
    lines = LedgerLine.objects.filter(agency_code=commune.file.agency.code)
    values = [
        (line.criterion_code, line.after)
        for line in lines.exclude(criterion_code="").order_by("sequence")
    ]
    return [code for code, after in set(values) if values.count((code, after)) > 1]


def prove(page, text):
    """A PDF, attached to the first criterion."""
    row = open_row(page, text)
    row.get_by_label(_("Choose files")).set_input_files(
        {"name": "ke-hoach.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(row.get_by_role("link", name="ke-hoach").first).to_be_visible()


def hand_over(page):
    follow(page, _("Hand over to the leader"))
    press(page, _("Hand the sheet over"))
    expect(page.locator("main")).to_contain_text(
        _("The file is with the leader for approval.")
    )


def lock(page):
    follow(page, _("Return or lock the sheet"))
    press(page, _("Lock and send the self-assessment"))
    expect(page.locator("main")).to_contain_text(
        _("The self-assessment is approved and locked.")
    )


# --- the journeys ----------------------------------------------------------------------


def test_a_commune_fills_and_locks_its_whole_sheet(page, commune):
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    officer, leader = commune.officer(), commune.leader()

    sign_in(page, officer)
    follow(page, _("Open the score sheet"))
    for number, text in enumerate(commune.leaves):
        fill(page, text, commune.meant[text.code], number)
    everything_is_saved(page, commune)
    prove(page, commune.leaves[0])

    hand_over(page)
    sign_in(page, leader)
    follow(page, _("Check the score sheet"))
    lock(page)

    file = commune.reload()
    assert (file.state, file.locked_by) == (FileState.LOCKED, leader)
    assert commune.stored() == commune.expected()
    assert written_twice(commune) == []


@pytest.mark.uno
def test_half_a_sheet_comes_from_libreoffice_and_the_line_is_cut_twice(
    page, commune, tmp_path
):
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    middle = len(commune.leaves) // 2
    cuts = {middle // 3, 2 * middle // 3}

    sign_in(page, commune.officer())
    follow(page, _("Open the score sheet"))
    follow(page, _("Work off-line"))
    with page.expect_download() as waiting:
        follow(page, _("Download the workbook of the sheet"))
    workbook = Path(waiting.value.path()).read_bytes()
    done = filled(workbook, tmp_path, entries(workbook, commune, middle))

    page.goto(commune.file.get_absolute_url())
    for number, text in enumerate(commune.leaves[:middle]):
        page.context.set_offline(number in cuts or number - 1 in cuts)
        fill(page, text, commune.meant[text.code], number)
    page.get_by_role("heading", level=1).click()
    expect(page.locator("#saving-line")).to_be_hidden()

    follow(page, _("Work off-line"))
    page.get_by_label(_("Workbook")).set_input_files(
        {"name": "bang-tu-cham.xlsx", "mimeType": XLSX, "buffer": done}
    )
    press(page, _("Read the file and show the differences"))
    press(page, _("Store these values in the sheet"))
    expect(page.locator("main")).to_contain_text(_("Score sheet"))

    assert commune.stored() == commune.expected()
    assert written_twice(commune) == []


def entries(workbook, commune, start):
    """What is typed into LibreOffice: the sheet's second half, by numbers and labels."""
    sheet = load_workbook(io.BytesIO(workbook)).worksheets[0]
    rows = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    typed = {}
    for number, text in enumerate(commune.leaves):
        if number < start:
            continue
        row = rows[text.code]
        say(typed, sheet, row, "reason", explanation_of(number))
        if text.is_manual:
            say(typed, sheet, row, "given", BY_HAND)
        for place, words in enumerate(words_of(text, commune.meant[text.code])):
            say(typed, sheet, row + place, "value", words)
    return typed


def say(typed, sheet, row, what, words):
    typed[sheet.title, sheet.cell(row, COLUMN[what] + 1).coordinate] = words


def words_of(text, data):
    """What stands in the cells of a criterion's declared data, one after the other."""
    for field in () if data is None else text.leaf.rule.fields(text.leaf.parameters):
        values = inputs_from_data([field], data)
        if field.kind == "option":
            yield option_text(field.choices[place_of(field, values[field.key])])
        elif field.kind == "yes_no":
            yield _("Yes") if values[field.key] else _("No")
        elif field.kind == "ticks":
            for choice in field.choices:
                yield _("Yes") if choice.value in values[field.key] else _("No")
        else:
            yield from (str(values[name]) for name in input_names(field))
