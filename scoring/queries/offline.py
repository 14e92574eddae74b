"""What a workbook of the own sheet hands out: the stored cells, and the engine's sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.index.derivation import DerivedBranch, derive
from scoring.index.values import AgencyScores, CellValue
from scoring.labels import Layer, NotApplicable, View
from scoring.models import Cell, Exemption
from scoring.queries.criteria import tree_of
from scoring.queries.sheets import OWN_PART


@dataclass(frozen=True, slots=True)
class Facts:
    """What a self-assessed cell says, as stored; version 0 where there is none."""

    version: int = 0
    points: Decimal | None = None
    data: str = ""
    not_applicable: str = ""
    reason: str = ""

    @property
    def is_blank(self):
        return self.points is None and not self.data and not self.not_applicable


NOTHING = Facts()


def self_facts(assessment):
    """``{code: Facts}`` of the layer ``self``; one query."""
    codes = tree_of(assessment.group.criteria_set).codes
    rows = Cell.objects.filter(assessment=assessment, layer=Layer.SELF).values_list(
        "criterion_id", "version", "points", "data", "not_applicable", "reason"
    )
    return {codes[criterion_id]: Facts(*facts) for criterion_id, *facts in rows}


def branch_points(assessment, facts: Mapping[str, Facts]):
    """``{code: points}`` of the branches as the engine adds up the own part.

    The branch of bonus and penalty is left out: its ceilings act on the whole.
    One query: exemptions.
    """
    set_tree = tree_of(assessment.group.criteria_set)
    exempted = Exemption.objects.filter(assessment=assessment)
    scores = AgencyScores(
        layers={Layer.SELF: _values(facts)},
        exempted=frozenset(
            set_tree.codes[pk] for pk in exempted.values_list("criterion_id", flat=True)
        ),
    )
    found, waiting = (
        {},
        list(derive(set_tree.tree, scores, View.SELF, OWN_PART, {}).nodes),
    )
    while waiting:
        node = waiting.pop()
        if isinstance(node, DerivedBranch):
            waiting += node.children
            if not set_tree.tree.by_code[node.code].is_adjustments:
                found[node.code] = node.points
    return found


def _values(facts):
    """What counts: points, and "not applicable" that the data yielded."""
    found = {}
    for code, cell in facts.items():
        is_out = cell.not_applicable == NotApplicable.CONFIRMED
        if is_out or cell.points is not None:
            found[code] = CellValue(cell.points, is_out)
    return found
