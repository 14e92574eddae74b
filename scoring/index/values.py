"""The plain values that the engine takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .errors import ParametersError
from .figures import (
    MOST_DECIMALS,
    UNIT,
    UNITS_PER_POINT,
    decimal_places_ok,
    from_units,
    round_half_up,
    shortest,
    to_units,
)
from .options import LeafOptions
from .rules.base import (
    ADJUSTMENT_KINDS,
    APPRAISED,
    BONUS,
    KINDS,
    NOT_APPLICABLE,
    PENALTY,
    SATISFACTION,
    SOCIOLOGICAL,
    SURVEYS,
    Rule,
)
from .sentences import N_, say

__all__ = [
    "ADJUSTMENT_KINDS",
    "APPRAISED",
    "BONUS",
    "KINDS",
    "LAYERS",
    "LAYERS_OF",
    "MISSING_SURVEY",
    "MOST_DECIMALS",
    "NOT_APPLICABLE",
    "NOT_SCORED",
    "PENALTY",
    "SATISFACTION",
    "SOCIOLOGICAL",
    "STATUSES",
    "SURVEYS",
    "TIE_BREAKERS",
    "UNIT",
    "UNITS_PER_POINT",
    "VIEWS",
    "AgencyScores",
    "Band",
    "Branch",
    "CellValue",
    "CriteriaTree",
    "CriterionRow",
    "Leaf",
    "LeafOptions",
    "RoundRules",
    "Totals",
    "decimal_places_ok",
    "from_units",
    "index_of",
    "round_half_up",
    "shortest",
    "to_units",
    "unit_index",
]

LAYERS = ("self", "appraised", "explained", "council")
VIEWS = ("self", "appraised", "explained", "final")
LAYERS_OF = {
    "self": ("self",),
    "appraised": ("appraised",),
    "explained": ("appraised", "explained"),
    "final": ("appraised", "explained", "council"),
}

WAIT = "wait"
ZERO = "zero"
RESCALE = "rescale"
NOT_SCORED = (WAIT, ZERO)
MISSING_SURVEY = (WAIT, RESCALE)
TIE_BREAKERS = ("appraised", "sociological", "satisfaction", "penalty")

RANKED = "ranked"
INCOMPLETE = "incomplete"
NOT_ASSESSED = "not_assessed"
STATUSES = (RANKED, INCOMPLETE, NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One row of a criteria set as it stands in a file; ``parameters`` is JSON text."""

    code: str
    parent_code: str
    name_vi: str
    name_en: str
    max_points: Decimal | None
    rule: str
    parameters: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A criterion that carries points.

    kind             appraised, sociological, satisfaction, bonus or penalty
    low, high        bounds of its points (0..max_points; a penalty's max_points..0)
    path             codes of the branches above it, the topmost first
    parameters_text  the parameters as canonical text ("" when there are none)
    """

    code: str
    kind: str
    max_points: Decimal
    low: Decimal
    high: Decimal
    rule: Rule[Any, Any]
    parameters: Any
    options: LeafOptions
    path: tuple[str, ...]
    name_vi: str = ""
    name_en: str = ""
    parameters_text: str = ""

    @property
    def parent_code(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def is_survey(self) -> bool:
        return self.kind in SURVEYS

    @property
    def is_adjustment(self) -> bool:
        return self.kind in ADJUSTMENT_KINDS


@dataclass(frozen=True, slots=True)
class Branch:
    """A field or criterion that is the sum of its leaves."""

    code: str
    parent_code: str
    children: tuple[str, ...]
    path: tuple[str, ...]
    is_adjustments: bool = False
    name_vi: str = ""
    name_en: str = ""
    parameters_text: str = ""


@dataclass(frozen=True, slots=True)
class CriteriaTree:
    """A checked criteria set. Made by ``tree.read_tree``; nothing in it changes.

    nodes            branches and leaves in the order of the file
    leaves           the leaves in that order
    by_code          every node by its code
    bonus_ceiling, penalty_ceiling
                     bounds of the sums of bonus and penalty leaves, None without an
                     adjustments branch
    """

    nodes: tuple[Branch | Leaf, ...]
    leaves: tuple[Leaf, ...]
    by_code: Mapping[str, Branch | Leaf]
    bonus_ceiling: Decimal | None
    penalty_ceiling: Decimal | None
    points_decimals: int
    cap_at_100: bool
    plan: Plan

    def leaf(self, code: str) -> Leaf | None:
        """The leaf of that code; None for branches and unknown codes."""
        node = self.by_code.get(code)
        return node if isinstance(node, Leaf) else None

    @property
    def top_codes(self) -> tuple[str, ...]:
        """Codes of the nodes without a parent, in order."""
        return tuple(node.code for node in self.nodes if not node.path)


@dataclass(frozen=True, slots=True)
class Plan:
    """What summing needs of a tree, laid out once: ten-thousandths by leaf code."""

    appraised: tuple[tuple[str, int], ...]
    surveys: tuple[tuple[str, int, bool], ...]  # the flag: satisfaction
    bonus: tuple[str, ...]
    penalty: tuple[str, ...]
    bonus_ceiling: int
    penalty_ceiling: int
    leaves_under: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class CellValue:
    """What one layer says of one leaf. A proposed "not applicable" is no value."""

    points: Decimal | None
    not_applicable: bool = False

    @property
    def is_value(self) -> bool:
        return self.not_applicable or self.points is not None


@dataclass(frozen=True, slots=True)
class AgencyScores:
    """All that is known of one agency in one round.

    layers    values by layer and leaf code
    surveys   mean or satisfied percent by leaf code, 0..100, at most four decimals
    exempted  codes of exempted leaves and branches
    """

    layers: Mapping[str, Mapping[str, CellValue]]
    surveys: Mapping[str, Decimal] = field(default_factory=dict)
    exempted: frozenset[str] = frozenset()
    assessed: bool = True


@dataclass(frozen=True, slots=True)
class Band:
    """A band (xếp loại): reached from this two-decimal index on."""

    code: str
    from_percent: Decimal


@dataclass(frozen=True, slots=True)
class RoundRules:
    """What a round decides about missing values, ties and bands."""

    not_scored: str = WAIT
    missing_survey: str = WAIT
    tie_breakers: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()

    def __post_init__(self) -> None:
        _check_word("not_scored", self.not_scored, NOT_SCORED)
        _check_word("missing_survey", self.missing_survey, MISSING_SURVEY)
        for name in self.tie_breakers:
            _check_word("tie_breakers", name, TIE_BREAKERS)


def _check_word(where: str, word: str, allowed: tuple[str, ...]) -> None:
    if word not in allowed:
        raise ParametersError(
            say(
                N_("Here one of these is needed: %(choices)s."),
                choices=", ".join(allowed),
            ),
            where,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of one agency in one view.

    points, max_points  over the leaves that remain, adjustments aside; the parts by
                        kind of leaf add up to them
    bonus_points        after its ceiling; penalty_points likewise, 0 or below
    not_scored          leaves without a value, surveys and adjustments aside
    missing_surveys     survey leaves without a result
    index               percent, exact, None when no leaf is left or not assessed
    complete            nothing keeps the agency from being ranked
    """

    points: Decimal
    max_points: Decimal
    appraised_points: Decimal
    appraised_max: Decimal
    sociological_points: Decimal
    sociological_max: Decimal
    satisfaction_points: Decimal
    satisfaction_max: Decimal
    bonus_points: Decimal
    penalty_points: Decimal
    not_scored: int
    missing_surveys: int
    index: Fraction | None
    complete: bool
    assessed: bool

    @classmethod
    def from_figures(
        cls,
        *,
        appraised_points: Decimal,
        appraised_max: Decimal,
        sociological_points: Decimal,
        sociological_max: Decimal,
        satisfaction_points: Decimal,
        satisfaction_max: Decimal,
        bonus_points: Decimal,
        penalty_points: Decimal,
        not_scored: int,
        missing_surveys: int,
        complete: bool,
        cap_at_100: bool,
        assessed: bool = True,
        points: Decimal | None = None,
        max_points: Decimal | None = None,
    ) -> Totals:
        """Totals from stored figures: sums when not given, and always the index.

        ValueError when given sums are not those of the parts.
        """
        parts = appraised_points + sociological_points + satisfaction_points
        maxima = appraised_max + sociological_max + satisfaction_max
        if points not in (None, parts) or max_points not in (None, maxima):
            raise ValueError("the stored sums are not those of their parts")
        index = index_of(
            parts, maxima, bonus_points, penalty_points, cap_at_100=cap_at_100
        )
        return cls(
            parts,
            maxima,
            appraised_points,
            appraised_max,
            sociological_points,
            sociological_max,
            satisfaction_points,
            satisfaction_max,
            bonus_points,
            penalty_points,
            not_scored,
            missing_surveys,
            index if assessed else None,
            complete and assessed and index is not None,
            assessed,
        )

    @property
    def index_2(self) -> Decimal | None:
        """The index as it is published: two decimals, halves away from zero."""
        return None if self.index is None else round_half_up(self.index, 2)

    @property
    def status(self) -> str:
        if not self.assessed:
            return NOT_ASSESSED
        return RANKED if self.complete else INCOMPLETE


def index_of(
    points: Decimal,
    max_points: Decimal,
    bonus_points: Decimal,
    penalty_points: Decimal,
    *,
    cap_at_100: bool,
) -> Fraction | None:
    """100 × points / max_points + bonus + penalty, at least 0, capped where the set
    says so; None without a maximum. Percent, exact."""
    return unit_index(
        to_units(points),
        to_units(max_points),
        to_units(bonus_points) + to_units(penalty_points),
        cap_at_100=cap_at_100,
    )


def unit_index(
    points: int, max_points: int, adjustment: int, *, cap_at_100: bool
) -> Fraction | None:
    """As ``index_of``, from ten-thousandths of a point."""
    if not max_points:
        return None
    # One fraction over the common denominator: cheaper than adding up three.
    index = Fraction(
        100 * UNITS_PER_POINT * points + adjustment * max_points,
        UNITS_PER_POINT * max_points,
    )
    if index < 0:
        return Fraction(0)
    if cap_at_100 and index > 100:
        return Fraction(100)
    return index
