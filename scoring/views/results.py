"""The ranked results of a round: readers see every view, the public the published."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from scoring.labels import View
from scoring.permissions import round_rights
from scoring.queries.standings import standings
from scoring.views.guards import require_sight, round_or_404


@require_GET
def result_list(request, year):
    round_ = round_or_404(request, year)
    rights = round_rights(request.user, round_)
    require_sight(rights.see_results)
    view = request.GET.get("view", View.FINAL)
    views = View.choices if rights.see_all else [(View.FINAL, View.FINAL.label)]
    require_sight(view in dict(views))
    groups = standings(round_, view)
    wanted = request.GET.get("group", "")
    return render(
        request,
        "scoring/results/list.html",
        {
            "round": round_,
            "rights": rights,
            "view": view,
            "views": views,
            "group": wanted,
            "all_groups": [standing.group for standing in groups],
            "groups": [s for s in groups if wanted in ("", s.group.group.code)],
        },
    )
