"""The appraiser's pages: which files wait, and one agency's sheet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from scoring.actions import appraisals, cells
from scoring.forms.appraisals import AcceptForm, JudgementForm
from scoring.permissions import (
    appraises,
    assessment_rights,
    round_rights,
    visible_assessments,
)
from scoring.queries.appraisals import FILTERS, sheet_of
from scoring.queries.progress import filtered, progress_of, round_files
from scoring.queries.rounds import round_groups
from scoring.views.guards import (
    file_or_404,
    require,
    require_sight,
    round_or_404,
    wants_fragment,
)


@login_required
@require_GET
def appraisal_list(request, year):
    round_ = round_or_404(request, year)
    rights = round_rights(request.user, round_)
    require_sight(rights.appraise or rights.see_all)
    rights_of = {
        file: assessment_rights(request.user, file)
        for file in round_files(round_, visible_assessments(request.user))
    }
    files = [file for file, of in rights_of.items() if of.see_appraisal]
    group, query = request.GET.get("group", ""), request.GET.get("q", "")
    rows = filtered(progress_of(files), group=group, query=query)
    return render(
        request,
        "scoring/appraisals/list.html",
        {
            "round": round_,
            "groups": round_groups(round_),
            "group": group,
            "query": query,
            "rows": [(row, rights_of[row.assessment].appraise) for row in rows],
            "has_files": bool(files),
        },
    )


@login_required
@require_GET
def appraisal_detail(request, year, agency):
    assessment = _file(request, year, agency)
    sheet = sheet_of(assessment)
    form = None
    if row := sheet.leaf(request.GET.get("open", "")):
        form = _form(request, assessment, sheet, row)
    return _page(request, assessment, sheet, form)


@login_required
@require_http_methods(["GET", "POST"])
def appraisal_save(request, year, agency, code):
    """One criterion: GET opens or closes its row, POST judges it."""
    assessment = _file(request, year, agency)
    sheet = sheet_of(assessment)
    row = sheet.leaf(code)
    require_sight(row)
    if request.method == "GET":
        return _opened(request, assessment, sheet, row)
    require(appraises(request.user, assessment))
    require_sight(row.is_judgeable)
    if "accept" in request.POST:
        return _accept(request, assessment, row)
    form = JudgementForm(request.POST, **_form_options(assessment, sheet, row))
    if not form.is_valid():
        return _answer(request, assessment, sheet, form, status=422)
    if form.is_stale:
        return _answer(request, assessment, sheet, form.rebased(), status=409)
    cells.save(assessment, [form.change], by=request.user)
    return _saved(request, assessment, code)


@login_required
@require_POST
def appraisal_accept_rest(request, year, agency):
    assessment = _file(request, year, agency)
    require(appraises(request.user, assessment))
    count = len(appraisals.accept_rest(assessment, by=request.user))
    messages.success(
        request,
        ngettext(
            "%(count)s criterion accepted as self-assessed.",
            "%(count)s criteria accepted as self-assessed.",
            count,
        )
        % {"count": count},
    )
    return redirect(_address(assessment, request))


def _accept(request, assessment, row):
    form = AcceptForm(request.POST)
    require_sight(form.is_valid())
    appraisals.accept(
        assessment,
        row.code,
        by=request.user,
        reason=form.cleaned_data["reason"],
        expected_version=form.cleaned_data["accept"],
    )
    return _saved(request, assessment, row.code)


# --- what is shown --------------------------------------------------------------


def _file(request, year, agency):
    """The file, for those who may see its appraisal; for others there is none."""
    assessment = file_or_404(request, year, agency)
    require_sight(assessment_rights(request.user, assessment).see_appraisal)
    return assessment


def _form_options(assessment, sheet, row):
    return {
        "row": row,
        "layer": sheet.layer,
        "points_decimals": assessment.group.criteria_set.points_decimals,
    }


def _form(request, assessment, sheet, row):
    """The row's form for who may fill it now; None: the row opens to be read."""
    rights = assessment_rights(request.user, assessment)
    if not (rights.appraise and row.is_judgeable):
        return None
    return JudgementForm(**_form_options(assessment, sheet, row))


def _opened(request, assessment, sheet, row):
    if not wants_fragment(request):
        return redirect(_address(assessment, request, row))
    is_open = "closed" not in request.GET
    form = _form(request, assessment, sheet, row) if is_open else None
    context = _context(request, assessment, sheet, form)
    context |= {"rows": [row], "open_code": row.code if is_open else ""}
    return render(request, "scoring/appraisals/_rows.html", context)


def _answer(request, assessment, sheet, form, *, status):
    """The row again with what was typed and what is wrong with it."""
    if wants_fragment(request):
        context = _context(request, assessment, sheet, form)
        context |= {"rows": [form.row], "open_code": form.row.code}
        return render(request, "scoring/appraisals/_rows.html", context, status=status)
    return _page(request, assessment, sheet, form, status=status)


def _page(request, assessment, sheet, form, *, status=200):
    context = _context(request, assessment, sheet, form)
    context["rows"] = sheet.filtered(context["show"])
    context["open_code"] = form.row.code if form else request.GET.get("open", "")
    return render(request, "scoring/appraisals/detail.html", context, status=status)


def _saved(request, assessment, code):
    """After a change: back to the row, or on to the next one that waits."""
    assessment = get_object_or_404(
        visible_assessments(request.user).select_related(
            "round", "agency", "group__criteria_set"
        ),
        pk=assessment.pk,
    )
    sheet = sheet_of(assessment)
    row = sheet.leaf(code)
    following = sheet.next_waiting(code) if "next" in request.POST else None
    next_row = sheet.leaf(following) if following else None
    if not wants_fragment(request):
        return redirect(_address(assessment, request, next_row or row, bool(next_row)))
    context = _context(request, assessment, sheet, None)
    context |= {"rows": [row], "saved_code": code, "next_rows": []}
    if next_row:
        context["next_form"] = _form(request, assessment, sheet, next_row)
        context |= {"next_rows": [next_row], "next_code": following}
    return render(request, "scoring/appraisals/_saved.html", context)


def _context(request, assessment, sheet, form):
    show = request.GET.get("show", "")
    return {
        "assessment": assessment,
        "round": assessment.round,
        "rights": assessment_rights(request.user, assessment),
        "sheet": sheet,
        "form": form,
        "show": show if show in FILTERS else "",
        "base": _base(assessment),
        "width": 6 + len(sheet.layers),
    }


def _base(assessment):
    return reverse(
        "scoring:appraisal-detail",
        args=[assessment.round.year, assessment.agency.code],
    )


def _address(assessment, request, row=None, is_open=True):
    """The sheet's address with its filter, at a row, opened there."""
    show = request.GET.get("show", "")
    query = [f"show={show}"] if show in FILTERS else []
    if row and is_open:
        query.append(f"open={row.in_address}")
    anchor = f"#{row.anchor}" if row else ""
    return _base(assessment) + (f"?{'&'.join(query)}" if query else "") + anchor
