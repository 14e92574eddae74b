"""One row of the score sheet: save it, or show again what is stored."""

from dataclasses import dataclass
from decimal import Decimal
from zlib import crc32

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from scoring.actions import cells
from scoring.forms.cells import CellForm
from scoring.labels import NotApplicable, RoleName
from scoring.queries.checklist import open_points
from scoring.queries.saved_row import sheet_after
from scoring.queries.sheet_texts import declared, filled, row_address
from scoring.queries.sheets import sheet_of
from scoring.templatetags.sheets import saved_row
from scoring.views.assessments import sheet_context, sheet_page, sheet_words
from scoring.views.guards import (
    leaf_or_404,
    officers_file,
    require_role,
    row_or_404,
    wants_fragment,
)
from scoring.wording import show_points

# What static/js/saving.js reads of an answer: which version is stored now and since
# when (an answer without it is not the application's), and that a refused row is only
# not complete yet.
VERSION, SAVED_AT, INCOMPLETE = "X-Cell-Version", "X-Saved-At", "X-Incomplete"
# Which checklist the page shows: the same is not sent again, for it names every
# criterion that lacks something.
CHECKLIST = "X-Checklist"


@dataclass(frozen=True, slots=True)
class Value:
    """One of two values between which somebody chooses, in words."""

    points: str
    data: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clash:
    """What is entered here and what somebody else saved meanwhile, with its version."""

    sentence: str
    entered: Value
    stored: Value
    saved: str
    version: int


@login_required
@require_http_methods(["GET", "POST"])
def cell_save(request, year, agency, code):
    """POST saves what was typed; GET answers what is stored, for who takes that."""
    file = officers_file(request, year, agency)
    leaf = leaf_or_404(file, code)
    if request.method == "GET":
        return _stored(request, file, sheet_of(file), code)
    # Whether state and clock allow it the action asks, under the file's lock.
    require_role(request, file, RoleName.OFFICER)

    form = CellForm(request.POST, leaf=leaf)
    if form.save(file, by=request.user):
        return _saved(request, file, sheet_after(file, code, form.cell), code)
    return _refused(request, file, code, form)


def _saved(request, file, sheet, code):
    """What the save changed on the page; without script the page at the row."""
    row = row_or_404(sheet, code)
    if not wants_fragment(request):
        return redirect(row_address(file, code))
    row.is_open = True
    points = open_points(sheet)
    told = str(crc32(repr([(point.what, point.places) for point in points]).encode()))
    text = saved_row(row, sheet, file.get_absolute_url(), sheet_words())
    if request.headers.get(CHECKLIST) != told:
        text += _checklist(file, points)
    response = HttpResponse(text)
    response[CHECKLIST] = told
    return _with_version(response, row)


def _checklist(file, points):
    return render_to_string(
        "scoring/assessments/_checklist.html",
        {"checklist": points, "is_exempt": not file.is_assessed, "oob": True},
    )


def _stored(request, file, sheet, code):
    """The row as it is stored: a fragment for htmx, else the page at the row."""
    row = row_or_404(sheet, code)
    if not wants_fragment(request):
        return redirect(row_address(file, code))
    row.is_open = True
    response = _fragment(request, file, sheet, row, "_stored.html")
    return _with_version(response, row)


def _with_version(response, row):
    response[VERSION] = str(row.version)
    response[SAVED_AT] = localtime().strftime("%H:%M")
    return response


def _refused(request, file, code, form):
    """The row with what was typed and why it is not saved; nothing typed is lost."""
    sheet = sheet_of(file)
    row = _with_typed(row_or_404(sheet, code), form, file)
    if not wants_fragment(request):
        return sheet_page(request, file, sheet, status=form.status)
    response = _fragment(
        request,
        file,
        sheet,
        row,
        "_refused.html",
        status=form.status,
        incomplete=form.is_incomplete,
    )
    if form.is_incomplete:
        response[INCOMPLETE] = "1"
    return response


def _fragment(request, file, sheet, row, template, status=200, **more):
    context = sheet_context(
        request.user,
        file,
        sheet,
        row=row,
        field=sheet.field_of(row),
        oob=True,
        **csrf(request),
        **more,
    )
    # Without the context processors: a fragment needs nothing of the page's frame.
    text = render_to_string(f"scoring/assessments/{template}", context)
    response = HttpResponse(text, status=status)
    response[VERSION] = str(row.conflict.version if row.conflict else row.version)
    return response


def _with_typed(row, form, file):
    row.is_open = True
    row.errors = form.sentences
    if form.conflict:
        row.conflict = _clash(form, row, file)
    row.groups = filled(row.text.groups, form.typed)
    row.given = form.data.get("points", "")
    row.reason_typed = form.data.get("reason", "")
    row.proposes = bool(form.data.get("na"))
    row.version = form.data.get("version", row.version)
    return row


def _clash(form, row, file):
    """Only what could be saved meets another value, so what is entered is sound."""
    stored = form.conflict.details["stored"] or {}
    ((__, __, entered),) = cells.check(file, [form.change()])
    points = stored.get("points")
    return Clash(
        sentence=str(form.conflict),
        entered=_value(
            row,
            file,
            entered and entered.points,
            entered.data if entered else "",
            entered.na if entered else "",
            entered.reason if entered else "",
        ),
        stored=_value(
            row,
            file,
            None if points is None else Decimal(points),
            stored.get("data", ""),
            stored.get("not_applicable", ""),
            stored.get("reason", ""),
        ),
        saved=row.saved,
        version=form.conflict.details["version"],
    )


def _value(row, file, points, data, na, reason):
    return Value(
        points=NotApplicable(na).label if na else show_points(points),
        data=declared(file.group.criteria_set, row.text, data).words if data else "",
        reason=reason,
    )
