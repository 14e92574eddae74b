"""Addresses of the app, grouped by noun."""

from django.urls import path

from scoring.views import (
    appraisals,
    assessments,
    cells,
    derivations,
    evidence,
    exports,
    home,
    imports,
    results,
    rounds,
)

app_name = "scoring"

home_patterns = [
    path("", home.home, name="home"),
    path("rounds/", home.round_list, name="round-list"),
]
round_patterns = [
    path("rounds/<int:year>/", rounds.round_detail, name="round-detail"),
    path("rounds/<int:year>/progress/", rounds.round_progress, name="round-progress"),
]
FILE = "rounds/<int:year>/files/<slug:agency>/"
assessment_patterns = [
    path(FILE, assessments.assessment_detail, name="assessment-detail"),
    path(f"{FILE}cells/<str:code>/", cells.cell_save, name="cell-save"),
    path(
        f"{FILE}hand-over/",
        assessments.assessment_hand_over,
        name="assessment-hand-over",
    ),
    path(
        f"{FILE}hand-back/",
        assessments.assessment_hand_back,
        name="assessment-hand-back",
    ),
    path(f"{FILE}lock/", assessments.assessment_lock, name="assessment-lock"),
]
evidence_patterns = [
    path(
        f"{FILE}evidence/<str:code>/", evidence.evidence_attach, name="evidence-attach"
    ),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence-file"),
    path(
        "evidence-links/<int:pk>/remove/",
        evidence.evidence_detach,
        name="evidence-detach",
    ),
]
assessment_deadline_patterns = [
    path(
        "rounds/<int:year>/files/<slug:agency>/extend/",
        rounds.assessment_extend,
        name="assessment-extend",
    ),
    path(
        "rounds/<int:year>/files/<slug:agency>/reopen/",
        rounds.assessment_reopen,
        name="assessment-reopen",
    ),
]
appraisal_patterns = [
    path(
        "rounds/<int:year>/appraisals/",
        appraisals.appraisal_list,
        name="appraisal-list",
    ),
    path(
        "rounds/<int:year>/files/<slug:agency>/appraisal/",
        appraisals.appraisal_detail,
        name="appraisal-detail",
    ),
    path(
        "rounds/<int:year>/files/<slug:agency>/appraisal/cells/<str:code>/",
        appraisals.appraisal_save,
        name="appraisal-save",
    ),
    path(
        "rounds/<int:year>/files/<slug:agency>/appraisal/accept-rest/",
        appraisals.appraisal_accept_rest,
        name="appraisal-accept-rest",
    ),
]
result_patterns = [
    path("rounds/<int:year>/results/", results.result_list, name="result-list"),
    path(
        "rounds/<int:year>/files/<slug:agency>/derivation/",
        derivations.derivation_detail,
        name="derivation-detail",
    ),
]

export_patterns = [
    path("rounds/<int:year>/results.xlsx", exports.results, name="result-export"),
]
import_patterns = [
    path(
        "rounds/<int:year>/imports/scores/", imports.import_scores, name="import-scores"
    ),
    path(
        "rounds/<int:year>/imports/scores/template.xlsx",
        imports.scores_template,
        name="import-scores-template",
    ),
    path(
        "rounds/<int:year>/imports/surveys/",
        imports.import_surveys,
        name="import-surveys",
    ),
    path(
        "rounds/<int:year>/imports/surveys/template.xlsx",
        imports.surveys_template,
        name="import-surveys-template",
    ),
]

urlpatterns = [
    *home_patterns,
    *round_patterns,
    *assessment_patterns,
    *evidence_patterns,
    *assessment_deadline_patterns,
    *appraisal_patterns,
    *result_patterns,
    *export_patterns,
    *import_patterns,
]
