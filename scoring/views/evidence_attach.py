"""Evidence of a criterion, at its row: bring it, say where the proof stands, take it off.

Files are sent one by one by the browser's script, which is answered in JSON, or several
at once by a plain form; links and documents of the library by forms of their own.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from scoring.actions import evidence as actions
from scoring.forms.evidence import (
    ChooseForm,
    FilesForm,
    LinkDetailsForm,
    WebLinkForm,
    link_once,
)
from scoring.labels import RoleName
from scoring.permissions import assessment_rights
from scoring.queries.evidence import same_content
from scoring.queries.evidence_library import library_of, links_of
from scoring.queries.sheet_texts import row_address
from scoring.queries.sheets import sheet_of
from scoring.views.assessments import sheet_context
from scoring.views.guards import (
    file_or_404,
    require_role,
    row_or_404,
    wants_fragment,
    wants_json,
)


@login_required
@require_http_methods(["GET", "POST"])
def evidence_attach(request, year, agency, code):
    """GET: the ways to bring evidence. POST: files; one file from the script."""
    file, row = _row_to_fill(request, year, agency, code)
    form = FilesForm.of(request)
    if request.method == "POST" and "known" in request.POST:
        return _link_known(request, file, code)
    if request.method == "POST":
        all_stored = form.store(file, code, by=request.user)
        if wants_json(request):
            return _answer(request, file, code, form)
        if all_stored:
            messages.success(request, stored_words(len(form.stored)))
            return _back_to_row(file, row)
        return _attach_page(request, file, row, form.status, files_form=form)
    if request.GET.get("part") == "list":
        return evidence_changed(request, file, code)
    return _attach_page(request, file, row, files_form=form)


@login_required
@require_http_methods(["GET", "POST"])
def evidence_link_add(request, year, agency, code):
    """A document on the web, with the day on which it was seen there."""
    file, row = _row_to_fill(request, year, agency, code)
    initial = {"seen_on": timezone.localdate()}
    form = WebLinkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.store(file, code, by=request.user):
        return _row_changed(request, file, row, _("The link is attached."))
    return _form_answer(request, file, row, form, "_link_form.html")


@login_required
@require_http_methods(["GET", "POST"])
def evidence_choose(request, year, agency, code):
    """One more criterion for a document of the library: a list to search in."""
    file, row = _row_to_fill(request, year, agency, code)
    form = ChooseForm(request.POST or None)
    if request.method == "POST" and form.link(file, code, by=request.user):
        return _row_changed(request, file, row, _("The document is attached."))
    query = request.GET.get("q", "")
    choices = [
        document
        for document in library_of(file).shown("all", query)
        if code not in {proof.code for proof in document.proofs}
    ]
    more = {"choices": choices, "query": query}
    return _form_answer(request, file, row, form, "_choose.html", **more)


@login_required
@require_http_methods(["GET", "POST"])
def evidence_link_describe(request, year, agency, pk):
    """Number, date, issuer and title of a document at a criterion, and the place of
    the proof in it; saved as they are filled in."""
    file = _file_to_fill(request, year, agency)
    link = _link_or_404(file, pk)
    row = row_or_404(sheet_of(file), link.criterion.code)
    auto_id = f"link-{link.pk}-%s"
    form = LinkDetailsForm(link, request.POST or None, auto_id=auto_id)
    if request.method == "POST" and form.save(by=request.user):
        if wants_fragment(request):
            return evidence_changed(
                request, file, row.text.code, form=form, saved=saved_words()
            )
        messages.success(request, _("The details are saved."))
        return _back_to_row(file, row)
    return _form_answer(request, file, row, form, "_details.html", link=link)


@login_required
@require_POST
def evidence_detach(request, year, agency, pk):
    """Take a document off a criterion; it stays in the library."""
    file = _file_to_fill(request, year, agency)
    link = _link_or_404(file, pk)
    row = row_or_404(sheet_of(file), link.criterion.code)

    actions.unlink(link, by=request.user)
    words = _("The document was taken off the criterion. It stays in the library.")
    if request.POST.get("back") == "library":
        messages.success(request, words)
        return redirect("scoring:evidence-describe", year, agency, link.document_id)
    return _row_changed(request, file, row, words)


@login_required
@require_GET
def evidence_known(request, year, agency):
    """Which document of the library has this content, before it is sent again."""
    file = _file_to_fill(request, year, agency)
    known = same_content(file, request.GET.get("sha256", "").replace("\0", ""))
    if known is None:
        return JsonResponse({})
    return JsonResponse({"document": known.pk, "title": known.citation})


# --- who, and which row -------------------------------------------------------------


def _file_to_fill(request, year, agency):
    """The file, for its officer; past the deadline the action has the sentence."""
    file = file_or_404(request, year, agency)
    require_role(request, file, RoleName.OFFICER)
    return file


def _row_to_fill(request, year, agency, code):
    file = _file_to_fill(request, year, agency)
    return file, row_or_404(sheet_of(file), code)


def _link_or_404(file, pk):
    link = get_object_or_404(links_of(file), pk=pk)
    link.document.assessment = file
    return link


# --- answers ------------------------------------------------------------------------


def stored_words(number):
    return _("Files stored: %(number)s.") % {"number": number}


def saved_words():
    return _("Saved at %(time)s") % {"time": f"{localtime():%H:%M}"}


def _link_known(request, file, code):
    """What the script recognised as stored already is used here too."""
    known = get_object_or_404(
        file.evidence.standing(), pk=_number(request.POST["known"])
    )
    known.assessment = file
    link = link_once(known, code, by=request.user)
    return JsonResponse(_facts(file, code, known, link, is_known=True))


def _number(text):
    return int(text) if text.isascii() and text.isdigit() else 0


def _answer(request, file, code, form):
    """What the script of the page is told of the one file that it sent."""
    if not form.stored:
        return JsonResponse({"error": " ".join(form.sentences)}, status=form.status)
    document, is_new = form.stored[0]
    link = links_of(file).filter(document=document, criterion__code=code).first()
    return JsonResponse(
        _facts(file, code, document, link, is_known=not is_new), status=201
    )


def _facts(file, code, document, link, *, is_known):
    place = [file.round.year, file.agency.code]
    attach = reverse("scoring:evidence-attach", args=[*place, code])
    return {
        "document": document.pk,
        "title": document.citation,
        "is_known": is_known,
        "time": f"{localtime():%H:%M}",
        "form": f"details-link-{link.pk}",
        "details": reverse("scoring:evidence-link-describe", args=[*place, link.pk]),
        "list": f"{attach}?part=list",
    }


def _attach_page(request, file, row, status=200, **forms):
    name = "_evidence_form.html" if wants_fragment(request) else "evidence.html"
    page = {
        "file": file,
        "base": file.get_absolute_url(),
        "row": row,
        "rights": assessment_rights(request.user, file),
        **forms,
    }
    return render(request, f"scoring/assessments/{name}", page, status=status)


def _form_answer(request, file, row, form, fragment, **more):
    """A form of its own: asked for by script or refused, alone; else as a page."""
    status = form.status if form.is_bound else 200
    page = {
        "file": file,
        "base": file.get_absolute_url(),
        "row": row,
        "form": form,
        "fragment": f"scoring/evidence/{fragment}",
        "only_errors": form.is_bound and wants_fragment(request),
        **more,
    }
    name = page["fragment"] if wants_fragment(request) else "scoring/evidence/form.html"
    return render(request, name, page, status=status)


def _row_changed(request, file, row, words):
    if wants_fragment(request):
        return evidence_changed(request, file, row.text.code)
    messages.success(request, words)
    return _back_to_row(file, row)


def _back_to_row(file, row):
    return redirect(row_address(file, row.text.code))


def evidence_changed(request, file, code, **more):
    """The row's evidence anew, without touching what is typed in the row."""
    sheet = sheet_of(file)
    row = row_or_404(sheet, code)
    context = sheet_context(
        request.user, file, sheet, row=row, field=sheet.field_of(row), oob=True
    )
    return render(
        request, "scoring/assessments/_evidence_changed.html", {**context, **more}
    )
