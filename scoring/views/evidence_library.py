"""The evidence library of an agency in a round, and each of its documents."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from scoring.actions import evidence as actions
from scoring.forms.evidence import DetailsForm, FilesForm, ReplaceForm, WebLinkForm
from scoring.labels import EvidenceFilter, RoleName
from scoring.models import EvidenceDocument
from scoring.permissions import assessment_rights, visible_assessments
from scoring.queries.evidence_library import (
    document_of,
    earlier_documents,
    library_of,
)
from scoring.views.assessments import closed_sentence
from scoring.views.evidence_attach import saved_words, stored_words
from scoring.views.guards import (
    file_or_404,
    require_role,
    require_sight,
    wants_fragment,
    wants_json,
)

# Lines of one page of the library.
LINES = 100


@login_required
@require_http_methods(["GET", "POST"])
def evidence_library(request, year, agency):
    """All documents of the file; POST stores files that prove no criterion yet."""
    file, rights = _library_file(request, year, agency)
    form = FilesForm.of(request)
    if request.method == "GET":
        return _library_page(request, file, rights, files_form=form)
    require_role(request, file, RoleName.OFFICER)
    all_stored = form.store(file, by=request.user)
    if wants_json(request):
        return _answer(file, form)
    if all_stored:
        messages.success(request, stored_words(len(form.stored)))
        return redirect("scoring:evidence-library", year, agency)
    return _library_page(request, file, rights, form.status, files_form=form)


@login_required
@require_http_methods(["GET", "POST"])
def evidence_library_link(request, year, agency):
    """A document on the web that proves no criterion yet."""
    file = _own_file(request, year, agency)
    initial = {"seen_on": timezone.localdate()}
    form = WebLinkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.store(file, by=request.user):
        messages.success(request, _("The link is in the library."))
        return redirect("scoring:evidence-library", year, agency)
    page = {
        "file": file,
        "base": file.get_absolute_url(),
        "form": form,
        "fragment": "scoring/evidence/_link_form.html",
    }
    status = form.status if form.is_bound else 200
    return render(request, "scoring/evidence/form.html", page, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def evidence_describe(request, year, agency, pk):
    """One document: its details, versions, criteria. POST saves the details."""
    file, rights = _library_file(request, year, agency)
    found = document_of(file, pk)
    require_sight(found)
    if request.GET.get("part") == "line":
        return _line(request, file, rights, found)
    if request.GET.get("part") == "form":
        return _details(request, file, rights, found)
    form = _details_form(file, found, request.POST or None)
    if request.method == "POST":
        require_role(request, file, RoleName.OFFICER)
        if form.save(by=request.user):
            return _described(request, file, rights, form)
    return _document_page(request, file, rights, found, form=form)


@login_required
@require_POST
def evidence_replace(request, year, agency, pk):
    """New content of a document; what it said before stays as an earlier version."""
    file = _own_file(request, year, agency)
    found = document_of(file, pk)
    require_sight(found)
    found.document.assessment = file
    form = ReplaceForm(request.POST, request.FILES, auto_id="replace-%s")
    if not form.is_valid():
        rights = assessment_rights(request.user, file)
        return _document_page(request, file, rights, found, replace_form=form)
    actions.replace(found.document, by=request.user, **form.cleaned_data)
    messages.success(request, _("The new version is stored; the earlier one stays."))
    return redirect("scoring:evidence-describe", year, agency, pk)


@login_required
@require_POST
def evidence_remove(request, year, agency, pk):
    """Take a document out of the library, with all its links."""
    file = _own_file(request, year, agency)
    document = get_object_or_404(file.evidence.standing(), pk=pk)
    document.assessment = file
    actions.remove(document, by=request.user)
    messages.success(
        request, _("“%(title)s” was removed.") % {"title": document.citation}
    )
    return redirect("scoring:evidence-library", year, agency)


@login_required
@require_POST
def evidence_library_reuse(request, year, agency, pk):
    """A document of an earlier round is used again, for ``code`` when one is named."""
    file = _own_file(request, year, agency)
    earlier = get_object_or_404(
        EvidenceDocument.objects.standing()
        .filter(assessment__in=visible_assessments(request.user))
        .select_related("current", "assessment__round", "assessment__group"),
        pk=pk,
    )
    actions.reuse(earlier, file, by=request.user)
    messages.success(
        request,
        _("“%(title)s” is in this year's library too.") % {"title": earlier.citation},
    )
    address = reverse("scoring:evidence-library", args=[year, agency])
    return redirect(f"{address}?show={EvidenceFilter.EARLIER}")


# --- who ----------------------------------------------------------------------------


def _library_file(request, year, agency):
    """The file for whoever may see its evidence; for others it does not exist."""
    file = file_or_404(request, year, agency)
    rights = assessment_rights(request.user, file)
    require_sight(rights.see_evidence)
    return file, rights


def _own_file(request, year, agency):
    """The file, for its officer; past the deadline the action has the sentence."""
    file, __ = _library_file(request, year, agency)
    require_role(request, file, RoleName.OFFICER)
    return file


# --- answers ------------------------------------------------------------------------


def _library_page(request, file, rights, status=200, **forms):
    show = _show(request)
    query = request.GET.get("q", "")
    library = library_of(file)
    if show == EvidenceFilter.EARLIER:
        library.earlier = earlier_documents(request.user, file)
    shown = library.shown(show, query)
    page = Paginator(shown, LINES).get_page(request.GET.get("page"))
    return render(
        request,
        "scoring/evidence/library.html",
        {
            **_frame(file, rights),
            "show": show,
            "query": query,
            "tabs": _tabs(library, show),
            "page_obj": page,
            "rest_of_query": f"&{urlencode({'show': str(show), 'q': query})}",
            **forms,
        },
        status=status,
    )


def _show(request):
    show = request.GET.get("show", "")
    return EvidenceFilter(show if show in EvidenceFilter.values else EvidenceFilter.ALL)


def _tabs(library, show):
    """``(filter, its words, how many, whether it is shown)``; those of earlier rounds
    are counted only when they are shown, since they cost questions of their own."""
    return [
        (
            one,
            one.label,
            "" if one == EvidenceFilter.EARLIER != show else library.count(one),
            one == show,
        )
        for one in EvidenceFilter
    ]


def _frame(file, rights):
    """What every page of the library says: whose it is, and whether it is open."""
    return {
        "file": file,
        "base": file.get_absolute_url(),
        "rights": rights,
        "closed": closed_sentence(file, file.state_at()),
    }


def _details_form(file, found, data=None, prefix_id="document"):
    found.document.assessment = file
    return DetailsForm(found.document, data, auto_id=f"{prefix_id}-{found.pk}-%s")


def _document_page(request, file, rights, found, **forms):
    """The document as a page, or what opens below its line in the library."""
    bound = next((form for form in forms.values() if form.is_bound), None)
    page = {
        **_frame(file, rights),
        "found": found,
        "form": _details_form(file, found),
        "replace_form": ReplaceForm(auto_id="replace-%s"),
        "only_errors": bound is not None and wants_fragment(request),
        **forms,
    }
    template = "_document.html" if wants_fragment(request) else "document.html"
    status = bound.status if bound else 200
    return render(request, f"scoring/evidence/{template}", page, status=status)


def _described(request, file, rights, form):
    if not wants_fragment(request):
        messages.success(request, _("The details are saved."))
        return redirect(
            "scoring:evidence-describe",
            file.round.year,
            file.agency.code,
            form.document.pk,
        )
    found = document_of(file, form.document.pk)
    page = {"found": found, "form": form, "saved": saved_words(), "oob": True}
    return render(
        request, "scoring/evidence/_described.html", {**_frame(file, rights), **page}
    )


def _line(request, file, rights, found):
    """The lines of a document that has just come, and how many there are now."""
    tabs = _tabs(library_of(file), _show(request))
    page = {**_frame(file, rights), "found": found, "tabs": tabs}
    return render(request, "scoring/evidence/_added.html", page)


def _details(request, file, rights, found):
    """The form of the details alone, below the line of a file that just came."""
    page = {"found": found, "form": _details_form(file, found, prefix_id="new")}
    return render(
        request, "scoring/evidence/_details.html", {**_frame(file, rights), **page}
    )


def _answer(file, form):
    """What the script of the page is told of the one file that it sent."""
    if not form.stored:
        return JsonResponse({"error": " ".join(form.sentences)}, status=form.status)
    document, is_new = form.stored[0]
    address = reverse(
        "scoring:evidence-describe",
        args=[file.round.year, file.agency.code, document.pk],
    )
    facts = {
        "document": document.pk,
        "title": document.citation,
        "is_known": not is_new,
        "time": f"{localtime():%H:%M}",
        "form": f"details-document-{document.pk}",
        "details": f"{address}?part=form",
        "line": f"{address}?part=line",
    }
    return JsonResponse(facts, status=201)
