"""The appraiser's form: what it shows is what it reads, and blank is never zero."""

from decimal import Decimal

import pytest
from django.utils import translation

from scoring.forms.appraisals import JudgementForm, figure_text
from scoring.models import Assessment
from scoring.numbers import read_number
from scoring.queries.appraisals import sheet_of
from tests.scoring.appraisal_worlds import SCORED, appraising, own

FIGURES = ("0", "0.5", "0.125", "1.234", "12.345", "1234", "1234.5", "-0.25", "999.999")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_in_an_input_is_read_back_as_itself(language, figure):
    with translation.override(language):
        assert read_number(figure_text(Decimal(figure))) == Decimal(figure)


def form_for(world, code, data=None):
    files = Assessment.objects.select_related("round", "agency", "group__criteria_set")
    sheet = sheet_of(files.get(pk=world.file.pk))
    return JudgementForm(
        data, row=sheet.leaf(code), layer=sheet.layer, points_decimals=4
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code", "shown"),
    [
        pytest.param(SCORED, "1.1", {"data-option": "1"}, id="the agency's option"),
        pytest.param(
            SCORED,
            "1.2",
            {"data-numerator": "45", "data-denominator": "50"},
            id="its figures, and no points: the rule gives them",
        ),
        pytest.param(SCORED, "1.3", {"points": "0,75"}, id="given points"),
        pytest.param(
            [own("1.1", data={"option": 3}, points=Decimal(1), reason="Theo kết luận")],
            "1.1",
            {"data-option": "3", "points": "1"},
            id="points instead of the computed ones",
        ),
        pytest.param([], "1.1", {}, id="nothing where nothing was scored"),
    ],
)
def test_the_form_starts_from_what_is_judged(changes, code, shown):
    form = form_for(appraising(changes=changes), code)

    values = {field.html_name: field.value() for field in form}
    given = {name: value for name, value in values.items() if value}
    assert {k: v for k, v in given.items() if k != "reason"} == shown
    assert values["expected_version"] == 0
    assert not values["reason"], "the agency's reason is not the appraiser's"


@pytest.mark.django_db
def test_blank_is_no_judgement_and_zero_is_one():
    world = appraising(changes=[])

    blank = form_for(world, "1.3", {"points": "", "expected_version": "0"})
    zero = form_for(
        world, "1.3", {"points": "0", "reason": "Không có", "expected_version": "0"}
    )

    assert blank.is_valid()
    assert (blank.change.points, blank.change.data) == (None, None)
    assert zero.is_valid()
    assert zero.change.points == Decimal(0)


@pytest.mark.django_db
def test_n_a_is_offered_only_where_the_criteria_set_allows_it():
    world = appraising()

    assert "not_applicable" in form_for(world, "1.2").fields
    assert "not_applicable" not in form_for(world, "1.1").fields


@pytest.mark.django_db
def test_half_a_ratio_is_asked_about_and_never_taken_for_zero():
    form = form_for(
        appraising(),
        "1.2",
        {"data-numerator": "30", "reason": "x", "expected_version": "0"},
    )

    assert not form.is_valid()
    assert list(form.errors) == ["data-denominator"]
