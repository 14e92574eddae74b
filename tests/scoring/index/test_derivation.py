from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.index.derivation import derive, lines
from scoring.index.rollup import totals
from scoring.index.values import VIEWS, AgencyScores, RoundRules
from tests.scoring.index.builders import CEILINGS, modelled_tree, row, tree, value
from tests.scoring.index.examples import BONUS, PENALTY, PROPORTIONAL

TREE = tree(
    row("1"),
    row("1.1", "1"),
    row("1.1.1", "1.1", 4, "manual"),
    row("1.1.2", "1.1", "1.5", "proportional", PROPORTIONAL),
    row("2"),
    row("2.1", "2", 3, "sociological"),
    row("9", "", None, "adjustments", CEILINGS),
    row("9.1", "9", 2, "bonus_count", BONUS),
    row("9.2", "9", -2, "penalty_count", PENALTY),
)
SCORES = AgencyScores(
    {
        "appraised": {
            "1.1.1": value("3"),
            "1.1.2": value("1.2857"),
            "9.1": value("1"),
            "9.2": value("-0.5"),
        },
        "council": {"1.1.1": value("3.5")},
    },
    {"2.1": Decimal("82.3333")},
)
CELLS = {
    "1.1.1": ("", "Hội đồng thống nhất", "council"),
    "1.1.2": ('{"denominator": 7, "numerator": 6}', "", "appraised"),
    "9.1": ('{"count": 1}', "", "appraised"),
    "9.2": ('{"count": 1}', "", "appraised"),
}


def texts(derivation, language="en"):
    return [
        "  " * depth + sentence.english()
        for depth, sentence in lines(derivation, language)
    ]


def test_the_whole_computation_as_text():
    derivation = derive(TREE, SCORES, "final", RoundRules(), CELLS)
    assert texts(derivation) == [
        "1 en 1: 4.7857 of 5.5",
        "  1.1 en 1.1: 4.7857 of 5.5",
        "    1.1.1 en 1.1.1: 3.5 of 4 (the Council's points)",
        "      Given by judgement: 3.5",
        "      Reason: Hội đồng thống nhất",
        "    1.1.2 en 1.1.2: 1.2857 of 1.5 (appraised points)",
        '      Declared data: {"denominator": 7, "numerator": 6}',
        "      6 / 7 ≈ 85.714286 %",
        "      6 / 7 × 1.5 ≈ 1.285714",
        "      Rounded to 4 decimals: 1.2857",
        "2 en 2: 2.47 of 3",
        "  2.1 en 2.1: 2.47 of 3 (survey result)",
        "    3 × 82.3333 / 100 = 2.469999",
        "    Rounded to 4 decimals: 2.47",
        "9 en 9: 0.5 points",
        "  9.1 en 9.1: 1 of 2 (appraised points)",
        '    Declared data: {"count": 1}',
        "    1 × 1 = 1",
        "  9.2 en 9.2: -0.5 of -2 (appraised points)",
        '    Declared data: {"count": 1}',
        "    1 × -0.5 = -0.5",
        "Points: 7.2557; maximum of the criteria that remain: 8.5",
        "Bonus points: 1, after the ceiling 1",
        "Penalty points: -0.5, after the ceiling -0.5",
        "100 × 7.2557 / 8.5 + (1) + (-0.5) = 36491/425",
        "Index, two decimals: 85.86",
    ]
    assert "  1.1 vi 1.1: 4.7857 of 5.5" in texts(derivation, "vi")


def test_each_leaf_says_its_state_and_layer():
    scores = AgencyScores({"appraised": {"1.1.2": value(None)}}, {}, frozenset({"9"}))
    derivation = derive(TREE, scores, "final", RoundRules(), {})
    assert {leaf.code: (leaf.status, leaf.layer) for leaf in derivation.leaves()} == {
        "1.1.1": ("not_scored", ""),
        "1.1.2": ("not_applicable", "appraised"),
        "2.1": ("missing_survey", ""),
        "9.1": ("exempted", ""),
        "9.2": ("exempted", ""),
    }
    assert texts(derivation)[2:4] == [
        "    1.1.1 en 1.1.1: not scored (maximum 4)",
        "    1.1.2 en 1.1.2: not applicable",
    ]
    assert "  2.1 en 2.1: survey missing (maximum 3)" in texts(derivation)
    assert (
        texts(derivation)[-1] == "Incomplete: values are missing, so there is no rank."
    )
    assert (derivation.points, derivation.max_points, derivation.index) == (0, 7, 0)


def test_points_given_against_the_computation_are_named():
    scores = AgencyScores({"self": {"1.1.2": value("1")}})
    cells = {"1.1.2": ('{"denominator": 7, "numerator": 7}', "chưa đủ căn cứ", "self")}
    derivation = derive(TREE, scores, "self", RoundRules(), cells)
    (leaf,) = [one for one in derivation.leaves() if one.code == "1.1.2"]
    assert [step.english() for step in leaf.steps] == [
        "7 / 7 = 100 %",
        "7 / 7 × 1.5 = 1.5",
        "Points given instead of computed: 1",
    ]
    assert leaf.reason == "chưa đủ căn cứ"
    assert leaf.description[0].english() == "(đúng / tổng) × 1.5"


def test_what_is_held_at_a_bound_is_said():
    scores = AgencyScores(
        {"self": {"1.1.1": value("4"), "1.1.2": value("1.5"), "9.1": value("2")}},
        {"2.1": Decimal(100)},
    )
    derivation = derive(TREE, scores, "self", RoundRules(), {})
    assert texts(derivation)[-3:] == [
        "100 × 8.5 / 8.5 + (2) + (0) = 102/1",
        "Held within 0 and 100: 100/1",
        "Index, two decimals: 100.00",
    ]


def test_without_a_criterion_there_is_no_index():
    scores = AgencyScores({}, {}, frozenset({"1", "2"}))
    derivation = derive(TREE, scores, "final", RoundRules(), {})
    assert (derivation.index, derivation.complete) == (None, False)
    assert texts(derivation)[-1] == "No criterion remains, so there is no index."


def test_not_assessed_has_no_computation():
    scores = AgencyScores(SCORES.layers, SCORES.surveys, assessed=False)
    derivation = derive(TREE, scores, "final", RoundRules(), CELLS)
    assert texts(derivation) == ["Not assessed in this round."]
    assert derivation.index is None


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["department", "commune"])
def test_modelled_sets_are_derived_to_the_same_figure(name, view):
    of_tree = modelled_tree(name)
    cells = {
        leaf.code: value(leaf.max_points)
        for leaf in of_tree.leaves
        if not leaf.is_survey and not leaf.is_adjustment
    }
    cells["1.1.1"] = value("0.25")
    surveys = {
        leaf.code: Decimal("66.6667") for leaf in of_tree.leaves if leaf.is_survey
    }
    scores = AgencyScores({"self": cells, "appraised": cells}, surveys)
    got = totals(of_tree, scores, view, RoundRules())
    derivation = derive(of_tree, scores, view, RoundRules(), {})
    assert derivation.index == got.index
    assert Fraction(90) > derivation.index > Fraction(80)
    fields = [node for node in derivation.nodes if not node.is_adjustments]
    assert sum(field.points for field in fields) == got.points
    assert sum(field.max_points for field in fields) == got.max_points == 100
