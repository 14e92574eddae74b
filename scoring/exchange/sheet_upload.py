"""A filled workbook of the own sheet: read, checked, compared, never written.

Three states meet: what was handed out (signed in the workbook), what the workbook
says now, and what stands on-line now. Only cells that differ from what was handed out
are changes; where the same criterion was changed on-line meanwhile, a person chooses.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import cells
from scoring.exchange.reader import (
    Cell,
    CellFault,
    Fault,
    Sheet,
    read_sheets,
)
from scoring.exchange.sheet_columns import (
    GIVEN,
    LEAF_KEY,
    LINE_KEY,
    MARKS,
    PROPOSED,
    REASON,
    VALUE,
)
from scoring.exchange.sheet_differences import SheetRow
from scoring.exchange.sheet_inputs import (
    Entries,
    Unanswered,
    data_of,
    entries_of,
    lines_of,
    parse,
    parse_points,
    parse_proposal,
    parse_reason,
)
from scoring.exchange.sheet_stamp import read_stamp
from scoring.index.cells import check_cell
from scoring.index.errors import ScoringError
from scoring.labels import Layer, LedgerKind, NotApplicable
from scoring.queries.criteria import tree_of
from scoring.queries.offline import NOTHING, Facts, self_facts
from scoring.refusals import Refused
from scoring.wording import say

ENTERED = {GIVEN: "points", PROPOSED: "not_applicable", REASON: "reason"}


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A read workbook: what it would change, or everything that is wrong with it."""

    rows: tuple[SheetRow, ...]
    faults: tuple[Fault, ...]
    made_at: str = ""


def read_sheet_workbook(content, file, *, by, at=None):
    """Read a workbook of ``file``'s sheet as ``by`` may bring it in now; a SheetPlan.

    ``file`` with round, agency and group__criteria_set at hand. Nothing is written.
    """
    try:
        cells.require_writable(
            file, {Layer.SELF}, by, at or timezone.now(), LedgerKind.SAVED
        )
    except Refused as refusal:
        return SheetPlan((), (Fault("", "", str(refusal)),))
    sheets, faults = read_sheets(content)
    if faults:
        return SheetPlan((), tuple(faults))
    try:
        stamp = read_stamp(sheets)
        _require_same(stamp, file)
        form = _form_of(sheets)
    except Refused as refusal:
        return SheetPlan((), (Fault("", "", str(refusal)),))
    reading = _Reading(file, stamp, form)
    return SheetPlan(reading.rows(), tuple(reading.faults), stamp.made_at)


def _require_same(stamp, file):
    year, agency = file.round.year, file.agency.code
    if stamp.year != year:
        raise Refused(
            _("This workbook is of the round of %(its)s, not of %(year)s.")
            % {"its": stamp.year, "year": year}
        )
    if stamp.agency != agency:
        raise Refused(
            _("This workbook is of another agency (%(its)s), not of %(agency)s.")
            % {"its": stamp.agency, "agency": file.name_vi}
        )
    if stamp.rule_version != tree_of(file.group.criteria_set).rule_version:
        raise Refused(
            _(
                "The criteria set has been corrected since this workbook was "
                "downloaded. Download the workbook again and enter the values there."
            )
        )


# --- the form: where things stand ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Form:
    """The sheet of the form and its columns (1-based) by what they were made as."""

    sheet: Sheet
    columns: dict[int, int]
    head: int

    def cell(self, row, column):
        return self.sheet.cell(row, self.columns[column])


def _form_of(sheets):
    for sheet in sheets:
        for row in range(1, len(sheet.rows) + 1):
            found = _marks_in(sheet, row)
            if len(found) < 2:
                continue
            missing = [column for column in MARKS if column not in found]
            if missing:
                raise Refused(_missing_sentence(missing))
            return _Form(sheet, found, row)
    raise Refused(
        _(
            "The form of the workbook has been taken apart: its hidden row is missing. "
            "Download the workbook again and enter the values there."
        )
    )


def _marks_in(sheet, row):
    values = sheet.rows[row - 1]
    return {
        column: values.index(mark) + 1
        for column, mark in MARKS.items()
        if mark in values
    }


def _missing_sentence(missing):
    names = {
        VALUE: _("Value"),
        GIVEN: _("Other points than computed"),
        PROPOSED: _("Not applicable"),
        REASON: _("Explanation"),
    }
    words = [names.get(column, _("the hidden keys")) for column in missing]
    return _(
        "Columns of the workbook are missing: %(names)s. Download the workbook again "
        "and enter the values there."
    ) % {"names": ", ".join(words)}


# --- reading ---------------------------------------------------------------------------


class _Reading:
    """One workbook against what was handed out and what stands on-line now."""

    def __init__(self, file, stamp, form):
        self.file, self.stamp, self.form = file, stamp, form
        self.set_tree = tree_of(file.group.criteria_set)
        self.decimals = self.set_tree.tree.points_decimals
        self.now = self_facts(file)
        self.faults = []
        self.main, self.lines = {}, {}

    def rows(self):
        self._find_rows()
        found = []
        for leaf in self.set_tree.tree.leaves:
            if leaf.is_survey or leaf.code not in self.stamp.facts:
                continue
            row = self._row(leaf)
            if row is not None:
                found.append(row)
        return tuple(found) if not self.faults else ()

    def _find_rows(self):
        """Rows by their hidden keys; what is entered beside them is told, not lost."""
        for row in range(self.form.head + 1, len(self.form.sheet.rows) + 1):
            leaf = self._key(row, LEAF_KEY, "leaf:", self.main)
            line = self._key(row, LINE_KEY, "line:", self.lines)
            if not line:
                self._require_blank(row, (VALUE,))
            if not leaf:
                self._require_blank(row, ENTERED)

    def _key(self, row, column, prefix, found):
        """Whether the row bears a key; one that came before is a fault."""
        key = self.form.cell(row, column).value
        if not isinstance(key, str) or not key.startswith(prefix):
            return False
        key = key.removeprefix(prefix)
        if key in found:
            wrong = _("this repeats row %(row)s.") % {"row": found[key]}
            self._fault(self.form.cell(row, VALUE), wrong)
        else:
            found[key] = row
        return True

    def _require_blank(self, row, columns):
        for column in columns:
            cell = self.form.cell(row, column)
            if cell.value is not None:
                self._fault(
                    cell,
                    _("this row of the form takes no entry here."),
                    _("the entry in the row of its criterion"),
                )

    def _row(self, leaf):
        """What the workbook changes in a leaf; None for nothing, or after a fault."""
        handed = self.stamp.facts[leaf.code]
        before = entries_of(leaf, handed, self.decimals)
        faults = len(self.faults)
        after = self._entries(leaf, before)
        if len(self.faults) > faults or after == before:
            return None
        settled = self._settled(leaf, after)
        if settled is None:
            return None
        now = self.now.get(leaf.code, NOTHING)
        if _content(settled) == _content(now):
            return None
        return SheetRow(
            leaf.code, *settled, now.version, is_conflict=now.version != handed.version
        )

    def _entries(self, leaf, before):
        """What the cells of a leaf say; where a row is missing, what was handed out."""
        values = {
            line.name: self._line(leaf, line, before.values[line.name])
            for line in lines_of(leaf)
        }
        row = self.main.get(leaf.code)
        if row is None:
            return Entries(values, before.points, before.proposes, before.reason)
        cell = self.form.cell
        number = _("a number")
        return Entries(
            values,
            self._read(
                cell(row, GIVEN), number, parse_points, before.points, self.decimals
            ),
            self._read(cell(row, PROPOSED), "", parse_proposal),
            self._read(cell(row, REASON), "", parse_reason, before.reason),
        )

    def _line(self, leaf, line, before):
        row = self.lines.get(f"{leaf.code}|{line.name}")
        if row is None:
            return before
        cell = self.form.cell(row, VALUE)
        expected = "; ".join(line.items) or _("a number")
        try:
            return parse(line, cell, before)
        except CellFault as fault:
            return self._fault(cell, str(fault), expected)

    def _read(self, cell, expected, read, *given):
        try:
            return read(cell, *given)
        except CellFault as fault:
            return self._fault(cell, str(fault), expected)

    def _settled(self, leaf, entries):
        """``(points, data, N/A, reason)`` as the engine settles the entries.

        None after a fault, which is told at the cell that it speaks of.
        """
        try:
            data = data_of(leaf, entries.values)
            settled = check_cell(
                leaf,
                layer=Layer.SELF,
                points=entries.points,
                data=data,
                na=NotApplicable.PROPOSED if entries.proposes else "",
                reason=entries.reason,
                points_decimals=self.decimals,
            )
        except Unanswered as fault:
            return self._fault(self._cell_of(leaf, fault.name), str(fault))
        except ScoringError as error:
            return self._fault(self._cell_of(leaf, error.where), say(error.sentence))
        if settled is None and entries.reason.strip():
            wrong = _("a reason stands alone, without points.")
            return self._fault(self._cell_of(leaf, "reason"), wrong)
        if settled is None:
            return None, "", "", ""
        return settled.points, settled.data, settled.na, settled.reason

    def _cell_of(self, leaf, where):
        """The cell that the engine's word for a place means; else the leaf's first."""
        for column, name in ENTERED.items():
            if where == name and leaf.code in self.main:
                return self.form.cell(self.main[leaf.code], column)
        name = where.replace("[", "-").replace("]", "")
        lines = [line.name for line in lines_of(leaf)]
        wanted = [name, *(one for one in lines if one.startswith(f"{name}-")), *lines]
        for one in wanted:
            row = self.lines.get(f"{leaf.code}|{one}")
            if row is not None:
                return self.form.cell(row, VALUE)
        row = self.main.get(leaf.code, self.form.head)
        return self.form.cell(row, GIVEN)

    def _fault(self, cell: Cell, wrong, expected=""):
        self.faults.append(Fault(cell.sheet, cell.address, wrong, expected))


def _content(facts):
    if isinstance(facts, Facts):
        return facts.points, facts.data, facts.not_applicable, facts.reason
    return facts
