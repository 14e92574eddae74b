"""One row of the score sheet: save it, or show again what is stored."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from scoring.forms.cells import CellForm
from scoring.labels import NotApplicable, RoleName
from scoring.permissions import assessment_rights
from scoring.queries.sheet_texts import declared, filled
from scoring.queries.sheets import sheet_of
from scoring.views.assessments import sheet_context, sheet_page
from scoring.views.guards import file_or_404, holds_role, require, wants_fragment
from scoring.wording import show_points


@dataclass(frozen=True, slots=True)
class Stored:
    """What somebody else saved meanwhile, in words, and the version it has."""

    sentence: str
    points: str
    data: str
    reason: str
    version: int


@login_required
@require_http_methods(["GET", "POST"])
def cell_save(request, year, agency, code):
    """POST saves what was typed; GET answers what is stored, for who takes that."""
    file = file_or_404(request, year, agency)
    if request.method == "GET":
        return _answer(request, file, code, "_stored.html")
    rights = assessment_rights(request.user, file)
    require(rights.edit or holds_role(request.user, file, RoleName.OFFICER))

    form = CellForm(request.POST, leaf=_row(sheet_of(file), code).text.leaf)
    if form.save(file, by=request.user):
        return _answer(request, file_or_404(request, year, agency), code, "_saved.html")
    return _refused(request, file, code, form)


def _answer(request, file, code, template):
    """The row as it is stored: a fragment for htmx, else the page at the row."""
    sheet = sheet_of(file)
    row = _row(sheet, code)
    if not wants_fragment(request):
        return redirect(f"{file.get_absolute_url()}?open={code}#row-{row.text.slug}")
    row.is_open = True
    return _fragment(request, file, sheet, row, template)


def _refused(request, file, code, form):
    """The row with what was typed and why it is not saved; nothing typed is lost."""
    sheet = sheet_of(file)
    row = _with_typed(_row(sheet, code), form, file)
    if wants_fragment(request):
        return _fragment(request, file, sheet, row, "_refused.html", form.status)
    return sheet_page(request, file, sheet, status=form.status)


def _fragment(request, file, sheet, row, template, status=200):
    return render(
        request,
        f"scoring/assessments/{template}",
        sheet_context(
            request.user, file, sheet, row=row, field=sheet.field_of(row), oob=True
        ),
        status=status,
    )


def _row(sheet, code):
    row = sheet.row(code)
    if row is None or row.text.leaf is None:
        raise Http404
    return row


def _with_typed(row, form, file):
    row.is_open = True
    row.errors = form.sentences
    if form.conflict:
        row.conflict = _stored(form.conflict, row, file)
    row.groups = filled(row.text.groups, form.typed)
    row.given = form.data.get("points", "")
    row.reason_typed = form.data.get("reason", "")
    row.proposes = bool(form.data.get("na"))
    row.version = form.data.get("version", row.version)
    return row


def _stored(conflict, row, file):
    stored = conflict.details["stored"] or {}
    points, data = stored.get("points"), stored.get("data")
    shown = show_points(None if points is None else Decimal(points))
    if stored.get("not_applicable"):
        shown = NotApplicable(stored["not_applicable"]).label
    return Stored(
        sentence=str(conflict),
        points=shown,
        data=declared(file.group.criteria_set, row.text, data).words if data else "",
        reason=stored.get("reason", ""),
        version=conflict.details["version"],
    )
