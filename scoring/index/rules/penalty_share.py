"""Penalty points laid on an agency for its share in points that the city lost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import PENALTY, DataField, Rule
from .penalty_count import read_ceiling


def parse(record: Record, max_points: Decimal) -> Decimal:
    """``{"ceiling": -1}``."""
    record.check_keys(("ceiling",))
    return read_ceiling(record, max_points)


def read(ceiling: Decimal, record: Record) -> Decimal:
    """``{"points": "0.6"}``: the points lost, as a figure of at least 0."""
    record.check_keys(("points",))
    return record.number("points", low=0)


def points(ceiling: Decimal, max_points: Decimal, lost: Decimal) -> Fraction:
    return max(-Fraction(lost), Fraction(ceiling))


def fields(ceiling: Decimal) -> tuple[DataField, ...]:
    label = say(N_("Points lost"))
    return (DataField("points", label, "number", low=Decimal(0)),)


def describe(ceiling: Decimal, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(
            N_("The points lost are deducted, not below %(ceiling)s."), ceiling=ceiling
        ),
    )


def steps(ceiling: Decimal, max_points: Decimal, lost: Decimal) -> tuple[Sentence, ...]:
    lines = [
        say(
            N_("Points lost: %(lost)s, so %(points)s"),
            lost=lost,
            points=lost.copy_negate(),
        )
    ]
    if points(ceiling, max_points, lost) != -Fraction(lost):
        lines.append(say(N_("Held at the ceiling: %(ceiling)s"), ceiling=ceiling))
    return tuple(lines)


RULE = Rule(
    "penalty_share",
    parse,
    read,
    points,
    fields,
    describe,
    steps,
    kind=PENALTY,
    punishes=True,
)
