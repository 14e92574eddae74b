"""Sentences of the engine: English templates with values, translated where they are shown.

The engine knows no language. A template is marked with ``N_`` so that the extraction
of messages finds it; whoever shows a sentence translates the template first and formats
the values (Decimals by the reader's habits) afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Union

from .figures import shortest

Value = Union[str, int, Decimal, Fraction, "Published", "Sentence"]


def N_(template: str) -> str:
    """Mark ``template`` for extraction; it is translated when shown, not here."""
    return template


@dataclass(frozen=True, slots=True)
class Published:
    """A figure shown as it is published, zeros at its end included: ``75.30``."""

    figure: Decimal  # of two decimals


@dataclass(frozen=True, slots=True)
class Sentence:
    """A %-template (``%(name)s``, a literal percent sign is ``%%``) and its values."""

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def english(self) -> str:
        """The sentence in English with a dot before the decimals."""
        return self.template % {key: _plain(v) for key, v in self.values.items()}

    def __str__(self) -> str:
        return self.english()


def say(template: str, **values: Value) -> Sentence:
    """A sentence from a marked template: ``say(N_("%(a)s exceeds …"), a=…)``."""
    return Sentence(template, values)


def _plain(value: Value) -> str:
    if isinstance(value, Sentence):
        return value.english()
    if isinstance(value, Published):
        return f"{value.figure:.2f}"
    if isinstance(value, Decimal):
        return shortest(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return str(value)
