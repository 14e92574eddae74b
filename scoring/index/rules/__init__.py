"""The scoring rules. To add one: write its module, name it here, label it for people
in the application, and give it a line in the example table of the tests."""

from __future__ import annotations

from typing import Any

from . import (
    bands,
    bonus_count,
    checklist,
    choice,
    count,
    count_bands,
    deduction,
    external_index,
    formula,
    manual,
    penalty_count,
    penalty_share,
    proportional,
    proportional_bands,
    satisfaction,
    sociological,
    yes_no,
    zero_if_any,
)
from .base import NOT_APPLICABLE, Choice, DataField, NotApplicable, Outcome, Rule

RULES: dict[str, Rule[Any, Any]] = {
    rule.key: rule
    for rule in (
        choice.RULE,
        yes_no.RULE,
        checklist.RULE,
        count.RULE,
        count_bands.RULE,
        deduction.RULE,
        proportional.RULE,
        bands.RULE,
        proportional_bands.RULE,
        formula.RULE,
        zero_if_any.RULE,
        external_index.RULE,
        sociological.RULE,
        satisfaction.RULE,
        manual.RULE,
        bonus_count.RULE,
        penalty_count.RULE,
        penalty_share.RULE,
    )
}

# The rule of the one branch that holds bonus and penalty leaves; it measures nothing.
ADJUSTMENTS = "adjustments"

__all__ = [
    "ADJUSTMENTS",
    "NOT_APPLICABLE",
    "RULES",
    "Choice",
    "DataField",
    "NotApplicable",
    "Outcome",
    "Rule",
]
