from decimal import Decimal

import pytest

from scoring.index.cells import compute
from scoring.index.errors import DataError
from scoring.index.fields import data_from_inputs, input_names, inputs_from_data
from scoring.index.rules import RULES
from tests.scoring.index.builders import leaf
from tests.scoring.index.examples import (
    CHECKLIST,
    DEDUCTION,
    EXAMPLES,
    FORMULA,
    PROPORTIONAL,
)


def fields_of(rule, parameters, maximum):
    one = leaf(rule, parameters, maximum)
    return one, one.rule.fields(one.parameters)


@pytest.mark.parametrize(
    ("rule", "parameters", "maximum", "data"),
    [
        example[:4]
        for example in EXAMPLES
        if RULES[example[0]].kind not in ("sociological", "satisfaction")
    ],
)
def test_fields_hold_all_data_of_every_example(rule, parameters, maximum, data):
    one, fields = fields_of(rule, parameters, maximum)
    assert {field.key for field in fields} == set(data)
    inputs = inputs_from_data(fields, data)
    assert set(inputs) == {name for field in fields for name in input_names(field)}
    again = data_from_inputs(fields, inputs)
    assert compute(one, again, 4) == compute(one, data, 4)


def test_surveys_and_judgement_have_no_fields():
    for rule, parameters in (
        ("manual", ""),
        ("sociological", ""),
        ("satisfaction", {"factor": "x"}),
    ):
        assert fields_of(rule, parameters, 1)[1] == ()


def test_labels_are_those_of_the_criteria_set():
    _, fields = fields_of("deduction", DEDUCTION, 2)
    assert [(c.value, c.label, c.points) for c in fields[0].choices] == [
        (1, "khiển trách", Decimal("0.5")),
        (2, "cảnh cáo", Decimal(3)),
    ]
    assert input_names(fields[0]) == ("counts-1", "counts-2")
    _, fields = fields_of("proportional", PROPORTIONAL, 1)
    assert [(f.key, f.label, f.kind) for f in fields] == [
        ("numerator", "đúng", "number"),
        ("denominator", "tổng", "number"),
    ]
    _, fields = fields_of("formula", FORMULA, 2)
    assert [f.label.english() for f in fields] == ["a: tổng", "b: tốt", "c: khá"]


def test_blank_inputs_are_no_data():
    _, fields = fields_of("deduction", DEDUCTION, 2)
    assert data_from_inputs(fields, {"counts-1": None}) is None
    assert data_from_inputs((), {"x": 1}) is None


def test_a_blank_among_filled_inputs_is_missing_and_never_zero():
    one, fields = fields_of("deduction", DEDUCTION, 2)
    data = data_from_inputs(fields, {"counts-1": 1, "counts-2": None})
    assert data == {"counts": [1, None]}
    with pytest.raises(DataError) as refusal:
        compute(one, data, 4)
    assert refusal.value.where == "counts[2]"


def test_nothing_ticked_is_an_answer_and_blank_is_none():
    _, fields = fields_of("checklist", CHECKLIST, 1)
    assert data_from_inputs(fields, {"ticked": []}) == {"ticked": []}
    assert data_from_inputs(fields, {"ticked": {3, 1}}) == {"ticked": [1, 3]}
    assert data_from_inputs(fields, {"ticked": None}) is None
