"""Addresses of the app, grouped by noun."""

from django.urls import path

from scoring.views import (
    appraisals,
    assessments,
    cells,
    derivations,
    evidence,
    evidence_attach,
    evidence_library,
    exports,
    home,
    imports,
    notices,
    offline,
    previews,
    remarks,
    reports,
    results,
    rounds,
    session,
    submissions,
)

app_name = "scoring"

home_patterns = [
    path("", home.home, name="home"),
    path("rounds/", home.round_list, name="round-list"),
    path("session/", session.session, name="session"),
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
        submissions.assessment_hand_over,
        name="assessment-hand-over",
    ),
    path(
        f"{FILE}hand-back/",
        submissions.assessment_hand_back,
        name="assessment-hand-back",
    ),
    path(f"{FILE}lock/", submissions.assessment_lock, name="assessment-lock"),
]
# Looking through a file, the leader's remarks, the report.
submission_patterns = [
    path(f"{FILE}submit/", submissions.assessment_submit, name="assessment-submit"),
    path(
        f"{FILE}take-back/",
        submissions.assessment_take_back,
        name="assessment-take-back",
    ),
    path(
        f"{FILE}withdraw/", submissions.assessment_withdraw, name="assessment-withdraw"
    ),
    path(f"{FILE}remarks/<str:code>/", remarks.remark_write, name="remark-write"),
    path("remarks/<int:pk>/done/", remarks.remark_resolve, name="remark-resolve"),
    path(
        "remarks/<int:pk>/take-back/", remarks.remark_take_back, name="remark-take-back"
    ),
    path(f"{FILE}report/", reports.report_detail, name="report-detail"),
    path(f"{FILE}report.docx", reports.report_file, name="report-file"),
    path(f"{FILE}scans/", reports.scan_attach, name="scan-attach"),
    path("scans/<int:pk>/", reports.scan_file, name="scan-file"),
    path("rounds/<int:year>/documents/", reports.document_list, name="document-list"),
    path(
        "rounds/<int:year>/documents/default.docx",
        reports.document_default,
        name="document-default",
    ),
    path(
        "rounds/<int:year>/documents/use-default/",
        reports.document_use_default,
        name="document-use-default",
    ),
    path(
        "rounds/<int:year>/documents/<int:number>.docx",
        reports.document_version,
        name="document-version",
    ),
]
evidence_patterns = [
    path(
        f"{FILE}evidence/", evidence_library.evidence_library, name="evidence-library"
    ),
    path(
        f"{FILE}evidence-link/",
        evidence_library.evidence_library_link,
        name="evidence-library-link",
    ),
    path(
        f"{FILE}evidence-known/", evidence_attach.evidence_known, name="evidence-known"
    ),
    path(
        f"{FILE}evidence/documents/<int:pk>/",
        evidence_library.evidence_describe,
        name="evidence-describe",
    ),
    path(
        f"{FILE}evidence/documents/<int:pk>/replace/",
        evidence_library.evidence_replace,
        name="evidence-replace",
    ),
    path(
        f"{FILE}evidence/documents/<int:pk>/remove/",
        evidence_library.evidence_remove,
        name="evidence-remove",
    ),
    path(
        f"{FILE}evidence/documents/<int:pk>/use-again/",
        evidence_library.evidence_library_reuse,
        name="evidence-library-reuse",
    ),
    path(
        f"{FILE}evidence/links/<int:pk>/",
        evidence_attach.evidence_link_describe,
        name="evidence-link-describe",
    ),
    path(
        f"{FILE}evidence/links/<int:pk>/remove/",
        evidence_attach.evidence_detach,
        name="evidence-detach",
    ),
    path(
        f"{FILE}evidence/<str:code>/",
        evidence_attach.evidence_attach,
        name="evidence-attach",
    ),
    path(
        f"{FILE}evidence/<str:code>/link/",
        evidence_attach.evidence_link_add,
        name="evidence-link-add",
    ),
    path(
        f"{FILE}evidence/<str:code>/choose/",
        evidence_attach.evidence_choose,
        name="evidence-choose",
    ),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence-file"),
    path(
        "evidence/<int:pk>/versions/<int:number>/",
        evidence.evidence_version,
        name="evidence-version",
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
offline_patterns = [
    path(f"{FILE}sheet.xlsx", offline.sheet_download, name="sheet-download"),
    path(f"{FILE}sheet-upload/", offline.sheet_upload, name="sheet-upload"),
]
preview_patterns = [
    path(
        f"{FILE}cells/<str:code>/preview/", previews.cell_preview, name="cell-preview"
    ),
    path(f"{FILE}cells/<str:code>/beside/", previews.cell_beside, name="cell-beside"),
    path(
        f"{FILE}cells/<str:code>/beside/<int:pk>/use/",
        previews.evidence_reuse,
        name="evidence-reuse",
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

notice_patterns = [
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/read/", notices.notice_read_all, name="notice-read-all"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice-read"),
    path("rounds/<int:year>/notices/", notices.round_notices, name="round-notices"),
    path(
        "rounds/<int:year>/notices/retry/",
        notices.mail_retry_all,
        name="mail-retry-all",
    ),
    path(
        "rounds/<int:year>/notices/<int:pk>/retry/",
        notices.mail_retry,
        name="mail-retry",
    ),
    path("outbox/", notices.outbox, name="outbox"),
]

urlpatterns = [
    *home_patterns,
    *round_patterns,
    *assessment_patterns,
    *submission_patterns,
    *evidence_patterns,
    *assessment_deadline_patterns,
    *offline_patterns,
    *preview_patterns,
    *appraisal_patterns,
    *result_patterns,
    *export_patterns,
    *import_patterns,
    *notice_patterns,
]
