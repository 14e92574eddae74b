"""All indices and ranks from the cells against one statement of raw SQL."""

from django.db import connection

from scoring.labels import View
from scoring.queries.results import computed_results

from .clock import Result, in_words, medians

# The last layer of those that count for each leaf, what surveys measured beside it,
# the sum by agency, the rank in the group.
RAW = """
WITH ranked AS (
    SELECT c.assessment_id, c.criterion_id, c.points,
           ROW_NUMBER() OVER (
               PARTITION BY c.assessment_id, c.criterion_id
               ORDER BY CASE c.layer
                   WHEN 'council' THEN 3 WHEN 'explained' THEN 2 ELSE 1 END DESC
           ) AS place
      FROM scoring_cell c
      JOIN scoring_assessment a ON a.id = c.assessment_id
     WHERE a.round_id = %s AND c.layer IN ('appraised', 'explained', 'council')
       AND (c.points IS NOT NULL OR c.not_applicable = 'confirmed')
), valued AS (
    SELECT r.assessment_id, r.points, k.max_points
      FROM ranked r JOIN scoring_criterion k ON k.id = r.criterion_id
     WHERE r.place = 1 AND r.points IS NOT NULL
    UNION ALL
    SELECT s.assessment_id, k.max_points * s.mean_percent / 1000000, k.max_points
      FROM scoring_surveyresult s
      JOIN scoring_assessment a ON a.id = s.assessment_id
      JOIN scoring_criterion k ON k.id = s.criterion_id
     WHERE a.round_id = %s
), sums AS (
    SELECT assessment_id, SUM(points) AS points, SUM(max_points) AS most
      FROM valued GROUP BY assessment_id
)
SELECT a.id, a.group_id, sums.points, sums.most,
       RANK() OVER (
           PARTITION BY a.group_id ORDER BY sums.points * 1.0 / sums.most DESC
       )
  FROM sums JOIN scoring_assessment a ON a.id = sums.assessment_id
"""


def measure(city):
    round_ = city.round

    def ours():
        return computed_results(round_, View.FINAL)

    def theirs():
        with connection.cursor() as cursor:
            cursor.execute(RAW, [round_.pk, round_.pk])
            return cursor.fetchall()

    _require_same(ours(), theirs())
    own, raw = medians(ours, theirs, runs=15)
    yield Result(
        "indices_from_cells",
        own / raw,
        at_most=5,
        note=f"{in_words(own)} against {in_words(raw)} of raw SQL",
    )


def _require_same(results, rows):
    """The statement computes what the engine does, but for the rounding of surveys."""
    ranks = {pk: rank for pk, __, __, __, rank in rows}
    own = {row.assessment.pk: row.rank for result in results for row in result.rows}
    near = sum(abs(own[pk] - rank) <= 1 for pk, rank in ranks.items())
    if own.keys() != ranks.keys() or near < len(own):
        raise RuntimeError("the raw statement does not rank as the engine does")
