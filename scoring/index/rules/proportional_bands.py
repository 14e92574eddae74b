"""Banded proportional: 100 % full, from 95 % (a / b) × 3, below nothing."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import NOT_APPLICABLE, DataField, Outcome, Rule
from .shared import (
    Ratio,
    check_order,
    nothing_to_measure,
    otherwise,
    points_rise,
    ratio_fields,
    ratio_step,
    read_ratio,
    result,
    zero_denominator_line,
)


@dataclass(frozen=True, slots=True)
class ShareBand:
    """From this percent: fixed ``points``, or ``share_times`` the share. One is set."""

    from_percent: Decimal
    points: Decimal | None
    share_times: Decimal | None

    def worth(self, share: Fraction) -> Fraction:
        if self.points is not None:
            return Fraction(self.points)
        return Fraction(self.share_times or 0) * share


@dataclass(frozen=True, slots=True)
class ProportionalBands:
    numerator: str
    denominator: str
    na_if_denominator_zero: bool
    bands: tuple[ShareBand, ...]

    def reached(self, ratio: Ratio) -> ShareBand | None:
        return next(
            (band for band in self.bands if ratio.percent >= band.from_percent), None
        )


def parse(record: Record, max_points: Decimal) -> ProportionalBands:
    """``{…, "bands": [{"from_percent", "points" or "share_times"}]}``, best first."""
    record.check_keys(
        ("numerator", "denominator", "bands"), ("na_if_denominator_zero",)
    )
    lines = record.records("bands")
    bands = tuple(_read_band(line, max_points) for line in lines)
    check_order(
        lines, "from_percent", [band.from_percent for band in bands], rising=False
    )
    _check_points_never_rise(lines, bands)
    return ProportionalBands(
        record.text("numerator"),
        record.text("denominator"),
        record.flag("na_if_denominator_zero", default=False),
        bands,
    )


def _read_band(line: Record, max_points: Decimal) -> ShareBand:
    line.check_keys(("from_percent",), ("points", "share_times"))
    from_percent = line.number("from_percent", low=0)
    if ("points" in line.raw) == ("share_times" in line.raw):
        raise line.fault(
            "points", say(N_("A band needs either points or share_times, not both."))
        )
    if "points" in line.raw:
        points = line.number("points", low=0, high=max_points)
        return ShareBand(from_percent, points, None)
    times = line.number("share_times", low=0, high=max_points)
    return ShareBand(from_percent, None, times)


def _check_points_never_rise(
    lines: tuple[Record, ...], bands: tuple[ShareBand, ...]
) -> None:
    """Compare what two bands give where they meet, not the figures they are written in.

    Just below 95 % a share_times of 4 gives 3.8: under fixed 3.8 points from 95 % it
    never costs anybody points to do better.
    """
    for line, (better, worse) in zip(lines[1:], itertools.pairwise(bands), strict=True):
        edge = min(Fraction(better.from_percent) / 100, Fraction(1))
        if worse.worth(edge) > better.worth(edge):
            key = "points" if worse.points is not None else "share_times"
            raise line.fault(key, points_rise())


def read(params: ProportionalBands, record: Record) -> Ratio:
    return read_ratio(record, zero_allowed=params.na_if_denominator_zero)


def points(params: ProportionalBands, max_points: Decimal, ratio: Ratio) -> Outcome:
    if not ratio.denominator:
        return NOT_APPLICABLE
    band = params.reached(ratio)
    return band.worth(ratio.value) if band else Fraction(0)


def fields(params: ProportionalBands) -> tuple[DataField, ...]:
    return ratio_fields(params.numerator, params.denominator)


def describe(params: ProportionalBands, max_points: Decimal) -> tuple[Sentence, ...]:
    lines = [
        say(
            N_("By the share (%(part)s / %(whole)s):"),
            part=params.numerator,
            whole=params.denominator,
        ),
        *(_describe_band(band) for band in params.bands),
        *otherwise(params.bands[-1].from_percent),
    ]
    if params.na_if_denominator_zero:
        lines.append(zero_denominator_line(params.denominator))
    return tuple(lines)


def _describe_band(band: ShareBand) -> Sentence:
    if band.points is not None:
        return say(
            N_("From %(percent)s %%: %(points)s points"),
            percent=band.from_percent,
            points=band.points,
        )
    return say(
        N_("From %(percent)s %%: the share × %(times)s"),
        percent=band.from_percent,
        times=band.share_times or Decimal(0),
    )


def steps(
    params: ProportionalBands, max_points: Decimal, ratio: Ratio
) -> tuple[Sentence, ...]:
    if not ratio.denominator:
        return nothing_to_measure()
    band = params.reached(ratio)
    if band is None:
        return (ratio_step(ratio), say(N_("No band is reached: 0")))
    if band.points is not None:
        line = say(
            N_("The band from %(percent)s %% is reached: %(points)s"),
            percent=band.from_percent,
            points=band.points,
        )
        return (ratio_step(ratio), line)
    return (
        ratio_step(ratio),
        say(
            N_("The band from %(percent)s %% is reached: the share × %(times)s"),
            percent=band.from_percent,
            times=band.share_times or Decimal(0),
        ),
        result(
            N_("%(part)s / %(whole)s × %(times)s = %(result)s"),
            N_("%(part)s / %(whole)s × %(times)s ≈ %(result)s"),
            band.worth(ratio.value),
            part=ratio.numerator,
            whole=ratio.denominator,
            times=band.share_times or Decimal(0),
        ),
    )


RULE = Rule("proportional_bands", parse, read, points, fields, describe, steps)
