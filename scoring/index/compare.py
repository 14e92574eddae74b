"""Differences between two views of one agency, in points and in index."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .values import Totals


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before; ``index`` is exact, None where one side has none."""

    points: Decimal
    appraised_points: Decimal
    max_points: Decimal
    index: Fraction | None


def difference(before: Totals, after: Totals) -> Difference:
    """What changed from ``before`` to ``after`` (self-assessed to final, say)."""
    index = None
    if before.index is not None and after.index is not None:
        index = after.index - before.index
    return Difference(
        after.points - before.points,
        after.appraised_points - before.appraised_points,
        after.max_points - before.max_points,
        index,
    )


def points_difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """After minus before, in points; None where one side has no points."""
    if before is None or after is None:
        return None
    return after - before
