"""Bands of counts: from three 1 point, from two half a point."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import DataField, Rule
from .shared import Threshold, count_field, otherwise, read_count, read_thresholds


@dataclass(frozen=True, slots=True)
class CountBands:
    unit: str
    bands: tuple[Threshold, ...]

    def reached(self, count: int) -> Threshold | None:
        return next((band for band in self.bands if count >= band.limit), None)


def parse(record: Record, max_points: Decimal) -> CountBands:
    """``{"unit": "talk", "bands": [{"from": 2, "points": 1}, …]}``, best first."""
    record.check_keys(("unit", "bands"))
    return CountBands(record.text("unit"), read_thresholds(record, "from", max_points))


def read(params: CountBands, record: Record) -> int:
    return read_count(record)


def points(params: CountBands, max_points: Decimal, count: int) -> Fraction:
    band = params.reached(count)
    return Fraction(band.points) if band else Fraction(0)


def fields(params: CountBands) -> tuple[DataField, ...]:
    return count_field(params.unit)


def describe(params: CountBands, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(N_("By the number of: %(unit)s"), unit=params.unit),
        *(
            say(
                N_("From %(limit)s: %(points)s points"),
                limit=band.limit,
                points=band.points,
            )
            for band in params.bands
        ),
        *otherwise(params.bands[-1].limit),
    )


def steps(params: CountBands, max_points: Decimal, count: int) -> tuple[Sentence, ...]:
    band = params.reached(count)
    if band is None:
        return (say(N_("%(value)s reaches no band: 0"), value=count),)
    return (
        say(
            N_("%(value)s reaches the band from %(limit)s: %(points)s"),
            value=count,
            limit=band.limit,
            points=band.points,
        ),
    )


RULE = Rule("count_bands", parse, read, points, fields, describe, steps)
