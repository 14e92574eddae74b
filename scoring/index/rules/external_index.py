"""Another published index of 0..100 (766, DTI) times the maximum."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import DataField, Rule
from .shared import result

FULL = Decimal(100)


def parse(record: Record, max_points: Decimal) -> str:
    """``{"index": "766"}``."""
    record.check_keys(("index",))
    return record.text("index")


def read(index: str, record: Record) -> Decimal:
    """``{"value": "87.25"}``, 0..100."""
    record.check_keys(("value",))
    return record.number("value", low=0, high=FULL)


def points(index: str, max_points: Decimal, value: Decimal) -> Fraction:
    return percent_of(max_points, value)


def percent_of(max_points: Decimal, percent: Decimal) -> Fraction:
    return Fraction(max_points) * Fraction(percent) / 100


def percent_step(max_points: Decimal, percent: Decimal) -> Sentence:
    """ "82.5 % × 1.5 = 1.2375"."""
    return result(
        N_("%(maximum)s × %(percent)s / 100 = %(result)s"),
        N_("%(maximum)s × %(percent)s / 100 ≈ %(result)s"),
        percent_of(max_points, percent),
        maximum=max_points,
        percent=percent,
    )


def fields(index: str) -> tuple[DataField, ...]:
    return (DataField("value", index, "number", low=Decimal(0), high=FULL),)


def describe(index: str, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(
            N_("%(maximum)s × the index %(index)s / 100"),
            maximum=max_points,
            index=index,
        ),
    )


def steps(index: str, max_points: Decimal, value: Decimal) -> tuple[Sentence, ...]:
    return (percent_step(max_points, value),)


RULE = Rule("external_index", parse, read, points, fields, describe, steps)
