"""Rows of scores and surveys through the engine, each fault with its column."""

from django.utils.translation import gettext as _

from scoring.actions.surveys import SurveyFigure
from scoring.index.cells import NA_STATES, check_cell, check_points, compute
from scoring.index.errors import DataError, ScoringError
from scoring.index.figures import as_figure, decimal_places_ok
from scoring.index.jsontext import read_object
from scoring.index.sentences import N_, say
from scoring.index.values import LAYERS

from . import layout

CELL_COLUMNS = frozenset(layout.COLUMNS[layout.SCORES])
SURVEY_DECIMALS = 4


def is_text(text):
    return bool(text.strip())


class ScoreReader:
    """Reads rows of scores.csv. Equal rows of many agencies are checked once."""

    MOST_KEPT = 20_000

    def __init__(self, faults):
        self.faults = faults
        self.kept = {}

    def read(self, row, tree, criterion, layer, points, data, na, reason):
        """The CheckedCell of one row; None without a value, or with a fault.

        ``tree`` is None where it is unknown by which leaf the row is to be judged.
        """
        key = (id(tree), criterion, layer, points, data, na, reason)
        if key in self.kept:
            return self.kept[key]
        known = len(self.faults.found)
        cell = self.checked(row, tree, criterion, layer, points, data, na, reason)
        if len(self.faults.found) == known and len(self.kept) < self.MOST_KEPT:
            self.kept[key] = cell
        return cell

    def checked(self, row, tree, criterion, layer, points, data, na, reason):
        known = len(self.faults.found)
        leaf = self.leaf(row, tree, criterion) if tree else None
        self.check_word(row, "layer", layer, LAYERS)
        figure = self.points(row, points)
        parsed = self.data(row, data)
        self.check_word(row, "not_applicable", na, NA_STATES)
        if leaf is None:
            return None
        if len(self.faults.found) == known:
            try:
                return check_cell(
                    leaf,
                    layer=layer,
                    points=figure,
                    data=parsed,
                    na=na,
                    reason=reason,
                    points_decimals=tree.points_decimals,
                )
            except ScoringError as error:
                self.fault(row, _column_of(error), error)
        if not leaf.is_survey:
            told = {fault.column for fault in self.faults.found[known:]}
            self.tell_others(row, told, leaf, figure, parsed, tree.points_decimals)
        return None

    def tell_others(self, row, told, leaf, figure, parsed, points_decimals):
        """A row with one fault is judged no further as a whole, but by its parts."""
        parts = (("points", figure, check_points), ("data", parsed, compute))
        for column, part, check in parts:
            if part is None or column in told:
                continue
            try:
                check(leaf, part, points_decimals)
            except ScoringError as error:
                self.fault(row, column, error)

    def leaf(self, row, tree, criterion):
        leaf = tree.leaf(criterion)
        if leaf is None:
            self.fault(
                row,
                "criterion",
                _("%(code)s is not a criterion that takes points.")
                % {"code": criterion},
            )
        return leaf

    def fault(self, row, column, problem):
        self.faults.add(layout.SCORES, problem, row=row, column=column)

    def points(self, row, text):
        figure = as_figure(text) if text else None
        if text and figure is None:
            self.fault(row, "points", ScoringError(_not_a_number(text)))
        return figure

    def data(self, row, text):
        if not text:
            return None
        try:
            return read_object(text, DataError)
        except DataError as error:
            self.fault(row, "data", error)
            return None

    def check_word(self, row, column, word, words):
        if word not in words:
            choices = ", ".join(filter(None, words))
            self.fault(
                row,
                column,
                ScoringError(
                    say(
                        N_("Here one of these is needed: %(choices)s."), choices=choices
                    )
                ),
            )


def _column_of(error):
    if isinstance(error, DataError):
        return "data"
    return error.where if error.where in CELL_COLUMNS else "criterion"


def _not_a_number(text):
    return say(N_("“%(text)s” is not a number in plain digits."), text=text[:40])


class SurveyReader:
    """Reads rows of surveys.csv."""

    def __init__(self, faults):
        self.faults = faults

    def read(self, row, tree, agency, criterion, answers, mean, deviation):
        """The SurveyFigure of one row; None after a fault. ``tree`` may be unknown."""
        known = len(self.faults.found)
        leaf = tree.leaf(criterion) if tree else None
        if tree and (leaf is None or not leaf.is_survey):
            self.fault(row, "criterion", _("No survey measures this criterion."))
        count = self.figure(row, "answers", answers, layout.MOST_ANSWERS, 0)
        percent = self.figure(row, "mean_percent", mean, 100)
        spread = None
        if deviation:
            spread = self.figure(
                row, "standard_deviation", deviation, layout.MOST_DEVIATION
            )
        if len(self.faults.found) != known:
            return None
        return SurveyFigure(agency, criterion, int(count), percent, spread)

    def fault(self, row, column, problem):
        self.faults.add(layout.SURVEYS, problem, row=row, column=column)

    def figure(self, row, column, text, high, decimals=SURVEY_DECIMALS):
        """A figure in 0..high with so many decimals at most."""
        figure = as_figure(text)
        if figure is None:
            problem = _not_a_number(text)
        elif not decimal_places_ok(figure, decimals):
            problem = (
                say(
                    N_("%(figure)s has more than %(places)s decimals."),
                    figure=figure,
                    places=decimals,
                )
                if decimals
                else say(N_("%(figure)s is not a whole number."), figure=figure)
            )
        elif not 0 <= figure <= high:
            problem = say(
                N_("%(figure)s does not lie in 0 to %(high)s."),
                figure=figure,
                high=high,
            )
        else:
            return figure
        self.fault(row, column, ScoringError(problem))
        return None
