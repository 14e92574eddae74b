"""Satisfaction survey (SIPAS): the percent of satisfied answers on one factor.

Its only datum is the survey's result; the leaf has no cells.
"""

from __future__ import annotations

from decimal import Decimal

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from . import sociological
from .base import SATISFACTION, Rule


def parse(record: Record, max_points: Decimal) -> str:
    """``{"factor": "Access to the service"}``."""
    record.check_keys(("factor",))
    return record.text("factor")


def describe(factor: str, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(
            N_("%(maximum)s × the satisfied percent / 100, factor: %(factor)s"),
            maximum=max_points,
            factor=factor,
        ),
    )


RULE = Rule(
    "satisfaction",
    parse,
    sociological.read,
    sociological.points,
    sociological.fields,
    describe,
    sociological.steps,
    kind=SATISFACTION,
)
