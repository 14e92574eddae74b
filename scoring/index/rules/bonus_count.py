"""Bonus points per item; the ceiling is the leaf's maximum, outside the index's."""

from __future__ import annotations

from decimal import Decimal

from scoring.index.records import Record
from scoring.index.sentences import N_, say

from . import count
from .base import BONUS, Rule
from .shared import PerUnit


def parse(record: Record, max_points: Decimal) -> PerUnit:
    """``{"unit": "initiative", "per_unit": 1, "ceiling": 2}``."""
    params = count.parse(record, max_points)
    if params.ceiling != max_points:
        raise record.fault(
            "ceiling",
            say(
                N_("The ceiling must equal the points of the criterion, %(bound)s."),
                bound=max_points,
            ),
        )
    return params


RULE = Rule(
    "bonus_count",
    parse,
    count.read,
    count.points,
    count.fields,
    count.describe,
    count.steps,
    kind=BONUS,
)
