"""Small criteria sets for the tests of the engine, always through ``read_tree``."""

import csv
import json
from decimal import Decimal
from pathlib import Path

from scoring.index.rules import RULES
from scoring.index.tree import read_tree
from scoring.index.values import CellValue, CriterionRow

DEMO_DATA = Path(__file__).parents[3] / "scoring" / "demo_data"

CEILINGS = '{"bonus_ceiling": 3, "penalty_ceiling": -5}'


def row(code, parent="", max_points=None, rule="", parameters=""):
    """A row of a set; ``parameters`` as text or as an object."""
    if not isinstance(parameters, str):
        parameters = json.dumps(parameters, default=str)
    points = None if max_points is None else Decimal(str(max_points))
    return CriterionRow(
        code, parent, f"vi {code}", f"en {code}", points, rule, parameters
    )


def tree(*rows, decimals=4, cap=True):
    return read_tree(rows, points_decimals=decimals, cap_at_100=cap)


def leaf(rule, parameters, max_points, decimals=4):
    """One leaf of that rule, in the branch where it belongs."""
    rows = [row("1"), row("1.1", "1", 1, "manual")]
    if RULES[rule].kind in ("bonus", "penalty"):
        rows += [row("9", "", None, "adjustments", CEILINGS)]
        rows += [row("9.1", "9", max_points, rule, parameters)]
        return tree(*rows, decimals=decimals).leaf("9.1")
    rows += [row("1.2", "1", max_points, rule, parameters)]
    return tree(*rows, decimals=decimals).leaf("1.2")


def modelled_rows(name):
    """The rows of a modelled criteria set of the demonstration."""
    with (DEMO_DATA / f"criteria-{name}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return [
            CriterionRow(
                line["code"],
                line["parent_code"],
                line["name_vi"],
                line["name_en"],
                Decimal(line["max_points"]) if line["max_points"] else None,
                line["rule"],
                line["parameters"],
            )
            for line in csv.DictReader(file)
        ]


def modelled_tree(name, *, cap=True):
    return tree(*modelled_rows(name), cap=cap)


def given(**points):
    """Values of one layer: ``given(a="1.5", b=None)``, None is not applicable."""
    return {code: value(figure) for code, figure in points.items()}


def value(figure):
    return CellValue(None if figure is None else Decimal(str(figure)), figure is None)
