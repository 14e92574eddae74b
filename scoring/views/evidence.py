"""Evidence is read through here alone: its rights are asked for every byte."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from scoring.models import EvidenceDocument
from scoring.permissions import assessment_rights, visible_assessments
from scoring.views.guards import require
from scoring.views.served_files import stored_file


@login_required
@require_GET
def evidence_file(request, pk):
    """The document's current content, for whoever may see the agency's evidence.

    ``?inline=1``: shown by the browser beside the sheet, for PDF and pictures.
    """
    return _served(request, _document_or_404(request, pk).current)


@login_required
@require_GET
def evidence_version(request, pk, number):
    """One version of a document, older ones too: what a score was judged by."""
    document = _document_or_404(request, pk)
    return _served(request, get_object_or_404(document.versions, number=number))


def _document_or_404(request, pk):
    """Removed ones too, as long as the ledger names them."""
    document = get_object_or_404(
        EvidenceDocument.objects.filter(
            assessment__in=visible_assessments(request.user)
        ).select_related("current", "assessment__round", "assessment__group"),
        pk=pk,
    )
    require(assessment_rights(request.user, document.assessment).see_evidence)
    return document


def _served(request, version):
    """The stored bytes, never from a public path; a link is not ours to serve."""
    if version.is_link:
        raise Http404
    inline = request.GET.get("inline") == "1" and version.can_be_shown
    if inline:
        return stored_file(version, media_type=version.media_type, inline=True)
    return stored_file(version)
