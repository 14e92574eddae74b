"""Points per item up to a ceiling."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import DataField, Rule
from .shared import PerUnit, count_field, per_unit_steps, read_count


def parse(record: Record, max_points: Decimal) -> PerUnit:
    """``{"unit": "class", "per_unit": 0.25, "ceiling": 1}``."""
    record.check_keys(("unit", "per_unit", "ceiling"))
    return PerUnit(
        record.text("unit"),
        record.number("per_unit", low=0),
        record.number("ceiling", low=0, high=max_points),
    )


def read(params: PerUnit, record: Record) -> int:
    return read_count(record)


def points(params: PerUnit, max_points: Decimal, count: int) -> Fraction:
    return params.points(count)


def fields(params: PerUnit) -> tuple[DataField, ...]:
    return count_field(params.unit)


def describe(params: PerUnit, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(
            N_("%(points)s points for each: %(unit)s"),
            points=params.per_unit,
            unit=params.unit,
        ),
        say(N_("At most %(ceiling)s points."), ceiling=params.ceiling),
    )


def steps(params: PerUnit, max_points: Decimal, count: int) -> tuple[Sentence, ...]:
    return per_unit_steps(params, count)


RULE = Rule("count", parse, read, points, fields, describe, steps)
