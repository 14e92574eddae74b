"""Works the derivation out, from the leaves to the sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction

from scoring.index.cells import within, working
from scoring.index.figures import round_half_up, shortest
from scoring.index.jsontext import read_object
from scoring.index.rollup import exempted_leaves
from scoring.index.sentences import N_, Sentence, say
from scoring.index.survey import survey_points
from scoring.index.values import (
    BONUS,
    LAYERS_OF,
    PENALTY,
    RESCALE,
    ZERO,
    AgencyScores,
    Branch,
    CellValue,
    CriteriaTree,
    Leaf,
    RoundRules,
)

from .lines import formula_lines
from .values import (
    EXEMPTED,
    MISSING_SURVEY,
    NOT_APPLICABLE,
    NOT_SCORED,
    SCORED,
    SURVEY,
    CellText,
    Derivation,
    DerivedBranch,
    DerivedLeaf,
    leaves_of,
)

# Adds exactly or not at all.
_EXACT = Context(prec=60, traps=[Inexact])


def derive(
    tree: CriteriaTree,
    scores: AgencyScores,
    view: str,
    rules: RoundRules,
    cells: Mapping[str, CellText],
) -> Derivation:
    """Work out one agency's index in ``view``, leaf by leaf.

    cells  data, reason and layer of each leaf's value, by leaf code; a leaf without an
           entry is derived without them
    """
    if not scores.assessed:
        return _nothing_counts(view)
    worker = _Worker(tree, scores, view, rules, cells)
    with localcontext(_EXACT):
        nodes = tuple(worker.node(code) for code in tree.top_codes)
        return worker.derivation(nodes)


def _nothing_counts(view: str) -> Derivation:
    """An agency that is not assessed may have rows; nothing of them counts."""
    zero = Decimal(0)
    return Derivation(
        view,
        (),
        zero,
        zero,
        zero,
        zero,
        zero,
        zero,
        None,
        None,
        False,
        (say(N_("Not assessed in this round.")),),
    )


class _Worker:
    def __init__(
        self,
        tree: CriteriaTree,
        scores: AgencyScores,
        view: str,
        rules: RoundRules,
        cells: Mapping[str, CellText],
    ) -> None:
        self.tree = tree
        self.scores = scores
        self.view = view
        self.rules = rules
        self.cells = cells
        self.exempted = exempted_leaves(tree, scores.exempted)

    # --- leaves ------------------------------------------------------------------

    def node(self, code: str) -> DerivedBranch | DerivedLeaf:
        node = self.tree.by_code[code]
        return self.leaf(node) if isinstance(node, Leaf) else self.branch(node)

    def leaf(self, leaf: Leaf) -> DerivedLeaf:
        if leaf.code in self.exempted:
            return self.derived(leaf, EXEMPTED)
        if leaf.is_survey:
            return self.survey_leaf(leaf)
        layer, value = self.value_of(leaf)
        if value is None:
            return self.derived(leaf, NOT_SCORED)
        data, reason, _ = self.cells.get(leaf.code, ("", "", ""))
        if value.not_applicable:
            status, points = NOT_APPLICABLE, None
        else:
            status, points = SCORED, value.points
        return self.derived(
            leaf,
            status,
            layer=layer,
            points=points,
            data=data,
            reason=reason,
            steps=self.steps(leaf, points, data),
        )

    def value_of(self, leaf: Leaf) -> tuple[str, CellValue | None]:
        """The last layer of the view that says something, looked for backwards."""
        for layer in reversed(LAYERS_OF[self.view]):
            value = self.scores.layers.get(layer, {}).get(leaf.code)
            if value is not None and value.is_value:
                return layer, value
        return "", None

    def survey_leaf(self, leaf: Leaf) -> DerivedLeaf:
        percent = self.scores.surveys.get(leaf.code)
        if percent is None:
            return self.derived(leaf, MISSING_SURVEY)
        places = self.tree.points_decimals
        exact = leaf.rule.points(leaf.parameters, leaf.max_points, {"percent": percent})
        points = survey_points(leaf, percent, places)
        steps = leaf.rule.steps(leaf.parameters, leaf.max_points, {"percent": percent})
        if points != exact:
            steps += (_rounding_line(points, places),)
        return self.derived(
            leaf,
            SCORED,
            layer=SURVEY,
            points=points,
            data=shortest(percent),
            steps=steps,
        )

    def steps(
        self, leaf: Leaf, points: Decimal | None, data: str
    ) -> tuple[Sentence, ...]:
        """The rule's computation, and whether the points were given instead."""
        if not data:
            return self.given(leaf, points)
        places = self.tree.points_decimals
        parsed = read_object(data)
        lines = working(leaf, parsed, places)
        exact = leaf.rule.points(leaf.parameters, leaf.max_points, parsed)
        if not isinstance(exact, Fraction):
            is_computed = points is None
        else:
            is_computed = points == within(leaf, round_half_up(exact, places))
        return lines if is_computed else lines + self.given(leaf, points)

    def given(self, leaf: Leaf, points: Decimal | None) -> tuple[Sentence, ...]:
        if points is None:
            return ()
        if leaf.rule.computes:
            return (
                say(N_("Points given instead of computed: %(points)s"), points=points),
            )
        return (say(N_("Given by judgement: %(points)s"), points=points),)

    def derived(
        self,
        leaf: Leaf,
        status: str,
        *,
        layer: str = "",
        points: Decimal | None = None,
        data: str = "",
        reason: str = "",
        steps: tuple[Sentence, ...] = (),
    ) -> DerivedLeaf:
        leaves_maximum = (
            leaf.is_adjustment
            or status in (NOT_APPLICABLE, EXEMPTED)
            or (status == MISSING_SURVEY and self.rules.missing_survey == RESCALE)
        )
        return DerivedLeaf(
            code=leaf.code,
            name_vi=leaf.name_vi,
            name_en=leaf.name_en,
            kind=leaf.kind,
            status=status,
            layer=layer,
            points=points,
            max_points=Decimal(0) if leaves_maximum else leaf.max_points,
            full_points=leaf.max_points,
            data=data,
            reason=reason,
            description=leaf.rule.describe(leaf.parameters, leaf.max_points),
            steps=steps,
        )

    # --- sums --------------------------------------------------------------------

    def branch(self, branch: Branch) -> DerivedBranch:
        children = tuple(self.node(code) for code in branch.children)
        return DerivedBranch(
            branch.code,
            branch.name_vi,
            branch.name_en,
            branch.is_adjustments,
            children,
            sum((child.points or Decimal(0) for child in children), Decimal(0)),
            sum((child.max_points for child in children), Decimal(0)),
        )

    def derivation(self, nodes: tuple[DerivedBranch | DerivedLeaf, ...]) -> Derivation:
        scale = [node for node in nodes if not _is_adjustments(node)]
        outside = [leaf for n in nodes if _is_adjustments(n) for leaf in leaves_of(n)]
        points = sum((node.points or Decimal(0) for node in scale), Decimal(0))
        maximum = sum((node.max_points for node in scale), Decimal(0))
        bonus = _sum_of(outside, BONUS)
        penalty = _sum_of(outside, PENALTY)
        bonus_points = min(bonus, self.tree.bonus_ceiling or Decimal(0))
        penalty_points = max(penalty, self.tree.penalty_ceiling or Decimal(0))
        index = self.index(points, maximum, bonus_points + penalty_points)
        derivation = Derivation(
            view=self.view,
            nodes=nodes,
            points=points,
            max_points=maximum,
            bonus_sum=bonus,
            penalty_sum=penalty,
            bonus_points=bonus_points,
            penalty_points=penalty_points,
            index=index,
            index_2=None if index is None else round_half_up(index, 2),
            complete=index is not None and not self.is_waiting(scale),
        )
        return _with_formula(derivation)

    def index(
        self, points: Decimal, maximum: Decimal, adjustment: Decimal
    ) -> Fraction | None:
        if not maximum:
            return None
        share = 100 * Fraction(points) / Fraction(maximum)
        index = max(share + Fraction(adjustment), Fraction(0))
        return min(index, Fraction(100)) if self.tree.cap_at_100 else index

    def is_waiting(self, scale: list[DerivedBranch | DerivedLeaf]) -> bool:
        statuses = {leaf.status for node in scale for leaf in leaves_of(node)}
        return (NOT_SCORED in statuses and self.rules.not_scored != ZERO) or (
            MISSING_SURVEY in statuses and self.rules.missing_survey != RESCALE
        )


def _is_adjustments(node: DerivedBranch | DerivedLeaf) -> bool:
    return isinstance(node, DerivedBranch) and node.is_adjustments


def _sum_of(leaves: list[DerivedLeaf], kind: str) -> Decimal:
    return sum(
        (leaf.points or Decimal(0) for leaf in leaves if leaf.kind == kind), Decimal(0)
    )


def _rounding_line(points: Decimal, places: int) -> Sentence:
    return say(
        N_("Rounded to %(places)s decimals: %(points)s"), places=places, points=points
    )


def _with_formula(derivation: Derivation) -> Derivation:
    return replace(derivation, formula=tuple(formula_lines(derivation)))
