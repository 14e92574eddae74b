"""What a derivation shows: leaves, branches and the way to the index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.rules.base import BONUS
from scoring.index.sentences import Sentence

SCORED = "scored"
NOT_SCORED = "not_scored"
NOT_APPLICABLE = "not_applicable"
EXEMPTED = "exempted"
MISSING_SURVEY = "missing_survey"
SURVEY = "survey"

# (declared data as JSON text or "", reason or "", layer) of the value that counts.
CellText = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class DerivedLeaf:
    """One leaf with its value and where it came from.

    status      scored, not_scored, not_applicable, exempted or missing_survey
    layer       the layer of the value, "survey", or ""
    points      what it counts; None when it has no value
    max_points  what it adds to the maximum: 0 when it left, and on adjustments
    full_points its maximum in the criteria set
    data        declared data as stored, or the survey's percent as text
    description how its points are computed; steps: the computation with these data
    """

    code: str
    name_vi: str
    name_en: str
    kind: str
    status: str
    layer: str
    points: Decimal | None
    max_points: Decimal
    full_points: Decimal
    data: str = ""
    reason: str = ""
    description: tuple[Sentence, ...] = ()
    steps: tuple[Sentence, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it stands in points and maximum."""
        return self.status not in (NOT_APPLICABLE, EXEMPTED)

    @property
    def lost_points(self) -> Decimal | None:
        """What is missing up to its maximum, or what a penalty takes; None where
        nothing was judged, and on a bonus, which nobody is owed."""
        if self.points is None or self.kind == BONUS:
            return None
        return self.max_points - self.points


@dataclass(frozen=True, slots=True)
class DerivedBranch:
    """A branch with the sums of what stands below it."""

    code: str
    name_vi: str
    name_en: str
    is_adjustments: bool
    children: tuple[DerivedBranch | DerivedLeaf, ...]
    points: Decimal
    max_points: Decimal

    @property
    def lost_points(self) -> Decimal:
        """What the leaves below lost together; those not judged lost nothing yet."""
        lost = (leaf.lost_points for leaf in leaves_of(self))
        return sum((points for points in lost if points), Decimal(0))


@dataclass(frozen=True, slots=True)
class Derivation:
    """The whole computation of one agency in one view.

    nodes         the top of the tree, in the order of the set
    bonus_sum, penalty_sum        before their ceilings
    bonus_points, penalty_points  after them
    index         exact percent; index_2 with two decimals; None without a maximum
    formula       the last lines, from the sums to the index
    """

    view: str
    nodes: tuple[DerivedBranch | DerivedLeaf, ...]
    points: Decimal
    max_points: Decimal
    bonus_sum: Decimal
    penalty_sum: Decimal
    bonus_points: Decimal
    penalty_points: Decimal
    index: Fraction | None
    index_2: Decimal | None
    complete: bool
    formula: tuple[Sentence, ...] = ()

    def leaves(self) -> Iterator[DerivedLeaf]:
        """All leaves in order."""
        for node in self.nodes:
            yield from leaves_of(node)


def leaves_of(node: DerivedBranch | DerivedLeaf) -> Iterator[DerivedLeaf]:
    if isinstance(node, DerivedLeaf):
        yield node
        return
    for child in node.children:
        yield from leaves_of(child)
