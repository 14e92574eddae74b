"""The sum of the ticked parts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.index.errors import DataError
from scoring.index.figures import MOST_DECIMALS, round_half_up
from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import Choice, DataField, Rule
from .shared import Labelled, read_labelled

Items = tuple[Labelled, ...]


def parse(record: Record, max_points: Decimal) -> Items:
    """``{"items": [{"label": …, "points": …}]}``; all together at most the maximum."""
    record.check_keys(("items",))
    items = read_labelled(record, "items", max_points)
    total = sum((item.points for item in items), Decimal(0))
    if total > max_points:
        raise record.fault(
            "items",
            say(
                N_("All parts together give %(total)s, above %(bound)s."),
                total=total,
                bound=max_points,
            ),
        )
    return items


def read(items: Items, record: Record) -> tuple[int, ...]:
    """``{"ticked": [1, 3]}``, counted from 1, each once; empty when nothing holds."""
    record.check_keys(("ticked",))
    ticked = record.wholes("ticked", low=1, high=len(items))
    if len(set(ticked)) != len(ticked):
        raise DataError(say(N_("A part is ticked twice.")), "ticked")
    return ticked


def points(items: Items, max_points: Decimal, ticked: tuple[int, ...]) -> Fraction:
    return sum((Fraction(items[number - 1].points) for number in ticked), Fraction(0))


def fields(items: Items) -> tuple[DataField, ...]:
    choices = tuple(
        Choice(number, item.label, item.points)
        for number, item in enumerate(items, start=1)
    )
    return (DataField("ticked", say(N_("Parts that hold")), "ticks", choices),)


def describe(items: Items, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(N_("The sum of the parts that hold:")),
        *(
            say(
                N_("%(label)s: %(points)s points"), label=item.label, points=item.points
            )
            for item in items
        ),
    )


def steps(
    items: Items, max_points: Decimal, ticked: tuple[int, ...]
) -> tuple[Sentence, ...]:
    if not ticked:
        return (say(N_("No part holds: 0")),)
    total = points(items, max_points, ticked)
    return (
        *(
            say(
                N_("%(label)s: %(points)s"),
                label=items[number - 1].label,
                points=items[number - 1].points,
            )
            for number in sorted(ticked)
        ),
        say(N_("Sum: %(points)s"), points=round_half_up(total, MOST_DECIMALS)),
    )


RULE = Rule("checklist", parse, read, points, fields, describe, steps)
