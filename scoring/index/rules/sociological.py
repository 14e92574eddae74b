"""Sociological survey (điều tra xã hội học): the mean percent of the answers.

Its only datum is the survey's result; the leaf has no cells.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.index.figures import MOST_DECIMALS
from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import SOCIOLOGICAL, DataField, Rule
from .external_index import FULL, percent_of, percent_step


def parse(record: Record, max_points: Decimal) -> None:
    """No parameters."""
    record.check_keys(())


def read(params: object, record: Record) -> Decimal:
    """``{"percent": 82.5}``, 0..100, rounded to four decimals when the survey closed."""
    record.check_keys(("percent",))
    checked = Record(
        record.raw, record.error, MOST_DECIMALS, record.path, record.figures
    )
    return checked.number("percent", low=0, high=FULL)


def points(params: object, max_points: Decimal, percent: Decimal) -> Fraction:
    return percent_of(max_points, percent)


def fields(params: object) -> tuple[DataField, ...]:
    return ()


def describe(params: object, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(
            N_("%(maximum)s × the mean percent of the sociological survey / 100"),
            maximum=max_points,
        ),
    )


def steps(
    params: object, max_points: Decimal, percent: Decimal
) -> tuple[Sentence, ...]:
    return (percent_step(max_points, percent),)


RULE = Rule(
    "sociological", parse, read, points, fields, describe, steps, kind=SOCIOLOGICAL
)
