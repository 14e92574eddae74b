"""The self-assessment report (Báo cáo tự chấm điểm) of an agency as .docx.

Its words are Vietnamese whatever the reader's language is. Figures come from the sheet
and its totals as texts; nothing is added up here. Same data, same bytes.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation
from django.utils.timezone import localtime

from scoring.exchange.document_templates import render
from scoring.exchange.paper import MODELLED, SIMULATED
from scoring.exchange.report_template import DEFAULT_TEMPLATE
from scoring.labels import DocumentKind
from scoring.queries.evidence import open_content
from scoring.queries.reports import present_template, report_facts
from scoring.states import FileState

BLANK = "………"
DRAFT = "DỰ THẢO – bảng tự chấm điểm chưa được chốt"
BY_CLOCK = (
    "Bảng tự chấm điểm khóa do hết thời hạn, chưa được lãnh đạo cơ quan phê duyệt"
)
SIGNATORY = "THỦ TRƯỞNG CƠ QUAN"
STANDING_BODY = "Sở Nội vụ (cơ quan thường trực)"
NOT_SCORED, NOT_APPLICABLE, PROPOSED = "—", "KAD", "KAD?"
# Where nothing of a file has a date yet.
NO_DATE = datetime(2020, 3, 5, tzinfo=UTC)


def report_document(assessment):
    """Bytes of the report by the round's template, or else the default one."""
    with translation.override("vi"):
        facts = report_facts(assessment)
        context = report_context(assessment, facts)
    return render(
        template_content(assessment.round),
        context,
        title=f"Báo cáo tự chấm điểm {assessment.name_vi} {assessment.round.year}",
        at=_changed_at(assessment, facts.report),
    )


def template_content(round_):
    """Bytes of the template in use."""
    template = present_template(round_, DocumentKind.SELF_REPORT)
    if template is None:
        return DEFAULT_TEMPLATE.read_bytes()
    with open_content(template) as stored:
        return stored.read()


def report_context(assessment, facts):
    """What a template may print: texts, lists and dicts; "" is nothing."""
    report = facts.report
    state = assessment.state_at()
    rows = [row for row in map(_row, facts.sheet.rows) if row]
    return {
        "superior": settings.ISSUING_BODY,
        "standing_body": STANDING_BODY,
        "agency": assessment.name_vi,
        "agency_capitals": assessment.name_vi.upper(),
        "number": (report and report.number) or f"{BLANK}/BC-{BLANK}",
        "place": (report and report.place) or BLANK,
        "dated": _dated(report and report.dated_on, assessment.round.year),
        "year": str(assessment.round.year),
        "round": assessment.round.name_vi,
        "group": assessment.group.name_vi,
        "criteria_set": _criteria_set(assessment.group.criteria_set),
        "modelled": MODELLED.replace("tệp này", "báo cáo này"),
        "simulated": SIMULATED if assessment.round.is_simulated else "",
        "draft": _draft(state),
        "locked": _locked(assessment),
        "summary": _summary(facts),
        "fields": [_field(field) for field in facts.fields],
        "rows": rows,
        "explanations": [
            {name: row[name] for name in ("code", "name", "reason", "evidence")}
            for row in rows
            if row["reason"]
        ],
        "difficulties": _paragraphs(report and report.difficulties),
        "proposals": _paragraphs(report and report.proposals),
        "signer": {
            "post": ((report and report.signer_post) or SIGNATORY).upper(),
            "name": (report and report.signer_name) or "",
        },
        "version": str(report.version if report else 0),
        "trace": _trace(assessment, report),
    }


# --- the file -----------------------------------------------------------------------


def _draft(state):
    if state == FileState.LOCKED_BY_CLOCK:
        return BY_CLOCK
    is_locked = state not in (
        FileState.NOT_STARTED,
        FileState.SCORING,
        FileState.WITH_LEADER,
    )
    return "" if is_locked else DRAFT


def _locked(assessment):
    if assessment.locked_at is None:
        return ""
    at = localtime(assessment.locked_at)
    return f"Chốt lúc {at:%H:%M} ngày {at:%d/%m/%Y} bởi {assessment.locked_by}"


def _trace(assessment, report):
    """By what a printed report is known again: version of its words, ledger's head."""
    version = report.version if report else 0
    head = assessment.ledger_head[:16] or "chưa có"
    return (
        f"Phiên bản lời văn {version} · Nhật ký hồ sơ {assessment.ledger_length} dòng, "
        f"mã {head}"
    )


def _changed_at(assessment, report):
    """The last moment that the document knows of; never the clock's own."""
    known = [report.updated_at if report else None, assessment.locked_at]
    return max(filter(None, known), default=NO_DATE).astimezone(UTC)


def _dated(day, year):
    if day is None:
        return f"ngày {BLANK} tháng {BLANK} năm {year}"
    # The Decree: a 0 before days below 10 and before January and February.
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _criteria_set(criteria_set):
    name = criteria_set.name_vi
    return f"{name} ({criteria_set.decision})" if criteria_set.decision else name


def _paragraphs(text):
    lines = (line.strip() for line in (text or "").splitlines())
    return [line for line in lines if line]


# --- the scores ---------------------------------------------------------------------


def _summary(facts):
    totals = facts.sheet.totals
    documents = {
        item.document_id for row in facts.sheet.rows for item in row.evidence or ()
    }
    return {
        "scored": str(totals.scored),
        "to_score": str(totals.to_score),
        "not_scored": str(totals.to_score - totals.scored - totals.proposals),
        "proposals": str(totals.proposals),
        "documents": str(len(documents)),
        "points": totals.points,
        "maximum": totals.maximum,
        "bonus": totals.bonus,
        "penalty": totals.penalty,
        "index": totals.index,
        "index_if_confirmed": totals.index_if_confirmed,
    }


def _field(field):
    return {
        "code": field.code,
        "name": field.name,
        "points": field.points,
        "maximum": field.maximum,
        "progress": f"{field.scored}/{field.to_score}" if field.to_score else "",
    }


def _row(row):
    return {
        "code": row.text.code,
        "name": row.text.name,
        "is_field": "x" if row.kind == "branch" and not row.text.depth else "",
        "is_branch": "x" if row.kind == "branch" else "",
        "maximum": row.text.maximum,
        "data": row.text.measured_by if row.kind == "survey" else row.declared.words,
        "points": _points(row),
        "evidence": "\n".join(map(_proof, row.evidence or ())),
        "reason": row.reason or row.exemption,
    }


def _points(row):
    if row.kind == "exempted" or row.not_applicable == "confirmed":
        return NOT_APPLICABLE
    if row.not_applicable:
        return PROPOSED
    if row.kind != "leaf":
        return ""
    return row.points or NOT_SCORED


def _proof(item):
    return f"{item.title} ({item.place})" if item.place else item.title


# --- the sample that an uploaded template is tried with -----------------------------

TEXT = "Thử <w:t> & “ngoặc” ' \" {{ agency }} {%% if %%}\ndòng hai"


def sample_context(size=100):
    """Every name that a template may use, with texts of the worst kind and as many
    lines as a large criteria set has."""
    row = dict.fromkeys(
        ("code", "name", "is_field", "is_branch", "maximum", "data", "points"), TEXT
    )
    row |= {"evidence": TEXT, "reason": TEXT}
    field = dict.fromkeys(("code", "name", "points", "maximum", "progress"), TEXT)
    names = [
        "superior",
        "standing_body",
        "agency",
        "agency_capitals",
        "number",
        "place",
        "dated",
        "year",
        "round",
        "group",
        "criteria_set",
        "modelled",
        "simulated",
        "draft",
        "locked",
        "version",
        "trace",
    ]
    summary = [
        "scored",
        "to_score",
        "not_scored",
        "proposals",
        "documents",
        "points",
        "maximum",
        "bonus",
        "penalty",
        "index",
        "index_if_confirmed",
    ]
    return {
        **dict.fromkeys(names, TEXT),
        "summary": dict.fromkeys(summary, TEXT),
        "fields": [field] * 9,
        "rows": [row] * size,
        "explanations": [
            {name: row[name] for name in ("code", "name", "reason", "evidence")}
        ]
        * size,
        "difficulties": [TEXT] * 5,
        "proposals": [TEXT] * 5,
        "signer": {"post": TEXT, "name": TEXT},
    }
