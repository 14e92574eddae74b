"""The syntax tree of an expression."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Nothing:
    """The word NA."""

    depth: int = 1


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Node
    depth: int


@dataclass(frozen=True, slots=True)
class Binary:
    sign: str
    left: Node
    right: Node
    depth: int


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Node, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a < b`` or ``a < b <= c``: true when every neighbouring pair is."""

    operands: tuple[Node, ...]
    signs: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Conditional:
    yes: Node
    condition: Node
    no: Node
    depth: int


Node = Number | Name | Nothing | Negative | Binary | Call | Comparison | Conditional
