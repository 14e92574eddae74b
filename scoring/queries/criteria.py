"""Criteria sets as the engine's trees."""

from dataclasses import dataclass
from functools import lru_cache

from scoring.index.tree import read_tree
from scoring.index.values import CriteriaTree, CriterionRow
from scoring.models import CriteriaSet, Criterion


@dataclass(frozen=True, slots=True)
class SetTree:
    """A criteria set ready for work: the engine's tree and the rows' keys and names."""

    tree: CriteriaTree
    rows: tuple[CriterionRow, ...]
    ids: dict[str, int]
    codes: dict[int, str]
    rule_version: str

    def leaf(self, code):
        """The leaf with that code; None for a branch or an unknown code."""
        return self.tree.leaf(code)


def tree_of(criteria_set):
    """The tree of a set, read once for one content.

    The memo is keyed by the content's hash: a set that is edited gets another
    hash, so an old tree is never taken for it.
    """
    return _read(criteria_set.pk, criteria_set.rule_version, criteria_set.content_hash)


def forget_trees():
    """After sets were stored and undone: their keys may be given to other rows."""
    _read.cache_clear()


@lru_cache(maxsize=32)
def _read(pk, rule_version, content_hash):
    criteria_set = CriteriaSet.objects.get(pk=pk)
    stored = list(
        Criterion.objects.filter(criteria_set=pk)
        .select_related("parent")
        .order_by("position")
    )
    rows = tuple(criterion_row(criterion) for criterion in stored)
    tree = read_tree(
        rows,
        points_decimals=criteria_set.points_decimals,
        cap_at_100=criteria_set.cap_at_100,
    )
    ids = {criterion.code: criterion.pk for criterion in stored}
    return SetTree(
        tree=tree,
        rows=rows,
        ids=ids,
        codes={pk: code for code, pk in ids.items()},
        rule_version=rule_version,
    )


def criterion_row(criterion):
    return CriterionRow(
        code=criterion.code,
        parent_code=criterion.parent.code if criterion.parent_id else "",
        name_vi=criterion.name_vi,
        name_en=criterion.name_en,
        max_points=criterion.max_points,
        rule=criterion.rule,
        parameters=criterion.parameters,
    )
