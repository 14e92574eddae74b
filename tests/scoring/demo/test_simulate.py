"""What is made up obeys the rules and is the same every time."""

import itertools
from datetime import date

import pytest

from scoring.demo.calendar import DAYS, has_own_shape, periods_around
from scoring.demo.simulate import MAKERS, best, chance_of, declared, survey_figures
from scoring.demo.sources import criteria_rows
from scoring.demo.stories import story_of
from scoring.index.cells import check_cell, compute
from scoring.index.outcomes import NOT_APPLICABLE
from scoring.index.tree import read_tree
from scoring.labels import Layer, PhaseName

SETS = ["department", "commune", "general"]
SKILLS = [0, 300, 700, 900, 1000]


def tree_of(name):
    decimals = 2 if name == "general" else 4
    return read_tree(criteria_rows(name), points_decimals=decimals, cap_at_100=True)


def scored_leaves(name):
    return [leaf for leaf in tree_of(name).leaves if not leaf.is_survey]


@pytest.mark.parametrize("name", SETS)
def test_the_maximum_of_a_set_is_100(name):
    leaves = [leaf for leaf in tree_of(name).leaves if not leaf.is_adjustment]

    assert sum(leaf.max_points for leaf in leaves) == 100


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("skill", SKILLS)
def test_the_engine_takes_all_that_is_declared(name, skill):
    for leaf in scored_leaves(name):
        for turn in range(30):
            data = declared(leaf, skill, chance_of("test", leaf.code, turn))
            points = compute(leaf, data, 4)
            assert points is NOT_APPLICABLE or leaf.low <= points <= leaf.high


@pytest.mark.parametrize("name", SETS)
def test_who_can_do_all_gets_the_maximum(name):
    for leaf in scored_leaves(name):
        if leaf.is_adjustment or leaf.rule.key == "external_index":
            continue
        worths = {
            compute(leaf, best(leaf, chance_of(leaf.code, turn)), 4)
            for turn in range(30)
        }
        assert worths - {NOT_APPLICABLE} == {leaf.max_points}


@pytest.mark.parametrize("name", SETS)
def test_a_better_agency_gets_more(name):
    def total(skill):
        worths = [
            compute(leaf, declared(leaf, skill, chance_of(leaf.code, turn)), 4)
            for leaf in scored_leaves(name)
            if not leaf.is_adjustment
            for turn in range(20)
        ]
        return sum(worth for worth in worths if worth is not NOT_APPLICABLE)

    assert total(300) < total(600) < total(900)


@pytest.mark.parametrize("name", SETS)
def test_all_layers_of_a_story_may_stand(name):
    for leaf in scored_leaves(name):
        for turn in range(40):
            story = story_of(leaf, 750, chance_of("story", leaf.code, turn), 4)
            said = story and {
                Layer.SELF: story.claimed,
                Layer.APPRAISED: story.appraised,
                Layer.EXPLAINED: story.explained,
            }
            for layer, part in (said or {}).items():
                if part is not None:
                    assert check_cell(
                        leaf,
                        layer=layer,
                        points=None,
                        data=part.data,
                        na=part.not_applicable,
                        reason=part.reason,
                        points_decimals=4,
                    )


def test_the_same_words_give_the_same_chance():
    leaf = tree_of("department").leaf("3.4.1")

    assert [declared(leaf, 800, chance_of("a", 1)) for __ in range(3)] == [
        declared(leaf, 800, chance_of("a", 1))
    ] * 3
    assert declared(leaf, 800, chance_of("a", 1)) != declared(
        leaf, 800, chance_of("a", 2)
    )


def test_survey_figures_are_percents_with_four_decimals():
    for turn in range(200):
        answers, percent, deviation = survey_figures(960, chance_of(turn))
        assert answers > 0
        assert 0 <= percent <= 100
        assert percent.as_tuple().exponent == deviation.as_tuple().exponent == -4


def test_every_rule_of_the_sets_can_be_made_up():
    rules = {leaf.rule.key for name in SETS for leaf in scored_leaves(name)}

    assert rules <= set(MAKERS)


@pytest.mark.parametrize("open_phase", list(PhaseName))
def test_phases_follow_one_another_and_the_wanted_one_is_open(open_phase):
    day = date(2027, 2, 28)
    periods = periods_around(day, open_phase, 3)
    (wanted,) = [period for period in periods if period.name == open_phase]

    assert [period.name for period in periods] == list(DAYS)
    assert all(
        before.ends_at < after.starts_at
        for before, after in itertools.pairwise(periods)
    )
    assert wanted.starts_at.date() <= day <= wanted.ends_at.date()
    assert has_own_shape(periods)


def test_phases_of_another_length_are_somebody_s_choice():
    periods = periods_around(date(2027, 2, 28), PhaseName.COUNCIL, 3, days_more=1)

    assert not has_own_shape(periods)
