"""From the text of an expression to its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from scoring.index.errors import ParametersError
from scoring.index.sentences import N_, Sentence, say

from .evaluation import COMPARISONS
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

DEEPEST = 20

# Parentheses leave no trace in the tree; this holds the reader's own recursion.
MOST_NESTED = 60

CALLS = ("min", "max")
NOT_APPLICABLE_NAME = "NA"
RESERVED = frozenset({"if", "else", "and", "or", "not", "in", "is", "True", "False"})
RESERVED |= {"None", "lambda", NOT_APPLICABLE_NAME, *CALLS}

_SAME_AS = {"×": "*", "÷": "/"}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<mark><=|>=|==|!=|\*\*|//|[-+*/×÷()<>,]))"
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str


def is_variable_name(text: str) -> bool:
    """Whether ``text`` can name a declared variable."""
    match = _TOKEN.fullmatch(text)
    return match is not None and match.group("name") == text and text not in RESERVED


def refused(sentence: Sentence) -> ParametersError:
    return ParametersError(sentence, "expression")


def tokens_of(text: str) -> Iterator[Token]:
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise refused(
                say(
                    N_("“%(text)s” is not part of an expression."),
                    text=text[position:].strip()[:20],
                )
            )
        position = match.end()
        yield Token(str(match.lastgroup), match.group(str(match.lastgroup)))


class Reader:
    """Reads tokens by descending from the loosest binding to the tightest."""

    def __init__(self, tokens: tuple[Token, ...], names: frozenset[str]) -> None:
        self.tokens = tokens
        self.names = names
        self.position = 0
        self.nested = 0

    def whole(self) -> Node:
        if not self.tokens:
            raise refused(say(N_("The expression is empty.")))
        node = self.conditional()
        if self.position < len(self.tokens):
            raise self.unexpected()
        return node

    def conditional(self) -> Node:
        self.nested += 1
        if self.nested > MOST_NESTED:
            raise _too_deep()
        node = self.comparison()
        if self.took("if"):
            condition = self.comparison()
            self.expect("else")
            no = self.conditional()
            node = Conditional(node, condition, no, _above(node, condition, no))
        self.nested -= 1
        return node

    def comparison(self) -> Node:
        operands = [self.sum()]
        signs = []
        while sign := self.took(*COMPARISONS):
            signs.append(sign)
            operands.append(self.sum())
        if not signs:
            return operands[0]
        return Comparison(tuple(operands), tuple(signs), _above(*operands))

    def sum(self) -> Node:
        node = self.product()
        while sign := self.took("+", "-"):
            right = self.product()
            node = Binary(sign, node, right, _above(node, right))
        return node

    def product(self) -> Node:
        node = self.signed()
        while sign := self.took("*", "/", *_SAME_AS):
            right = self.signed()
            node = Binary(_SAME_AS.get(sign, sign), node, right, _above(node, right))
        return node

    def signed(self) -> Node:
        minuses = 0
        while self.took("-"):
            minuses += 1
        node = self.operand()
        for _ in range(minuses):
            node = Negative(node, _above(node))
        return node

    def operand(self) -> Node:
        if self.position == len(self.tokens):
            raise refused(say(N_("The expression ends too early.")))
        token = self.tokens[self.position]
        if token.kind == "number":
            self.position += 1
            return Number(Fraction(token.text))
        if token.text in CALLS:
            self.position += 1
            return self.call(token.text)
        if token.kind == "name":
            return self.name()
        if self.took("("):
            node = self.conditional()
            self.expect(")")
            return node
        raise self.unexpected()

    def call(self, name: str) -> Node:
        self.expect("(")
        arguments = [self.conditional()]
        while self.took(","):
            arguments.append(self.conditional())
        self.expect(")")
        if len(arguments) == 1:
            raise refused(say(N_("%(name)s needs at least two values."), name=name))
        return Call(name, tuple(arguments), _above(*arguments))

    def name(self) -> Node:
        name = self.tokens[self.position].text
        if name == NOT_APPLICABLE_NAME:
            self.position += 1
            return Nothing()
        if name in RESERVED:
            raise self.unexpected()
        if name not in self.names:
            raise refused(say(N_("“%(name)s” is not among the variables."), name=name))
        self.position += 1
        return Name(name)

    def took(self, *texts: str) -> str:
        """The next token's text if it is one of ``texts``, which is then passed."""
        if self.position < len(self.tokens):
            text = self.tokens[self.position].text
            if text in texts:
                self.position += 1
                return text
        return ""

    def expect(self, text: str) -> None:
        if not self.took(text):
            raise refused(say(N_("“%(text)s” is missing."), text=text))

    def unexpected(self) -> ParametersError:
        text = self.tokens[self.position].text
        return refused(say(N_("“%(text)s” is not allowed here."), text=text))


def _above(*nodes: Node) -> int:
    """The depth of a node over ``nodes``; refused when the tree gets too deep."""
    depth = 1 + max(node.depth for node in nodes)
    if depth > DEEPEST:
        raise _too_deep()
    return depth


def _too_deep() -> ParametersError:
    return refused(
        say(N_("The expression is nested deeper than %(most)s."), most=DEEPEST)
    )
