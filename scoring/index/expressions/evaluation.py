"""The exact value of a checked expression."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from scoring.index.errors import DataError
from scoring.index.outcomes import NOT_APPLICABLE, Outcome
from scoring.index.sentences import N_, say

from .nodes import (
    Binary,
    Call,
    Comparison,
    Conditional,
    Name,
    Negative,
    Node,
    Nothing,
    Number,
)

_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def evaluate(root: Node, values: Mapping[str, Fraction]) -> Outcome:
    """The value; DataError when the declared data make it divide by zero."""
    if isinstance(root, Nothing | Conditional):
        return _branch(root, values)
    return _value(root, values)


def _branch(node: Node, values: Mapping[str, Fraction]) -> Outcome:
    if isinstance(node, Nothing):
        return NOT_APPLICABLE
    if isinstance(node, Conditional):
        chosen = node.yes if holds(node.condition, values) else node.no
        return _branch(chosen, values)
    return _value(node, values)


def holds(node: Node, values: Mapping[str, Fraction]) -> bool:
    """Whether the comparison is true with these values."""
    if not isinstance(node, Comparison):
        raise TypeError("a condition is a comparison")
    operands = [_value(operand, values) for operand in node.operands]
    return all(
        COMPARISONS[sign](left, right)
        for sign, left, right in zip(node.signs, operands, operands[1:], strict=False)
    )


def _value(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    match node:
        case Number(value=value):
            return value
        case Name(name=name):
            return values[name]
        case Negative(operand=operand):
            return -_value(operand, values)
        case Binary(sign=sign, left=left, right=right):
            return _arithmetic(sign, _value(left, values), _value(right, values))
        case Call(name=name, arguments=arguments):
            choose = min if name == "min" else max
            return choose(_value(argument, values) for argument in arguments)
        case Conditional(yes=yes, condition=condition, no=no):
            return _value(yes if holds(condition, values) else no, values)
    raise TypeError(f"{type(node).__name__} has no figure")


def _arithmetic(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign == "/" and not right:
        raise DataError(say(N_("With these data the formula divides by zero.")))
    return _ARITHMETIC[sign](left, right)
