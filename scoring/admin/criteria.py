from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget

from scoring.actions import criteria as criteria_actions
from scoring.index.errors import TreeErrors
from scoring.index.tree import read_tree
from scoring.index.values import CriterionRow
from scoring.labels import RULE_LABELS
from scoring.models import CriteriaSet, Criterion, CriterionMapping
from scoring.wording import say

from .sheets import InertXlsx, Permitted, ReadOnly, Sheet, SheetAdmin

TALL = forms.Textarea(attrs={"rows": 2, "cols": 40})


class CriterionForm(forms.ModelForm):
    """A row of a set. The parent is named by its code, so that new rows can be
    parents of new rows."""

    parent_code = forms.CharField(
        label=gettext_lazy("parent"), required=False, max_length=30
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("scoring rule"),
        required=False,
        choices=[("", "—"), *RULE_LABELS.items()],
    )

    class Meta:
        model = Criterion
        fields = [
            "position",
            "code",
            "parent_code",
            "name_vi",
            "name_en",
            "max_points",
            "rule",
            "parameters",
        ]
        widgets = {"name_vi": TALL, "name_en": TALL, "parameters": TALL}

    def __init__(self, *args, parents=None, **options):
        super().__init__(*args, **options)
        # The codes of all parents come at once: not one query a row.
        self.fields["parent_code"].initial = (parents or {}).get(
            self.instance.parent_id, ""
        )

    def validate_unique(self):
        """Codes and places are unique within what the form shows, which the engine
        and the action see to; the rows that stand in the database are replaced."""

    def validate_constraints(self):
        """As above: the whole set is checked at once."""

    def row(self):
        given = self.cleaned_data
        return CriterionRow(
            code=given["code"].strip(),
            parent_code=given["parent_code"].strip(),
            name_vi=given["name_vi"],
            name_en=given["name_en"],
            max_points=given["max_points"],
            rule=given["rule"],
            parameters=given["parameters"],
        )


COLUMN_FIELDS = {"parent_code", "code", "max_points", "rule", "parameters"}


class CriteriaFormSet(forms.BaseInlineFormSet):
    """All rows of a set, checked together by the engine."""

    def get_form_kwargs(self, index):
        if not hasattr(self, "_parents"):
            codes = self.instance.pk and self.instance.criteria.values_list(
                "pk", "code"
            )
            self._parents = dict(codes or [])
        return {**super().get_form_kwargs(index), "parents": self._parents}

    def ordered(self):
        """Filled forms in the order of their positions, without deleted ones."""
        filled = [
            form
            for form in self.forms
            if form.cleaned_data.get("code") and not form.cleaned_data.get("DELETE")
        ]
        return sorted(filled, key=lambda form: form.cleaned_data["position"])

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        ordered = self.ordered()
        rows = [form.row() for form in ordered]
        try:
            read_tree(
                rows,
                points_decimals=self.instance.points_decimals,
                cap_at_100=self.instance.cap_at_100,
            )
        except TreeErrors as errors:
            raise ValidationError(_told(errors.faults, ordered, rows)) from errors


def _told(faults, forms_, rows):
    """Each fault as a sentence, told at its field as well where there is one."""
    sentences = []
    for index, column, sentence in faults:
        text = say(sentence)
        if index < len(rows):
            if column in COLUMN_FIELDS:
                forms_[index].add_error(column, text)
            text = f"{rows[index].code} · {column}: {text}"
        sentences.append(text)
    return sentences


class CriterionInline(admin.TabularInline):
    model = Criterion
    form = CriterionForm
    formset = CriteriaFormSet
    fields = CriterionForm.Meta.fields
    extra = 3

    def get_fields(self, request, obj=None):
        """A frozen set is shown, so its rows name their parent themselves."""
        if obj is None or not obj.frozen_at:
            return self.fields
        return [name if name != "parent_code" else "parent" for name in self.fields]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent")

    def has_add_permission(self, request, obj=None):
        return _is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _is_open(obj) and super().has_delete_permission(request, obj)


def _is_open(criteria_set):
    return criteria_set is None or not criteria_set.frozen_at


class CriteriaSetForm(forms.ModelForm):
    """A further set of the same year and code is the next version: with its reason."""

    class Meta:
        model = CriteriaSet
        fields = [
            "year",
            "code",
            "name_vi",
            "name_en",
            "decision",
            "points_decimals",
            "cap_at_100",
            "reason",
        ]

    def clean(self):
        given = super().clean()
        if self.instance.pk is None and {"year", "code"} <= given.keys():
            last = CriteriaSet.objects.filter(
                year=given["year"], code=given["code"]
            ).aggregate(Max("version"))["version__max"]
            self.instance.version = (last or 0) + 1
        if self.instance.version > 1 and not given.get("reason", "").strip():
            self.add_error(
                "reason", _("A new version of a criteria set needs its reason.")
            )
        return given


@admin.register(CriteriaSet)
class CriteriaSetAdmin(admin.ModelAdmin):
    form = CriteriaSetForm
    inlines = [CriterionInline]
    list_display = ["__str__", "year", "code", "version", "decision", "frozen_at"]
    list_filter = ["year"]
    search_fields = ["code", "name_vi", "name_en", "decision"]
    readonly_fields = ["version", "frozen_at", "content_hash"]

    def has_change_permission(self, request, obj=None):
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _is_open(obj) and super().has_delete_permission(request, obj)

    def save_formset(self, request, form, formset, change):
        """Rows are stored together by the action, which checks them once more."""
        rows = [row_form.row() for row_form in formset.ordered()]
        criteria_actions.replace_rows(form.instance, rows)
        formset.new_objects = formset.changed_objects = formset.deleted_objects = []


class CriterionSheet(Sheet):
    """All rows of the sets, as the bundle's files have them."""

    year = Field("criteria_set__year", "year")
    set = Field("criteria_set__code", "set")
    version = Field("criteria_set__version", "version")
    parent_code = Field("parent__code", "parent_code")

    class Meta:
        model = Criterion
        fields = [
            "year",
            "set",
            "version",
            "code",
            "parent_code",
            "name_vi",
            "name_en",
            "max_points",
            "rule",
            "parameters",
        ]
        export_order = fields


@admin.register(Criterion)
class CriterionAdmin(Permitted, ReadOnly, ExportMixin, admin.ModelAdmin):
    """Rows to be searched and exported; they are edited within their set."""

    formats = [InertXlsx]
    resource_classes = [CriterionSheet]
    list_display = ["code", "name_vi", "criteria_set", "max_points", "rule"]
    list_filter = ["criteria_set"]
    list_select_related = ["criteria_set"]
    search_fields = ["=code", "name_vi", "name_en"]


class CriterionWidget(ForeignKeyWidget):
    """A criterion by its code; year, set and version stand in columns of their own."""

    def __init__(self, prefix=""):
        super().__init__(Criterion, "code")
        self.prefix = prefix

    def get_queryset(self, value, row, *args, **options):
        return Criterion.objects.filter(
            criteria_set__year=row[f"{self.prefix}year"],
            criteria_set__code=row[f"{self.prefix}set"],
            criteria_set__version=row[f"{self.prefix}version"],
        )

    def clean(self, value, row=None, **options):
        try:
            return super().clean(value, row, **options)
        except (Criterion.DoesNotExist, ValueError, KeyError) as error:
            raise ValueError(
                _("There is no criterion “%(code)s” in the set that the row names.")
                % {"code": value}
            ) from error


class MappingSheet(Sheet):
    """One pair a row: a criterion and the one of an earlier set that it continues."""

    year = Field("criterion__criteria_set__year", "year", readonly=True)
    set = Field("criterion__criteria_set__code", "set", readonly=True)
    version = Field("criterion__criteria_set__version", "version", readonly=True)
    criterion = Field("criterion", "code", CriterionWidget())
    previous_year = Field(
        "previous__criteria_set__year", "previous_year", readonly=True
    )
    previous_set = Field("previous__criteria_set__code", "previous_set", readonly=True)
    previous_version = Field(
        "previous__criteria_set__version", "previous_version", readonly=True
    )
    previous = Field("previous", "previous_code", CriterionWidget("previous_"))

    class Meta:
        model = CriterionMapping
        import_id_fields = ["criterion"]
        fields = [
            "year",
            "set",
            "version",
            "criterion",
            "previous_year",
            "previous_set",
            "previous_version",
            "previous",
        ]
        export_order = fields
        clean_model_instances = True
        skip_unchanged = True


@admin.register(CriterionMapping)
class MappingAdmin(SheetAdmin):
    """Which criterion continues which, for “last year” beside the score sheet."""

    resource_classes = [MappingSheet]
    list_display = ["criterion", "set_of_criterion", "previous", "set_of_previous"]
    list_filter = ["criterion__criteria_set"]
    list_select_related = ["criterion__criteria_set", "previous__criteria_set"]
    search_fields = ["=criterion__code", "=previous__code", "criterion__name_vi"]
    # Not found by typing: the same code stands in every year's set.
    raw_id_fields = ["criterion", "previous"]

    @admin.display(description=gettext_lazy("criteria set"))
    def set_of_criterion(self, pair):
        return pair.criterion.criteria_set

    @admin.display(description=gettext_lazy("earlier criteria set"))
    def set_of_previous(self, pair):
        return pair.previous.criteria_set
