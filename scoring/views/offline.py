"""The own sheet off-line: take a workbook along, bring it back, choose, confirm."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from scoring.actions.offline import save_sheet
from scoring.exchange.reader import MOST_BYTES
from scoring.exchange.sheet_differences import differences, row_from_plain
from scoring.exchange.sheet_upload import read_sheet_workbook
from scoring.exchange.sheet_workbook import sheet_workbook
from scoring.forms.imports import WorkbookForm, sealed, unsealed
from scoring.forms.offline import ConfirmForm
from scoring.labels import RoleName
from scoring.permissions import assessment_rights
from scoring.views.assessments import closed_sentence
from scoring.views.exports import workbook_response
from scoring.views.guards import file_or_404, require_role


@login_required
@require_GET
def sheet_download(request, year, agency):
    file = file_or_404(request, year, agency)
    name = f"bang-tu-cham-{agency}-{year}.xlsx"
    return workbook_response(sheet_workbook(file), name)


@login_required
@require_http_methods(["GET", "POST"])
def sheet_upload(request, year, agency):
    file = file_or_404(request, year, agency)
    require_role(request, file, RoleName.OFFICER)

    if "sealed" in request.POST:
        return _confirm(request, file)
    if request.method == "GET":
        return _page(request, file, WorkbookForm())
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file, form, 422)
    return _preview(request, file, form)


def _preview(request, file, form):
    upload = form.cleaned_data["workbook"]
    # One byte more than may be tells the reader that the file is too large.
    plan = read_sheet_workbook(upload.read(MOST_BYTES + 1), file, by=request.user)
    context = {"file_name": upload.name, "faults": plan.faults}
    if plan.faults:
        return _page(request, file, form, 422, **context)
    return _page(request, file, form, **context, **_lines(request, file, plan.rows))


def _confirm(request, file):
    """Save what was previewed; with a choice missing, ask again with nothing lost."""
    plain = unsealed(request.POST["sealed"], _kind(file), file.round, request.user)
    rows = [row_from_plain(row) for row in plain]
    confirmation = ConfirmForm(request.POST, rows=rows)
    if not confirmation.is_valid():
        lines = _lines(request, file, rows, confirmation)
        return _page(request, file, WorkbookForm(), 422, **lines)
    changed = save_sheet(file, confirmation.wanted(), by=request.user)
    _tell(request, changed)
    return redirect(file)


def _lines(request, file, rows, confirmation=None):
    """What the table of differences needs: each with its choice, and the seal."""
    confirmation = confirmation or ConfirmForm(rows=rows)
    shown = differences(file, rows)
    return {
        "is_read": True,
        "lines": [(line, confirmation.choice(n)) for n, line in enumerate(shown)],
        "conflicts": sum(line.is_conflict for line in shown),
        "confirmation": confirmation,
        "sealed": sealed(
            _kind(file), file.round, request.user, [row.to_plain() for row in rows]
        ),
    }


def _kind(file):
    """What the seal is for: this file's sheet alone."""
    return f"sheet.{file.pk}"


def _page(request, file, form, status=200, **more):
    rights = assessment_rights(request.user, file)
    context = {
        "file": file,
        "form": form,
        "rights": rights,
        "closed": "" if rights.edit else closed_sentence(file, file.state_at()),
        "deadline": file.self_deadline(),
        **more,
    }
    return render(request, "scoring/offline/page.html", context, status=status)


def _tell(request, changed):
    if not changed:
        messages.info(request, _("Everything stood there already; nothing changed."))
        return
    text = ngettext(
        "%(number)s criterion has been taken from the workbook.",
        "%(number)s criteria have been taken from the workbook.",
        changed,
    )
    messages.success(request, text % {"number": changed})
