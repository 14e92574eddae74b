"""What an appraiser enters for one criterion: corrected data or points, with a reason."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.actions.cells import CellChange
from scoring.index.cells import check_cell
from scoring.index.errors import ScoringError
from scoring.index.fields import data_from_inputs, input_names, inputs_from_data
from scoring.index.jsontext import read_object
from scoring.labels import NotApplicable
from scoring.models.fields import FigureFormField
from scoring.numbers import DoubtfulNumber, read_number
from scoring.queries.declared import label_words
from scoring.wording import MINUS, say, show_number

NONE_TICKED = "0"


class JudgementForm(forms.Form):
    """One leaf of the layer that appraisers write now.

    ``change`` holds the CellChange after ``is_valid()``; ``is_stale`` says that
    the cell is no longer what the writer saw and holds another value. The rules are
    asked here so that typed text stays in its field; the action asks them again.
    """

    points = FigureFormField(label=gettext_lazy("Appraised points"), required=False)
    not_applicable = forms.BooleanField(
        label=gettext_lazy("Not applicable to this agency"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Needed when the points differ from the points before, and for N/A."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data=None, *, row, layer, points_decimals):
        self.row, self.leaf, self.layer = row, row.leaf, layer
        self.points_decimals = points_decimals
        self.change, self.is_stale, self.is_rebased = None, False, False
        self.data_fields = self.leaf.rule.fields(self.leaf.parameters)
        super().__init__(
            data, initial=self._initial(), auto_id=f"{row.anchor}-%s", prefix=None
        )
        self._add_data_inputs()
        if not self.leaf.options.na_allowed:
            del self.fields["not_applicable"]
        if not self._takes_points():
            del self.fields["points"]
        elif self.leaf.rule.computes:
            self.fields["points"].label = _("Points instead of the computed ones")
            self.fields["points"].help_text = _(
                "Leave empty: the rule computes them from the data."
            )
        if "points" in self.fields:
            self.fields["points"].widget.attrs["class"] = "input-points"

    def data_inputs(self):
        """The bound fields of the declared data, in the rule's order."""
        return [self[name] for name in self._names]

    def _takes_points(self):
        return not self.leaf.rule.computes or self.leaf.options.override_allowed

    def rebased(self):
        """The same text over the version that stands now, for who keeps it."""
        data = self.data.copy()
        data["expected_version"] = str(self.row.version)
        form = JudgementForm(
            data, row=self.row, layer=self.layer, points_decimals=self.points_decimals
        )
        form.full_clean()
        form.is_rebased = True
        return form

    # --- what stands in the fields at first ---------------------------------------

    def _initial(self):
        """The judgement that stands; else what it judges, to be corrected."""
        source = self.row.judged or self.row.before
        initial = {"expected_version": self.row.version}
        if self.row.judged:
            initial["reason"] = self.row.judged.reason
        if not source:
            return initial
        cell = source.cell
        data = read_object(cell.data) if cell.data else {}
        for name, value in inputs_from_data(self.data_fields, data).items():
            initial[_input(name)] = _shown(value)
        if cell.points is not None and self._is_given(cell, data):
            initial["points"] = figure_text(cell.points)
        initial["not_applicable"] = bool(
            self.row.judged and cell.not_applicable and not cell.data
        )
        return initial

    def _is_given(self, cell, data):
        """Whether the points are a person's, not what the rule makes of the data."""
        if not self.leaf.rule.computes or not data:
            return True
        return check_cell(
            self.leaf,
            layer=self.layer,
            points=cell.points,
            data=data,
            na="",
            reason=cell.reason,
            points_decimals=self.points_decimals,
        ).is_override

    def _add_data_inputs(self):
        self._names = []
        for field in self.data_fields:
            made = _form_fields(field)
            for name, form_field in zip(input_names(field), made, strict=True):
                self.fields[_input(name)] = form_field
                self._names.append(_input(name))

    # --- what was entered ---------------------------------------------------------

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        change = self._change(cleaned)
        try:
            value = self._checked(change)
        except ScoringError as error:
            self.add_error(self._field_of(error), say(error.sentence))
            return cleaned
        self._require_reason(value)
        if not self.errors:
            self.change = change
            self.is_stale = self._differs_from_stored(cleaned, value)
        return cleaned

    def _change(self, cleaned):
        is_na = bool(cleaned.get("not_applicable"))
        inputs = {
            name: _parsed(field, cleaned.get(_input(name)))
            for field in self.data_fields
            for name in input_names(field)
        }
        return CellChange(
            code=self.leaf.code,
            layer=self.layer,
            points=None if is_na else cleaned.get("points"),
            data=None if is_na else data_from_inputs(self.data_fields, inputs),
            not_applicable=NotApplicable.CONFIRMED if is_na else "",
            reason=cleaned.get("reason", "").strip(),
            expected_version=cleaned["expected_version"],
        )

    def _checked(self, change):
        return check_cell(
            self.leaf,
            layer=change.layer,
            points=change.points,
            data=change.data,
            na=change.not_applicable,
            reason=change.reason,
            points_decimals=self.points_decimals,
        )

    def _field_of(self, error):
        """The field that holds the fault; None: it concerns the row as a whole."""
        if error.where in self.fields:
            return error.where
        key = error.where.partition("[")[0]
        return _input(key) if _input(key) in self.fields else None

    def _require_reason(self, value):
        if value is None or value.reason:
            return
        cell = self.row.before.cell
        before = (cell.points, cell.not_applicable) if cell else (None, "")
        if (value.points, value.na) != before:
            self.add_error(
                "reason",
                _("Criterion %(code)s: give the reason why the points differ.")
                % {"code": self.leaf.code},
            )

    def _differs_from_stored(self, cleaned, value):
        if cleaned["expected_version"] == self.row.version:
            return False
        stored = self.row.judged.cell
        if stored is None or value is None:
            return (stored is None) != (value is None)
        return (stored.points, stored.data, stored.not_applicable, stored.reason) != (
            value.points,
            value.data,
            value.na,
            value.reason,
        )


class AcceptForm(forms.Form):
    """The button "accept as self-assessed": its value is the version that was seen."""

    accept = forms.IntegerField(min_value=0)
    reason = forms.CharField(required=False)


def _input(name):
    """Declared data keep apart from the form's own names."""
    return f"data-{name}"


def _form_fields(field):
    """One form field per input that a field of declared data needs."""
    label = label_words(field.label)
    if field.kind == "counts":
        return [
            FigureFormField(label=label_words(choice.label), required=False)
            for choice in field.choices
        ]
    if field.kind in {"option", "yes_no"}:
        return [
            forms.ChoiceField(
                label=label,
                required=False,
                choices=_choices(field),
                widget=forms.RadioSelect,
            )
        ]
    if field.kind == "ticks":
        none = (NONE_TICKED, _("None of these"))
        return [
            forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=[*_choices(field), none],
                widget=forms.CheckboxSelectMultiple,
            )
        ]
    return [FigureFormField(label=label, required=False)]


def _choices(field):
    return [
        (
            str(choice.value),
            _("%(label)s (%(points)s)")
            % {
                "label": label_words(choice.label),
                "points": show_number(choice.points),
            }
            if choice.points is not None
            else label_words(choice.label),
        )
        for choice in field.choices
    ]


def _shown(value):
    """A stored value as the form's widgets take it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list | tuple):
        return [str(number) for number in value] or [NONE_TICKED]
    return figure_text(value)


def figure_text(value):
    """A figure as it stands in an input: what is shown there is accepted back."""
    text = show_number(value).replace(MINUS, "-")
    try:
        read_number(text)
    except DoubtfulNumber:
        return text.replace(".", ",")
    return text


def _parsed(field, value):
    """A cleaned value as the rules read it; None is blank."""
    if field.kind == "yes_no":
        return {"True": True, "False": False}.get(value)
    if field.kind == "option":
        return int(value) if value else None
    if field.kind == "ticks":
        return (
            [int(number) for number in value if number != NONE_TICKED]
            if value
            else None
        )
    return value
