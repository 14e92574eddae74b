from itertools import pairwise

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.actions import memberships, round_rules
from scoring.index.figures import as_figure, shortest
from scoring.labels import PhaseName, TieBreaker
from scoring.models import Assessment, Phase, Round, RoundGroup
from scoring.numbers import read_number


class TieBreakersField(forms.CharField):
    """Words in their order, divided by commas."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        names = [name.strip() for name in (value or "").split(",") if name.strip()]
        unknown = [name for name in names if name not in TieBreaker.values]
        if unknown or len(set(names)) < len(names):
            raise ValidationError(
                _("Each once, of: %(names)s.") % {"names": ", ".join(TieBreaker.values)}
            )
        return names

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class BandsField(forms.CharField):
    """One band a line: code; Vietnamese name; English name; from which percent."""

    widget = forms.Textarea(attrs={"rows": 6, "cols": 60})

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        keys = ("code", "name_vi", "name_en", "from_percent")
        return "\n".join("; ".join(str(band[key]) for key in keys) for band in value)

    def to_python(self, value):
        lines = [line for line in (value or "").splitlines() if line.strip()]
        bands = [self._band(line) for line in lines]
        codes = {band["code"] for band in bands}
        percents = [read_number(band["from_percent"]) for band in bands]
        falls = all(upper > lower for upper, lower in pairwise(percents))
        if len(codes) < len(bands) or not falls:
            raise ValidationError(
                _("Codes stand once, percents fall from line to line.")
            )
        return bands

    def _band(self, line):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) != 4 or not all(parts):
            raise ValidationError(
                _("“%(line)s”: code; Vietnamese name; English name; percent.")
                % {"line": line}
            )
        code, name_vi, name_en, percent = parts
        try:
            figure = read_number(percent)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if as_figure(figure) is None or not 0 <= figure <= 1000:
            raise ValidationError(_("“%(line)s”: the percent.") % {"line": line})
        return {
            "code": code,
            "name_vi": name_vi,
            "name_en": name_en,
            "from_percent": shortest(figure),
        }

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class RoundForm(forms.ModelForm):
    tie_breakers = TieBreakersField(
        label=capfirst(gettext_lazy("tie breakers")),
        required=False,
        initial=[TieBreaker.APPRAISED, TieBreaker.SATISFACTION, TieBreaker.PENALTY],
        help_text=gettext_lazy(
            "In turn, of: appraised, sociological, satisfaction, penalty. "
            "Still equal: the same rank."
        ),
    )
    bands = BandsField(
        label=capfirst(gettext_lazy("bands")),
        required=False,
        help_text=gettext_lazy(
            "One a line, best first: code; Vietnamese name; English name; percent."
        ),
    )

    class Meta:
        model = Round
        fields = [
            "year",
            "name_vi",
            "name_en",
            "tie_breakers",
            "bands",
            "not_scored",
            "missing_survey",
            "is_simulated",
        ]

    def clean(self):
        given = super().clean()
        if not self.errors:
            sentence = round_rules.refusal(self.instance, self.changed_data)
            if sentence:
                raise ValidationError(sentence)
        return given


class PhasesFormSet(forms.BaseInlineFormSet):
    """All seven phases, in their order, none before the end of the one above."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        by_name = {phase["name"]: phase for phase in kept}
        if set(by_name) != set(PhaseName.values):
            raise ValidationError(_("A round has all seven phases, each once."))
        phases = [by_name[name] for name in PhaseName.values]
        for phase in phases:
            if phase["ends_at"] <= phase["starts_at"]:
                raise ValidationError(
                    _("%(phase)s ends before it starts.")
                    % {"phase": PhaseName(phase["name"]).label}
                )
        for earlier, later in pairwise(phases):
            if later["starts_at"] < earlier["ends_at"]:
                raise ValidationError(
                    _("%(later)s starts before %(earlier)s has ended.")
                    % {
                        "later": PhaseName(later["name"]).label,
                        "earlier": PhaseName(earlier["name"]).label,
                    }
                )


class PhaseInline(admin.TabularInline):
    model = Phase
    formset = PhasesFormSet
    fields = ["name", "starts_at", "ends_at"]
    max_num = len(PhaseName)
    ordering = ["starts_at"]

    def get_extra(self, request, obj=None, **options):
        return 0 if obj else len(PhaseName)

    def get_formset(self, request, obj=None, **options):
        formset = super().get_formset(request, obj, **options)
        if obj is not None:
            return formset
        names = [{"name": name} for name in PhaseName.values]

        class Proposed(formset):
            """A new round's form proposes the seven phases by name."""

            def __init__(self, *args, **given):
                super().__init__(*args, **{**given, "initial": names})

        return Proposed


class RoundGroupForm(forms.ModelForm):
    class Meta:
        model = RoundGroup
        fields = ["group", "criteria_set", "name_vi", "name_en", "position"]

    def clean(self):
        given = super().clean()
        touched = {"group", "criteria_set"} & set(self.changed_data)
        if self.instance.pk and touched:
            if self.instance.is_adopted:
                raise ValidationError(
                    _("The group has been adopted; it stays as it is.")
                )
            files = self.instance.assessments.all()
            if not all(memberships.is_untouched(file) for file in files):
                raise ValidationError(
                    _("Agencies of the group have scores; its set stays as it is.")
                )
        return given


class RoundGroupInline(admin.TabularInline):
    model = RoundGroup
    form = RoundGroupForm
    extra = 0
    readonly_fields = ["state"]
    fields = ["group", "criteria_set", "name_vi", "name_en", "position", "state"]


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin):
    form = RoundForm
    inlines = [PhaseInline, RoundGroupInline]
    list_display = ["year", "name_vi", "state", "is_simulated"]
    readonly_fields = [
        "state",
        "decision_number",
        "decided_on",
        "published_at",
        "pages",
    ]

    def get_object(self, request, object_id, from_field=None):
        """Hold the groups while a round is changed, so that none is adopted meanwhile."""
        if request.method == "POST":
            groups = RoundGroup.objects.select_for_update(of=("self",))
            list(groups.filter(round=object_id).order_by("pk"))
        return super().get_object(request, object_id, from_field)

    def get_fields(self, request, obj=None):
        return [*RoundForm.Meta.fields, *self.readonly_fields]

    def get_readonly_fields(self, request, obj=None):
        """The ledger speaks of the round by its year."""
        has_files = obj is not None and obj.assessments.exists()
        return [*(["year"] if has_files else []), *self.readonly_fields]

    @admin.display(description=gettext_lazy("pages of the round"))
    def pages(self, round_):
        """Where scores and survey results come in: for managers of the round."""
        if round_.pk is None:
            return "—"
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("scoring:import-scores", args=[round_.year]),
            _("Import of scores"),
            reverse("scoring:import-surveys", args=[round_.year]),
            _("Import of survey results"),
        )

    def save_related(self, request, form, formsets, change):
        """Rules and sets have changed: every stored figure follows."""
        super().save_related(request, form, formsets, change)
        round_rules.settle(Round.objects.get(pk=form.instance.pk))

    def has_delete_permission(self, request, obj=None):
        """A round with files has a history, which stays."""
        if obj is not None and obj.assessments.exists():
            return False
        return super().has_delete_permission(request, obj)


class MembershipForm(forms.ModelForm):
    class Meta:
        model = Assessment
        fields = [
            "round",
            "agency",
            "group",
            "name_vi",
            "position",
            "is_assessed",
            "not_assessed_reason",
        ]

    def clean(self):
        given = super().clean()
        group = given.get("group")
        round_ = given.get("round") or (self.instance.pk and self.instance.round)
        if group and round_ and group.round_id != round_.pk:
            self.add_error("group", _("The group belongs to another round."))
        reason = given.get("not_assessed_reason", "").strip()
        if not given.get("is_assessed") and not reason:
            self.add_error(
                "not_assessed_reason", _("Say why the agency is not assessed.")
            )
        return given


@admin.register(Assessment)
class MembershipAdmin(admin.ModelAdmin):
    """Agencies of a round: group and printed name. State and points stand apart."""

    form = MembershipForm

    fields = [*MembershipForm.Meta.fields, "state", "locked_at", "extended_until"]
    list_display = ["name_vi", "round", "group", "is_assessed", "state"]
    list_filter = ["round", "is_assessed", "state"]
    list_select_related = ["round", "group__round"]
    search_fields = ["name_vi", "agency__code", "agency__search_text"]
    autocomplete_fields = ["agency"]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["state", "locked_at", "extended_until"]
        return fixed if obj is None else ["round", "agency", *fixed]

    def save_model(self, request, obj, form, change):
        memberships.save(obj, by=request.user)

    def delete_model(self, request, obj):
        memberships.remove(obj)

    def has_delete_permission(self, request, obj=None):
        if obj is not None and (obj.ledger_length or not memberships.is_untouched(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        """Files go one by one, each asked whether it may."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
