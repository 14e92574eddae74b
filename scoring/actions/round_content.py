"""What one round says as plain values: what a round bundle holds, checked.

Made by ``scoring/exchange/bundle/`` from files, stored by ``actions/rounds.py``.
Figures and cells have passed the engine; codes refer to each other soundly.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scoring.actions.surveys import SurveyFigure
from scoring.index.cells import CheckedCell
from scoring.index.values import CriteriaTree, CriterionRow


@dataclass(frozen=True, slots=True)
class PhaseContent:
    name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SetContent:
    """A criteria set; ``rows`` carry their parameters as canonical text.

    meta  name_vi, name_en, decision, points_decimals, cap_at_100
    """

    name: str
    meta: Mapping
    rows: tuple[CriterionRow, ...]
    tree: CriteriaTree


@dataclass(frozen=True, slots=True)
class GroupContent:
    code: str
    name_vi: str
    name_en: str
    criteria: str


@dataclass(slots=True)
class FileContent:
    """One agency in the round.

    exemptions  documents by criterion code
    cells       by (leaf code, layer); never a cell without a value
    surveys     by leaf code
    """

    agency: str
    name_vi: str
    group: str
    is_assessed: bool
    reason: str
    exemptions: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, str], CheckedCell] = field(default_factory=dict)
    surveys: dict[str, SurveyFigure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoundContent:
    """A whole round.

    facts   fields of the round itself, named as in the model
    groups, files  in their order; ``files`` by agency code
    """

    year: int
    facts: Mapping
    phases: tuple[PhaseContent, ...]
    sets: Mapping[str, SetContent]
    groups: tuple[GroupContent, ...]
    files: Mapping[str, FileContent]


def canonical_rows(rows, tree):
    """The rows of a set with their parameters as the engine's canonical text."""
    return tuple(
        dataclasses.replace(row, parameters=tree.by_code[row.code].parameters_text)
        for row in rows
    )
