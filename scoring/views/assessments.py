"""The agency's score sheet as a page, and the steps of its file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from scoring.actions import assessments as actions
from scoring.forms.assessments import HandBackForm
from scoring.labels import RoleName
from scoring.permissions import assessment_rights, self_assessment_is_open
from scoring.queries.sheets import returned_remark, sheet_of
from scoring.states import WRITABLE, FileState
from scoring.views.guards import file_or_404, holds_role, require

# The sign that goes with each state of a file.
STATE_KINDS = {
    FileState.NOT_STARTED: "none",
    FileState.SCORING: "working",
    FileState.WITH_LEADER: "waiting",
    FileState.LOCKED: "locked",
    FileState.LOCKED_BY_CLOCK: "late",
    FileState.EXPLAINING: "working",
    FileState.EXPLANATION_LOCKED: "locked",
}


@login_required
@require_GET
def assessment_detail(request, year, agency):
    file = file_or_404(request, year, agency)
    sheet = sheet_of(file)
    opened = sheet.row(request.GET.get("open", ""))
    if opened is not None:
        opened.is_open = True
    return sheet_page(request, file, sheet)


@login_required
@require_POST
def assessment_hand_over(request, year, agency):
    file = file_or_404(request, year, agency)
    require(holds_role(request.user, file, RoleName.OFFICER))

    actions.hand_over(file, by=request.user)
    messages.success(request, _("The file is with the leader for approval."))
    return redirect(file)


@login_required
@require_POST
def assessment_hand_back(request, year, agency):
    file = file_or_404(request, year, agency)
    require(holds_role(request.user, file, RoleName.LEADER))

    form = HandBackForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.hand_back(file, by=request.user, reason=reason)
    messages.success(request, _("The file was returned to the officer."))
    return redirect(file)


@login_required
@require_POST
def assessment_lock(request, year, agency):
    file = file_or_404(request, year, agency)
    require(holds_role(request.user, file, RoleName.LEADER))

    actions.lock(file, by=request.user)
    messages.success(request, _("The self-assessment is approved and locked."))
    return redirect(file)


def sheet_page(request, file, sheet, status=200):
    """The whole sheet; also the answer to a refused save without script."""
    page = {
        **sheet_context(request.user, file, sheet),
        "remark": returned_remark(file),
        "hand_back_form": HandBackForm(),
    }
    return render(request, "scoring/assessments/detail.html", page, status=status)


def sheet_context(user, file, sheet, **more):
    """What the sheet and its fragments print."""
    rights = assessment_rights(user, file)
    state = file.state_at()
    return {
        "file": file,
        "base": file.get_absolute_url(),
        "sheet": sheet,
        "rights": rights,
        "state": state,
        "state_kind": STATE_KINDS[state],
        "deadline": file.self_deadline(),
        "closed": closed_sentence(file, state),
        "is_exempt": not file.is_assessed,
        "words": sheet_words(),
        **more,
    }


def sheet_words():
    """The words that every row repeats, translated once for the whole sheet."""
    return {
        "maximum": _("Maximum points"),
        "data": _("Declared data"),
        "points": _("Self-assessed points"),
        "evidence": _("Evidence"),
        "reason": _("Explanation"),
        "na": pgettext("figure", "N/A"),
        "confirmed": _("not applicable"),
        "proposed": _("not applicable, proposed by the agency"),
        "not_scored": _("not scored"),
        "exempted": _("Exempted by"),
        "missing": _("missing"),
        "changed": _("Changed meanwhile"),
        "keep": _("Keep what is entered here"),
        "take": _("Take the stored value"),
        "not_saved": _("Not saved"),
        "computed": _("Computed by the rule:"),
        "override": _("Other points than computed (give the reason)"),
        "propose": _("Propose as not applicable (give the reason)"),
        "save": _("Save"),
        "clear": _("Clear this criterion"),
        "method": _("How points are computed"),
        "wanted": _("Evidence asked for:"),
        "no_evidence": _("No document is attached yet."),
        "take_off": _("Take off"),
        "attach": _("Attach evidence"),
    }


def closed_sentence(file, state):
    """Why nobody can write in the sheet now, "" when the officer can."""
    if state == FileState.LOCKED_BY_CLOCK:
        return _(
            "The deadline has passed; the sheet is closed. An agency that needs an "
            "extension asks the Department of Home Affairs."
        )
    if state == FileState.WITH_LEADER:
        return _(
            "The sheet is with the agency's leader. It opens again when the leader "
            "returns it to the officer."
        )
    if state not in WRITABLE:
        return _(
            "The sheet is locked. To open it again, the agency asks the Department "
            "of Home Affairs to return it for completion."
        )
    if not self_assessment_is_open(file, timezone.now()):
        return _("The self-assessment has not begun yet.")
    return ""
