"""A round: its overview for everybody in it, and the progress of all files."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from scoring.actions import assessments
from scoring.forms.rounds import DeadlineForm
from scoring.permissions import (
    assessment_rights,
    own_agency_ids,
    round_rights,
    visible_assessments,
)
from scoring.queries.progress import (
    counts_by_group,
    filtered,
    progress_of,
    round_files,
)
from scoring.queries.rounds import round_groups
from scoring.states import EARLY, LOCKED, FileState
from scoring.views.guards import file_or_404, require, require_sight, round_or_404


@login_required
@require_GET
def round_detail(request, year):
    round_ = round_or_404(request, year)
    rights = round_rights(request.user, round_)
    files = round_files(round_, visible_assessments(request.user))
    now = timezone.now()
    rows = progress_of(files, now) if rights.see_all else []
    own = own_agency_ids(request.user)
    return render(
        request,
        "scoring/rounds/detail.html",
        {
            "round": round_,
            "rights": rights,
            "phases": [_phase(phase, now) for phase in round_.phase_rows],
            "groups": round_groups(round_),
            "counts": counts_by_group(rows),
            "late": [row for row in rows if row.is_late],
            "own_files": [file for file in files if file.agency_id in own],
        },
    )


@login_required
@require_GET
def round_progress(request, year):
    round_ = round_or_404(request, year)
    rights = round_rights(request.user, round_)
    require_sight(rights.see_all)
    group, state = request.GET.get("group", ""), request.GET.get("state", "")
    query = request.GET.get("q", "")
    rows = progress_of(round_files(round_, visible_assessments(request.user)))
    return render(
        request,
        "scoring/rounds/progress.html",
        {
            "round": round_,
            "rights": rights,
            "groups": round_groups(round_),
            "counts": [
                (group_, [(state_, by_state[state_]) for state_ in FileState], late)
                for group_, by_state, late in counts_by_group(rows)
            ],
            "states": FileState.choices,
            "group": group,
            "state": state,
            "query": query,
            "rows": filtered(rows, group=group, state=state, query=query),
            "has_files": bool(rows),
            "early": EARLY,
            "locked": LOCKED,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def assessment_extend(request, year, agency):
    """Give one agency a later deadline."""
    assessment = _managed(request, year, agency)
    form = DeadlineForm(request.POST or None, present=assessment.self_deadline())
    if form.is_valid():
        assessments.extend(assessment, by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("The deadline of %(agency)s has been extended.")
            % {"agency": assessment.name_vi},
        )
        return redirect("scoring:round-progress", year)
    return _deadline_page(request, assessment, form, "extend")


@login_required
@require_http_methods(["GET", "POST"])
def assessment_reopen(request, year, agency):
    """Return a locked file for completion."""
    assessment = _managed(request, year, agency)
    form = DeadlineForm(request.POST or None)
    if form.is_valid():
        assessments.reopen(assessment, by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("The file of %(agency)s has been returned for completion.")
            % {"agency": assessment.name_vi},
        )
        return redirect("scoring:round-progress", year)
    return _deadline_page(request, assessment, form, "reopen")


def _managed(request, year, agency):
    assessment = file_or_404(request, year, agency)
    require(assessment_rights(request.user, assessment).manage)
    return assessment


def _deadline_page(request, assessment, form, act):
    return render(
        request,
        "scoring/rounds/deadline.html",
        {
            "round": assessment.round,
            "assessment": assessment,
            "state": assessment.state_at(),
            "deadline": assessment.self_deadline(),
            "form": form,
            "act": act,
        },
        status=422 if form.is_bound else 200,
    )


def _phase(phase, now):
    if phase.ends_at <= now:
        return phase, "done"
    return phase, "now" if phase.includes(now) else "later"
