"""The ranked results of a round as the workbook that officials hand round.

One sheet per group with the ranking, one per group with all criteria and agencies,
one on method and rounding. Every figure is the engine's; totals and index are
formulas over the sheet of criteria whose cached value is the engine's figure, so
that anybody can check them and no program shows another one.
"""

from dataclasses import dataclass

from django.utils import translation
from xlsxwriter.worksheet import Worksheet

from scoring.exchange.paper import SIMULATED, Paper, created_in
from scoring.exchange.results_criteria import CriteriaSheet, write_criteria
from scoring.exchange.results_method import write_method
from scoring.exchange.results_ranking import write_ranking
from scoring.models import Round
from scoring.queries.exports import GroupExport, export_of


@dataclass(frozen=True, slots=True)
class GroupSheets:
    """What is written of one group, and where."""

    export: GroupExport
    ranking: Worksheet
    criteria: CriteriaSheet


def results_workbook(round_: Round) -> bytes:
    """The workbook of a round's final results; its bytes depend on the data alone.

    In Vietnamese whoever asks for it: it is a paper, not a page.
    """
    with translation.override("vi"):
        return _workbook(round_, export_of(round_))


def _workbook(round_, exports):
    paper = Paper(
        f"Chỉ số cải cách hành chính năm {round_.year}", created=created_in(round_.year)
    )
    notes = _notes(round_)
    groups = _sheets_of_groups(paper, round_, exports)
    for number, group in enumerate(groups, start=1):
        write_criteria(paper, group.criteria, group.export, round_, notes)
        write_ranking(paper, group, round_, notes, number)
    write_method(paper, round_, groups, notes)
    return paper.close()


def _sheets_of_groups(paper, round_, exports):
    """All rankings first, then all sheets of criteria: as the paper is read."""
    rankings = [
        paper.add_sheet(f"{number}. {export.group.name_vi}")
        for number, export in enumerate(exports, start=1)
    ]
    criteria = [
        paper.add_sheet(f"{number}. Tiêu chí {export.group.name_vi}")
        for number, export in enumerate(exports, start=1)
    ]
    return [
        GroupSheets(export, ranking, CriteriaSheet(sheet, export, round_))
        for export, ranking, sheet in zip(exports, rankings, criteria, strict=True)
    ]


def _notes(round_):
    """What stands below every title: the decision, and whether the data are real."""
    notes = [(_decision(round_), {"italic": True})]
    if round_.is_simulated:
        notes.append((SIMULATED, {"bold": True, "font_color": "#9f3434"}))
    return notes


def _decision(round_):
    if not round_.is_published:
        return "(Kết quả chưa được công bố)"
    day = round_.decided_on
    return (
        f"(Kèm theo Quyết định số {round_.decision_number} "
        f"ngày {day.day}/{day.month}/{day.year})"
    )
