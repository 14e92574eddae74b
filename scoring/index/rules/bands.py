"""Bands of a percentage: 100 % gives 1.5, from 80 % 1.0, below nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import DataField, Rule
from .shared import Threshold, otherwise, read_thresholds

HIGHER = "higher"
LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Bands:
    """``better`` says whether more or less of the value is the better result."""

    value: str
    better: str
    bands: tuple[Threshold, ...]

    def reached(self, value: Decimal) -> Threshold | None:
        if self.better == HIGHER:
            return next((band for band in self.bands if value >= band.limit), None)
        return next((band for band in self.bands if value <= band.limit), None)


def parse(record: Record, max_points: Decimal) -> Bands:
    """``{"value": "% done", "better": "higher", "bands": [{"limit", "points"}]}``."""
    record.check_keys(("value", "better", "bands"))
    better = record.one_of("better", (HIGHER, LOWER))
    return Bands(
        record.text("value"),
        better,
        read_thresholds(record, "limit", max_points, rising=better == LOWER),
    )


def read(params: Bands, record: Record) -> Decimal:
    """``{"value": "82.5"}``, at least 0."""
    record.check_keys(("value",))
    return record.number("value", low=0)


def points(params: Bands, max_points: Decimal, value: Decimal) -> Fraction:
    band = params.reached(value)
    return Fraction(band.points) if band else Fraction(0)


def fields(params: Bands) -> tuple[DataField, ...]:
    return (DataField("value", params.value, "number", low=Decimal(0)),)


def describe(params: Bands, max_points: Decimal) -> tuple[Sentence, ...]:
    if params.better == HIGHER:
        template = N_("From %(limit)s: %(points)s points")
        rest = otherwise(params.bands[-1].limit)
    else:
        template = N_("Up to %(limit)s: %(points)s points")
        rest = (say(N_("Otherwise: 0 points")),)
    return (
        say(N_("By the value: %(label)s"), label=params.value),
        *(say(template, limit=band.limit, points=band.points) for band in params.bands),
        *rest,
    )


def steps(params: Bands, max_points: Decimal, value: Decimal) -> tuple[Sentence, ...]:
    band = params.reached(value)
    if band is None:
        return (say(N_("%(value)s reaches no band: 0"), value=value),)
    if params.better == HIGHER:
        template = N_("%(value)s reaches the band from %(limit)s: %(points)s")
    else:
        template = N_("%(value)s lies in the band up to %(limit)s: %(points)s")
    return (say(template, value=value, limit=band.limit, points=band.points),)


RULE = Rule("bands", parse, read, points, fields, describe, steps)
