"""The agency's score sheet as a page."""

from functools import lru_cache, partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from scoring.permissions import assessment_rights, seen_layers, self_assessment_is_open
from scoring.queries.checklist import open_points
from scoring.queries.sheet_filters import filters_of, narrow
from scoring.queries.sheets import returned_remark, sheet_of
from scoring.states import WRITABLE, FileState
from scoring.views.guards import file_or_404

# What of an address says which lines of the sheet are shown.
SHOWN_BY = {"show": "show", "text": "q"}

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
    rights = assessment_rights(request.user, file)
    sheet = sheet_of(file, seen_layers(rights, file))
    opened = sheet.row(request.GET.get("open", ""))
    if opened is not None:
        opened.is_open = True
    return sheet_page(request, file, sheet)


def sheet_page(request, file, sheet, status=200):
    """The whole sheet; also the answer to a refused save without script."""
    wanted = {name: request.GET.get(of, "") for name, of in SHOWN_BY.items()}
    context = sheet_context(request.user, file, sheet)
    # It repeats the remarks at single criteria, so it is for the same eyes.
    sees_remarks = context["rights"].see_remarks
    page = {
        **context,
        **wanted,
        "found": narrow(sheet, **wanted),
        "filters": filters_of(sheet, **wanted),
        "remark": returned_remark(file) if sees_remarks else None,
    }
    return render(request, "scoring/assessments/detail.html", page, status=status)


def sheet_context(user, file, sheet, **more):
    """What the sheet and its fragments print."""
    rights = assessment_rights(user, file)
    state = file.state_at()
    if not rights.see_remarks:
        sheet.forget_remarks()
    return {
        "file": file,
        "base": file.get_absolute_url(),
        "sheet": sheet,
        # Called where it is printed: most fragments print none.
        "checklist": partial(open_points, sheet),
        "columns": sheet.columns,
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
    """The words that every row repeats, translated once for a language."""
    return _sheet_words(get_language())


@lru_cache(maxsize=8)
def _sheet_words(_language):
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
        "last_year": _("Last year"),
        "unit": pgettext("after a figure", "points"),
        "fold": _("Fold or unfold field"),
        "lost": _("Lost points"),
        "remarks": _("Leader's remarks:"),
        "remark_text": _("Remark for the officer at this criterion"),
        "remark_write": _("Write the remark"),
        "remark_take_back": _("Take the remark back"),
        "remark_taken_back": _("taken back"),
        "remark_done": _("Mark as done"),
        "remark_was_done": _("done"),
        "wanted": _("Evidence asked for:"),
        "no_evidence": _("No document is attached yet."),
        "take_off": _("Take off"),
        "attach": _("Attach evidence"),
        "details": _("Details"),
        # What becomes of a save.
        "entered": _("Entered here"),
        "stored": _("Stored"),
        "nothing": _("nothing"),
        "incomplete": _("Not complete yet, so not stored; it stays on this machine."),
        "stays": _("What is typed stays here until it can be saved."),
        "drop": _("Drop what is typed here"),
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
