"""What import and export in the admin share: the file form, figures, base classes."""

from decimal import Decimal

from diff_match_patch import diff_match_patch
from django.utils.html import format_html, format_html_join
from import_export.admin import ImportExportModelAdmin
from import_export.formats.base_formats import XLSX
from import_export.forms import ExportForm
from import_export.resources import Diff, ModelResource
from import_export.widgets import Widget

from scoring.exchange.paper import Paper, created_in
from scoring.exchange.reader import figure_as_shown
from scoring.index.figures import shortest
from scoring.models.fields import FigureField
from scoring.numbers import read_number


class InertXlsx(XLSX):
    """An .xlsx whose texts are texts: the library's own writer makes a formula of
    whatever begins with an equals sign."""

    def export_data(self, dataset, **options):
        paper = Paper(dataset.title or "", created=created_in(2000))
        sheet = paper.add_sheet(dataset.title or "Sheet 1")
        for column, heading in enumerate(dataset.headers):
            paper.write_text(sheet, 0, column, heading, bold=True)
        for row, values in enumerate(dataset, start=1):
            for column, value in enumerate(values):
                if value not in (None, ""):
                    paper.write_text(sheet, row, column, str(value), num_format="@")
        sheet.freeze_panes(1, 0)
        return paper.close()


class FigureWidget(Widget):
    """Exact figures: ``0,25`` and ``0.25`` are a quarter, never 0."""

    def clean(self, value, row=None, **options):
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, bool):
            raise ValueError(str(value))
        if isinstance(value, int | float):
            value = figure_as_shown(value)
        elif not isinstance(value, Decimal):
            value = read_number(str(value))
        # The field knows its limits; a fifth decimal is refused there.
        return FigureField().to_python(value)

    def render(self, value, obj=None, **options):
        return "" if value is None else shortest(value)


class PlainDiff(Diff):
    """What a row changes, as ``<del>`` and ``<ins>``: the library's own marks bear
    inline styles, which the Content-Security-Policy refuses."""

    TAGS = {
        diff_match_patch.DIFF_DELETE: "<del>{}</del>",
        diff_match_patch.DIFF_INSERT: "<ins>{}</ins>",
        diff_match_patch.DIFF_EQUAL: "<span>{}</span>",
    }

    def as_html(self):
        return [
            self._marked("" if self.new and before != after else before, after)
            for before, after in zip(self.left, self.right, strict=False)
        ]

    def _marked(self, before, after):
        matcher = diff_match_patch()
        pieces = matcher.diff_main(str(before), str(after))
        matcher.diff_cleanupSemantic(pieces)
        return format_html_join(
            "", "{}", ((format_html(self.TAGS[kind], text),) for kind, text in pieces)
        )


class Sheet(ModelResource):
    """A resource that knows our figures."""

    WIDGETS_MAP = {**ModelResource.WIDGETS_MAP, "FigureField": FigureWidget}

    def get_diff_class(self):
        return PlainDiff


class Permitted:
    """The library lets everybody of the staff import and export; here a file needs
    the permissions of what it does row by row."""

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)


class SheetAdmin(Permitted, ImportExportModelAdmin):
    """Import with preview, and export, as .xlsx alone."""

    formats = [InertXlsx]
    # The library's form for choosing columns works by inline scripts alone.
    export_form_class = ExportForm


class ReadOnly:
    """Seen by those who may, changed by nobody: points change through actions alone."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
