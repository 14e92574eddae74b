"""Evidence of a criterion: attach it, open it, take it off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from scoring.actions import evidence as actions
from scoring.forms.evidence import EvidenceForm
from scoring.labels import RoleName
from scoring.models import EvidenceDocument, EvidenceLink
from scoring.permissions import assessment_rights, visible_assessments
from scoring.queries.sheets import sheet_of
from scoring.views.assessments import sheet_context
from scoring.views.guards import file_or_404, holds_role, require, wants_fragment


@login_required
@require_http_methods(["GET", "POST"])
def evidence_attach(request, year, agency, code):
    """The form for one more document of a criterion."""
    file = file_or_404(request, year, agency)
    rights = assessment_rights(request.user, file)
    require(rights.edit or holds_role(request.user, file, RoleName.OFFICER))
    row = _leaf_row(file, code)

    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.attach(file, code, by=request.user):
        if wants_fragment(request):
            return _evidence_changed(request, file, code)
        messages.success(request, _("The document is attached."))
        return _back_to_row(file, row)
    status = form.status if form.is_bound else 200
    template = "_evidence_form.html" if wants_fragment(request) else "evidence.html"
    return render(
        request,
        f"scoring/assessments/{template}",
        {
            "file": file,
            "base": file.get_absolute_url(),
            "row": row,
            "form": form,
            "only_errors": form.is_bound and wants_fragment(request),
        },
        status=status,
    )


@login_required
@require_GET
def evidence_file(request, pk):
    """The stored file, for whoever may see the agency's evidence; never from a
    public path, and never shown by the browser inside the site."""
    document = get_object_or_404(
        EvidenceDocument.objects.filter(
            assessment__in=visible_assessments(request.user)
        ).select_related("assessment__round", "assessment__group"),
        pk=pk,
    )
    require(assessment_rights(request.user, document.assessment).see_evidence)
    if not document.file:
        raise Http404
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.file_name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def evidence_detach(request, pk):
    link = get_object_or_404(
        EvidenceLink.objects.filter(
            document__assessment__in=visible_assessments(request.user)
        ).select_related("document", "criterion"),
        pk=pk,
    )
    round_, agency = link.document.assessment.round, link.document.assessment.agency
    file = file_or_404(request, round_.year, agency.code)
    require(holds_role(request.user, file, RoleName.OFFICER))
    row = _leaf_row(file, link.criterion.code)

    actions.detach(link, by=request.user)
    if wants_fragment(request):
        return _evidence_changed(request, file, row.text.code)
    messages.success(request, _("The document was taken off the criterion."))
    return _back_to_row(file, row)


def _leaf_row(file, code):
    row = sheet_of(file).row(code)
    if row is None or row.kind != "leaf":
        raise Http404
    return row


def _back_to_row(file, row):
    address = file.get_absolute_url()
    return redirect(f"{address}?open={row.text.code}#row-{row.text.slug}")


def _evidence_changed(request, file, code):
    """The row's evidence anew, without touching what is typed in the row."""
    sheet = sheet_of(file)
    row = sheet.row(code)
    return render(
        request,
        "scoring/assessments/_evidence_changed.html",
        sheet_context(
            request.user, file, sheet, row=row, field=sheet.field_of(row), oob=True
        ),
    )
