"""From the values of an agency's leaves to its points, its maximum and its index.

Sums are made of whole ten-thousandths, in which every leaf's points are exact; the
index is a Fraction. Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from .figures import UNITS_PER_POINT, from_units, to_units
from .values import (
    LAYERS,
    LAYERS_OF,
    RESCALE,
    VIEWS,
    ZERO,
    AgencyScores,
    CellValue,
    CriteriaTree,
    RoundRules,
    Totals,
    unit_index,
)

# Ten-thousandths in the last decimal that points of a set may have.
_STEPS = {2: 100, 3: 10, 4: 1}

# Points in ten-thousandths by leaf code; None is "not applicable", absent "not scored".
UnitValues = Mapping[str, int | None]


def totals(
    tree: CriteriaTree, scores: AgencyScores, view: str, rules: RoundRules
) -> Totals:
    """The figures of one agency in one view (self, appraised, explained, final).

    Values of leaves that the tree does not have are ignored, as are exempted rows.
    """
    return unit_totals(
        tree,
        _last_units(_layer_units(scores, LAYERS_OF[view]), view),
        _unit_surveys(scores),
        rules,
        exempted=scores.exempted,
        assessed=scores.assessed,
    )


def all_totals(
    tree: CriteriaTree, scores: AgencyScores, rules: RoundRules
) -> dict[str, Totals]:
    """The figures of one agency in all four views."""
    surveys = _unit_surveys(scores)
    layers = _layer_units(scores, LAYERS)
    return {
        view: unit_totals(
            tree,
            _last_units(layers, view),
            surveys,
            rules,
            exempted=scores.exempted,
            assessed=scores.assessed,
        )
        for view in VIEWS
    }


def unit_totals(
    tree: CriteriaTree,
    values: UnitValues,
    surveys: Mapping[str, int],
    rules: RoundRules,
    *,
    exempted: Iterable[str] = (),
    assessed: bool = True,
) -> Totals:
    """As ``totals``, from whole numbers as a database stores them.

    values   the view's value of each leaf in ten-thousandths of a point: None where
             not applicable, absent where not scored
    surveys  percents in ten-thousandths of a percent by leaf code
    """
    if not assessed:
        return NOTHING_COUNTS
    out = exempted_leaves(tree, exempted)
    own, own_max, not_scored = _sum_appraised(tree, values, out)
    surveys_sums, missing = _sum_surveys(tree, surveys, out, rules)
    mean, mean_max, satisfied, satisfied_max = surveys_sums
    bonus, penalty = _sum_adjustments(tree, values, out)
    points, maximum = own + mean + satisfied, own_max + mean_max + satisfied_max
    index = unit_index(points, maximum, bonus + penalty, cap_at_100=tree.cap_at_100)
    waits = (not_scored and rules.not_scored != ZERO) or (
        missing and rules.missing_survey != RESCALE
    )
    return Totals(
        points=from_units(points),
        max_points=from_units(maximum),
        appraised_points=from_units(own),
        appraised_max=from_units(own_max),
        sociological_points=from_units(mean),
        sociological_max=from_units(mean_max),
        satisfaction_points=from_units(satisfied),
        satisfaction_max=from_units(satisfied_max),
        bonus_points=from_units(bonus),
        penalty_points=from_units(penalty),
        not_scored=not_scored,
        missing_surveys=missing,
        index=index,
        complete=not waits and index is not None,
        assessed=True,
    )


def exempted_leaves(tree: CriteriaTree, exempted: Iterable[str]) -> frozenset[str]:
    """Codes of all leaves that an exemption of leaves and branches takes out."""
    under = tree.plan.leaves_under
    return frozenset().union(*(under.get(code, ()) for code in exempted))


def last_values(
    layers: Mapping[str, Mapping[str, CellValue]], view: str
) -> dict[str, CellValue]:
    """The value of each leaf in ``view``: the last layer of those that count."""
    return {
        code: value
        for layer in LAYERS_OF[view]
        for code, value in layers.get(layer, {}).items()
        if value.is_value
    }


def survey_units(max_points: int, percent: int, points_decimals: int) -> int:
    """max × percent / 100 in ten-thousandths, rounded half up to ``points_decimals``."""
    step = _STEPS[points_decimals]
    divisor = 100 * UNITS_PER_POINT * step
    rounded = (2 * max_points * percent + divisor) // (2 * divisor) * step
    return min(rounded, max_points)


def _layer_units(
    scores: AgencyScores, layers: Iterable[str]
) -> dict[str, dict[str, int | None]]:
    """Each layer's values in ten-thousandths; what is no value is left out."""
    return {
        layer: {
            code: None if value.not_applicable else to_units(value.points or _ZERO)
            for code, value in scores.layers.get(layer, {}).items()
            if value.points is not None or value.not_applicable
        }
        for layer in layers
    }


def _last_units(
    layers: Mapping[str, Mapping[str, int | None]], view: str
) -> dict[str, int | None]:
    """The last layer of the view that says something, leaf by leaf."""
    values: dict[str, int | None] = {}
    for layer in LAYERS_OF[view]:
        values.update(layers[layer])
    return values


def _unit_surveys(scores: AgencyScores) -> dict[str, int]:
    return {code: to_units(percent) for code, percent in scores.surveys.items()}


def _sum_appraised(
    tree: CriteriaTree, values: UnitValues, out: frozenset[str]
) -> tuple[int, int, int]:
    points = maximum = not_scored = 0
    for code, max_points in tree.plan.appraised:
        if code in out:
            continue
        if code not in values:
            not_scored += 1
            maximum += max_points
            continue
        value = values[code]
        if value is not None:
            points += value
            maximum += max_points
    return points, maximum, not_scored


def _sum_surveys(
    tree: CriteriaTree,
    surveys: Mapping[str, int],
    out: frozenset[str],
    rules: RoundRules,
) -> tuple[tuple[int, int, int, int], int]:
    """(sociological points, maximum, satisfaction points, maximum), number missing."""
    sums = [0, 0, 0, 0]
    missing = 0
    for code, max_points, is_satisfaction in tree.plan.surveys:
        if code in out:
            continue
        percent = surveys.get(code)
        if percent is None:
            missing += 1
            if rules.missing_survey == RESCALE:
                continue
        else:
            sums[2 * is_satisfaction] += survey_units(
                max_points, percent, tree.points_decimals
            )
        sums[2 * is_satisfaction + 1] += max_points
    return (sums[0], sums[1], sums[2], sums[3]), missing


def _sum_adjustments(
    tree: CriteriaTree, values: UnitValues, out: frozenset[str]
) -> tuple[int, int]:
    """Bonus and penalty within their ceilings; what has no value counts 0."""
    plan = tree.plan
    bonus = sum(values.get(code) or 0 for code in plan.bonus if code not in out)
    penalty = sum(values.get(code) or 0 for code in plan.penalty if code not in out)
    return min(bonus, plan.bonus_ceiling), max(penalty, plan.penalty_ceiling)


_ZERO = Decimal(0)

NOTHING_COUNTS = Totals(
    points=_ZERO,
    max_points=_ZERO,
    appraised_points=_ZERO,
    appraised_max=_ZERO,
    sociological_points=_ZERO,
    sociological_max=_ZERO,
    satisfaction_points=_ZERO,
    satisfaction_max=_ZERO,
    bonus_points=_ZERO,
    penalty_points=_ZERO,
    not_scored=0,
    missing_surveys=0,
    index=None,
    complete=False,
    assessed=False,
)
