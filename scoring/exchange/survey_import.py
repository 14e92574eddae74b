"""Survey results of a round from a workbook: read, checked, compared, never written."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from scoring.actions.surveys import SURVEYED, SurveyFigure
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
    whole_of,
)
from scoring.index.figures import shortest
from scoring.models import SurveyResult
from scoring.queries.criteria import tree_of
from scoring.wording import show_number

COLUMNS = (
    AGENCY,
    CRITERION,
    Column("answers", ("Số phiếu", "answers")),
    Column("mean_percent", ("Tỷ lệ %", "mean_percent", "mean percent", "percent")),
    Column(
        "standard_deviation",
        ("Độ lệch chuẩn", "standard_deviation", "standard deviation"),
        is_needed=False,
    ),
    *IGNORED,
)
CONTENT = ("answers", "mean_percent", "standard_deviation")


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One figure as it will be stored."""

    agency: str
    criterion: str
    answers: int
    mean_percent: Decimal
    standard_deviation: Decimal | None

    @property
    def key(self):
        return self.agency, self.criterion

    def to_plain(self):
        """As a list that JSON can carry through the preview."""
        deviation = self.standard_deviation
        return [
            self.agency,
            self.criterion,
            self.answers,
            shortest(self.mean_percent),
            None if deviation is None else shortest(deviation),
        ]


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """A read workbook: its rows, what they would change, or what is wrong."""

    rows: tuple[SurveyRow, ...]
    differences: tuple[Difference, ...]
    faults: tuple[Fault, ...]


def figures_from_plain(rows):
    """The figures of a confirmed preview."""
    return [
        SurveyFigure(
            agency,
            criterion,
            answers,
            Decimal(percent),
            None if deviation is None else Decimal(deviation),
        )
        for agency, criterion, answers, percent, deviation in rows
    ]


def read_surveys(content, round_):
    """Read an .xlsx of survey results. What is no workbook is a fault."""
    records, faults = read_table(content, COLUMNS)
    codes = RoundCodes(round_)
    pairs = []
    for record in records:
        if record.is_blank(CONTENT):
            continue
        row = _row(record, codes, faults)
        if row is not None:
            pairs.append((record, row))
    rows = tuple(without_repeats(pairs, faults))
    return SurveyPlan(rows, tuple(_differences(round_, rows)), tuple(faults))


def _row(record, codes, faults):
    before = len(faults)
    file = codes.file(record, faults)
    leaf = codes.leaf(record, file, faults)
    if leaf is not None and leaf.kind not in SURVEYED:
        wrong = _("no survey measures the criterion %(code)s.") % {"code": leaf.code}
        faults.append(record.fault("criterion", wrong))
    if file is not None and file.group.is_adopted:
        wrong = _("%(group)s has been adopted; its survey results are closed.")
        faults.append(record.fault("agency", wrong % {"group": file.group.name}))
    answers = _bounded(record, "answers", whole_of, _("a whole number from 0"), faults)
    percent = _bounded(
        record, "mean_percent", figure_of, _("a percent in 0 to 100"), faults, high=100
    )
    deviation = read_cell(record, "standard_deviation", figure_of, faults)
    if deviation is not None and deviation < 0:
        wrong = _("%(value)s is below 0.") % {"value": show_number(deviation)}
        faults.append(record.fault("standard_deviation", wrong))
    if len(faults) > before:
        return None
    return SurveyRow(file.agency.code, leaf.code, answers, percent, deviation)


def _bounded(record, key, read, expected, faults, high=None):
    before = len(faults)
    value = read_cell(record, key, read, faults, expected)
    if len(faults) > before:
        return None
    if value is None:
        wrong = _("the figure is missing.")
    elif value < 0:
        wrong = _("%(value)s is below 0.") % {"value": show_number(value)}
    elif high is not None and value > high:
        wrong = _("%(value)s is above %(high)s.") % {
            "value": show_number(value),
            "high": high,
        }
    elif value > 2_000_000_000:
        wrong = _("%(value)s is too large.") % {"value": show_number(value)}
    else:
        return value
    faults.append(record.fault(key, wrong, expected))
    return None


def _differences(round_, rows):
    results = SurveyResult.objects.filter(assessment__round=round_).select_related(
        "assessment__agency", "assessment__group__criteria_set"
    )
    present = {}
    for result in results:
        file = result.assessment
        code = tree_of(file.group.criteria_set).codes[result.criterion_id]
        present[file.agency.code, code] = _words(
            result.answers, result.mean_percent, result.standard_deviation
        )
    for row in rows:
        after = _words(row.answers, row.mean_percent, row.standard_deviation)
        before = present.get(row.key, "")
        if before != after:
            yield Difference(row.agency, row.criterion, "", before, after)


def _words(answers, percent, deviation):
    words = _("%(percent)s%% from %(answers)s answers") % {
        "percent": show_number(percent),
        "answers": answers,
    }
    if deviation is None:
        return words
    return f"{words}, ± {show_number(deviation)}"
