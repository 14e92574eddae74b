"""Declared variables in an expression: (b / a) × 2 + (c / a) × 1."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.expressions import (
    Expression,
    case_for,
    cases_of,
    is_nothing,
    is_variable_name,
    parse_expression,
    written,
)
from scoring.index.expressions.nodes import Node
from scoring.index.records import Record
from scoring.index.sentences import N_, Sentence, say

from .base import NOT_APPLICABLE, DataField, Outcome, Rule
from .shared import result

Values = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Formula:
    """``variables`` are (name, label) pairs in the order of their names."""

    variables: tuple[tuple[str, str], ...]
    expression: Expression


def parse(record: Record, max_points: Decimal) -> Formula:
    """``{"variables": {"a": "files"}, "expression": "NA if a == 0 else 1 / a"}``."""
    record.check_keys(("variables", "expression"))
    variables = record.record("variables")
    if not variables.raw:
        raise record.fault("variables", say(N_("The list is empty.")))
    for name in variables.raw:
        if not is_variable_name(name):
            raise variables.fault(
                name, say(N_("“%(name)s” cannot name a variable."), name=name)
            )
    return Formula(
        tuple((name, variables.text(name)) for name in sorted(variables.raw)),
        parse_expression(record.text("expression"), variables.raw.keys()),
    )


def read(formula: Formula, record: Record) -> Values:
    """``{"a": 10, "b": "8.5"}``, every variable, each at least 0."""
    names = [name for name, _ in formula.variables]
    record.check_keys(names)
    return {name: record.number(name, low=0) for name in names}


def exact(formula: Formula, values: Values) -> Outcome:
    """The expression's own value, before it is brought into 0..maximum."""
    return formula.expression.evaluate(
        {name: Fraction(value) for name, value in values.items()}
    )


def points(formula: Formula, max_points: Decimal, values: Values) -> Outcome:
    outcome = exact(formula, values)
    if outcome is NOT_APPLICABLE:
        return outcome
    return min(max(outcome, Fraction(0)), Fraction(max_points))


def fields(formula: Formula) -> tuple[DataField, ...]:
    return tuple(
        DataField(
            name,
            say(N_("%(name)s: %(label)s"), name=name, label=label),
            "variable",
            low=Decimal(0),
        )
        for name, label in formula.variables
    )


def describe(formula: Formula, max_points: Decimal) -> tuple[Sentence, ...]:
    cases = cases_of(formula.expression.root)
    return (
        *(_case(*case, is_only=len(cases) == 1) for case in cases),
        *(
            say(N_("%(name)s: %(label)s"), name=name, label=label)
            for name, label in formula.variables
        ),
        say(N_("Held within 0 and %(maximum)s points."), maximum=max_points),
    )


def _case(condition: Node | None, branch: Node, *, is_only: bool) -> Sentence:
    if condition is None:
        if is_nothing(branch):
            return say(N_("Otherwise: not applicable"))
        if is_only:
            return say(N_("Points = %(expression)s"), expression=written(branch))
        return say(N_("Otherwise: points = %(expression)s"), expression=written(branch))
    if is_nothing(branch):
        return say(
            N_("Not applicable when %(condition)s"), condition=written(condition)
        )
    return say(
        N_("When %(condition)s: points = %(expression)s"),
        condition=written(condition),
        expression=written(branch),
    )


def steps(
    formula: Formula, max_points: Decimal, values: Values
) -> tuple[Sentence, ...]:
    """The case that the values choose, with the figures in the place of the names."""
    condition, branch = case_for(
        formula.expression.root,
        {name: Fraction(value) for name, value in values.items()},
    )
    outcome = exact(formula, values)
    if outcome is NOT_APPLICABLE:
        return (_not_applicable(condition),)
    lines = [
        result(
            N_("%(filled)s = %(result)s"),
            N_("%(filled)s ≈ %(result)s"),
            outcome,
            filled=written(branch, values),
        )
    ]
    if outcome < 0:
        lines.append(say(N_("Held at the bound: %(points)s"), points=Decimal(0)))
    if outcome > max_points:
        lines.append(say(N_("Held at the bound: %(points)s"), points=max_points))
    return tuple(lines)


def _not_applicable(condition: Node | None) -> Sentence:
    if condition is None:
        return say(N_("Otherwise: not applicable"))
    return say(N_("%(filled)s: not applicable"), filled=written(condition))


RULE = Rule("formula", parse, read, points, fields, describe, steps)
