"""What the administrator may look at and never touch: points, surveys, the ledger.

Frozen results have their pages; here is what one looks up.
"""

from django.contrib import admin
from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _

from scoring.models import Cell, Exemption, LedgerLine, SurveyResult
from scoring.wording import show_points

from .sheets import ReadOnly

FILE = ["assessment__agency", "assessment__round"]


def shown(name, label, show=str):
    """A column or line that shows one field in the words of the reader."""

    @display(description=label, ordering=name, empty_value="—")
    def column(row):
        value = getattr(row, name)
        return None if value in (None, "") else show(value)

    column.__name__ = f"shown_{name}"
    return column


@display(description=_("layer"), ordering="layer")
def layer(cell):
    return cell.get_layer_display()


@display(description=_("Not applicable"), empty_value="—")
def not_applicable(cell):
    return cell.get_not_applicable_display() or None


class RecordAdmin(ReadOnly, admin.ModelAdmin):
    """The page of one record shows the columns of the list, in the same words."""

    search_fields = ["assessment__agency__code", "=criterion__code"]

    def get_fields(self, request, obj=None):
        return self.list_display

    def get_readonly_fields(self, request, obj=None):
        return self.list_display


@admin.register(Cell)
class CellAdmin(RecordAdmin):
    list_display = [
        shown("assessment", _("file of an agency")),
        shown("criterion", _("criterion")),
        layer,
        shown("points", _("points"), show_points),
        not_applicable,
        shown("data", _("Declared data")),
        shown("reason", _("reason")),
        shown("version", _("version")),
        "updated",
        shown("updated_by", _("account")),
    ]
    list_filter = ["assessment__round", "layer"]
    list_select_related = [*FILE, "criterion", "updated_by"]
    show_full_result_count = False

    @display(description=_("time"), ordering="updated_at")
    def updated(self, cell):
        return cell.updated_at


@admin.register(SurveyResult)
class SurveyResultAdmin(RecordAdmin):
    list_display = [
        shown("assessment", _("file of an agency")),
        shown("criterion", _("criterion")),
        "answers",
        shown("mean_percent", _("mean percent"), show_points),
        shown("standard_deviation", _("standard deviation"), show_points),
    ]
    list_filter = ["assessment__round"]
    list_select_related = [*FILE, "criterion"]


@admin.register(Exemption)
class ExemptionAdmin(RecordAdmin):
    list_display = ["assessment", "criterion", "document"]
    list_filter = ["assessment__round"]
    list_select_related = [*FILE, "criterion"]


@admin.register(LedgerLine)
class LedgerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "year",
        "agency_code",
        "sequence",
        "at",
        "kind",
        "layer",
        "criterion_code",
        "actor",
        "reason",
    ]
    list_filter = ["year", "kind", "layer"]
    search_fields = ["agency_code", "=criterion_code", "actor", "actor_name", "reason"]
    show_full_result_count = False
