"""What is wrong with a bundle: sentences with file, row and column, all of them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.index.errors import ScoringError
from scoring.refusals import ManyRefused
from scoring.wording import say


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``row`` counts from 1, the heading; ``column`` is a column of a
    table or a key of round.json (``bands[2].code``); what is unknown is empty."""

    file: str
    row: int
    column: str
    problem: str

    def __str__(self):
        place = ", ".join(self._place())
        return f"{place}: {self.problem}" if place else self.problem

    def _place(self):
        if self.file:
            yield self.file
        if self.row:
            yield _("row %(row)s") % {"row": self.row}
        if self.column and self.row:
            yield _("column %(column)s") % {"column": self.column}
        elif self.column:
            yield _("entry %(key)s") % {"key": self.column}


class BundleRefused(ManyRefused):
    """A bundle that cannot be loaded; ``errors`` are its Faults, in reading order."""


class Faults:
    """Collects faults, so that a bundle with ten of them is mended once."""

    def __init__(self):
        self.found = []

    def add(self, file, problem, *, row=0, column=""):
        """``problem`` is a translated sentence, or a refusal of the engine."""
        if isinstance(problem, ScoringError):
            is_placed = problem.where == column
            problem = say(problem.sentence if is_placed else problem.located())
        self.found.append(Fault(file, row, column, str(problem)))

    def refuse_if_any(self):
        if self.found:
            raise BundleRefused(self.found)
