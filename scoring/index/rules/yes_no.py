"""Yes or no (có / không)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import Choice, DataField, Rule


@dataclass(frozen=True, slots=True)
class YesNo:
    yes: Decimal
    no: Decimal


def parse(record: Record, max_points: Decimal) -> YesNo:
    """``{"yes": 1, "no": 0}``."""
    record.check_keys(("yes", "no"))
    return YesNo(
        record.number("yes", low=0, high=max_points),
        record.number("no", low=0, high=max_points),
    )


def read(params: YesNo, record: Record) -> bool:
    """``{"yes": true}``."""
    record.check_keys(("yes",))
    return record.flag("yes")


def points(params: YesNo, max_points: Decimal, is_yes: bool) -> Fraction:
    return Fraction(params.yes if is_yes else params.no)


def fields(params: YesNo) -> tuple[DataField, ...]:
    choices = (
        Choice(True, say(N_("Yes")), params.yes),
        Choice(False, say(N_("No")), params.no),
    )
    return (DataField("yes", say(N_("Result")), "yes_no", choices),)


def describe(params: YesNo, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(N_("Yes: %(points)s points"), points=params.yes),
        say(N_("No: %(points)s points"), points=params.no),
    )


def steps(params: YesNo, max_points: Decimal, is_yes: bool) -> tuple[Sentence, ...]:
    if is_yes:
        return (say(N_("Yes: %(points)s"), points=params.yes),)
    return (say(N_("No: %(points)s"), points=params.no),)


RULE = Rule("yes_no", parse, read, points, fields, describe, steps)
