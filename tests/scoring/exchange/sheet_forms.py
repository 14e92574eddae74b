"""Own sheets as workbooks for the tests: made, opened, filled in as programs do it."""

import io
import json
from decimal import Decimal

from openpyxl import load_workbook

from scoring.actions import cells
from scoring.actions.cells import CellChange
from scoring.exchange.sheet_columns import (
    COMPUTED,
    GIVEN,
    LEAF_KEY,
    LINE_KEY,
    POINTS,
    PROPOSED,
    REASON,
    VALUE,
)
from scoring.exchange.sheet_workbook import sheet_workbook
from scoring.labels import Layer
from scoring.models import Assessment
from tests.factories import World, _row

COLUMN = {
    "value": VALUE,
    "computed": COMPUTED,
    "points": POINTS,
    "given": GIVEN,
    "proposal": PROPOSED,
    "reason": REASON,
}
OUTSIDE = {"bonus_count", "penalty_count", "penalty_share"}


def world_of(examples, **options):
    """A round whose set has one leaf for each ``(rule, parameters, maximum)``.

    Leaf n (from 1) has the code "1.n", bonus and penalty leaves "9.n".
    """
    rows = [_row("1", "", "Lĩnh vực")]
    rows += [
        _row(code, "1", f"Tiêu chí {code}", maximum, rule, parameters)
        for code, (rule, parameters, maximum) in codes_of(examples).items()
        if rule not in OUTSIDE
    ]
    ceilings = {"bonus_ceiling": 3, "penalty_ceiling": -2}
    if OUTSIDE & {rule for rule, *__ in examples}:
        branch = _row("9", "", "Điểm thưởng, điểm trừ", None, "adjustments", ceilings)
        rows.append(branch)
    rows += [
        _row(code, "9", f"Tiêu chí {code}", maximum, rule, parameters)
        for code, (rule, parameters, maximum) in codes_of(examples).items()
        if rule in OUTSIDE
    ]
    return World(agencies=1, rows=tuple(rows), **options)


def codes_of(examples):
    return {
        f"{9 if rule in OUTSIDE else 1}.{number}": (rule, parameters, maximum)
        for number, (rule, parameters, maximum) in enumerate(examples, start=1)
    }


def save(world, by, code, *, file=None, **change):
    """Save one self-assessed cell on-line."""
    change = CellChange(code, Layer.SELF, **change)
    cells.save(fresh(world, file), [change], by=by)


def declare(world, by, data):
    """Save declared data ``{code: data}`` on-line, the rules' points with them."""
    changes = [
        CellChange(
            code, Layer.SELF, data=json.loads(json.dumps(one), parse_float=Decimal)
        )
        for code, one in data.items()
    ]
    cells.save(fresh(world), changes, by=by)


def fresh(world, file=None):
    return Assessment.objects.select_related(
        "round", "agency", "group__group", "group__criteria_set"
    ).get(pk=(file or world.file).pk)


def handed_out(world, file=None):
    return sheet_workbook(fresh(world, file))


class Form:
    """A workbook opened for editing, its cells by what they are for."""

    def __init__(self, content, **options):
        self.book = load_workbook(io.BytesIO(content), **options)
        self.sheet = self.book.worksheets[0]
        self.rows = {}
        for row in range(1, self.sheet.max_row + 1):
            for column in (LEAF_KEY, LINE_KEY):
                key = self.sheet.cell(row, column + 1).value
                if isinstance(key, str) and key.startswith(("leaf:", "line:")):
                    self.rows[key] = row

    def cell(self, code, what, name=""):
        """What stands for a leaf: "value" of the line ``name``, "given", "reason" …"""
        key = f"line:{code}|{name}" if name else f"leaf:{code}"
        return self.sheet.cell(self.rows[key], COLUMN[what] + 1)

    def put(self, code, what, value, name=""):
        cell = self.cell(code, what, name)
        cell.value = value
        return cell.coordinate

    def saved(self):
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()
