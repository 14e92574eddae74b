"""Penalty points per event, not below a (negative) ceiling."""

from __future__ import annotations

from decimal import Decimal

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from . import count
from .base import PENALTY, Rule
from .shared import PerUnit


def parse(record: Record, max_points: Decimal) -> PerUnit:
    """``{"unit": "day late", "per_unit": -0.5, "ceiling": -2}``."""
    record.check_keys(("unit", "per_unit", "ceiling"))
    return PerUnit(
        record.text("unit"),
        read_negative(record, "per_unit"),
        read_ceiling(record, max_points),
    )


def read_negative(record: Record, key: str) -> Decimal:
    """The figure at ``key``, which must be below 0."""
    figure = record.number(key)
    if figure >= 0:
        raise record.fault(key, say(N_("Penalties are written as figures below 0.")))
    return figure


def read_ceiling(record: Record, max_points: Decimal) -> Decimal:
    """The ceiling, which is the (negative) maximum of the leaf itself."""
    ceiling = read_negative(record, "ceiling")
    if ceiling != max_points:
        raise record.fault(
            "ceiling",
            say(
                N_("The ceiling must equal the points of the criterion, %(bound)s."),
                bound=max_points,
            ),
        )
    return ceiling


def describe(params: PerUnit, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(
            N_("%(points)s points for each: %(unit)s"),
            points=params.per_unit,
            unit=params.unit,
        ),
        say(N_("Not below %(ceiling)s points."), ceiling=params.ceiling),
    )


RULE = Rule(
    "penalty_count",
    parse,
    count.read,
    count.points,
    count.fields,
    describe,
    count.steps,
    kind=PENALTY,
    punishes=True,
)
