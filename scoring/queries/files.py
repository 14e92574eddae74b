"""Whether what is known of a file is still so."""

from django.db import connection

from scoring.models import Assessment

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
