"""A row of the score sheet: what was typed becomes one change of one cell.

The inputs are those that the leaf's rule names; the rules of the work are asked by
the action, and what it refuses stands beside the inputs, with nothing lost.
"""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.actions import cells
from scoring.index.fields import data_from_inputs, input_names
from scoring.labels import Layer, NotApplicable
from scoring.numbers import read_number
from scoring.queries.sheet_texts import choice_value
from scoring.refusals import Conflict, ManyRefused, Refused
from scoring.states import FileState

NONE_OF_THESE = "none"


class ReasonAlone(Refused):
    """An explanation of a row that has no data, no points and no N/A proposal."""

    def __init__(self):
        super().__init__(
            _(
                "An explanation alone cannot be stored: enter the data or the points, "
                "too."
            )
        )


class NumberField(forms.CharField):
    """A number as people write it here, by the one rule of ``scoring.numbers``."""

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return read_number(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class CellForm(forms.Form):
    """The self-assessed cell of one leaf, bound to what was posted.

    points   set by hand; empty: the rule's points stand
    na       not applicable is proposed
    version  of the cell that the person saw; keep: of the one the person saw when
             choosing to keep the own value after somebody else's save
    clear    take the value away
    typing   the row sends itself while somebody is still typing in it

    Once saved, ``cell`` is what is stored (None: nothing).
    """

    points = NumberField(required=False, label=gettext_lazy("Points"))
    reason = forms.CharField(required=False)
    na = forms.BooleanField(required=False)
    version = forms.IntegerField(min_value=0)
    keep = forms.IntegerField(min_value=0, required=False)
    clear = forms.BooleanField(required=False)
    typing = forms.BooleanField(required=False)

    def __init__(self, data, *, leaf):
        super().__init__(data)
        self.leaf = leaf
        self.refusal = None
        self.is_incomplete = False
        self.cell = None
        self.data_fields = () if leaf.is_survey else leaf.rule.fields(leaf.parameters)
        for data_field in self.data_fields:
            for name, field in _form_fields(data_field):
                self.fields[name] = field

    def save(self, assessment, *, by):
        """Save through the one door; False when something was refused."""
        if not self.is_valid():
            return False
        try:
            self._require_more_than_a_reason()
            stored = cells.save(assessment, [self.change()], by=by)
        except Refused as refusal:
            self.refusal = refusal
            self.is_incomplete = self._is_still_typed(assessment)
            return False
        self.cell = stored[0] if stored else None
        if self.cell is not None:
            # Whoever could write has begun by writing.
            assessment.state = FileState.SCORING
        return True

    def _require_more_than_a_reason(self):
        """A reason without a value is no value: it must not seem to be stored."""
        change = self.change()
        is_value = (
            change.points is not None
            or change.data is not None
            or bool(change.not_applicable)
        )
        if self.cleaned_data["reason"].strip() and not is_value and not self.is_cleared:
            raise ReasonAlone

    def change(self):
        """The CellChange that the person asks for."""
        given = self.cleaned_data
        expected = given["keep"] if given["keep"] is not None else given["version"]
        common = {
            "code": self.leaf.code,
            "layer": Layer.SELF,
            "expected_version": expected,
        }
        if self.is_cleared:
            return cells.CellChange(**common)
        return cells.CellChange(
            **common,
            points=given["points"],
            data=data_from_inputs(self.data_fields, self._inputs()),
            not_applicable=NotApplicable.PROPOSED if given["na"] else "",
            reason=given["reason"],
        )

    def _is_still_typed(self, assessment):
        """Whether what was refused only lacks what is typed next: the other figures
        of the row, or the reason."""
        if not self.cleaned_data["typing"] or self.refusal.status != Refused.status:
            return False
        if isinstance(self.refusal, ReasonAlone):
            return True
        inputs = self._inputs().values()
        if any(value is None for value in inputs) and any(
            value is not None for value in inputs
        ):
            return True
        return not self.cleaned_data["reason"].strip() and self._would_stand(assessment)

    def _would_stand(self, assessment):
        """Whether the same with a reason could be saved."""
        try:
            cells.check(assessment, [replace(self.change(), reason="…")])
        except Refused:
            return False
        return True

    def _inputs(self):
        """Parsed inputs by the engine's names."""
        return {
            name: self.cleaned_data[f"d-{name}"]
            for data_field in self.data_fields
            for name in input_names(data_field)
        }

    @property
    def is_cleared(self):
        return self.cleaned_data["clear"]

    @property
    def status(self):
        return self.refusal.status if self.refusal else 422

    @property
    def conflict(self):
        return self.refusal if isinstance(self.refusal, Conflict) else None

    @property
    def sentences(self):
        """Why nothing was saved, one sentence each; of a conflict none."""
        if isinstance(self.refusal, ManyRefused):
            return tuple(map(str, self.refusal.errors))
        if self.refusal is not None:
            return () if self.conflict else (str(self.refusal),)
        return tuple(sentence for errors in self.errors.values() for sentence in errors)

    @property
    def typed(self):
        """What was typed, by input: ``{name: [texts]}``."""
        return {name: self.data.getlist(name) for name in self.data}


def _form_fields(data_field):
    """``[(input's name, form field)]`` of one entry of declared data."""
    name = f"d-{data_field.key}"
    values = {choice_value(choice.value): choice.value for choice in data_field.choices}
    if data_field.kind in ("option", "yes_no"):
        return [(name, _OneOf(values))]
    if data_field.kind == "ticks":
        return [(name, _AnyOf(values))]
    return [
        (f"d-{input_name}", NumberField(required=False))
        for input_name in input_names(data_field)
    ]


class _OneOf(forms.TypedChoiceField):
    """One of the rule's answers; None when nothing is chosen."""

    def __init__(self, values):
        super().__init__(
            required=False,
            choices=[(text, text) for text in values],
            coerce=values.__getitem__,
            empty_value=None,
        )


class _AnyOf(forms.MultipleChoiceField):
    """Any of the rule's parts; None when nothing is said, [] for "none of these"."""

    def __init__(self, values):
        self.values = values
        choices = [*values, NONE_OF_THESE]
        super().__init__(required=False, choices=[(text, text) for text in choices])

    def clean(self, value):
        chosen = super().clean(value)
        if not chosen:
            return None
        if NONE_OF_THESE in chosen and len(chosen) > 1:
            raise forms.ValidationError(
                _("Choose either the parts that hold or “None of these”.")
            )
        return [self.values[text] for text in chosen if text != NONE_OF_THESE]
