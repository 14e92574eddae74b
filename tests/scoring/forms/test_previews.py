"""What is shown while typing is what a save then stores, for every rule."""

import json
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import translation

from scoring.forms.cells import CellForm
from scoring.forms.previews import PreviewForm
from scoring.index.jsontext import read_object
from scoring.index.rules import RULES
from scoring.index.values import CriterionRow
from scoring.labels import NotApplicable
from scoring.models import Cell
from scoring.queries.criteria import tree_of
from scoring.queries.sheet_texts import criterion_texts, declared
from scoring.wording import show_points
from tests.factories import World
from tests.scoring.index.examples import EXAMPLES

pytestmark = pytest.mark.django_db

SURVEYS = {
    rule for rule in RULES if RULES[rule].kind in ("sociological", "satisfaction")
}
# The leaf that an example is about stands at the same code in every set.
CODE = {"bonus": "9.1", "penalty": "9.1"}


def rows_of(rule, parameters, maximum):
    """A set with one leaf of that rule, and what a set must have besides."""
    leaf = (rule, json.dumps(parameters), Decimal(maximum))
    if RULES[rule].kind in CODE:
        ceilings = {"bonus_ceiling": 2, "penalty_ceiling": -2}
        return [
            CriterionRow("1", "", "Một", "One", Decimal(1), "manual", "{}"),
            CriterionRow(
                "9", "", "Chín", "Nine", None, "adjustments", json.dumps(ceilings)
            ),
            CriterionRow("9.1", "9", "Tiêu chí", "Leaf", leaf[2], *leaf[:2]),
        ]
    return [CriterionRow("1", "", "Tiêu chí", "Leaf", leaf[2], *leaf[:2])]


def world_of(rule, parameters, maximum):
    return World(agencies=1, rows=rows_of(rule, parameters, maximum))


def typed_in(criteria_set, leaf, data):
    """The data as somebody would have typed them, by inputs."""
    text = next(t for t in criterion_texts(criteria_set) if t.code == leaf.code)
    typed = QueryDict(mutable=True)
    for group in declared(criteria_set, text, json.dumps(data)).groups:
        for one in group.inputs:
            if one.kind == "text" or one.is_chosen:
                typed.appendlist(one.name, one.value)
    return typed


@pytest.mark.parametrize(
    ("rule", "parameters", "maximum", "data", "points"),
    [example for example in EXAMPLES if example[0] not in SURVEYS],
)
def test_the_points_shown_are_the_points_saved(rule, parameters, maximum, data, points):
    world = world_of(rule, parameters, maximum)
    leaf = tree_of(world.set).leaf(CODE.get(RULES[rule].kind, "1"))
    typed = typed_in(world.set, leaf, data)
    typed["version"] = "0"

    shown = PreviewForm(typed, leaf=leaf).look(world.file)
    assert Cell.objects.count() == 0
    assert CellForm(typed, leaf=leaf).save(world.file, by=world.officer())
    saved = Cell.objects.get()

    assert (shown.problems, shown.doubts, shown.missing) == ((), (), ())
    assert (shown.cell.points, shown.cell.na) == (saved.points, saved.not_applicable)
    assert shown.cell.data == saved.data
    assert shown.is_na is (points is None)
    assert saved.points == (None if points is None else Decimal(points))
    if points is not None:
        assert shown.computed == show_points(saved.points)
    assert shown.steps


def test_every_rule_that_takes_data_has_its_example_here():
    tried = {example[0] for example in EXAMPLES} - SURVEYS

    assert tried == set(RULES) - SURVEYS - {"manual"}


# --- what is not complete, or wrong -------------------------------------------------


@pytest.fixture
def world():
    return World(agencies=1)


def look(world, code, typed):
    leaf = tree_of(world.set).leaf(code)
    return PreviewForm(QueryDict(typed), leaf=leaf).look(world.file)


def test_half_a_share_says_what_is_still_to_be_filled(world):
    shown = look(world, "1.2", "d-numerator=45&d-denominator=")

    assert [words.lower() for words in shown.missing] == ["hồ sơ đã giải quyết"]
    assert (shown.cell, shown.computed, shown.problems) == (None, "", ())


def test_a_blank_row_says_nothing(world):
    shown = look(world, "1.2", "d-numerator=&d-denominator=&points=&reason=")

    assert shown == look(world, "1.1", "")
    assert not any((shown.missing, shown.problems, shown.computed, shown.steps))


def test_a_share_shows_its_percentage(world):
    shown = look(world, "1.2", "d-numerator=6&d-denominator=7")

    assert (shown.percent, shown.computed) == ("85,71", "2,5714")


def test_a_whole_of_nothing_is_not_applicable_by_the_rule(world):
    shown = look(world, "1.2", "d-numerator=0&d-denominator=0")

    assert shown.is_na
    assert shown.cell.na == NotApplicable.CONFIRMED
    assert (shown.computed, shown.percent) == ("", "")


def test_an_override_stands_beside_what_the_rule_computes(world):
    typed = "d-numerator=45&d-denominator=50&points=2,8"
    without_reason = look(world, "1.2", typed)
    with_reason = look(world, "1.2", f"{typed}&reason=Hồ sơ trùng")

    assert (without_reason.computed, without_reason.given) == ("2,7", "2,8")
    assert without_reason.cell is None
    assert len(without_reason.problems) == 1
    assert (with_reason.computed, with_reason.given) == ("2,7", "2,8")
    assert with_reason.cell.is_override
    assert with_reason.problems == ()


def test_points_equal_to_the_computed_ones_are_no_override(world):
    shown = look(world, "1.2", "d-numerator=45&d-denominator=50&points=2,70")

    assert (shown.computed, shown.given, shown.problems) == ("2,7", "", ())


def test_points_above_the_maximum_are_told_while_the_rule_still_computes(world):
    shown = look(world, "1.2", "d-numerator=45&d-denominator=50&points=3,5&reason=x")

    assert (shown.computed, shown.given) == ("2,7", "3,5")
    assert "3,5" in shown.problems[0]


def test_a_part_larger_than_the_whole_is_a_sentence(world):
    shown = look(world, "1.2", "d-numerator=51&d-denominator=50")

    assert "51" in shown.problems[0]
    assert (shown.computed, shown.steps) == ("", ())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_doubtful_number_is_asked_about_with_both_readings(world, language):
    with translation.override(language):
        shown = look(world, "1.2", "d-numerator=1.234&d-denominator=2000")
        (doubt,) = shown.doubts
        read = [
            look(world, "1.2", f"d-numerator={reading}&d-denominator=2000")
            for reading in doubt.readings
        ]

    assert doubt.name == "d-numerator"
    assert "1.234" in doubt.question
    assert shown.problems == ()
    assert [read_object(one.cell.data)["numerator"] for one in read] == [
        Decimal(1234),
        Decimal("1.234"),
    ]


def test_a_doubtful_override_leaves_the_computed_points_in_sight(world):
    shown = look(world, "1.2", "d-numerator=45&d-denominator=50&points=2.125&reason=x")

    assert shown.computed == "2,7"
    assert [doubt.name for doubt in shown.doubts] == ["points"]


def test_what_is_no_number_is_a_sentence_beside_the_doubt(world):
    shown = look(world, "1.2", "d-numerator=1.234&d-denominator=nhiều")

    assert len(shown.doubts) == 1
    assert len(shown.problems) == 1
    assert "nhiều" in shown.problems[0]


def test_judged_points_are_given_by_hand(world):
    shown = look(world, "1.3", "points=0,5")

    assert (shown.computed, shown.given) == ("", "0,5")
    assert shown.cell.points == Decimal("0.5")


def test_a_proposal_is_named_and_needs_its_reason(world):
    without = look(world, "1.2", "na=1")
    stated = look(world, "1.2", "na=1&reason=Không có thủ tục")

    assert without.is_proposed
    assert len(without.problems) == 1
    assert stated.cell.na == NotApplicable.PROPOSED
    assert stated.problems == ()


def test_what_somebody_else_saved_meanwhile_does_not_matter(world):
    assert look(world, "1.3", "points=1&version=7").problems == ()
