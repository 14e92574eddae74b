"""A checked expression."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from scoring.index.outcomes import Outcome
from scoring.index.sentences import N_, say

from .checks import check_branch
from .evaluation import evaluate
from .nodes import Node
from .reader import Reader, Token, refused, tokens_of

MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression, ready to be evaluated with a value for every name."""

    text: str
    root: Node
    tokens: tuple[Token, ...] = field(repr=False)

    def evaluate(self, values: Mapping[str, Fraction]) -> Outcome:
        """The exact value; DataError when the declared data make it divide by zero."""
        return evaluate(self.root, values)

    def with_values(self, values: Mapping[str, str]) -> str:
        """The expression as text with the values in the place of the names."""
        text = " ".join(
            values.get(token.text, token.text) if token.kind == "name" else token.text
            for token in self.tokens
        )
        for loose, tight in (("( ", "("), (" )", ")"), (" ,", ",")):
            text = text.replace(loose, tight)
        return text.replace("min (", "min(").replace("max (", "max(")


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
    tokens = tuple(tokens_of(text))
    root = Reader(tokens, frozenset(names)).whole()
    check_branch(root, is_inside_if=False)
    return Expression(text, root, tokens)
