"""The page on which a file is looked through, and the steps that are taken from there:
handed over, taken back, returned, locked, withdrawn."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from scoring.actions import assessments as actions
from scoring.forms.assessments import HandBackForm, WithdrawForm
from scoring.labels import RoleName
from scoring.permissions import works_for
from scoring.queries import checklist
from scoring.queries.reports import field_results, report_of, scans_of
from scoring.queries.sheets import sheet_of
from scoring.views.assessments import sheet_context
from scoring.views.guards import file_or_404, require_role, require_sight


@login_required
@require_GET
def assessment_submit(request, year, agency):
    """What is left to do, what the figures are, what has changed: then the act."""
    file = file_or_404(request, year, agency)
    require_sight(works_for(request.user, file))
    return submit_page(request, file)


@login_required
@require_POST
def assessment_hand_over(request, year, agency):
    file = file_or_404(request, year, agency)
    require_role(request, file, RoleName.OFFICER)

    actions.hand_over(file, by=request.user)
    messages.success(request, _("The file is with the leader for approval."))
    return redirect(file)


@login_required
@require_POST
def assessment_take_back(request, year, agency):
    file = file_or_404(request, year, agency)
    require_role(request, file, RoleName.OFFICER)

    actions.take_back(file, by=request.user)
    messages.success(request, _("The sheet was taken back and can be edited again."))
    return redirect(file)


@login_required
@require_POST
def assessment_hand_back(request, year, agency):
    file = file_or_404(request, year, agency)
    require_role(request, file, RoleName.LEADER)

    form = HandBackForm(request.POST)
    if form.hand_back(file, by=request.user):
        messages.success(request, _("The file was returned to the officer."))
        return redirect(file)
    return submit_page(request, file, status=422, hand_back_form=form)


@login_required
@require_POST
def assessment_lock(request, year, agency):
    file = file_or_404(request, year, agency)
    require_role(request, file, RoleName.LEADER)

    actions.lock(file, by=request.user)
    messages.success(request, _("The self-assessment is approved and locked."))
    return redirect(file)


@login_required
@require_POST
def assessment_withdraw(request, year, agency):
    file = file_or_404(request, year, agency)
    require_role(request, file, RoleName.LEADER)

    form = WithdrawForm(request.POST)
    if form.withdraw(file, by=request.user):
        messages.success(request, _("The sheet was withdrawn and is with the officer."))
        return redirect(file)
    return submit_page(request, file, status=422, withdraw_form=form)


def submit_page(request, file, status=200, **forms):
    """Also the answer to a refused act, with what was typed."""
    sheet = sheet_of(file)
    points = checklist.checklist_of(file, sheet)
    page = {
        "points": points,
        "is_stopped": checklist.stops(points),
        "open_remarks": next(p for p in points if p.what == "remarked").findings,
        "fields": field_results(file, sheet),
        "changes": checklist.changes_since_hand_over(file, sheet),
        "report": report_of(file),
        "scan": scans_of(file).first(),
        "hand_back_form": HandBackForm(),
        "withdraw_form": WithdrawForm(),
        **forms,
    }
    return render(
        request,
        "scoring/reports/submit.html",
        sheet_context(request.user, file, sheet, **page),
        status=status,
    )
