"""Points of leaves that a survey measures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .cells import within
from .figures import round_half_up
from .values import Leaf


def survey_points(leaf: Leaf, percent: Decimal, points_decimals: int) -> Decimal:
    """max × percent / 100, rounded to ``points_decimals``, within 0..max.

    percent  mean or satisfied percent, 0..100, at most four decimals; DataError otherwise
    """
    exact = leaf.rule.points(leaf.parameters, leaf.max_points, {"percent": percent})
    if not isinstance(exact, Fraction):
        raise TypeError("a survey always yields points")
    return within(leaf, round_half_up(exact, points_decimals))
