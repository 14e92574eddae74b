"""A start minus so many points per fault, not below a floor."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.errors import DataError
from scoring.index.figures import MOST_DECIMALS, round_half_up
from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import Choice, DataField, Rule
from .shared import Labelled, product, read_labelled


@dataclass(frozen=True, slots=True)
class Deduction:
    start: Decimal
    floor: Decimal
    faults: tuple[Labelled, ...]

    def raw(self, counts: tuple[int, ...]) -> Fraction:
        """What is left before the floor."""
        lost = sum(
            (
                count * Fraction(fault.points)
                for count, fault in zip(counts, self.faults, strict=True)
            ),
            Fraction(0),
        )
        return Fraction(self.start) - lost


def parse(record: Record, max_points: Decimal) -> Deduction:
    """``{"start": 1, "floor": 0, "faults": [{"label": …, "points": …}]}``."""
    record.check_keys(("start", "floor", "faults"))
    start = record.number("start", low=0, high=max_points)
    return Deduction(
        start,
        record.number("floor", low=0, high=start),
        # One fault may cost more than there is: the floor holds it.
        read_labelled(record, "faults", None),
    )


def read(params: Deduction, record: Record) -> tuple[int, ...]:
    """``{"counts": [0, 2]}``, one count per fault in their order."""
    record.check_keys(("counts",))
    counts = record.wholes("counts")
    if len(counts) != len(params.faults):
        raise DataError(
            say(
                N_("One count per fault is needed: %(needed)s, not %(given)s."),
                needed=len(params.faults),
                given=len(counts),
            ),
            "counts",
        )
    return counts


def points(params: Deduction, max_points: Decimal, counts: tuple[int, ...]) -> Fraction:
    return max(params.raw(counts), Fraction(params.floor))


def fields(params: Deduction) -> tuple[DataField, ...]:
    choices = tuple(
        Choice(number, fault.label, fault.points)
        for number, fault in enumerate(params.faults, start=1)
    )
    label = say(N_("Number of each fault"))
    return (DataField("counts", label, "counts", choices, low=Decimal(0)),)


def describe(params: Deduction, max_points: Decimal) -> tuple[Sentence, ...]:
    return (
        say(N_("Starts at %(start)s points."), start=params.start),
        *(
            say(
                N_("Less %(points)s points for each: %(label)s"),
                points=fault.points,
                label=fault.label,
            )
            for fault in params.faults
        ),
        say(N_("Not below %(floor)s points."), floor=params.floor),
    )


def steps(
    params: Deduction, max_points: Decimal, counts: tuple[int, ...]
) -> tuple[Sentence, ...]:
    lines = [say(N_("Start: %(start)s"), start=params.start)]
    lines += [
        say(
            N_("%(label)s: %(count)s × %(points)s = %(lost)s deducted"),
            label=fault.label,
            count=count,
            points=fault.points,
            lost=product(count, fault.points),
        )
        for count, fault in zip(counts, params.faults, strict=True)
        if count
    ]
    raw = params.raw(counts)
    lines.append(say(N_("Left: %(points)s"), points=round_half_up(raw, MOST_DECIMALS)))
    if raw < params.floor:
        lines.append(say(N_("Held at the floor: %(floor)s"), floor=params.floor))
    return tuple(lines)


RULE = Rule("deduction", parse, read, points, fields, describe, steps, punishes=True)
