"""Differences between two views of one agency, in points and in index."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .values import Totals

HALF = Fraction(1, 2)


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


def is_odd_jump(
    before: Decimal, before_max: Decimal, after: Decimal, after_max: Decimal
) -> bool:
    """Whether points moved by half of the maximum or more, up or down.

    before_max, after_max  what the leaf could bring then and now, not 0 (a penalty's is
    below 0): where they differ, the shares of the maximum are compared.
    """
    moved = Fraction(after) / Fraction(after_max) - Fraction(before) / Fraction(
        before_max
    )
    return abs(moved) >= HALF


def points_difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """After minus before, in points; None where one side has no points."""
    if before is None or after is None:
        return None
    return after - before
