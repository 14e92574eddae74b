"""Files that leave the application."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from scoring.exchange.results_workbook import results_workbook
from scoring.permissions import round_rights
from scoring.views.guards import require_sight, round_or_404

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def results(request, year):
    """The results workbook of a round: drafts for those who read all, published
    ones for everybody."""
    round_ = round_or_404(request, year)
    require_sight(round_rights(request.user, round_).see_results)
    return workbook_response(results_workbook(round_), f"chi-so-cchc-{year}.xlsx")


def workbook_response(content, name):
    return HttpResponse(
        content,
        content_type=WORKBOOK,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
