"""The worked derivation of one agency's index, from the stored rows."""

from dataclasses import dataclass

from scoring.index.derivation import DerivedLeaf, derive
from scoring.index.values import LAYERS_OF
from scoring.models import Cell
from scoring.queries.criteria import tree_of
from scoring.queries.declared import declared_words
from scoring.queries.rounds import rules_of
from scoring.queries.scores import scores_of
from scoring.queries.sheet_texts import slug_of
from scoring.wording import say, show_points


def derivation_of(assessment, view, *, with_surveys=True):
    """The engine's Derivation of one file in one view, computed from its cells.

    assessment    with round, agency and group__criteria_set at hand
    view          self, appraised, explained or final
    with_surveys  False for who may not see survey results yet: they are missing then
    Two queries, however many criteria there are.
    """
    scores = scores_of(assessment)
    if not with_surveys:
        scores.surveys.clear()
    return derive(
        tree_of(assessment.group.criteria_set).tree,
        scores.as_agency_scores(),
        view,
        rules_of(assessment.round),
        cell_texts(assessment, view),
    )


def cell_texts(assessment, view):
    """``{leaf code: (declared data, reason, layer)}`` of the value that counts."""
    order = {layer: place for place, layer in enumerate(LAYERS_OF[view])}
    codes = tree_of(assessment.group.criteria_set).codes
    cells = [
        cell
        for cell in Cell.objects.filter(assessment=assessment, layer__in=order)
        if not cell.is_blank
    ]
    cells.sort(key=lambda cell: order[cell.layer])
    return {
        codes[cell.criterion_id]: (cell.data, cell.reason, cell.layer) for cell in cells
    }


@dataclass(frozen=True, slots=True)
class DerivationRow:
    """A branch or a leaf of the derivation, in words.

    level   depth in the tree, from 0
    maximum what counts of it in the denominator; ``full`` what the set gives it
    lost    lost points, "" where nothing was judged or nothing was lost
    status  a LeafStatus, "" on branches
    layer   self, appraised, explained, council, survey or ""
    """

    level: int
    code: str
    anchor: str
    name: str
    is_leaf: bool
    points: str
    maximum: str
    full: str
    lost: str
    is_adjustment: bool = False
    status: str = ""
    layer: str = ""
    data: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    description: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


def derivation_rows(assessment, derivation, language):
    """The tree of a derivation from top to bottom, a branch before what it sums."""
    tree = tree_of(assessment.group.criteria_set).tree
    rows = []
    for node in derivation.nodes:
        rows += _node_rows(tree, node, 0, language)
    return rows


def _node_rows(tree, node, level, language):
    if isinstance(node, DerivedLeaf):
        return [_leaf_row(tree, node, level, language)]
    rows = [_branch_row(node, level, language)]
    for child in node.children:
        rows += _node_rows(tree, child, level + 1, language)
    return rows


def _branch_row(branch, level, language):
    return DerivationRow(
        level=level,
        code=branch.code,
        anchor=_anchor(branch),
        name=_name(branch, language),
        is_leaf=False,
        points=show_points(branch.points),
        maximum="" if branch.is_adjustments else show_points(branch.max_points),
        full="",
        lost=_lost_words(branch),
        is_adjustment=branch.is_adjustments,
    )


def _leaf_row(tree, leaf, level, language):
    known = tree.leaf(leaf.code)
    return DerivationRow(
        level=level,
        code=leaf.code,
        anchor=_anchor(leaf),
        name=_name(leaf, language),
        is_leaf=True,
        points=show_points(leaf.points),
        maximum=show_points(leaf.max_points),
        full=show_points(leaf.full_points),
        lost=_lost_words(leaf),
        is_adjustment=known.is_adjustment,
        status=leaf.status,
        layer=leaf.layer,
        data=() if known.is_survey else tuple(declared_words(known, leaf.data)),
        reason=leaf.reason,
        description=tuple(say(line) for line in leaf.description),
        steps=tuple(say(line) for line in leaf.steps),
    )


def _lost_words(node):
    return show_points(node.lost_points) if node.lost_points else ""


def _anchor(node):
    return f"leaf-{slug_of(node.code)}"


def _name(node, language):
    return (node.name_en if language == "en" else "") or node.name_vi
