"""A share of the maximum: a / b × maximum, nothing below a floor."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import NOT_APPLICABLE, DataField, Outcome, Rule
from .shared import (
    Ratio,
    nothing_to_measure,
    ratio_fields,
    ratio_step,
    read_ratio,
    result,
    zero_denominator_line,
)


@dataclass(frozen=True, slots=True)
class Proportional:
    numerator: str
    denominator: str
    zero_below_percent: Decimal
    na_if_denominator_zero: bool


def parse(record: Record, max_points: Decimal) -> Proportional:
    """``{"numerator": …, "denominator": …, "zero_below_percent": 80, …}``."""
    record.check_keys(
        ("numerator", "denominator"), ("zero_below_percent", "na_if_denominator_zero")
    )
    return Proportional(
        record.text("numerator"),
        record.text("denominator"),
        record.number("zero_below_percent", low=0, default=Decimal(0)),
        record.flag("na_if_denominator_zero", default=False),
    )


def read(params: Proportional, record: Record) -> Ratio:
    return read_ratio(record, zero_allowed=params.na_if_denominator_zero)


def points(params: Proportional, max_points: Decimal, ratio: Ratio) -> Outcome:
    if not ratio.denominator:
        return NOT_APPLICABLE
    if ratio.percent < params.zero_below_percent:
        return Fraction(0)
    return Fraction(max_points) * ratio.value


def fields(params: Proportional) -> tuple[DataField, ...]:
    return ratio_fields(params.numerator, params.denominator)


def describe(params: Proportional, max_points: Decimal) -> tuple[Sentence, ...]:
    lines = [
        say(
            N_("(%(part)s / %(whole)s) × %(maximum)s"),
            part=params.numerator,
            whole=params.denominator,
            maximum=max_points,
        )
    ]
    if params.zero_below_percent:
        lines.append(
            say(
                N_("Below %(percent)s %%: 0 points"),
                percent=params.zero_below_percent,
            )
        )
    if params.na_if_denominator_zero:
        lines.append(zero_denominator_line(params.denominator))
    return tuple(lines)


def steps(
    params: Proportional, max_points: Decimal, ratio: Ratio
) -> tuple[Sentence, ...]:
    if not ratio.denominator:
        return nothing_to_measure()
    if ratio.percent < params.zero_below_percent:
        return (
            ratio_step(ratio),
            say(N_("Below %(percent)s %%: 0"), percent=params.zero_below_percent),
        )
    return (
        ratio_step(ratio),
        result(
            N_("%(part)s / %(whole)s × %(maximum)s = %(result)s"),
            N_("%(part)s / %(whole)s × %(maximum)s ≈ %(result)s"),
            Fraction(max_points) * ratio.value,
            part=ratio.numerator,
            whole=ratio.denominator,
            maximum=max_points,
        ),
    )


RULE = Rule("proportional", parse, read, points, fields, describe, steps)
