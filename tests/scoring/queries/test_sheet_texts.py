"""What stands beside the inputs of a row, rule by rule."""

import json
from decimal import Decimal

import pytest
from django.utils import translation

from scoring.index.rules import RULES
from scoring.index.values import CriterionRow
from scoring.queries.sheet_texts import criterion_texts
from tests.factories import criteria_set

pytestmark = pytest.mark.django_db

STEPS = [{"from": 3, "points": 1}]

# By rule: the parameters of a leaf of 1 point, and (name, label, unit) of its inputs.
INPUTS = {
    "choice": (
        {"options": [{"label": "kịp thời", "points": 1}]},
        [("d-option", "kịp thời", "")],
    ),
    "yes_no": ({"yes": 1, "no": 0}, [("d-yes", "Yes", ""), ("d-yes", "No", "")]),
    "checklist": (
        {"items": [{"label": "nhân sự", "points": 1}]},
        [("d-ticked", "nhân sự", ""), ("d-ticked", "None of these", "")],
    ),
    "count": (
        {"unit": "lớp", "per_unit": "0.25", "ceiling": 1},
        [("d-count", "Number", "lớp")],
    ),
    "count_bands": (
        {"unit": "lớp", "bands": STEPS},
        [("d-count", "Number", "lớp")],
    ),
    "deduction": (
        {"start": 1, "floor": 0, "faults": [{"label": "chậm", "points": "0.25"}]},
        [("d-counts-1", "chậm", "times 0.25 points")],
    ),
    "proportional": (
        {"numerator": "đúng hạn", "denominator": "được giao"},
        [("d-numerator", "Đúng hạn", ""), ("d-denominator", "Được giao", "")],
    ),
    "bands": (
        {"value": "%", "better": "higher", "bands": [{"limit": 90, "points": 1}]},
        [("d-value", "Value", "%")],
    ),
    "proportional_bands": (
        {
            "numerator": "đúng hạn",
            "denominator": "được giao",
            "bands": [{"from_percent": 90, "points": 1}],
        },
        [("d-numerator", "Đúng hạn", ""), ("d-denominator", "Được giao", "")],
    ),
    "formula": (
        {"variables": {"a": "được giao"}, "expression": "a"},
        [("d-a", "a: được giao", "")],
    ),
    "zero_if_any": (
        {"event": "vi phạm"},
        [("d-count", "Vi phạm", "cases")],
    ),
    "external_index": (
        {"index": "766"},
        [("d-value", "Index 766", "of 100")],
    ),
    "sociological": ({}, []),
    "satisfaction": ({"factor": "kết quả"}, []),
    "manual": ({}, []),
    "bonus_count": (
        {"unit": "sáng kiến", "per_unit": 1, "ceiling": 1},
        [("d-count", "Number", "sáng kiến")],
    ),
    "penalty_count": (
        {"unit": "ngày", "per_unit": "-0.5", "ceiling": -1},
        [("d-count", "Number", "ngày")],
    ),
    "penalty_share": ({"ceiling": -1}, [("d-points", "Points lost", "points")]),
}


def text_of(rule, parameters):
    """The leaf of that rule, below the branch that it belongs to."""
    is_adjustment = rule.startswith(("bonus", "penalty"))
    ceilings = {"bonus_ceiling": 1, "penalty_ceiling": -1}
    rows = (
        _row("1", "", *(("adjustments", ceilings) if is_adjustment else ("", None))),
        _row("1.1", "1", rule, parameters, -1 if rule.startswith("penalty") else 1),
    )
    made = criteria_set(2031, code=f"bo-{rule}", rows=rows)
    with translation.override("en"):
        return criterion_texts(made)[1]


def _row(code, parent, rule, parameters, points=None):
    return CriterionRow(
        code=code,
        parent_code=parent,
        name_vi="Tiêu chí",
        name_en="Criterion",
        max_points=None if points is None else Decimal(points),
        rule=rule,
        parameters="" if parameters is None else json.dumps(parameters),
    )


def test_every_rule_is_in_the_table():
    assert set(INPUTS) == set(RULES)


@pytest.mark.parametrize("rule", INPUTS)
def test_every_input_has_its_words(rule):
    parameters, expected = INPUTS[rule]

    text = text_of(rule, parameters)

    assert [
        (one.name, one.label, one.unit) for group in text.groups for one in group.inputs
    ] == expected
    assert text.is_manual == (rule == "manual")
    assert bool(text.measured_by) == (rule in ("sociological", "satisfaction"))


def test_a_name_and_a_number_are_searched_without_diacritics():
    text = text_of("manual", {})

    assert text.search == "1.1 criterion"
    assert text.path == ("1",)
