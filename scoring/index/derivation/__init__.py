"""The worked derivation: from leaves over criteria and fields to the index.

It adds up for itself, from the leaves it shows, in Decimals and branch by branch; that
it ends at the figure of ``rollup`` is a test, not a construction.
"""

from .lines import LAYER_WORDS, lines
from .values import (
    EXEMPTED,
    MISSING_SURVEY,
    NOT_APPLICABLE,
    NOT_SCORED,
    SCORED,
    SURVEY,
    CellText,
    Derivation,
    DerivedBranch,
    DerivedLeaf,
)
from .worker import derive

__all__ = [
    "EXEMPTED",
    "LAYER_WORDS",
    "MISSING_SURVEY",
    "NOT_APPLICABLE",
    "NOT_SCORED",
    "SCORED",
    "SURVEY",
    "CellText",
    "Derivation",
    "DerivedBranch",
    "DerivedLeaf",
    "derive",
    "lines",
]
