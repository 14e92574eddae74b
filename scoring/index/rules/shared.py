"""Parts that several rules use: counts, shares, bands, and their sentences."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.errors import DataError
from scoring.index.figures import MOST_DECIMALS, round_half_up
from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, Value, say

from .base import DataField

# A percent of a maximum has at most ten decimals and is shown in full; what never ends
# is shown with six.
EXACT_DECIMALS = 10
SHOWN_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line of a list: its words and its points."""

    label: str
    points: Decimal


def read_labelled(
    record: Record, key: str, high: Decimal | None
) -> tuple[Labelled, ...]:
    """The list [{label, points}] at ``key``, points in 0..high."""
    lines = []
    for line in record.records(key):
        line.check_keys(("label", "points"))
        lines.append(
            Labelled(line.text("label"), line.number("points", low=0, high=high))
        )
    return tuple(lines)


# --- counts -------------------------------------------------------------------


def read_count(record: Record) -> int:
    """``{"count": 3}``."""
    record.check_keys(("count",))
    return record.whole("count")


def count_field(label: str | Sentence) -> tuple[DataField, ...]:
    return (DataField("count", label, "whole", low=Decimal(0)),)


@dataclass(frozen=True, slots=True)
class PerUnit:
    """So many points for each of something, up to a ceiling."""

    unit: str
    per_unit: Decimal
    ceiling: Decimal

    def points(self, count: int) -> Fraction:
        """count × per_unit, kept on this side of the ceiling (below 0: above it)."""
        raw = count * Fraction(self.per_unit)
        ceiling = Fraction(self.ceiling)
        return max(raw, ceiling) if ceiling < 0 else min(raw, ceiling)


def per_unit_steps(params: PerUnit, count: int) -> tuple[Sentence, ...]:
    """The multiplication, and the ceiling where it bites."""
    raw = count * Fraction(params.per_unit)
    lines = [
        say(
            N_("%(count)s × %(per_unit)s = %(points)s"),
            count=count,
            per_unit=params.per_unit,
            points=product(count, params.per_unit),
        )
    ]
    if abs(raw) > abs(Fraction(params.ceiling)):
        lines.append(
            say(N_("Held at the ceiling: %(ceiling)s"), ceiling=params.ceiling)
        )
    return tuple(lines)


def product(count: int, figure: Decimal) -> Decimal:
    """count × figure in full; the operator would round to the context's precision."""
    return round_half_up(count * Fraction(figure), MOST_DECIMALS)


# --- shares -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole: 0 ≤ numerator ≤ denominator."""

    numerator: Decimal
    denominator: Decimal

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator) / Fraction(self.denominator)

    @property
    def percent(self) -> Fraction:
        return 100 * self.value


def read_ratio(record: Record, *, zero_allowed: bool) -> Ratio:
    """``{"numerator": 45, "denominator": 50}``."""
    record.check_keys(("numerator", "denominator"))
    numerator = record.number("numerator", low=0)
    denominator = record.number("denominator", low=0)
    if numerator > denominator:
        raise DataError(
            say(
                N_("The part %(part)s is larger than the whole %(whole)s."),
                part=numerator,
                whole=denominator,
            ),
            "numerator",
        )
    if not denominator and not zero_allowed:
        raise DataError(
            say(N_("The whole is 0, and this criterion always applies.")), "denominator"
        )
    return Ratio(numerator, denominator)


def ratio_fields(numerator: str, denominator: str) -> tuple[DataField, ...]:
    return (
        DataField("numerator", numerator, "number", low=Decimal(0)),
        DataField("denominator", denominator, "number", low=Decimal(0)),
    )


def ratio_step(ratio: Ratio) -> Sentence:
    return result(
        N_("%(part)s / %(whole)s = %(result)s %%"),
        N_("%(part)s / %(whole)s ≈ %(result)s %%"),
        ratio.percent,
        part=ratio.numerator,
        whole=ratio.denominator,
    )


def nothing_to_measure() -> tuple[Sentence, ...]:
    return (say(N_("The whole is 0: not applicable")),)


def zero_denominator_line(denominator: str) -> Sentence:
    return say(
        N_("Not applicable when “%(whole)s” is 0."),
        whole=denominator,
    )


# --- bands --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Threshold:
    """A band: from (or up to) this limit, these points."""

    limit: Decimal
    points: Decimal


def read_thresholds(
    record: Record, key: str, max_points: Decimal, *, rising: bool = False
) -> tuple[Threshold, ...]:
    """The list [{key, points}], best first; thresholds fall (``rising``: rise)."""
    lines = record.records("bands")
    bands = []
    for line in lines:
        line.check_keys((key, "points"))
        bands.append(
            Threshold(
                line.number(key, low=0),
                line.number("points", low=0, high=max_points),
            )
        )
    check_order(lines, key, [band.limit for band in bands], rising=rising)
    for line, (better, worse) in zip(lines[1:], itertools.pairwise(bands), strict=True):
        if worse.points > better.points:
            raise line.fault("points", points_rise())
    return tuple(bands)


def check_order(
    lines: Sequence[Record], key: str, limits: Sequence[Decimal], *, rising: bool
) -> None:
    """Refuse thresholds that do not strictly fall (``rising``: rise)."""
    for line, (before, after) in zip(
        lines[1:], itertools.pairwise(limits), strict=True
    ):
        if rising and after <= before:
            raise line.fault(
                key, say(N_("Bands stand best first: their limits must rise."))
            )
        if not rising and after >= before:
            raise line.fault(
                key, say(N_("Bands stand best first: their limits must fall."))
            )


def points_rise() -> Sentence:
    return say(N_("Bands stand best first: their points must not rise."))


# --- sentences ----------------------------------------------------------------


def result(exact: str, approximate: str, value: Fraction, **values: Value) -> Sentence:
    """The template that tells the truth about ``value``: "=" if it can be, else "≈"."""
    decimal = round_half_up(value, EXACT_DECIMALS)
    if Fraction(decimal) == value:
        return say(exact, result=decimal, **values)
    return say(approximate, result=round_half_up(value, SHOWN_DECIMALS), **values)


def otherwise(lowest: Decimal) -> tuple[Sentence, ...]:
    """The line for results under the last band; none when nothing lies under it."""
    return (say(N_("Otherwise: 0 points")),) if lowest > 0 else ()
