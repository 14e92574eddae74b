"""An expression as officials write it: ``b / a × 2``, ``a = 0``, no word of a program.

What is written is a Sentence, so that decimals stand as the reader writes them. With
``values`` the figures stand in the place of the names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from scoring.index.figures import round_half_up
from scoring.index.sentences import N_, Sentence, say

from .evaluation import holds
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

Values = Mapping[str, Decimal]
Words = Sentence | Decimal | str

# More decimals than anybody writes into a rule.
MOST_DECIMALS = 20

_SUM, _PRODUCT, _SIGNED, _WHOLE = range(4)
_BINDS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}
_WRITTEN = {
    "+": "+",
    "-": "−",
    "*": "×",
    "/": "/",
    "==": "=",
    "!=": "≠",
    "<=": "≤",
    ">=": "≥",
}


def cases_of(root: Node) -> tuple[tuple[Node | None, Node], ...]:
    """``((condition, branch), …)`` in the order in which they are asked; the last
    branch, whose condition is None, holds where no condition does."""
    return tuple(_cases(root))


def case_for(root: Node, values: Mapping[str, Fraction]) -> tuple[Node | None, Node]:
    """The case of ``cases_of`` that these values choose."""
    return next(
        (condition, branch)
        for condition, branch in _cases(root)
        if condition is None or holds(condition, values)
    )


def is_nothing(node: Node) -> bool:
    """Whether the branch says "not applicable"."""
    return isinstance(node, Nothing)


def written(node: Node, values: Values | None = None) -> Words:
    """The words of an expression or a condition."""
    match node:
        case Number(value=value):
            return round_half_up(value, MOST_DECIMALS)
        case Name(name=name):
            return name if values is None else values[name]
        case Nothing():
            return say(N_("not applicable"))
        case Negative(operand=operand):
            return _in_signs("−%(operand)s", operand=_inside(operand, _SIGNED, values))
        case Binary():
            return _operation(node, values)
        case Call(name=name, arguments=arguments):
            template = (
                N_("the smallest of (%(list)s)")
                if name == "min"
                else N_("the largest of (%(list)s)")
            )
            return say(template, list=_joined([written(a, values) for a in arguments]))
        case Comparison(operands=operands, signs=signs):
            return _comparison([written(one, values) for one in operands], signs)
        case Conditional(yes=yes, condition=condition, no=no):
            return say(
                N_("%(yes)s if %(condition)s, otherwise %(no)s"),
                yes=written(yes, values),
                condition=written(condition, values),
                no=written(no, values),
            )
    raise TypeError(f"{type(node).__name__} has no words")


def _cases(node: Node) -> Iterator[tuple[Node | None, Node]]:
    if not isinstance(node, Conditional):
        yield None, node
        return
    yield node.condition, node.yes
    yield from _cases(node.no)


def _operation(node: Binary, values: Values | None) -> Sentence:
    """The right side of − and / keeps its parentheses, and so does a share that is
    multiplied: (b / a) × 2."""
    binds = _BINDS[node.sign]
    left = binds
    if node.sign == "*" and isinstance(node.left, Binary) and node.left.sign == "/":
        left = _SIGNED
    return _in_signs(
        f"%(left)s {_WRITTEN[node.sign]} %(right)s",
        left=_inside(node.left, left, values),
        right=_inside(node.right, binds + 1, values),
    )


def _inside(node: Node, binds: int, values: Values | None) -> Words:
    words = written(node, values)
    return words if _binding(node) >= binds else _in_signs("(%(inside)s)", inside=words)


def _binding(node: Node) -> int:
    if isinstance(node, Binary):
        return _BINDS[node.sign]
    if isinstance(node, Negative):
        return _SIGNED
    return _SUM - 1 if isinstance(node, Conditional) else _WHOLE


def _comparison(operands: list[Words], signs: tuple[str, ...]) -> Words:
    words = operands[0]
    for sign, operand in zip(signs, operands[1:], strict=True):
        words = _in_signs(
            f"%(left)s {_WRITTEN.get(sign, sign)} %(right)s", left=words, right=operand
        )
    return words


def _joined(parts: list[Words]) -> Words:
    """With semicolons: a comma may be a decimal mark."""
    words = parts[0]
    for part in parts[1:]:
        words = _in_signs("%(left)s; %(right)s", left=words, right=part)
    return words


def _in_signs(template: str, **parts: Words) -> Sentence:
    """Signs alone, which are the same in every language: nothing to translate."""
    return Sentence(template, parts)
