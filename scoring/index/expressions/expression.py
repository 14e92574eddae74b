"""A checked expression."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.index.outcomes import Outcome
from scoring.index.sentences import N_, say

from .checks import check_branch
from .evaluation import evaluate
from .nodes import Node
from .reader import Reader, refused, tokens_of

MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression, ready to be evaluated with a value for every name."""

    text: str
    root: Node

    def evaluate(self, values: Mapping[str, Fraction]) -> Outcome:
        """The exact value; DataError when the declared data make it divide by zero."""
        return evaluate(self.root, values)


def parse_expression(text: str, names: Collection[str]) -> Expression:
    """Read and check ``text``, which may speak of ``names`` alone.

    ParametersError says what is not part of the language, and where.
    """
    if len(text) > MOST_CHARACTERS:
        raise refused(
            say(
                N_("The expression is longer than %(most)s characters."),
                most=MOST_CHARACTERS,
            )
        )
    root = Reader(tuple(tokens_of(text)), frozenset(names)).whole()
    check_branch(root, is_inside_if=False)
    return Expression(text, root)
