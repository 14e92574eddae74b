import pickle
from decimal import Decimal

import pytest

from scoring.index.errors import ParametersError, TreeErrors
from scoring.index.tree import read_tree
from tests.scoring.index.builders import (
    CEILINGS,
    modelled_rows,
    modelled_tree,
    row,
    tree,
)
from tests.scoring.index.examples import BONUS, PENALTY


def faults(*rows, decimals=4):
    """The faults as (row number from 0, column)."""
    with pytest.raises(TreeErrors) as caught:
        tree(*rows, decimals=decimals)
    return [(number, column) for number, column, _ in caught.value.faults]


def manual(code, parent="1", max_points=1):
    return row(code, parent, max_points, "manual")


ADJUSTMENTS = row("9", "", None, "adjustments", CEILINGS)
BONUS_LEAF = row("9.1", "9", 2, "bonus_count", BONUS)
PENALTY_LEAF = row("9.2", "9", -2, "penalty_count", PENALTY)


@pytest.mark.parametrize(
    ("name", "leaves", "parts"),
    [
        ("department", 90, {"appraised": 65, "sociological": 25, "satisfaction": 10}),
        ("commune", 74, {"appraised": 65, "sociological": 20, "satisfaction": 15}),
    ],
)
def test_modelled_sets_are_read(name, leaves, parts):
    read = modelled_tree(name)
    assert len(read.leaves) == leaves
    assert len(read.nodes) == len(modelled_rows(name))
    assert read.bonus_ceiling == 3
    assert read.penalty_ceiling == -5
    for kind, maximum in parts.items():
        assert (
            sum(leaf.max_points for leaf in read.leaves if leaf.kind == kind) == maximum
        )
    assert [node.code for node in read.nodes] == [r.code for r in modelled_rows(name)]


def test_tree_knows_paths_children_and_bounds():
    read = tree(
        row("1"), row("1.1", "1"), manual("1.1.1", "1.1"), ADJUSTMENTS, PENALTY_LEAF
    )
    assert read.leaf("1.1.1").path == ("1", "1.1")
    assert read.leaf("1.1.1").parent_code == "1.1"
    assert read.by_code["1"].children == ("1.1",)
    assert read.top_codes == ("1", "9")
    assert read.leaf("1.1") is None
    assert read.leaf("x") is None
    assert (read.leaf("1.1.1").low, read.leaf("1.1.1").high) == (0, 1)
    assert (read.leaf("9.2").low, read.leaf("9.2").high) == (-2, 0)
    assert read.by_code["9"].is_adjustments
    assert (
        read.by_code["9"].parameters_text
        == '{"bonus_ceiling": 3, "penalty_ceiling": -5}'
    )


def test_a_tree_survives_a_cache():
    read = modelled_tree("department")
    assert pickle.loads(pickle.dumps(read)) == read  # noqa: S301 - made right here


def test_leaves_may_stand_at_the_top_and_children_apart():
    read = tree(row("1"), row("2"), manual("2.1", "2"), manual("1.1"), manual("3", ""))
    assert [leaf.code for leaf in read.leaves] == ["2.1", "1.1", "3"]


def test_codes_stand_once_and_are_no_blanks():
    assert faults(row("1"), manual("1.1"), manual("1.1")) == [(2, "code")]
    assert (2, "code") in faults(row("1"), manual("1.1"), manual(" 1.2"))
    assert (2, "code") in faults(row("1"), manual("1.1"), manual(""))
    assert faults() == [(0, "code")]


def test_parents_are_known_and_above():
    assert faults(row("1"), manual("1.1"), manual("1.2", "7")) == [(2, "parent_code")]
    assert faults(manual("1.1"), row("1"), manual("1.2")) == [(0, "parent_code")]
    assert (0, "parent_code") in faults(row("1", "1"), manual("1.1"))


def test_branches_have_nothing_of_their_own():
    assert faults(row("1", "", 5), manual("1.1")) == [(0, "max_points")]
    assert faults(row("1", "", 1, "manual"), manual("1.1")) == [
        (0, "rule"),
        (0, "max_points"),
    ]
    assert faults(row("1", parameters='{"guidance": "x"}'), manual("1.1")) == [
        (0, "parameters")
    ]


def test_leaves_need_a_rule_and_a_maximum():
    assert faults(row("1"), manual("1.1"), row("2")) == [(2, "rule"), (2, "max_points")]
    assert faults(row("1", "", 1, "guess")) == [(0, "rule")]
    assert faults(row("1", "", None, "manual")) == [(0, "max_points")]


@pytest.mark.parametrize("code", ["1/2", ".", ".."])
def test_a_code_that_cannot_stand_in_an_address_is_refused(code):
    assert faults(manual(code, "")) == [(0, "code")]


@pytest.mark.parametrize("points", ["0", "-1", "0.12345", "NaN", "1000001"])
def test_maximum_points_are_above_zero_with_few_decimals(points):
    assert faults(row("1", "", points, "manual")) == [(0, "max_points")]


def test_maximum_points_have_the_decimals_of_the_set():
    assert faults(row("1", "", "0.125", "manual"), decimals=2) == [(0, "max_points")]
    assert tree(row("1", "", "0.120", "manual"), decimals=2)
    assert tree(row("1", "", "0.125", "manual"), decimals=3)
    for wrong in (0, 1, 5):
        with pytest.raises(ParametersError):
            tree(manual("1", ""), decimals=wrong)


def test_bonus_is_above_and_penalty_below_zero():
    assert faults(ADJUSTMENTS, row("9.1", "9", -2, "bonus_count", BONUS)) == [
        (1, "max_points")
    ]
    assert faults(ADJUSTMENTS, row("9.1", "9", 2, "penalty_count", PENALTY)) == [
        (1, "max_points")
    ]
    assert faults(ADJUSTMENTS, row("9.1", "9", 0, "penalty_count", PENALTY)) == [
        (1, "max_points")
    ]


def test_bonus_and_penalty_stand_inside_and_the_rest_outside():
    outside = row("1.1", "1", 2, "bonus_count", BONUS)
    assert faults(row("1"), outside) == [(1, "rule")]
    assert faults(manual("1", ""), ADJUSTMENTS, BONUS_LEAF, manual("9.3", "9")) == [
        (3, "rule")
    ]
    survey = row("9.3", "9", 1, "sociological")
    assert faults(manual("1", ""), ADJUSTMENTS, BONUS_LEAF, survey) == [(3, "rule")]


def test_adjustments_may_have_branches_of_their_own():
    inner = [row("9.1", "9"), row("9.1.1", "9.1", 2, "bonus_count", BONUS)]
    read = tree(manual("1", ""), ADJUSTMENTS, *inner)
    assert read.leaf("9.1.1").kind == "bonus"


def test_adjustments_stand_once_at_the_top_with_both_ceilings():
    assert faults(ADJUSTMENTS) == [(0, "rule")]
    second = row("8", "", None, "adjustments", CEILINGS)
    inner = row("8.1", "8", 2, "bonus_count", BONUS)
    assert (2, "rule") in faults(ADJUSTMENTS, BONUS_LEAF, second, inner)
    nested = row("9", "1", None, "adjustments", CEILINGS)
    assert faults(row("1"), manual("1.1"), nested, BONUS_LEAF) == [(2, "parent_code")]
    assert faults(row("9", "", 3, "adjustments", CEILINGS), BONUS_LEAF) == [
        (0, "max_points")
    ]


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "{}",
        '{"bonus_ceiling": 3}',
        '{"penalty_ceiling": -5}',
        '{"bonus_ceiling": 3, "penalty_ceiling": 0}',
        '{"bonus_ceiling": 3, "penalty_ceiling": 5}',
        '{"bonus_ceiling": -3, "penalty_ceiling": -5}',
        '{"bonus_ceiling": 3.00001, "penalty_ceiling": -5}',
        '{"bonus_ceiling": 3, "penalty_ceiling": -5, "na_allowed": true}',
    ],
)
def test_ceilings_of_adjustments_are_refused(parameters):
    assert faults(row("9", "", None, "adjustments", parameters), BONUS_LEAF) == [
        (0, "parameters")
    ]


def test_all_faults_are_told_at_once():
    found = faults(
        row("1"),
        row("1.1", "1", "0.5", "choice", '{"options": []}'),
        row("1.2", "1", None, "choice", "{"),
        row("1.3", "x", "1", "unknown", '{"na_allowed": 1}'),
        row("1.1", "1", "-1", "manual"),
    )
    assert found == [
        (1, "parameters"),
        (2, "max_points"),
        (2, "parameters"),
        (3, "parent_code"),
        (3, "rule"),
        (3, "parameters"),
        (4, "code"),
        (4, "max_points"),
    ]


def test_faults_are_sentences():
    with pytest.raises(TreeErrors) as caught:
        read_tree(
            [row("1", "", Decimal("0.5"), "yes_no", '{"yes": 1, "no": 0}')],
            points_decimals=4,
            cap_at_100=True,
        )
    assert str(caught.value) == (
        "The criteria set has errors: 1.\nrow 1, parameters: yes: 1 is above 0.5."
    )
