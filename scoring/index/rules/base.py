"""What a scoring rule is, and the outcomes and data fields that all rules share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from scoring.index.errors import DataError, ParametersError
from scoring.index.figures import MOST_DECIMALS
from scoring.index.outcomes import NOT_APPLICABLE, NotApplicable, Outcome
from scoring.index.records import Record
from scoring.index.sentences import Sentence

APPRAISED = "appraised"
SOCIOLOGICAL = "sociological"
SATISFACTION = "satisfaction"
BONUS = "bonus"
PENALTY = "penalty"
KINDS = (APPRAISED, SOCIOLOGICAL, SATISFACTION, BONUS, PENALTY)
SURVEYS = (SOCIOLOGICAL, SATISFACTION)
ADJUSTMENT_KINDS = (BONUS, PENALTY)


P = TypeVar("P")
D = TypeVar("D")


__all__ = [
    "ADJUSTMENT_KINDS",
    "APPRAISED",
    "BONUS",
    "KINDS",
    "NOT_APPLICABLE",
    "PENALTY",
    "SATISFACTION",
    "SOCIOLOGICAL",
    "SURVEYS",
    "Choice",
    "DataField",
    "NotApplicable",
    "Outcome",
    "Rule",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers of a field: what is stored, its words, what it brings."""

    value: int | bool
    label: str | Sentence
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DataField:
    """One entry of declared data, enough to draw an input for it.

    key    the key in the data
    label  words of the criteria set (as written there) or of the engine (a Sentence)
    kind   "option" (one of ``choices``), "yes_no", "ticks" (any of ``choices``),
           "whole", "number", "counts" (a whole number per line of ``choices``),
           "variable" (a number of a formula)
    low, high  bounds, None when open
    """

    key: str
    label: str | Sentence
    kind: str
    choices: tuple[Choice, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rule(Generic[P, D]):
    """A way to turn declared data into points.

    key      its name in criteria sets
    kind     the kind of the leaves that it measures
    punishes more of what is declared brings fewer points
    computes False for the appraiser's free judgement, which takes no data
    The functions are those of the rule's module; parameters are checked when a set is
    edited, so that with parsed parameters only data can be refused.
    """

    key: str
    read_parameters: Callable[[Record, Decimal], P]
    read_data: Callable[[P, Record], D]
    worth: Callable[[P, Decimal, D], Outcome]
    data_fields: Callable[[P], tuple[DataField, ...]]
    explain: Callable[[P, Decimal], tuple[Sentence, ...]]
    work: Callable[[P, Decimal, D], tuple[Sentence, ...]]
    kind: str = APPRAISED
    punishes: bool = False
    computes: bool = True

    def parse(self, raw: Mapping[str, object], max_points: Decimal) -> P:
        """Check the rule's own parameters; ParametersError names the faulty key."""
        return self.read_parameters(parameter_record(raw), max_points)

    def points(
        self, params: P, max_points: Decimal, data: Mapping[str, object]
    ) -> Outcome:
        """The exact worth of ``data``, neither rounded nor brought into the range.

        Refused with DataError: missing or unknown entries, figures out of range, and
        a division by zero.
        """
        return self.worth(params, max_points, self.check(params, data))

    def check(self, params: P, data: Mapping[str, object]) -> D:
        """Read declared data, or raise DataError."""
        return self.read_data(params, data_record(data))

    def fields(self, params: P) -> tuple[DataField, ...]:
        """The entries of declared data that this rule takes, in the form's order."""
        return self.data_fields(params)

    def describe(self, params: P, max_points: Decimal) -> tuple[Sentence, ...]:
        """ "How points are computed", from the parameters that compute."""
        return self.explain(params, max_points)

    def steps(
        self, params: P, max_points: Decimal, data: Mapping[str, object]
    ) -> tuple[Sentence, ...]:
        """The computation written out with this data, before rounding."""
        return self.work(params, max_points, self.check(params, data))


def parameter_record(raw: Mapping[str, object]) -> Record:
    """Parameters for reading: figures have at most four decimals."""
    return Record(raw, ParametersError, MOST_DECIMALS)


def data_record(raw: Mapping[str, object]) -> Record:
    """Declared data for reading: figures may have any number of decimals."""
    return Record(raw, DataError)
