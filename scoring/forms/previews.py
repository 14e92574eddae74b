"""What a row would be worth as it is typed, before anything is saved."""

from dataclasses import dataclass

from django import forms

from scoring.actions import cells
from scoring.forms.cells import CellForm, NumberField
from scoring.index.cells import CheckedCell, declared_percent, working
from scoring.index.fields import data_from_inputs, input_names
from scoring.index.jsontext import read_object
from scoring.labels import Layer
from scoring.numbers import doubtful_readings
from scoring.queries.criteria import tree_of
from scoring.queries.sheet_texts import criterion_texts
from scoring.refusals import ManyRefused, Refused
from scoring.wording import say, show_fixed, show_points


@dataclass(frozen=True, slots=True)
class Doubt:
    """A number that may be read in two ways: in which input, the question, the ways."""

    name: str
    question: str
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the row says now, in words.

    cell      what a save would store; None when nothing would be, or it is refused
    computed  points by the rule, "" without data that it takes
    is_na     the rule makes the criterion not applicable; is_proposed: the agency does
    given     points set by hand that differ from the computed ones, or stand alone
    percent   100 a / b with two decimals, for rules of shares
    missing   words of the inputs that are still to be filled
    doubts    numbers that could be read in two ways
    problems  why it could not be saved as it stands, one sentence each
    """

    cell: CheckedCell | None = None
    computed: str = ""
    is_na: bool = False
    is_proposed: bool = False
    given: str = ""
    percent: str = ""
    steps: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    problems: tuple[str, ...] = ()


class PreviewForm(CellForm):
    """The row's own form, asked what a save would say: same inputs, same checks."""

    # What is stored meanwhile changes nothing of what is typed.
    version = forms.IntegerField(min_value=0, required=False)

    def look(self, assessment):
        """The Preview of what was posted; changes and locks nothing."""
        self.is_valid()
        missing = self._missing(assessment)
        said = {
            "missing": missing,
            "doubts": self._doubts(),
            "is_proposed": bool(self.cleaned_data.get("na")),
        }
        checked, problems = self._checked(assessment, missing)
        computed = checked or self._by_the_rule(assessment)
        if computed is not None:
            said.update(_in_words(computed, self.leaf, self._decimals(assessment)))
            said.update(self._given(computed))
        return Preview(cell=checked, problems=problems, **said)

    def _checked(self, assessment, missing):
        """``(CheckedCell or None, problems)`` of the change as a save would ask it."""
        if self.errors:
            return None, self._errors_without_doubts()
        if missing:
            return None, ()
        try:
            ((__, __, checked),) = cells.check(assessment, [self.change()])
        except ManyRefused as refusal:
            return None, tuple(map(str, refusal.errors))
        except Refused as refusal:
            return None, (str(refusal),)
        return checked, ()

    def _by_the_rule(self, assessment):
        """The cell that the declared data alone would make; None where they do not."""
        if not self._data_names <= self.cleaned_data.keys():
            return None
        data = data_from_inputs(self.data_fields, self._inputs())
        if data is None:
            return None
        change = cells.CellChange(self.leaf.code, Layer.SELF, data=data)
        try:
            ((__, __, checked),) = cells.check(assessment, [change])
        except Refused:
            return None
        return checked

    def _given(self, computed):
        """Points by hand, where they say something else than the rule."""
        given = self.cleaned_data.get("points")
        if given is None or given == computed.computed:
            return {}
        return {"given": show_points(given)}

    def _missing(self, assessment):
        """Words of the blank inputs of data that are partly there."""
        inputs = {name: self.cleaned_data.get(name) for name in self._data_names}
        blank = [
            name
            for name, value in inputs.items()
            if value is None and name not in self.errors
        ]
        if len(blank) == len(inputs):
            return ()
        return tuple(
            words
            for name, words in _words_of(assessment, self.leaf.code)
            if name in blank
        )

    def _doubts(self):
        doubts = []
        for name in self.errors:
            readings = self._readings(name)
            if readings:
                doubts.append(Doubt(name, self.errors[name][0], readings))
        return tuple(doubts)

    def _errors_without_doubts(self):
        return tuple(
            sentence
            for name, sentences in self.errors.items()
            if not self._readings(name)
            for sentence in sentences
        )

    def _readings(self, name):
        is_number = isinstance(self.fields.get(name), NumberField)
        return doubtful_readings(self.data.get(name, "")) if is_number else ()

    @property
    def _data_names(self):
        return {
            f"d-{name}"
            for data_field in self.data_fields
            for name in input_names(data_field)
        }

    def _decimals(self, assessment):
        return tree_of(assessment.group.criteria_set).tree.points_decimals


def _words_of(assessment, code):
    """``[(input's name, its words)]`` of a leaf, in the form's order."""
    texts = criterion_texts(assessment.group.criteria_set)
    groups = next(text for text in texts if text.code == code).groups
    for group in groups:
        for one in group.inputs:
            yield one.name, (one.label if one.kind == "text" else group.label)


def _in_words(cell, leaf, decimals):
    if not cell.data:
        return {}
    data = read_object(cell.data)
    percent = declared_percent(leaf, data)
    return {
        "computed": show_points(cell.computed) if cell.computed is not None else "",
        "is_na": cell.computed is None,
        "percent": show_fixed(percent) if percent is not None else "",
        "steps": tuple(map(say, working(leaf, data, decimals))),
    }
