"""One file as every save reads it, and whether what is known of it is still so."""

from django.db import connection

from scoring.models import Assessment
from scoring.prepared import Prepared

# What the column holds.
YEARS = range(32_768)

FILES = Prepared(
    lambda year, agency: (
        Assessment.objects.filter(round__year=year, agency__code=agency)
        .select_related("round", "agency", "group__group", "group__criteria_set")
        .order_by()
    ),
    1,
    "agency",
)

LOCKED_FILES = Prepared(
    lambda pk: (
        Assessment.objects.select_for_update().defer("totals").filter(pk=pk).order_by()
    ),
    -1,
)

# By hand, since every save asks it: see queries/scores.py.
FACTS_NOW = """
SELECT team.id, team.state, criteria.id, criteria.content_hash,
       year.id, year.state, year.not_scored, year.missing_survey
  FROM scoring_assessment file
  JOIN scoring_roundgroup team ON team.id = file.group_id
  JOIN scoring_criteriaset criteria ON criteria.id = team.criteria_set_id
  JOIN scoring_round year ON year.id = file.round_id
 WHERE file.id = %s
"""


def file_at(year, agency):
    """The file of an agency (by its code) in the round of that year, or None.

    With round, agency and the group's criteria set at hand; one query. Whether it
    exists for a person is not asked here.
    """
    if year not in YEARS:
        return None
    for file in FILES(year, agency):
        file.group.round = file.round
        return file
    return None


def is_current(assessment):
    """Whether the file's loaded round, group and set are those of the database now.

    Asked under the file's lock: of a query that waits for a row PostgreSQL reads only
    that row anew, what it joins stays as old as the query's start, and an adoption
    meanwhile would go unseen. One query; False where something is not loaded.
    """
    if not _is_loaded(assessment):
        return False
    group, round_ = assessment.group, assessment.round
    known = (
        group.pk,
        group.state,
        group.criteria_set.pk,
        group.criteria_set.content_hash,
        round_.pk,
        round_.state,
        round_.not_scored,
        round_.missing_survey,
    )
    with connection.cursor() as cursor:
        cursor.execute(FACTS_NOW, [assessment.pk])
        return cursor.fetchone() == known


def _is_loaded(assessment):
    fields = Assessment._meta.get_field
    if not all(
        fields(name).is_cached(assessment) for name in ("round", "agency", "group")
    ):
        return False
    group = assessment.group
    return group._meta.get_field("criteria_set").is_cached(group)
