"""Indices, ranks and bands of a round. The engine computes; here rows meet it."""

from dataclasses import dataclass
from fractions import Fraction

from scoring.index.bands import band, group_mean
from scoring.index.ranking import rank
from scoring.index.values import LAYERS_OF, Totals
from scoring.models import Assessment, RoundGroup
from scoring.queries.criteria import tree_of
from scoring.queries.rounds import round_groups, rules_of
from scoring.queries.scores import scores_of_round
from scoring.queries.totals import totals_from_json


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One agency's place in its group for one view.

    ``rank`` and ``band`` are None unless the agency is ranked.
    """

    assessment: Assessment
    totals: Totals
    rank: int | None
    band: str | None

    @property
    def status(self):
        return self.totals.status


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The rows of a group by rank (unranked last), then by agency code.

    ``mean`` is the exact mean of the ranked agencies' indices, None without any.
    """

    group: RoundGroup
    rows: tuple[ResultRow, ...]
    mean: Fraction | None

    @property
    def ranked(self):
        return [row for row in self.rows if row.rank is not None]


def stored_results(round_, view, groups=None):
    """Results from the totals stored beside the files; two queries."""
    groups = round_groups(round_) if groups is None else groups
    files = (
        Assessment.objects.filter(group__in=groups)
        .select_related("agency")
        .order_by("position", "pk")
    )
    by_group = {group.pk: {} for group in groups}
    for assessment in files:
        by_group[assessment.group_id][assessment] = totals_from_json(
            assessment.totals, view
        )
    return _group_results(round_, groups, by_group)


def computed_results(round_, view, groups=None):
    """Results computed afresh from the cells, surveys and exemptions.

    Two queries, and one more per group.
    """
    groups = round_groups(round_) if groups is None else groups
    scores = scores_of_round(round_, groups, layers=LAYERS_OF[view])
    return results_of(round_, view, groups, scores)


def results_of(round_, view, groups, scores):
    """Results of one view from scores that have been read: ``{file: AgencyScores}``."""
    rules = rules_of(round_)
    by_group = {group.pk: {} for group in groups}
    trees = {group.pk: tree_of(group.criteria_set).tree for group in groups}
    for assessment, file_scores in scores.items():
        by_group[assessment.group_id][assessment] = file_scores.totals(
            trees[assessment.group_id], view, rules
        )
    return _group_results(round_, groups, by_group)


def _group_results(round_, groups, by_group):
    rules = rules_of(round_)
    return [_group_result(group, by_group[group.pk], rules) for group in groups]


def _group_result(group, totals_by_file, rules):
    ranks = rank(totals_by_file, rules.tie_breakers)
    rows = [
        ResultRow(
            assessment=assessment,
            totals=totals,
            rank=ranks[assessment],
            band=band(totals, rules.bands) if ranks[assessment] else None,
        )
        for assessment, totals in totals_by_file.items()
    ]
    rows.sort(
        key=lambda row: (
            row.rank is None,
            row.rank or 0,
            row.assessment.agency.code,
        )
    )
    mean = group_mean(row.totals for row in rows)
    return GroupResult(group=group, rows=tuple(rows), mean=mean)
