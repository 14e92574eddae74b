"""The small language of the ``formula`` rule: exact, lazy, and unable to do harm.

Names, decimal numbers, ``+ - * /`` (``×`` and ``÷`` too), parentheses, unary minus,
comparisons, ``x if condition else y``, ``min``, ``max``, and ``NA`` as a whole branch of
an ``if`` that is the whole expression or a whole branch itself. Everything is checked
when a criteria set is edited, so that evaluating can fail only on a division by zero.
"""

from .expression import MOST_CHARACTERS, Expression, parse_expression
from .reader import DEEPEST, is_variable_name
from .words import case_for, cases_of, is_nothing, written

__all__ = [
    "DEEPEST",
    "MOST_CHARACTERS",
    "Expression",
    "case_for",
    "cases_of",
    "is_nothing",
    "is_variable_name",
    "parse_expression",
    "written",
]
