"""What holds for every criteria set and every agency."""

import dataclasses
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.index.derivation import derive
from scoring.index.ranking import rank
from scoring.index.rollup import all_totals, exempted_leaves, totals
from scoring.index.values import AgencyScores, CellValue, RoundRules, Totals
from tests.scoring.index import brute_force
from tests.scoring.index.builders import row, tree
from tests.scoring.index.strategies import (
    agencies,
    cases,
    cell_values,
    round_rules,
    set_rows,
    trees,
)


@given(cases(cap=True))
def test_index_lies_between_zero_and_a_hundred(case):
    got = totals(*case)
    assert got.index is None or 0 <= got.index <= 100
    assert 0 <= got.points <= got.max_points
    assert (
        got.points
        == got.appraised_points + got.sociological_points + got.satisfaction_points
    )
    assert (
        got.max_points
        == got.appraised_max + got.sociological_max + got.satisfaction_max
    )


@given(st.data(), trees(with_adjustments=False))
def test_all_that_remains_at_its_maximum_is_exactly_a_hundred(data, of_tree):
    codes = [node.code for node in of_tree.nodes]
    exempted = data.draw(st.frozensets(st.sampled_from(codes)))
    full = {
        leaf.code: CellValue(leaf.max_points)
        for leaf in of_tree.leaves
        if not leaf.is_survey
    }
    surveys = {leaf.code: Decimal(100) for leaf in of_tree.leaves if leaf.is_survey}
    for code in data.draw(st.frozensets(st.sampled_from(sorted(full)))) if full else ():
        full[code] = CellValue(None, True)
    got = totals(
        of_tree, AgencyScores({"self": full}, surveys, exempted), "self", RoundRules()
    )
    gone = exempted_leaves(of_tree, exempted) | {
        code for code, value in full.items() if value.not_applicable
    }
    if all(leaf.code in gone for leaf in of_tree.leaves):
        assert (got.index, got.status) == (None, "incomplete")
    else:
        assert got.index == 100
        assert str(got.index_2) == "100.00"
        assert got.status == "ranked"


@given(st.data(), cases())
def test_confirming_not_applicable_takes_exactly_that_leaf_out(data, case):
    of_tree, agency, _, rules = case
    gone = exempted_leaves(of_tree, agency.exempted)
    scored = [
        leaf
        for leaf in of_tree.leaves
        if leaf.kind == "appraised"
        and leaf.code not in gone
        and (cell := agency.layers["self"].get(leaf.code)) is not None
        and cell.points is not None
    ]
    assume(scored)
    leaf = data.draw(st.sampled_from(scored))
    own = dict(agency.layers["self"])
    before = totals(of_tree, agency, "self", rules)
    points = own[leaf.code].points
    own[leaf.code] = CellValue(None, True)
    after = totals(
        of_tree,
        dataclasses.replace(agency, layers={**agency.layers, "self": own}),
        "self",
        rules,
    )
    assert before.points - after.points == points
    assert before.max_points - after.max_points == leaf.max_points
    assert before.appraised_max - after.appraised_max == leaf.max_points
    for name in (
        "sociological_points",
        "satisfaction_max",
        "bonus_points",
        "penalty_points",
    ):
        assert getattr(before, name) == getattr(after, name)
    assert (before.not_scored, before.missing_surveys) == (
        after.not_scored,
        after.missing_surveys,
    )


@given(st.data(), set_rows())
def test_the_order_of_rows_and_criteria_never_matters(data, rows):
    of_tree = tree(*rows)
    agency = data.draw(agencies(of_tree, assessed=True))
    rules = data.draw(round_rules())
    # parents stay above: the branches first, then the leaves in any order
    branches = [one for one in rows if one.rule in ("", "adjustments")]
    leaves = data.draw(st.permutations([one for one in rows if one not in branches]))
    shuffled = AgencyScores(
        {
            layer: {
                code: agency.layers[layer][code]
                for code in reversed(agency.layers[layer])
            }
            for layer in reversed(agency.layers)
        },
        {code: agency.surveys[code] for code in reversed(agency.surveys)},
        agency.exempted,
        agency.assessed,
    )
    other = tree(*branches, *leaves)
    assert all_totals(other, shuffled, rules) == all_totals(of_tree, agency, rules)


@given(cases(assessed=None))
def test_figures_equal_those_of_fractions(case):
    of_tree, agency, view, rules = case
    got = totals(of_tree, agency, view, rules)
    if not agency.assessed:
        assert (got.index, got.points, got.max_points) == (None, 0, 0)
        return
    expected = brute_force.figures(of_tree, agency, view, rules)
    assert got.index == expected["index"]
    assert (got.points, got.max_points) == (expected["points"], expected["max_points"])
    assert (got.bonus_points, got.penalty_points) == (
        expected["bonus"],
        expected["penalty"],
    )
    assert (got.status == "ranked") == expected["ranked"]


@given(st.data(), trees(), round_rules())
def test_ranking_equals_a_ranking_pair_by_pair(data, of_tree, rules):
    # few different values, so that ties are common
    pool = data.draw(st.lists(agencies(of_tree), min_size=1, max_size=4))
    group = dict(enumerate(data.draw(st.lists(st.sampled_from(pool), max_size=12))))
    results = {name: totals(of_tree, one, "self", rules) for name, one in group.items()}
    expected = brute_force.ranks(
        {
            name: brute_force.figures(of_tree, one, "self", rules)
            for name, one in group.items()
        },
        rules.tie_breakers,
    )
    assert rank(results, rules.tie_breakers) == expected
    order = data.draw(st.permutations(list(results)))
    assert rank({name: results[name] for name in order}, rules.tie_breakers) == expected


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)
        ),
        max_size=10,
    ),
    st.permutations(["appraised", "sociological", "satisfaction", "penalty"]),
    st.integers(0, 4),
)
def test_ties_are_broken_as_pair_by_pair(shapes, names, most):
    """Agencies of one index that differ in their parts alone."""
    group = {}
    for name, (appraised, sociological, penalty, gone) in enumerate(shapes):
        maximum = 0 if gone == 2 else 2
        points = min(sociological, maximum)
        group[name] = Totals.from_figures(
            appraised_points=Decimal(appraised),
            appraised_max=Decimal(4),
            sociological_points=Decimal(points),
            sociological_max=Decimal(maximum),
            satisfaction_points=Decimal(4 - appraised),
            satisfaction_max=Decimal(4),
            bonus_points=Decimal(penalty),
            penalty_points=Decimal(-penalty),
            not_scored=0,
            missing_surveys=0,
            complete=True,
            cap_at_100=True,
        )
    plain = {
        name: {
            "index": one.index,
            "ranked": True,
            "penalty": one.penalty_points,
            "parts": {
                part: (getattr(one, f"{part}_points"), getattr(one, f"{part}_max"))
                for part in ("appraised", "sociological", "satisfaction")
            },
        }
        for name, one in group.items()
    }
    assert rank(group, names[:most]) == brute_force.ranks(plain, names[:most])


@given(cases())
def test_the_derivation_reproduces_the_index(case):
    of_tree, agency, view, rules = case
    derivation = derive(of_tree, agency, view, rules, {})
    got = totals(of_tree, agency, view, rules)
    assert derivation.index == got.index
    assert derivation.index_2 == got.index_2
    assert (derivation.points, derivation.max_points) == (got.points, got.max_points)
    assert derivation.bonus_points == got.bonus_points
    assert derivation.penalty_points == got.penalty_points
    assert derivation.complete == got.complete
    # and its own leaves add up to what it says
    inside = [
        leaf for leaf in derivation.leaves() if leaf.kind not in ("bonus", "penalty")
    ]
    assert sum((leaf.points or 0 for leaf in inside), Decimal(0)) == derivation.points
    assert (
        sum((leaf.max_points for leaf in inside), Decimal(0)) == derivation.max_points
    )
    assert len(list(derivation.leaves())) == len(of_tree.leaves)


@given(st.data(), trees(), round_rules())
def test_a_later_layer_replaces_an_earlier_one_whole(data, of_tree, rules):
    agency = data.draw(agencies(of_tree, assessed=True))
    leaves = [leaf for leaf in of_tree.leaves if not leaf.is_survey]
    assume(leaves)
    leaf = data.draw(st.sampled_from(leaves))
    last = data.draw(cell_values(leaf).filter(lambda value: value.is_value))
    council = {**agency.layers["council"], leaf.code: last}
    layers = {**agency.layers, "council": council}
    earlier = {
        layer: {
            code: v
            for code, v in cells.items()
            if code != leaf.code or layer == "council"
        }
        for layer, cells in layers.items()
    }
    with_earlier = dataclasses.replace(agency, layers=layers)
    without = dataclasses.replace(agency, layers=earlier)
    assert totals(of_tree, with_earlier, "final", rules) == totals(
        of_tree, without, "final", rules
    )


def test_survey_points_of_few_decimals_equal_fractions():
    """Rounding in whole numbers is the rounding of Fractions, at 2, 3 and 4 decimals."""
    for decimals in (2, 3, 4):
        of_tree = tree(row("1", "", "1.25", "sociological"), decimals=decimals)
        for percent in range(0, 1_000_001, 3_337):
            agency = AgencyScores({}, {"1": Decimal(percent).scaleb(-4)})
            got = totals(of_tree, agency, "self", RoundRules())
            expected = brute_force.figures(of_tree, agency, "self", RoundRules())
            assert got.points == expected["points"]
