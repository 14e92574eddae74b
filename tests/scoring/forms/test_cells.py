from decimal import Decimal

import pytest
from django.http import QueryDict

from scoring.forms.cells import CellForm
from scoring.index.tree import read_tree
from scoring.index.values import CriterionRow

CHECKLIST = '{"items": [{"label": "a", "points": 1}, {"label": "b", "points": 1}]}'
DEDUCTION = (
    '{"start": 2, "floor": 0, "faults": [{"label": "a", "points": 1},'
    ' {"label": "b", "points": 0.5}]}'
)
FORMULA = (
    '{"variables": {"a": "kế hoạch", "b": "hoàn thành"}, "expression": "b / a * 2"}'
)


def leaf_of(rule, parameters):
    row = CriterionRow("1", "", "Một", "One", Decimal(2), rule, parameters)
    return read_tree([row], points_decimals=4, cap_at_100=True).leaf("1")


def form_of(rule, parameters, typed):
    return CellForm(QueryDict(f"version=0&{typed}"), leaf=leaf_of(rule, parameters))


@pytest.mark.parametrize(
    ("rule", "parameters", "typed", "data"),
    [
        pytest.param(
            "yes_no", '{"yes": 2, "no": 0}', "d-yes=no", {"yes": False}, id="no"
        ),
        pytest.param("yes_no", '{"yes": 2, "no": 0}', "", None, id="nothing said"),
        pytest.param(
            "checklist",
            CHECKLIST,
            "d-ticked=2&d-ticked=1",
            {"ticked": [1, 2]},
            id="ticks",
        ),
        pytest.param(
            "checklist", CHECKLIST, "d-ticked=none", {"ticked": []}, id="none of these"
        ),
        pytest.param("checklist", CHECKLIST, "", None, id="no tick is no value"),
        pytest.param(
            "deduction",
            DEDUCTION,
            "d-counts-1=0&d-counts-2=2",
            {"counts": [0, 2]},
            id="counts",
        ),
        pytest.param(
            "formula",
            FORMULA,
            "d-a=10&d-b=8,5",
            {"a": Decimal(10), "b": Decimal("8.5")},
            id="variables",
        ),
    ],
)
def test_inputs_become_declared_data(rule, parameters, typed, data):
    form = form_of(rule, parameters, typed)

    assert form.is_valid(), form.errors
    assert form.change().data == data


def test_zero_is_a_number_and_blank_is_none():
    form = form_of("deduction", DEDUCTION, "d-counts-1=0&d-counts-2=")

    assert form.is_valid()
    assert form.change().data == {"counts": [0, None]}


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("d-ticked=none&d-ticked=1", id="none of these and one of these"),
        pytest.param("d-ticked=3", id="a part that there is not"),
        pytest.param("points=một", id="points in words"),
        pytest.param("version=x", id="no version"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(typed):
    form = form_of("checklist", CHECKLIST, typed)

    assert not form.is_valid()
    assert len(form.sentences) == 1
    assert form.status == 422


def test_the_version_that_was_chosen_to_be_replaced_is_the_expected_one():
    form = form_of("manual", "{}", "points=1&keep=4")

    assert form.is_valid()
    assert form.change().expected_version == 4


def test_clearing_asks_for_no_value_whatever_is_typed():
    form = form_of("checklist", CHECKLIST, "clear=1&d-ticked=1&points=1&reason=x")

    assert form.is_valid()
    change = form.change()
    assert (change.points, change.data, change.reason) == (None, None, "")
