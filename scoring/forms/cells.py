"""A row of the score sheet: what was typed becomes one change of one cell.

The inputs are those that the leaf's rule names; the rules of the work are asked by
the action, and what it refuses stands beside the inputs, with nothing lost.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.actions import cells
from scoring.index.fields import data_from_inputs, input_names
from scoring.labels import Layer, NotApplicable
from scoring.numbers import read_number
from scoring.queries.sheet_texts import choice_value
from scoring.refusals import Conflict, ManyRefused, Refused

NONE_OF_THESE = "none"


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
    """

    points = NumberField(required=False, label=gettext_lazy("Points"))
    reason = forms.CharField(required=False)
    na = forms.BooleanField(required=False)
    version = forms.IntegerField(min_value=0)
    keep = forms.IntegerField(min_value=0, required=False)
    clear = forms.BooleanField(required=False)

    def __init__(self, data, *, leaf):
        super().__init__(data)
        self.leaf = leaf
        self.refusal = None
        self.data_fields = () if leaf.is_survey else leaf.rule.fields(leaf.parameters)
        for data_field in self.data_fields:
            for name, field in _form_fields(data_field):
                self.fields[name] = field

    def save(self, assessment, *, by):
        """Save through the one door; False when something was refused."""
        if not self.is_valid():
            return False
        try:
            cells.save(assessment, [self.change()], by=by)
        except Refused as refusal:
            self.refusal = refusal
        return self.refusal is None

    def change(self):
        """The CellChange that the person asks for."""
        given = self.cleaned_data
        expected = given["keep"] if given["keep"] is not None else given["version"]
        common = {
            "code": self.leaf.code,
            "layer": Layer.SELF,
            "expected_version": expected,
        }
        if given["clear"]:
            return cells.CellChange(**common)
        return cells.CellChange(
            **common,
            points=given["points"],
            data=data_from_inputs(self.data_fields, self._inputs()),
            not_applicable=NotApplicable.PROPOSED if given["na"] else "",
            reason=given["reason"],
        )

    def _inputs(self):
        """Parsed inputs by the engine's names."""
        return {
            name: self.cleaned_data[f"d-{name}"]
            for data_field in self.data_fields
            for name in input_names(data_field)
        }

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
