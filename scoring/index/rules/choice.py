"""One option of several, each with its points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import Choice, DataField, Rule
from .shared import Labelled, read_labelled

Options = tuple[Labelled, ...]


def parse(record: Record, max_points: Decimal) -> Options:
    """``{"options": [{"label": "On time", "points": 0.5}, …]}``."""
    record.check_keys(("options",))
    return read_labelled(record, "options", max_points)


def read(options: Options, record: Record) -> int:
    """``{"option": 2}``, counted from 1."""
    record.check_keys(("option",))
    return record.whole("option", low=1, high=len(options))


def points(options: Options, max_points: Decimal, option: int) -> Fraction:
    return Fraction(options[option - 1].points)


def fields(options: Options) -> tuple[DataField, ...]:
    choices = tuple(
        Choice(number, option.label, option.points)
        for number, option in enumerate(options, start=1)
    )
    return (DataField("option", say(N_("Result")), "option", choices),)


def describe(options: Options, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(N_("One result out of these:")),
        *(
            say(
                N_("%(label)s: %(points)s points"),
                label=option.label,
                points=option.points,
            )
            for option in options
        ),
    )


def steps(options: Options, max_points: Decimal, option: int) -> tuple[Sentence, ...]:
    chosen = options[option - 1]
    return (say(N_("%(label)s: %(points)s"), label=chosen.label, points=chosen.points),)


RULE = Rule("choice", parse, read, points, fields, describe, steps)
