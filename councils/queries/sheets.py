"""One agency's criteria as the Council reads them: four views beside each other.

Sums of branches are the engine's, view by view; a value that a view takes over from
an earlier layer is marked as such, so that what was changed stands out.
"""

from dataclasses import dataclass

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from scoring.index.derivation import (
    EXEMPTED,
    MISSING_SURVEY,
    NOT_APPLICABLE,
    SURVEY,
    DerivedLeaf,
    derive,
)
from scoring.index.values import SURVEYS
from scoring.labels import Layer, View
from scoring.models import Cell
from scoring.queries.criteria import tree_of
from scoring.queries.rounds import rules_of
from scoring.queries.scores import scores_of
from scoring.wording import show_fixed, show_points

VIEWS = (View.SELF, View.APPRAISED, View.EXPLAINED, View.FINAL)
LAYER_OF_VIEW = {
    View.SELF: Layer.SELF,
    View.APPRAISED: Layer.APPRAISED,
    View.EXPLAINED: Layer.EXPLAINED,
    View.FINAL: Layer.COUNCIL,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one view. ``is_taken_over``: unchanged from an earlier layer."""

    text: str
    title: str = ""
    layer: str = ""
    is_taken_over: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    layer: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A field, a criterion or a leaf; ``figures`` in the order of the four views."""

    code: str
    name: str
    kind: str
    maximum: str
    figures: tuple[Figure, ...]
    reasons: tuple[Reason, ...] = ()
    is_survey: bool = False


@dataclass(frozen=True, slots=True)
class ViewSum:
    """The last lines of one view: points, maximum, bonus, penalty and index."""

    label: str
    layer: str
    points: str
    maximum: str
    bonus: str
    penalty: str
    index: str


@dataclass(frozen=True, slots=True)
class CouncilSheet:
    rows: tuple[SheetRow, ...]
    sums: tuple[ViewSum, ...]


def sheet_of(assessment):
    """The sheet of one file; four queries. ``assessment`` comes with round and group."""
    tree = tree_of(assessment.group.criteria_set)
    scores = scores_of(assessment).as_agency_scores()
    rules = rules_of(assessment.round)
    derivations = [derive(tree.tree, scores, view, rules, {}) for view in VIEWS]
    reasons = _reasons(assessment, tree.codes)
    rows = []
    for nodes in zip(*(derivation.nodes for derivation in derivations), strict=True):
        _add_rows(rows, nodes, reasons, depth=0)
    return CouncilSheet(
        rows=tuple(rows),
        sums=tuple(_sum(derivation) for derivation in derivations),
    )


def _reasons(assessment, codes):
    """``{leaf code: reasons in the order of the layers}``."""
    found = {}
    stored = (
        Cell.objects.filter(assessment=assessment)
        .exclude(reason="")
        .values_list("criterion_id", "layer", "reason")
    )
    order = list(Layer.values)
    for criterion_id, layer, text in sorted(stored, key=lambda s: order.index(s[1])):
        reason = Reason(layer=layer, label=Layer(layer).label, text=text)
        found.setdefault(codes[criterion_id], []).append(reason)
    return found


def _add_rows(rows, nodes, reasons, depth):
    """One node as the four views derive it, and all below it."""
    node = nodes[0]
    if isinstance(node, DerivedLeaf):
        rows.append(_leaf_row(nodes, reasons))
        return
    rows.append(
        SheetRow(
            code=node.code,
            name=_name(node),
            kind="field" if depth == 0 else "criterion",
            maximum=show_points(nodes[-1].max_points or None),
            figures=tuple(Figure(show_points(view.points)) for view in nodes),
        )
    )
    for children in zip(*(view.children for view in nodes), strict=True):
        _add_rows(rows, children, reasons, depth + 1)


def _leaf_row(nodes, reasons):
    node = nodes[0]
    return SheetRow(
        code=node.code,
        name=_name(node),
        kind="leaf",
        maximum=show_points(node.full_points),
        figures=tuple(
            _figure(leaf, view) for leaf, view in zip(nodes, VIEWS, strict=True)
        ),
        reasons=tuple(reasons.get(node.code, ())),
        is_survey=node.kind in SURVEYS,
    )


def _figure(leaf, view):
    if leaf.status == EXEMPTED:
        return Figure(pgettext("figure", "N/A"), _("exempted"))
    is_taken_over = leaf.layer not in ("", SURVEY, LAYER_OF_VIEW[view])
    if leaf.status == NOT_APPLICABLE:
        text = pgettext("figure", "N/A")
        return Figure(text, _("not applicable"), leaf.layer, is_taken_over)
    if leaf.status == MISSING_SURVEY:
        return Figure(show_points(None), _("survey result missing"))
    title = _("not scored") if leaf.points is None else ""
    return Figure(show_points(leaf.points), title, leaf.layer, is_taken_over)


def _sum(derivation):
    view = View(derivation.view)
    return ViewSum(
        label=view.label,
        layer=LAYER_OF_VIEW[view],
        points=show_points(derivation.points),
        maximum=show_points(derivation.max_points),
        bonus=show_points(derivation.bonus_points),
        penalty=show_points(derivation.penalty_points),
        index=show_fixed(derivation.index),
    )


def _name(node):
    return (node.name_en if get_language() == "en" else "") or node.name_vi
