"""The self-assessment report: its words, the document, the signed scan, its template."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from scoring.actions import reports as actions
from scoring.exchange import document_templates, scans
from scoring.exchange.report_document import report_document, sample_context
from scoring.exchange.report_template import DEFAULT_TEMPLATE
from scoring.forms.reports import ReportForm, ScanForm, TemplateForm
from scoring.labels import DocumentKind
from scoring.models import DocumentTemplate, SignedScan
from scoring.permissions import (
    assessment_rights,
    round_rights,
    visible_assessments,
    works_for,
)
from scoring.queries.reports import report_of, scans_of, templates_of
from scoring.views.guards import (
    file_or_404,
    require,
    round_or_404,
)
from scoring.views.served_files import apart, stored_file

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# --- the report of one agency -------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def report_detail(request, year, agency):
    """What the agency writes into its report; the document and its scans beside it."""
    file = file_or_404(request, year, agency)
    if request.method == "GET":
        return _report_page(request, file, ReportForm.of(report_of(file)))
    require(_is_own(request, file))
    form = ReportForm(request.POST)
    if form.write(file, by=request.user):
        messages.success(request, _("The words of the report are saved."))
        return redirect("scoring:report-detail", year, agency)
    return _report_page(request, file, form, status=form.status)


@login_required
@require_GET
def report_file(request, year, agency):
    """The report as .docx, drawn up from what is stored now."""
    file = file_or_404(request, year, agency)
    return _document(
        report_document(file), f"bao-cao-tu-cham-diem-{year}-{agency}.docx"
    )


@login_required
@require_POST
def scan_attach(request, year, agency):
    file = file_or_404(request, year, agency)
    require(_is_own(request, file))
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        scans.receive(file, form.cleaned_data["upload"], by=request.user)
        messages.success(request, _("The signed scan is attached."))
        return redirect("scoring:report-detail", year, agency)
    page = ReportForm.of(report_of(file))
    return _report_page(request, file, page, scan_form=form, status=422)


@login_required
@require_GET
def scan_file(request, pk):
    """The stored scan, for whoever may see the agency's evidence."""
    scan = get_object_or_404(
        SignedScan.objects.filter(
            assessment__in=visible_assessments(request.user)
        ).select_related("assessment__round", "assessment__group"),
        pk=pk,
    )
    require(assessment_rights(request.user, scan.assessment).see_evidence)
    return stored_file(scan)


def _is_own(request, file):
    return works_for(request.user, file)


def _report_page(request, file, form, status=200, scan_form=None):
    return render(
        request,
        "scoring/reports/detail.html",
        {
            "file": file,
            "round": file.round,
            "rights": assessment_rights(request.user, file),
            "state": file.state_at(),
            "report": report_of(file),
            "is_own": _is_own(request, file),
            "form": form,
            "scan_form": scan_form or ScanForm(),
            "scans": scans_of(file),
        },
        status=status,
    )


# --- the city's template ------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def document_list(request, year):
    """The template that a round's reports are drawn up from, and another one."""
    round_ = _managed(request, year)
    form = TemplateForm(request.POST or None, request.FILES or None)
    is_sent = request.method == "POST"
    if is_sent and form.receive(partial(_receive, round_, request.user)):
        messages.success(request, _("The template is checked and in use."))
        return redirect("scoring:document-list", year)
    versions = list(templates_of(round_, DocumentKind.SELF_REPORT))
    return render(
        request,
        "scoring/reports/documents.html",
        {
            "round": round_,
            "form": form,
            "faults": form.faults,
            "versions": versions,
            "present": versions[0] if versions and not versions[0].is_default else None,
            "marks": _marks(sample_context(1)),
        },
        status=form.status if is_sent else 200,
    )


@login_required
@require_POST
def document_use_default(request, year):
    round_ = _managed(request, year)
    actions.use_default_template(round_, DocumentKind.SELF_REPORT, by=request.user)
    messages.success(request, _("The default template is in use again."))
    return redirect("scoring:document-list", year)


@login_required
@require_GET
def document_default(request, year):
    """The default template, to be changed in Word and uploaded again."""
    _managed(request, year)
    return _document(DEFAULT_TEMPLATE.read_bytes(), "mau-bao-cao-tu-cham-diem.docx")


@login_required
@require_GET
def document_version(request, year, number):
    """One version of the city's template."""
    round_ = _managed(request, year)
    template = get_object_or_404(
        DocumentTemplate.objects.exclude(file=""),
        round=round_,
        kind=DocumentKind.SELF_REPORT,
        version=number,
    )
    return stored_file(template, media_type=DOCX)


def _marks(sample):
    """``[(mark, the names of a list's items)]`` that a template may use."""
    marks = []
    for name, value in sample.items():
        if isinstance(value, dict):
            marks += [(f"{{{{ {name}.{key} }}}}", "") for key in value]
        elif isinstance(value, list):
            inner = value[0] if isinstance(value[0], dict) else ()
            keys = ", ".join(inner)
            marks.append((f"{{% for … in {name} %}}", keys))
        else:
            marks.append((f"{{{{ {name} }}}}", ""))
    return marks


def _managed(request, year):
    round_ = round_or_404(request, year)
    require(round_rights(request.user, round_).manage)
    return round_


def _receive(round_, by, upload):
    return document_templates.receive(
        round_, DocumentKind.SELF_REPORT, upload, sample_context(), by=by
    )


# --- answers ------------------------------------------------------------------------


def _document(content, name):
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return apart(response)
