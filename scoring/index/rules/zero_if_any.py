"""One event takes all points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import DataField, Rule
from .shared import count_field, read_count


def parse(record: Record, max_points: Decimal) -> str:
    """``{"event": "head disciplined"}``."""
    record.check_keys(("event",))
    return record.text("event")


def read(event: str, record: Record) -> int:
    return read_count(record)


def points(event: str, max_points: Decimal, count: int) -> Fraction:
    return Fraction(0) if count else Fraction(max_points)


def fields(event: str) -> tuple[DataField, ...]:
    return count_field(event)


def describe(event: str, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(
            N_("%(points)s points when there is none; 0 when there is any: %(event)s"),
            points=max_points,
            event=event,
        ),
    )


def steps(event: str, max_points: Decimal, count: int) -> tuple[Sentence, ...]:
    if count:
        return (say(N_("%(event)s: %(count)s, so 0"), event=event, count=count),)
    return (say(N_("%(event)s: none, so %(points)s"), event=event, points=max_points),)


RULE = Rule("zero_if_any", parse, read, points, fields, describe, steps, punishes=True)
