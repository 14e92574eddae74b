"""Beside a row of the score sheet: what is typed would be worth, and last year."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from scoring.actions import evidence
from scoring.forms.previews import PreviewForm
from scoring.labels import Layer, RoleName
from scoring.models import Cell
from scoring.queries.criteria import tree_of
from scoring.queries.last_year import beside_of, earlier_link
from scoring.queries.sheet_texts import row_address, slug_of
from scoring.queries.sheets import sheet_of
from scoring.views.assessments import sheet_context
from scoring.views.guards import (
    file_or_404,
    leaf_or_404,
    require_role,
    row_or_404,
    wants_fragment,
)
from scoring.wording import show_points


@login_required
@require_POST
def cell_preview(request, year, agency, code):
    """What a save of these inputs would say; it changes nothing.

    Asked at every pause in typing, so it takes no lock and none of the page's frame.
    """
    file = file_or_404(request, year, agency)
    leaf = leaf_or_404(file, code)
    require_role(request, file, RoleName.OFFICER)

    form = PreviewForm(request.POST, leaf=leaf)
    page = {
        "preview": form.look(file),
        "slug": slug_of(code),
        "maximum": show_points(leaf.max_points),
    }
    return HttpResponse(render_to_string("scoring/assessments/_preview.html", page))


@login_required
@require_GET
def cell_beside(request, year, agency, code):
    """What stood here in the earlier round: a fragment, or a page without script."""
    file = file_or_404(request, year, agency)
    leaf_or_404(file, code)
    page = _beside_page(request, file, code)
    if wants_fragment(request):
        return render(request, "scoring/assessments/_last_year.html", page)
    page["version"] = _version(file, code)
    return render(request, "scoring/assessments/last_year.html", page)


@login_required
@require_POST
def evidence_reuse(request, year, agency, code, pk):
    """A document of the earlier file proves this year's criterion too.

    pk  of the link that it had to the matching criterion
    """
    file = file_or_404(request, year, agency)
    leaf_or_404(file, code)
    require_role(request, file, RoleName.OFFICER)
    link = earlier_link(request.user, file, code, pk)
    if link is None:
        raise Http404

    evidence.reuse(
        link.document, file, code, section=link.section, page=link.page, by=request.user
    )
    if not wants_fragment(request):
        messages.success(request, _("The document is attached."))
        return redirect(row_address(file, code))
    sheet = sheet_of(file)
    row = row_or_404(sheet, code)
    page = {
        **_beside_page(request, file, code),
        **sheet_context(
            request.user, file, sheet, row=row, field=sheet.field_of(row), oob=True
        ),
    }
    return render(request, "scoring/assessments/_last_year_used.html", page)


def _beside_page(request, file, code):
    return {
        "beside": beside_of(request.user, file, code),
        "file": file,
        "base": file.get_absolute_url(),
        "code": code,
        "slug": slug_of(code),
    }


def _version(file, code):
    """Of the cell that the page without script would replace, 0 without one."""
    criterion_id = tree_of(file.group.criteria_set).ids[code]
    versions = Cell.objects.filter(
        assessment=file, criterion=criterion_id, layer=Layer.SELF
    ).values_list("version", flat=True)
    return versions.first() or 0
