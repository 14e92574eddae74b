"""Declared data in words, for every kind of entry that a rule takes."""

import json
from decimal import Decimal

import pytest
from django.utils import translation

from scoring.index.tree import read_tree
from scoring.index.values import CriterionRow
from scoring.queries.declared import declared_words

PARTS = [{"label": "Có kế hoạch", "points": 1}, {"label": "Có báo cáo", "points": 1}]
FAULTS = [{"label": "Chậm hạn", "points": 1}, {"label": "Sai mẫu", "points": 0.5}]


def leaf(rule, parameters):
    row = CriterionRow(
        "1", "", "Tiêu chí", "", Decimal(2), rule, json.dumps(parameters)
    )
    return read_tree([row], points_decimals=4, cap_at_100=True).leaf("1")


@pytest.mark.parametrize(
    ("rule", "parameters", "data", "words"),
    [
        pytest.param(
            "choice",
            {"options": PARTS},
            {"option": 2},
            [("Result", "Có báo cáo")],
            id="an option by its label",
        ),
        pytest.param(
            "yes_no",
            {"yes": 2, "no": 0},
            {"yes": False},
            [("Result", "No")],
            id="yes or no, translated",
        ),
        pytest.param(
            "checklist",
            {"items": PARTS},
            {"ticked": [1, 2]},
            [("Parts that hold", "Có kế hoạch; Có báo cáo")],
            id="all ticks",
        ),
        pytest.param(
            "checklist",
            {"items": PARTS},
            {"ticked": []},
            [("Parts that hold", "none of these")],
            id="nothing ticked is said, not left blank",
        ),
        pytest.param(
            "deduction",
            {"start": 2, "floor": 0, "faults": FAULTS},
            {"counts": [0, 3]},
            [("Chậm hạn", "0"), ("Sai mẫu", "3")],
            id="a count per fault",
        ),
        pytest.param(
            "proportional",
            {"numerator": "đúng hạn", "denominator": "đã giải quyết"},
            {"numerator": 0, "denominator": "12.5"},
            [("đúng hạn", "0"), ("đã giải quyết", "12.5")],
            id="figures; zero is a figure",
        ),
        pytest.param(
            "formula",
            {"variables": {"a": "tổng số", "b": "kịp thời"}, "expression": "b / a * 2"},
            {"a": 10, "b": 8},
            [("a: tổng số", "10"), ("b: kịp thời", "8")],
            id="variables with their names",
        ),
    ],
)
def test_declared_data_are_words(rule, parameters, data, words):
    with translation.override("en"):
        assert declared_words(leaf(rule, parameters), json.dumps(data)) == words


def test_figures_follow_the_reader_s_language():
    rule = leaf("external_index", {"index": "Chỉ số 766"})

    with translation.override("vi"):
        assert declared_words(rule, '{"value": 87.25}') == [("Chỉ số 766", "87,25")]


def test_no_data_are_no_words():
    assert declared_words(leaf("manual", {}), "") == []
