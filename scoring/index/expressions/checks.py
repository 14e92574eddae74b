"""What may stand where in an expression."""

from __future__ import annotations

from scoring.index.sentences import N_, say

from .nodes import Binary, Call, Comparison, Conditional, Negative, Node, Nothing
from .reader import refused


def check_branch(node: Node, *, is_inside_if: bool) -> None:
    """Check the whole expression, or a whole branch of a whole ``if``."""
    if isinstance(node, Nothing) and is_inside_if:
        return
    if isinstance(node, Conditional):
        _check_condition(node.condition)
        check_branch(node.yes, is_inside_if=True)
        check_branch(node.no, is_inside_if=True)
        return
    _check_value(node)


def _check_condition(node: Node) -> None:
    if not isinstance(node, Comparison):
        raise refused(say(N_("The condition of an “if” must be a comparison.")))
    for operand in node.operands:
        _check_value(operand)


def _check_value(node: Node) -> None:
    """Check a part that must be a figure."""
    if isinstance(node, Nothing):
        raise refused(
            say(N_("NA may only be a whole branch of an “if” that is the whole."))
        )
    if isinstance(node, Comparison):
        raise refused(say(N_("A comparison may only be the condition of an “if”.")))
    if isinstance(node, Conditional):
        _check_condition(node.condition)
        _check_value(node.yes)
        _check_value(node.no)
    elif isinstance(node, Negative):
        _check_value(node.operand)
    elif isinstance(node, Binary):
        _check_value(node.left)
        _check_value(node.right)
    elif isinstance(node, Call):
        for argument in node.arguments:
            _check_value(argument)
