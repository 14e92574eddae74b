"""All that the results workbook prints of a round, in a fixed number of queries."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from scoring.index.compare import difference
from scoring.index.figures import from_units
from scoring.index.rollup import exempted_leaves, survey_units
from scoring.index.values import CriteriaTree, Totals, to_units
from scoring.labels import LeafKind, LeafStatus, View
from scoring.models import Assessment, RoundGroup
from scoring.queries.criteria import tree_of
from scoring.queries.results import GroupResult, results_of
from scoring.queries.rounds import round_groups
from scoring.queries.scores import scores_of_round


@dataclass(frozen=True, slots=True)
class AgencyExport:
    """One agency's line and column.

    rank, band  None unless ranked
    leaves      of each leaf in the set's order: its points, or the LeafStatus that
                says why there are none; empty when the agency is not assessed
    scored      kinds of leaf of which at least one has points
    has_own     whether the agency has scored anything itself
    """

    assessment: Assessment
    own: Totals
    final: Totals
    rank: int | None
    band: str | None
    leaves: tuple[Decimal | LeafStatus, ...]
    scored: frozenset[str]
    has_own: bool

    @property
    def status(self):
        return self.final.status

    @property
    def own_points(self):
        """Self-assessed points; None, and not zero, where nothing was scored."""
        return self.own.appraised_points if self.has_own else None

    def part(self, kind):
        """The final points of one kind of leaf; None where no leaf of it has any."""
        if kind not in self.scored:
            return None
        return {
            LeafKind.APPRAISED: self.final.appraised_points,
            LeafKind.SOCIOLOGICAL: self.final.sociological_points,
            LeafKind.SATISFACTION: self.final.satisfaction_points,
        }[kind]

    @property
    def gained(self):
        """Appraised minus self-assessed points; None where one of them is none."""
        if self.own_points is None or self.part(LeafKind.APPRAISED) is None:
            return None
        return difference(self.own, self.final).appraised_points


@dataclass(frozen=True, slots=True)
class GroupExport:
    """A group: its final result, its tree, and its agencies by rank."""

    group: RoundGroup
    tree: CriteriaTree
    result: GroupResult
    agencies: tuple[AgencyExport, ...]


def export_of(round_):
    """The groups of a round with every figure to be printed, in a fixed number of queries."""
    groups = round_groups(round_)
    scores = scores_of_round(round_, groups)
    own = _totals_by_file(results_of(round_, View.SELF, groups, scores))
    return [
        _group_export(result, own, scores)
        for result in results_of(round_, View.FINAL, groups, scores)
    ]


def _totals_by_file(results):
    return {row.assessment.pk: row.totals for result in results for row in result.rows}


def _group_export(result, own, scores):
    tree = tree_of(result.group.criteria_set).tree
    agencies = tuple(
        _agency_export(tree, row, own[row.assessment.pk], scores[row.assessment])
        for row in result.rows
    )
    return GroupExport(result.group, tree, result, agencies)


def _agency_export(tree, row, own, scores):
    leaves = _leaves(tree, scores)
    kinds = [leaf.kind for leaf in tree.leaves] if leaves else []
    return AgencyExport(
        assessment=row.assessment,
        own=own,
        final=row.totals,
        rank=row.rank,
        band=row.band,
        leaves=leaves,
        scored=frozenset(
            kind
            for kind, value in zip(kinds, leaves, strict=True)
            if isinstance(value, Decimal)
        ),
        has_own=bool(scores.values(View.SELF)),
    )


def _leaves(tree, scores):
    if not scores.is_assessed:
        return ()
    out = exempted_leaves(tree, scores.exempted)
    values = scores.values(View.FINAL)
    return tuple(_leaf(tree, leaf, scores.surveys, values, out) for leaf in tree.leaves)


def _leaf(tree, leaf, surveys, values, out):
    if leaf.code in out:
        return LeafStatus.EXEMPTED
    if leaf.is_survey:
        percent = surveys.get(leaf.code)
        if percent is None:
            return LeafStatus.MISSING_SURVEY
        units = survey_units(to_units(leaf.max_points), percent, tree.points_decimals)
        return _figure(units)
    if leaf.code not in values:
        return LeafStatus.NOT_SCORED
    units = values[leaf.code]
    return LeafStatus.NOT_APPLICABLE if units is None else _figure(units)


@lru_cache(maxsize=50_000)
def _figure(units):
    return from_units(units)
