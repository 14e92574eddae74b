"""What a self-assessment report says, its scans and its templates."""

from dataclasses import dataclass

from scoring.index.derivation import derive
from scoring.labels import View
from scoring.models import AgencyReport, DocumentTemplate, SignedScan
from scoring.queries.criteria import tree_of
from scoring.queries.scores import scores_of
from scoring.queries.sheets import OWN_PART, Sheet, sheet_of
from scoring.wording import show_points


@dataclass(frozen=True, slots=True)
class FieldResult:
    """A field with the agency's own points as the engine sums them, as texts.

    maximum  what the agency can score itself there; "" for bonus and penalty
    """

    code: str
    name: str
    points: str
    maximum: str
    scored: int
    to_score: int


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All that stands in a self-assessment report, in the language that is active."""

    sheet: Sheet
    fields: list
    report: AgencyReport | None


def report_facts(assessment):
    """Of a file with round, agency and group__criteria_set at hand."""
    sheet = sheet_of(assessment)
    return ReportFacts(
        sheet=sheet,
        fields=field_results(assessment, sheet),
        report=report_of(assessment),
    )


def report_of(assessment):
    return (
        AgencyReport.objects.filter(assessment=assessment)
        .select_related("updated_by")
        .first()
    )


def field_results(assessment, sheet):
    """``[FieldResult]`` of the agency's own part; fields of surveys alone are left out.

    The same rules as the sheet's totals: surveys leave, what is not scored counts 0.
    """
    scores = scores_of(assessment)
    scores.surveys.clear()
    derivation = derive(
        tree_of(assessment.group.criteria_set).tree,
        scores.as_agency_scores(),
        View.SELF,
        OWN_PART,
        {},
    )
    nodes = {node.code: node for node in derivation.nodes}
    results = []
    for field in sheet.fields:
        node = nodes[field.code]
        is_adjustment = getattr(node, "is_adjustments", False)
        if field.to_score or is_adjustment:
            results.append(
                FieldResult(
                    code=field.code,
                    name=field.name,
                    points=show_points(node.points),
                    maximum="" if is_adjustment else show_points(node.max_points),
                    scored=field.scored,
                    to_score=field.to_score,
                )
            )
    return results


def scans_of(assessment):
    """The signed scans, the newest first."""
    scans = SignedScan.objects.filter(assessment=assessment)
    return scans.select_related("uploaded_by").order_by("-version")


def is_stored_scan_used(name):
    """Whether a scan stands on the stored file ``name``."""
    return SignedScan.objects.filter(file=name).exists()


def is_stored_template_used(name):
    """Whether a template stands on the stored file ``name``."""
    return DocumentTemplate.objects.filter(file=name).exists()


def templates_of(round_, kind):
    """The city's versions of a template, the newest first; the first is in use."""
    versions = DocumentTemplate.objects.filter(round=round_, kind=kind)
    return versions.select_related("uploaded_by").order_by("-version")


def present_template(round_, kind):
    """The version in use, None when it is the default one."""
    latest = templates_of(round_, kind).first()
    return None if latest is None or latest.is_default else latest
