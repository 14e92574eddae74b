from decimal import Decimal

import pytest
from django.utils import translation

from scoring.actions.cells import CellChange, save
from scoring.labels import Layer
from scoring.models import Assessment
from scoring.queries.checklist import open_points
from scoring.queries.sheet_texts import for_input, slug_of
from scoring.queries.sheets import sheet_of
from scoring.queries.totals import totals_from_json
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def sheet(file):
    stored = Assessment.objects.select_related(
        "round", "agency", "group__criteria_set"
    ).get(pk=file.pk)
    return sheet_of(stored)


def change(code, **values):
    return CellChange(code, Layer.SELF, **values)


def test_rows_stand_in_the_order_of_the_set_with_their_kinds(world):
    kinds = [(row.text.code, row.kind) for row in sheet(world.file).rows]

    assert kinds == [
        ("1", "branch"),
        ("1.1", "leaf"),
        ("1.2", "leaf"),
        ("1.3", "leaf"),
        ("2", "branch"),
        ("2.1", "survey"),
        ("2.2", "survey"),
        ("9", "branch"),
        ("9.1", "leaf"),
        ("9.2", "leaf"),
    ]


def test_a_field_shows_the_engines_maximum(world):
    maxima = {row.text.code: row.text.maximum for row in sheet(world.file).rows}

    assert (maxima["1"], maxima["2"], maxima["9"]) == ("6", "4", "")


def test_a_row_tells_zero_from_not_scored(world):
    save(world.file, [change("1.1", data={"option": 3})], by=world.officer())

    shown = sheet(world.file)

    assert shown.row("1.1").points == "0"
    assert shown.row("1.1").is_scored
    assert shown.row("1.3").points == ""
    assert not shown.row("1.3").is_scored


def test_points_of_the_rule_are_no_override(world):
    data = {"numerator": 9, "denominator": 10}
    changes = [
        change("1.1", data={"option": 2}, points=Decimal(2), reason="Có văn bản"),
        change("1.2", data=data, points=Decimal("2.7")),
    ]
    save(world.file, changes, by=world.officer())

    shown = sheet(world.file)

    assert (shown.row("1.1").given, shown.row("1.1").declared.points) == ("2", "1")
    assert (shown.row("1.2").given, shown.row("1.2").points) == ("", "2,7")


def test_data_that_yield_not_applicable_are_scored_without_points(world):
    data = {"numerator": 0, "denominator": 0}
    save(world.file, [change("1.2", data=data)], by=world.officer())

    row = sheet(world.file).row("1.2")

    assert (row.not_applicable, row.points, row.given) == ("confirmed", "", "")
    assert row.is_scored
    assert row.lacks == ""


def test_the_rail_counts_what_the_agency_scores(world):
    save(world.file, [change("1.1", data={"option": 1})], by=world.officer())
    world.file.exemptions.create(
        criterion=world.set.criteria.get(code="1.3"), document="QĐ 7"
    )

    fields = {f.code: (f.scored, f.to_score) for f in sheet(world.file).fields}

    assert fields == {"1": (1, 2), "2": (0, 0), "9": (0, 0)}


def test_totals_are_the_engines_and_agree_with_the_stored_ones(world):
    changes = [
        change("1.1", data={"option": 2}),
        change("1.3", points=Decimal("0.5")),
        change("9.1", data={"count": 1}),
        change("9.2", data={"count": 1}),
    ]
    save(world.file, changes, by=world.officer())

    shown = sheet(world.file).totals
    stored = totals_from_json(world.reload().totals, "self")

    assert shown.now.appraised_points == stored.appraised_points == Decimal("1.5")
    assert shown.now.bonus_points == stored.bonus_points == 1
    assert shown.now.penalty_points == stored.penalty_points == Decimal("-0.5")
    # 100 × 1.5 / 6 + 1 − 0.5, surveys apart
    assert shown.now.index == Decimal("25.5")


def test_surveys_never_enter_what_the_agency_sees(world):
    world.file.survey_results.create(
        criterion=world.set.criteria.get(code="2.1"), answers=9, mean_percent=100
    )
    save(world.file, [change("1.1", data={"option": 1})], by=world.officer())

    shown = sheet(world.file).totals

    assert shown.index == "33,33"


@pytest.mark.parametrize(
    ("values", "lacks"),
    [
        ({"data": {"option": 1}}, "reason"),
        ({"data": {"option": 1}, "reason": "Văn bản mật"}, "evidence"),
        ({"data": {"option": 3}}, ""),
    ],
)
def test_what_a_row_lacks(world, values, lacks):
    save(world.file, [change("1.1", **values)], by=world.officer())

    shown = sheet(world.file)

    assert shown.row("1.1").lacks == lacks
    said = {"reason": "unexplained", "evidence": "unproved", "": ""}[lacks]
    assert {point.what for point in open_points(shown)} == {"not_scored", said} - {""}


def test_inputs_hold_what_is_declared(world):
    data = {"numerator": Decimal("4.5"), "denominator": 5}
    changes = [change("1.1", data={"option": 2}), change("1.2", data=data)]
    save(world.file, changes, by=world.officer())

    shown = sheet(world.file)
    (options,) = shown.row("1.1").groups
    numbers = [group.inputs[0] for group in shown.row("1.2").groups]

    assert [one.is_chosen for one in options.inputs] == [False, True, False]
    assert [one.points for one in options.inputs] == ["2", "1", "0"]
    assert [(one.name, one.value) for one in numbers] == [
        ("d-numerator", "4,5"),
        ("d-denominator", "5"),
    ]


def test_names_and_sentences_follow_the_language(world):
    vietnamese = sheet(world.file).row("1.1").text
    with translation.override("en"):
        english = sheet(world.file).row("1.1").text

    assert (vietnamese.name, english.name) == (
        "Ban hành kế hoạch",
        "Ban hành kế hoạch (en)",
    )


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("vi", "1.234", "1,234"),
        ("en", "1.234", "1.2340"),
        ("en", "1.5", "1.5"),
        ("en", "1234", "1234"),
        ("vi", "-0.5", "−0,5"),
    ],
)
def test_a_figure_in_an_input_is_never_doubtful(language, value, shown):
    with translation.override(language):
        assert for_input(Decimal(value)) == shown


def test_codes_become_parts_of_ids():
    assert slug_of("1.1.2/a b") == "1-1-2-a-b"
