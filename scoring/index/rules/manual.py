"""The appraiser's judgement within 0..maximum: points are given, never computed."""

from __future__ import annotations

from decimal import Decimal

from scoring.index.errors import DataError
from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import DataField, Outcome, Rule


def parse(record: Record, max_points: Decimal) -> None:
    """No parameters."""
    record.check_keys(())


def read(params: None, record: Record) -> None:
    raise refusal()


def points(params: None, max_points: Decimal, data: None) -> Outcome:
    raise refusal()


def refusal() -> DataError:
    return DataError(
        say(N_("This criterion takes points by judgement and no declared data."))
    )


def fields(params: None) -> tuple[DataField, ...]:
    return ()


def describe(params: None, max_points: Decimal) -> tuple[Sentence, ...]:
    return (say(N_("By judgement, from 0 to %(maximum)s points."), maximum=max_points),)


def steps(params: None, max_points: Decimal, data: None) -> tuple[Sentence, ...]:
    raise refusal()


RULE = Rule("manual", parse, read, points, fields, describe, steps, computes=False)
