"""Scores and survey results from workbooks: send, look at the differences, confirm."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from scoring.actions import surveys
from scoring.actions.imports import save_scores
from scoring.exchange.import_templates import score_template, survey_template
from scoring.exchange.reader import MOST_BYTES
from scoring.exchange.score_import import changes_from_plain, read_scores
from scoring.exchange.survey_import import figures_from_plain, read_surveys
from scoring.forms.imports import WorkbookForm, sealed, unsealed
from scoring.labels import Layer, PhaseName
from scoring.models import Round
from scoring.permissions import appraised_layer_at, round_rights
from scoring.views.exports import workbook_response
from scoring.views.guards import require, round_or_404

MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import: its words and its address."""

    key: str
    title: Any
    url: str
    template_url: str


SCORES = Kind(
    "scores",
    gettext_lazy("Import of scores"),
    "scoring:import-scores",
    "scoring:import-scores-template",
)
SURVEYS = Kind(
    "surveys",
    gettext_lazy("Import of survey results"),
    "scoring:import-surveys",
    "scoring:import-surveys-template",
)


@login_required
@require_http_methods(["GET", "POST"])
def import_scores(request, year):
    round_ = managed_round(request, year)
    if "sealed" in request.POST:
        rows = unsealed(request.POST["sealed"], SCORES.key, round_, request.user)
        changed = save_scores(round_, changes_from_plain(rows), by=request.user)
        return _stored(request, SCORES, round_, changed)
    return _preview(
        request,
        SCORES,
        round_,
        lambda content: read_scores(content, round_, by=request.user),
    )


@login_required
@require_http_methods(["GET", "POST"])
def import_surveys(request, year):
    round_ = managed_round(request, year)
    if "sealed" in request.POST:
        rows = unsealed(request.POST["sealed"], SURVEYS.key, round_, request.user)
        changed = surveys.save(round_, figures_from_plain(rows), by=request.user)
        return _stored(request, SURVEYS, round_, changed)
    return _preview(
        request, SURVEYS, round_, lambda content: read_surveys(content, round_)
    )


@login_required
@require_GET
def scores_template(request, year):
    round_ = managed_round(request, year)
    content = score_template(round_, _layer_now(round_))
    return workbook_response(content, f"diem-{year}.xlsx")


@login_required
@require_GET
def surveys_template(request, year):
    round_ = managed_round(request, year)
    return workbook_response(survey_template(round_), f"khao-sat-{year}.xlsx")


def managed_round(request, year):
    """The round, for its managers: 404 for who knows nothing of it, 403 for others.

    The administrator, who sees it in the admin, has no power over points either.
    """
    if request.user.is_superuser:
        round_ = request.shown_round = get_object_or_404(Round, year=year)
    else:
        round_ = round_or_404(request, year)
    require(round_rights(request.user, round_).manage)
    return round_


def _layer_now(round_):
    """The layer that the clock opens: what a template is most likely for."""
    phase = round_.phase_at()
    if phase and phase.name in (PhaseName.COUNCIL, PhaseName.RECHECK):
        return Layer.COUNCIL
    return appraised_layer_at(round_) or Layer.SELF


def _preview(request, kind, round_, read):
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context = {"round": round_, "kind": kind, "form": form}
    if request.method == "GET" or not form.is_valid():
        return _page(request, context, 200 if request.method == "GET" else 422)
    upload = form.cleaned_data["workbook"]
    # One byte more than may be tells the reader that the file is too large.
    plan = read(upload.read(MOST_BYTES + 1))
    if plan.faults:
        context |= {"faults": plan.faults, "file_name": upload.name}
        return _page(request, context, 422)
    context |= {
        "file_name": upload.name,
        "rows": len(plan.rows),
        "differences": plan.differences[:MOST_SHOWN],
        "changes": len(plan.differences),
        "sealed": sealed(
            kind.key, round_, request.user, [row.to_plain() for row in plan.rows]
        ),
    }
    return _page(request, context, 200)


def _page(request, context, status):
    return render(request, "scoring/imports/page.html", context, status=status)


def _stored(request, kind, round_, changed):
    if changed:
        text = ngettext(
            "%(number)s value has been imported.",
            "%(number)s values have been imported.",
            changed,
        )
        messages.success(request, text % {"number": changed})
    else:
        messages.info(request, _("Everything stood there already; nothing changed."))
    return redirect(kind.url, round_.year)
