"""What a filled workbook would change, as rows to be saved and as words to be shown."""

from dataclasses import dataclass
from decimal import Decimal

from scoring.actions.cells import CellChange
from scoring.index.errors import DataError
from scoring.index.figures import shortest
from scoring.index.jsontext import read_object
from scoring.labels import Layer, NotApplicable
from scoring.queries.offline import NOTHING, self_facts
from scoring.queries.sheet_texts import criterion_texts, declared
from scoring.wording import show_points


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One criterion as it will be saved.

    version      of the cell that stands on-line now
    is_conflict  it was changed on-line after the workbook was handed out
    """

    code: str
    points: Decimal | None
    data: str
    not_applicable: str
    reason: str
    version: int
    is_conflict: bool = False

    def change(self):
        """With the data that the points were computed from, so that the engine
        computes them once more; points without data stand as given."""
        return CellChange(
            self.code,
            Layer.SELF,
            points=self.points,
            data=read_object(self.data, DataError) if self.data else None,
            not_applicable="" if self.data else self.not_applicable,
            reason=self.reason,
            expected_version=self.version,
        )

    def to_plain(self):
        """As a list that JSON can carry through the preview."""
        points = None if self.points is None else shortest(self.points)
        return [
            self.code,
            points,
            self.data,
            self.not_applicable,
            self.reason,
            self.version,
            self.is_conflict,
        ]


def row_from_plain(plain):
    code, points, *rest = plain
    return SheetRow(code, None if points is None else Decimal(points), *rest)


@dataclass(frozen=True, slots=True)
class Said:
    """One state of a criterion in words, "" where nothing is said."""

    points: str
    data: str
    reason: str

    @property
    def is_blank(self):
        return not (self.points or self.data or self.reason)


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion that would change: what stands on-line, what the workbook says."""

    code: str
    name: str
    before: Said
    after: Said
    is_conflict: bool


def differences(file, rows):
    """The rows of a plan beside what stands on-line now; one query."""
    criteria_set = file.group.criteria_set
    texts = {text.code: text for text in criterion_texts(criteria_set)}
    now = self_facts(file)
    return [
        Difference(
            row.code,
            texts[row.code].name,
            _said(criteria_set, texts[row.code], now.get(row.code, NOTHING)),
            _said(criteria_set, texts[row.code], row),
            row.is_conflict,
        )
        for row in rows
    ]


def _said(criteria_set, text, facts):
    if facts.not_applicable:
        points = str(NotApplicable(facts.not_applicable).label)
    else:
        points = "" if facts.points is None else show_points(facts.points)
    words = declared(criteria_set, text, facts.data).words if facts.data else ""
    return Said(points, words, facts.reason)
