"""The leader's remarks at single criteria: written, taken back, marked as done."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from scoring.actions import remarks as actions
from scoring.labels import RoleName
from scoring.models import Remark
from scoring.permissions import assessment_rights, visible_assessments
from scoring.queries.sheet_texts import row_address
from scoring.queries.sheets import sheet_of
from scoring.views.assessments import sheet_context
from scoring.views.guards import (
    file_or_404,
    require_role,
    require_sight,
    row_or_404,
    wants_fragment,
)


@login_required
@require_POST
def remark_write(request, year, agency, code):
    file = file_or_404(request, year, agency)
    require_sight(assessment_rights(request.user, file).see_remarks)
    require_role(request, file, RoleName.LEADER)

    actions.write(file, code, request.POST.get("text", ""), by=request.user)
    return _row_again(request, file, code)


@login_required
@require_POST
def remark_take_back(request, pk):
    file, remark = _remark_or_404(request, pk)
    require_role(request, file, RoleName.LEADER)

    actions.take_back(remark, by=request.user)
    return _row_again(request, file, remark.criterion.code)


@login_required
@require_POST
def remark_resolve(request, pk):
    file, remark = _remark_or_404(request, pk)
    require_role(request, file, RoleName.OFFICER)

    actions.resolve(remark, by=request.user)
    return _row_again(request, file, remark.criterion.code)


def _remark_or_404(request, pk):
    remark = get_object_or_404(
        Remark.objects.filter(
            assessment__in=visible_assessments(request.user)
        ).select_related("criterion", "assessment__round", "assessment__agency"),
        pk=pk,
    )
    place = remark.assessment
    file = file_or_404(request, place.round.year, place.agency.code)
    require_sight(assessment_rights(request.user, file).see_remarks)
    return file, remark


def _row_again(request, file, code):
    """The row's remarks and its line, without touching what is typed in the row."""
    sheet = sheet_of(file)
    row = row_or_404(sheet, code)
    if not wants_fragment(request):
        return redirect(row_address(file, code))
    row.is_open = True
    return render(
        request,
        "scoring/assessments/_remarks_changed.html",
        sheet_context(request.user, file, sheet, row=row, oob=True),
    )
