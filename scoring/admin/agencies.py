from django.contrib import admin
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget, ManyToManyWidget

from scoring.models import Agency, AgencyGroup
from scoring.vietnamese import search_text

from .sheets import Sheet, SheetAdmin


class AgencyGroupSheet(Sheet):
    class Meta:
        model = AgencyGroup
        import_id_fields = ["code"]
        fields = ["code", "name_vi", "name_en", "position"]
        clean_model_instances = True
        skip_unchanged = True


class AgencySheet(Sheet):
    """Agencies by code; several predecessors stand in one cell, divided by commas."""

    group = Field("group", "group", ForeignKeyWidget(AgencyGroup, "code"))
    predecessors = Field(
        "predecessors", "predecessors", ManyToManyWidget(Agency, ",", "code")
    )

    class Meta:
        model = Agency
        import_id_fields = ["code"]
        fields = [
            "code",
            "name_vi",
            "name_en",
            "group",
            "valid_from",
            "valid_to",
            "predecessors",
        ]
        clean_model_instances = True
        skip_unchanged = True


@admin.register(AgencyGroup)
class AgencyGroupAdmin(SheetAdmin):
    resource_classes = [AgencyGroupSheet]
    list_display = ["code", "name_vi", "name_en", "position"]
    search_fields = ["code", "name_vi", "name_en"]


@admin.register(Agency)
class AgencyAdmin(SheetAdmin):
    resource_classes = [AgencySheet]
    list_display = ["name_vi", "code", "group", "valid_from", "valid_to"]
    list_filter = ["group"]
    list_select_related = ["group"]
    search_fields = ["code", "search_text", "name_en"]
    autocomplete_fields = ["predecessors"]

    def get_readonly_fields(self, request, obj=None):
        """The ledger and frozen results speak of the agency by its code."""
        return ["code"] if obj else []

    def get_search_results(self, request, queryset, search_term):
        """Found with and without diacritics, as the stored text is without."""
        return super().get_search_results(request, queryset, search_text(search_term))
