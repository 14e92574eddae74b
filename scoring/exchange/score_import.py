"""Scores of a round from a workbook: read, checked, compared, never written."""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import cells
from scoring.actions.cells import CellChange
from scoring.exchange.import_rows import (
    AGENCY,
    CRITERION,
    IGNORED,
    Difference,
    RoundCodes,
    read_cell,
    without_repeats,
)
from scoring.exchange.reader import (
    Column,
    Fault,
    figure_of,
    read_table,
    text_of,
)
from scoring.index.errors import DataError, ScoringError
from scoring.index.figures import shortest
from scoring.index.jsontext import read_object
from scoring.labels import Layer, LedgerKind, NotApplicable
from scoring.models import Cell
from scoring.queries.criteria import tree_of
from scoring.refusals import Refused
from scoring.wording import say, show_points

COLUMNS = (
    AGENCY,
    CRITERION,
    Column("layer", ("Lớp điểm", "layer")),
    Column("points", ("Điểm", "points")),
    Column("data", ("Số liệu kê khai", "data", "declared data"), is_needed=False),
    Column(
        "not_applicable",
        ("Không áp dụng", "not_applicable", "not applicable"),
        is_needed=False,
    ),
    Column("reason", ("Lý do", "reason"), is_needed=False),
    *IGNORED,
)
CONTENT = ("points", "data", "not_applicable", "reason")
LAYERS = {
    Layer.SELF: ("tự chấm", "self"),
    Layer.APPRAISED: ("thẩm định", "appraised"),
    Layer.EXPLAINED: ("sau giải trình", "explained"),
    Layer.COUNCIL: ("hội đồng", "council"),
}
_LAYER_OF = {word: layer for layer, words in LAYERS.items() for word in words}
_STATES = {
    "proposed": NotApplicable.PROPOSED,
    "đề nghị": NotApplicable.PROPOSED,
    "confirmed": NotApplicable.CONFIRMED,
    "xác nhận": NotApplicable.CONFIRMED,
}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One cell as it will be saved; ``version`` is the one that the preview saw."""

    agency: str
    criterion: str
    layer: str
    points: Decimal | None
    data: str
    not_applicable: str
    reason: str
    version: int = 0

    @property
    def key(self):
        return self.agency, self.criterion, self.layer

    def change(self):
        return CellChange(
            self.criterion,
            self.layer,
            points=self.points,
            data=read_object(self.data, DataError) if self.data else None,
            not_applicable=self.not_applicable,
            reason=self.reason,
            expected_version=self.version,
        )

    def to_plain(self):
        """As a list that JSON can carry through the preview."""
        return [
            self.agency,
            self.criterion,
            self.layer,
            None if self.points is None else shortest(self.points),
            self.data,
            self.not_applicable,
            self.reason,
            self.version,
        ]


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """A read workbook: its rows, what they would change, or what is wrong."""

    rows: tuple[ScoreRow, ...]
    differences: tuple[Difference, ...]
    faults: tuple[Fault, ...]


def changes_from_plain(rows):
    """``{agency code: [CellChange]}`` of a confirmed preview."""
    changes = defaultdict(list)
    for agency, criterion, layer, points, *rest in rows:
        points = None if points is None else Decimal(points)
        row = ScoreRow(agency, criterion, layer, points, *rest)
        changes[agency].append(row.change())
    return dict(changes)


def read_scores(content, round_, *, by, at=None):
    """Read an .xlsx of scores as ``by`` may import them now.

    What is no workbook is a fault. A row without points, data and N/A is passed
    over: a template whose rows are not all filled withdraws nothing.
    """
    records, faults = read_table(content, COLUMNS)
    codes = RoundCodes(round_)
    pairs = []
    for record in records:
        if record.is_blank(CONTENT):
            continue
        row = _row(record, codes, faults)
        if row is not None:
            pairs.append((record, row))
    without_repeats(pairs, faults)
    present = _present(round_)
    pairs = _with_versions(pairs, present)
    _check_files(pairs, codes, faults, by=by, at=at or timezone.now())
    rows = tuple(row for __, row in pairs)
    return ScorePlan(rows, tuple(_differences(present, rows)), tuple(faults))


def _row(record, codes, faults):
    before = len(faults)
    file = codes.file(record, faults)
    leaf = codes.leaf(record, file, faults)
    layer = _word(record, "layer", _LAYER_OF, faults)
    state = _not_applicable(record, layer, faults)
    points = read_cell(record, "points", figure_of, faults, _("points as a number"))
    data = read_cell(record, "data", text_of, faults)
    reason = read_cell(record, "reason", text_of, faults)
    if len(faults) > before:
        return None
    row = ScoreRow(file.agency.code, leaf.code, layer, points, data, state, reason)
    return _settled(record, row, file, faults)


def _word(record, key, words, faults):
    text = read_cell(record, key, text_of, faults)
    if text is None:
        return None
    found = words.get(" ".join(text.split()).casefold())
    if found is None:
        wrong = _("“%(text)s” is unknown here.") % {"text": text}
        faults.append(record.fault(key, wrong, ", ".join(words)))
    return found


def _not_applicable(record, layer, faults):
    """N/A as the layer can say it: the agency proposes, later layers confirm."""
    if record.cell("not_applicable").value is None:
        return ""
    own = NotApplicable.PROPOSED if layer == Layer.SELF else NotApplicable.CONFIRMED
    words = {**_STATES, "kad": own, "không áp dụng": own, "x": own}
    return _word(record, "not_applicable", words, faults)


def _settled(record, row, file, faults):
    """The row as the engine settles it (computed points, canonical data).

    None for what it refuses, which is told at the cell that it speaks of.
    """
    try:
        change = row.change()
    except ScoringError as error:
        faults.append(record.fault("data", say(error.located()), '{"count": 3}'))
        return None
    try:
        ((__, __, value),) = cells.check(file, [change])
    except Refused as refusal:
        key = next(key for key in CONTENT if record.cell(key).value is not None)
        faults.append(record.fault(key, str(refusal)))
        return None
    if value is None:
        wrong = _("a reason stands alone, without points.")
        faults.append(record.fault("reason", wrong, _("points as a number")))
        return None
    return replace(
        row,
        points=value.points,
        data=value.data,
        not_applicable=value.na,
        reason=value.reason,
    )


def _present(round_):
    """``{(agency, criterion, layer): cell}`` of all cells of the round; one query."""
    found = {}
    for cell in Cell.objects.filter(assessment__round=round_).select_related(
        "assessment__agency", "assessment__group__criteria_set"
    ):
        codes = tree_of(cell.assessment.group.criteria_set).codes
        code = codes[cell.criterion_id]
        found[cell.assessment.agency.code, code, cell.layer] = cell
    return found


def _with_versions(pairs, present):
    return [
        (record, replace(row, version=present[row.key].version))
        if row.key in present
        else (record, row)
        for record, row in pairs
    ]


def _check_files(pairs, codes, faults, *, by, at):
    """What the file, the clock and the person's role forbid, once per file and layer;
    and the reasons that appraised points need."""
    by_file = defaultdict(list)
    for record, row in pairs:
        by_file[row.agency].append((record, row))
    for agency, rows in by_file.items():
        file, told = codes.files[agency], set()
        for record, row in rows:
            if row.layer not in told:
                told.add(row.layer)
                _check_right(record, row, file, faults, by=by, at=at)
        _check_reasons(rows, file, faults)


def _check_right(record, row, file, faults, *, by, at):
    try:
        cells.require_writable(file, {row.layer}, by, at, LedgerKind.IMPORTED)
    except Refused as refusal:
        faults.append(record.fault("agency", str(refusal)))


def _check_reasons(rows, file, faults):
    try:
        cells.require_reasons(
            file, cells.check(file, [row.change() for __, row in rows])
        )
    except Refused:
        for record, row in rows:
            try:
                cells.require_reasons(file, cells.check(file, [row.change()]))
            except Refused as refusal:
                faults.append(record.fault("reason", str(refusal), _("a reason")))


def _differences(present, rows):
    for row in rows:
        cell = present.get(row.key)
        before = "" if cell is None or cell.is_blank else _words_of_cell(cell)
        after = _words(row.points, row.data, row.not_applicable, row.reason)
        if before != after:
            layer = Layer(row.layer).label
            yield Difference(row.agency, row.criterion, layer, before, after)


def _words_of_cell(cell):
    return _words(cell.points, cell.data, cell.not_applicable, cell.reason)


def _words(points, data, not_applicable, reason):
    """A cell in words: points, state, declared data, reason."""
    parts = [
        "" if points is None else show_points(points),
        NotApplicable(not_applicable).label if not_applicable else "",
        data,
        reason,
    ]
    return " · ".join(str(part) for part in parts if part)
