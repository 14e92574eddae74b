"""How one agency's index comes about, leaf by leaf, to the last digit."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from scoring.labels import View
from scoring.permissions import assessment_rights
from scoring.queries.derivations import derivation_of, derivation_rows
from scoring.views.guards import file_or_404, require_sight


@login_required
@require_GET
def derivation_detail(request, year, agency):
    assessment = file_or_404(request, year, agency)
    rights = assessment_rights(request.user, assessment)
    views = View.choices if rights.see_appraisal else [(View.SELF, View.SELF.label)]
    view = request.GET.get("view") or (
        View.FINAL if rights.see_appraisal else View.SELF
    )
    require_sight(view in dict(views))
    derivation = derivation_of(assessment, view, with_surveys=rights.see_appraisal)
    return render(
        request,
        "scoring/derivations/detail.html",
        {
            "round": assessment.round,
            "assessment": assessment,
            "rights": rights,
            "view": view,
            "view_label": View(view).label,
            "views": views,
            "derivation": derivation,
            "rows": derivation_rows(assessment, derivation, get_language()),
        },
    )
