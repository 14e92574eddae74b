"""The file that an agency looks back to: for points, data and documents alike.

It is that of the same agency in its latest earlier round; an agency that has none, and
continues exactly one other, looks back to that one's.
"""

from dataclasses import dataclass

from scoring.models import Assessment


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier file; ``inherited`` when it is the predecessor's."""

    file: Assessment
    inherited: bool


def earlier_file(assessment):
    """The file to look back to, with round, agency and group__criteria_set; or None.

    One query; two more for an agency without an earlier file of its own.
    """
    if own := _latest(assessment, assessment.agency_id):
        return Earlier(own, inherited=False)
    predecessors = assessment.agency.predecessors.order_by()
    keys = list(predecessors.values_list("pk", flat=True)[:2])
    inherited = _latest(assessment, keys[0]) if len(keys) == 1 else None
    return Earlier(inherited, inherited=True) if inherited else None


def _latest(assessment, agency_id):
    files = Assessment.objects.filter(
        agency=agency_id, is_assessed=True, round__year__lt=assessment.round.year
    ).select_related("round", "agency", "group__criteria_set")
    return files.order_by("-round__year").first()
