"""The results workbook against bare XlsxWriter and against LibreOffice."""

import io
import tempfile
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from scoring.exchange.results_workbook import results_workbook
from scoring.index.figures import shortest
from scoring.labels import View
from scoring.queries.exports import export_of
from scoring.queries.results import computed_results
from tests.tools import office, programs

from .clock import Result, in_words, medians

WRITERS = ("write_string", "write_number", "write_formula", "write_blank")


def measure_export(city):
    calls, formats = _recorded(city.round)

    def ours():
        return results_workbook(city.round)

    def bare():
        return _write(calls, formats)

    own, plain = medians(ours, bare, runs=9)
    yield Result(
        "export_results",
        own / plain,
        at_most=2,
        note=f"{in_words(own)} against {in_words(plain)}, {len(calls)} cells",
    )


def _recorded(round_):
    """``[(sheet, method, arguments, format)]`` of every cell that the export writes,
    and the properties of its formats."""
    calls, formats, kept = [], {}, {}

    def recorder(name, original):
        def record(sheet, row, column, *rest):
            values, form = _split(name, rest)
            calls.append((sheet.name, name, (row, column, *values), id(form)))
            return original(sheet, row, column, *rest)

        return record

    def add_format(workbook, properties=None):
        form = original_add(workbook, properties)
        kept[id(form)] = form
        # XlsxWriter numbers its own default formats; a copy must not.
        facts = dict(properties or {})
        facts.pop("xf_index", None)
        formats[id(form)] = facts
        return form

    original_add = xlsxwriter.Workbook.add_format
    with ExitStack() as stack:
        for name in WRITERS:
            original = getattr(Worksheet, name)
            stack.enter_context(
                mock.patch.object(Worksheet, name, recorder(name, original))
            )
        stack.enter_context(
            mock.patch.object(xlsxwriter.Workbook, "add_format", add_format)
        )
        results_workbook(round_)
    return calls, formats


def _split(name, rest):
    """Arguments without the format: a formula carries its value behind it."""
    if name == "write_formula":
        formula, form, *value = (*rest, None)[:3] if len(rest) < 3 else rest
        return (formula, *value), form
    value, form = (*rest, None)[:2]
    return (value,), form


def _write(calls, formats):
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    forms = {key: workbook.add_format(facts) for key, facts in formats.items()}
    sheets = {}
    for name, method, (row, column, value, *more), form in calls:
        if name not in sheets:
            sheets[name] = workbook.add_worksheet(name)
        getattr(sheets[name], method)(row, column, value, forms.get(form), *more)
    workbook.close()
    return buffer.getvalue()


# --- against LibreOffice --------------------------------------------------------------


def measure_office(city):
    if programs.LIBREOFFICE.path() is None:
        return
    matrix = _matrix(city.round)
    with tempfile.TemporaryDirectory(prefix="par-index-bench-") as folder:

        def theirs():
            return office.recalculated(matrix, Path(folder))

        def ours():
            computed_results(city.round, View.FINAL)
            return results_workbook(city.round)

        libre, own = medians(theirs, ours, runs=5)
    yield Result(
        "against_libreoffice",
        libre / own,
        at_least=1,
        note=f"LibreOffice {in_words(libre)}, load, compute and export {in_words(own)}",
    )


def _matrix(round_):
    """The same figures as a ranking in a spreadsheet: points, sums, indices, ranks.

    Cached values are wrong on purpose: only who computes anew saves the right ones.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for export in export_of(round_):
        sheet = workbook.add_worksheet(export.group.group.code)
        last = len(export.tree.leaves)
        for column, leaf in enumerate(export.tree.leaves, start=1):
            sheet.write_number(0, column, leaf.max_points)
        ends = len(export.agencies)
        for row, agency in enumerate(export.agencies, start=1):
            sheet.write_string(row, 0, agency.assessment.name_vi)
            for column, value in enumerate(agency.leaves, start=1):
                _write_value(sheet, row, column, value)
            _write_formulas(sheet, row, last, ends)
    workbook.close()
    return buffer.getvalue()


def _write_value(sheet, row, column, value):
    if isinstance(value, str):
        sheet.write_string(row, column, "KAD")
    else:
        sheet.write_number(row, column, float(shortest(value)))


def _write_formulas(sheet, row, last, ends):
    cells = xlsxwriter.utility.xl_range(row, 1, row, last)
    maxima = xlsxwriter.utility.xl_range_abs(0, 1, 0, last)
    points, most, index = (
        xlsxwriter.utility.xl_rowcol_to_cell(row, last + place) for place in (1, 2, 3)
    )
    indices = xlsxwriter.utility.xl_range_abs(1, last + 3, ends, last + 3)
    for place, formula in enumerate(
        (
            f"=SUM({cells})",
            f'=SUMIFS({maxima},{cells},"<>KAD")',
            f"=100*{points}/{most}",
            f"=RANK({index},{indices})",
            f"=ROUND({index},2)",
        ),
        start=1,
    ):
        sheet.write_formula(row, last + place, formula, None, -1)
