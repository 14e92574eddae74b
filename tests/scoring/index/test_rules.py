import json
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.index.cells import compute, working
from scoring.index.errors import DataError, ParametersError, TreeErrors
from scoring.index.figures import shortest
from scoring.index.rules import NOT_APPLICABLE, RULES
from scoring.index.survey import survey_points
from tests.scoring.index.builders import leaf
from tests.scoring.index.examples import (
    BONUS,
    CHECKLIST,
    CHOICE,
    COUNT,
    COUNT_BANDS,
    DEDUCTION,
    EXAMPLES,
    FORMULA,
    HIGHER,
    LOWER,
    PENALTY,
    PROPORTIONAL,
    SHARE,
    SHARE_BANDS,
)


@pytest.mark.parametrize(
    ("rule", "parameters", "max_points", "data", "points"), EXAMPLES
)
def test_rule_gives_points(rule, parameters, max_points, data, points):
    outcome = compute(leaf(rule, parameters, max_points), data, 4)
    assert outcome == (NOT_APPLICABLE if points is None else Decimal(points))


def test_every_rule_that_computes_has_an_example():
    computing = {key for key, rule in RULES.items() if rule.computes}
    assert computing == {rule for rule, *_ in EXAMPLES}


@pytest.mark.parametrize(
    ("rule", "parameters", "max_points", "data", "points"), EXAMPLES
)
def test_working_ends_at_the_points(rule, parameters, max_points, data, points):
    lines = working(leaf(rule, parameters, max_points), data, 4)
    if points is None:
        assert "not applicable" in lines[-1].english()
        return
    figures = {shortest(v) for v in lines[-1].values.values() if type(v) is Decimal}
    says_nothing = points == "0" and lines[-1].english().endswith("0")
    assert says_nothing or shortest(Decimal(points)) in figures


@pytest.mark.parametrize(
    ("rule", "parameters", "max_points", "data", "points"), EXAMPLES
)
def test_description_names_every_label_of_the_parameters(
    rule, parameters, max_points, data, points
):
    one = leaf(rule, parameters, max_points)
    text = "\n".join(
        s.english() for s in one.rule.describe(one.parameters, one.max_points)
    )
    for label in _labels(parameters):
        assert label in text


def _labels(value):
    """Every text in the parameters that people wrote; an expression is told in words
    of its own (see test_expressions.py)."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in ("better", "yes", "no", "points", "per_unit", "expression"):
                yield from _labels(item)
    elif isinstance(value, list):
        for item in value:
            yield from _labels(item)
    elif isinstance(value, str):
        yield value


def test_steps_write_the_computation_out():
    one = leaf("proportional", PROPORTIONAL, "1.5")
    assert [
        s.english() for s in working(one, {"numerator": 45, "denominator": 50}, 4)
    ] == [
        "45 / 50 = 90 %",
        "45 / 50 × 1.5 = 1.35",
    ]
    assert [
        s.english() for s in working(one, {"numerator": 6, "denominator": 7}, 2)
    ] == [
        "6 / 7 ≈ 85.714286 %",
        "6 / 7 × 1.5 ≈ 1.285714",
        "Rounded to 2 decimals: 1.29",
    ]
    assert [
        s.english() for s in working(leaf("count", COUNT, "1"), {"count": 5}, 4)
    ] == ["5 × 0.25 = 1.25", "Held at the ceiling: 1"]
    assert [
        s.english()
        for s in working(leaf("deduction", DEDUCTION, 2), {"counts": [1, 2]}, 4)
    ] == [
        "Start: 2",
        "khiển trách: 1 × 0.5 = 0.5 deducted",
        "cảnh cáo: 2 × 3 = 6 deducted",
        "Left: -4.5",
        "Held at the floor: 0.5",
    ]
    assert [
        s.english()
        for s in working(leaf("formula", FORMULA, 2), {"a": 10, "b": 8, "c": 1}, 4)
    ] == ["(8 / 10) × 2 + (1 / 10) × 1 = 1.7"]


def test_half_way_points_are_rounded_away_from_zero():
    two_decimals = leaf("proportional", PROPORTIONAL | {"zero_below_percent": 0}, 1, 2)
    assert compute(two_decimals, {"numerator": 1, "denominator": 8}, 2) == Decimal(
        "0.13"
    )
    assert compute(two_decimals, {"numerator": 1, "denominator": 40}, 2) == Decimal(
        "0.03"
    )
    penalty = leaf("penalty_share", SHARE, -1, 2)
    assert compute(penalty, {"points": "0.125"}, 2) == Decimal("-0.13")
    assert compute(penalty, {"points": "0.124999999999"}, 2) == Decimal("-0.12")


def test_other_parameters_keep_four_decimals_where_points_have_two():
    one = leaf("choice", {"options": [{"label": "a", "points": "0.1250"}]}, 1, 2)
    assert compute(one, {"option": 1}, 2) == Decimal("0.13")


def test_survey_points_are_rounded_and_kept_in_range():
    one = leaf("sociological", "", "1.5")
    assert survey_points(one, Decimal("77.9245"), 4) == Decimal("1.1689")
    assert survey_points(one, Decimal("77.9245"), 2) == Decimal("1.17")
    assert survey_points(one, Decimal(100), 4) == Decimal("1.5")
    for wrong in ("-0.1", "100.0001", "50.00001"):
        with pytest.raises(DataError):
            survey_points(one, Decimal(wrong), 4)


def test_defaults_of_optional_parameters():
    plain = {"numerator": "a", "denominator": "b"}
    one = leaf("proportional", plain, 1)
    assert compute(one, {"numerator": 1, "denominator": 100}, 4) == Decimal("0.01")
    with pytest.raises(DataError, match="always applies"):
        compute(one, {"numerator": 0, "denominator": 0}, 4)
    assert one.options.na_allowed is False
    assert one.options.override_allowed is True
    assert one.options.evidence == ()
    assert one.options.evidence_required is True
    assert leaf("sociological", "", 1).options.evidence_required is False


def test_options_are_read_for_every_rule():
    options = {
        "na_allowed": True,
        "override_allowed": False,
        "evidence": ["Kế hoạch", "Báo cáo"],
        "evidence_required": False,
        "guidance": "Ghi rõ số, ngày",
    }
    for key, parameters, maximum, *_ in EXAMPLES:
        read = leaf(key, parameters | options, maximum).options
        assert read.na_allowed is True
        assert read.override_allowed is False
        assert read.evidence == ("Kế hoạch", "Báo cáo")
        assert read.evidence_required is False
        assert read.guidance == "Ghi rõ số, ngày"
    assert leaf("manual", options, 1).options.na_allowed is True


# --- refused parameters -----------------------------------------------------------


def _bands(*bands, better="higher"):
    lines = [{"limit": limit, "points": points} for limit, points in bands]
    return {"value": "%", "better": better, "bands": lines}


def _counts(*bands):
    lines = [{"from": limit, "points": points} for limit, points in bands]
    return {"unit": "x", "bands": lines}


def _shares(*bands):
    lines = [{"from_percent": limit, kind: figure} for limit, kind, figure in bands]
    return {"numerator": "a", "denominator": "b", "bands": lines}


REFUSED = [
    # an option, `yes`, band, start, ceiling, share_times or the sum of ticks above max
    ("choice", {"options": [{"label": "a", "points": 1.1}]}, 1, "options[1].points"),
    ("yes_no", {"yes": 1.1, "no": 0}, 1, "yes"),
    ("yes_no", {"yes": 1, "no": 1.1}, 1, "no"),
    ("bands", _bands((100, 1.1)), 1, "bands[1].points"),
    ("count_bands", _counts((1, 1.1)), 1, "bands[1].points"),
    ("proportional_bands", _shares((100, "points", 1.1)), 1, "bands[1].points"),
    ("proportional_bands", _shares((9, "share_times", 1.1)), 1, "bands[1].share_times"),
    ("deduction", DEDUCTION | {"start": 2.5}, 2, "start"),
    ("count", COUNT | {"ceiling": 1.5}, 1, "ceiling"),
    ("checklist", CHECKLIST, "0.45", "items"),
    # bonus and penalty: a ceiling other than max_points
    ("bonus_count", BONUS | {"ceiling": 1}, 2, "ceiling"),
    ("bonus_count", BONUS | {"ceiling": 3}, 2, "ceiling"),
    ("penalty_count", PENALTY | {"ceiling": -1}, -2, "ceiling"),
    ("penalty_count", PENALTY | {"ceiling": 2}, -2, "ceiling"),
    ("penalty_share", {"ceiling": -2}, -1, "ceiling"),
    # signs
    ("choice", {"options": [{"label": "a", "points": -0.5}]}, 1, "options[1].points"),
    ("yes_no", {"yes": 1, "no": -1}, 1, "no"),
    ("checklist", {"items": [{"label": "a", "points": -1}]}, 1, "items[1].points"),
    ("count", COUNT | {"per_unit": -0.25}, 1, "per_unit"),
    ("count", COUNT | {"ceiling": -1}, 1, "ceiling"),
    ("bands", _bands((100, -1)), 1, "bands[1].points"),
    (
        "deduction",
        {"start": 1, "floor": 0, "faults": [{"label": "a", "points": -1}]},
        1,
        "faults[1].points",
    ),
    ("bonus_count", BONUS | {"per_unit": -1}, 2, "per_unit"),
    ("penalty_count", PENALTY | {"per_unit": 0.5}, -2, "per_unit"),
    ("penalty_count", PENALTY | {"per_unit": 0}, -2, "per_unit"),
    ("bands", _bands((-1, 1)), 1, "bands[1].limit"),
    (
        "proportional",
        PROPORTIONAL | {"zero_below_percent": -1},
        1,
        "zero_below_percent",
    ),
    # a floor below 0 or above start
    ("deduction", DEDUCTION | {"floor": -1}, 2, "floor"),
    ("deduction", DEDUCTION | {"floor": 2.1, "start": 2}, 3, "floor"),
    # an empty list
    ("choice", {"options": []}, 1, "options"),
    ("checklist", {"items": []}, 1, "items"),
    ("count_bands", _counts(), 1, "bands"),
    ("bands", _bands(), 1, "bands"),
    ("proportional_bands", _shares(), 1, "bands"),
    ("deduction", DEDUCTION | {"faults": []}, 2, "faults"),
    ("formula", {"variables": {}, "expression": "1"}, 1, "variables"),
    # thresholds that do not strictly fall (`lower`: rise)
    ("bands", _bands((80, 1), (80, 0.5)), 1, "bands[2].limit"),
    ("bands", _bands((80, 1), (90, 0.5)), 1, "bands[2].limit"),
    ("bands", _bands((1, 1), (0, 0.5), better="lower"), 1, "bands[2].limit"),
    ("bands", _bands((1, 1), (1, 0.5), better="lower"), 1, "bands[2].limit"),
    ("count_bands", _counts((1, 1), (2, 0.5)), 1, "bands[2].from"),
    (
        "proportional_bands",
        _shares((90, "points", 1), (90, "points", 0)),
        1,
        "bands[2].from_percent",
    ),
    # points that rise on the way down
    ("bands", _bands((80, 0.5), (70, 1)), 1, "bands[2].points"),
    ("bands", _bands((0, 0.5), (1, 1), better="lower"), 1, "bands[2].points"),
    ("count_bands", _counts((2, 0.5), (1, 1)), 1, "bands[2].points"),
    (
        "proportional_bands",
        _shares((100, "points", 2), (95, "share_times", 3)),
        4,
        "bands[2].share_times",
    ),
    (
        "proportional_bands",
        _shares((90, "share_times", 2), (80, "points", 1.9)),
        4,
        "bands[2].points",
    ),
    (
        "proportional_bands",
        _shares((90, "share_times", 2), (80, "share_times", 3)),
        4,
        "bands[2].share_times",
    ),
    # unknown or missing keys
    ("choice", CHOICE | {"colour": "red"}, 1, "colour"),
    ("choice", {}, 1, "options"),
    ("choice", {"options": [{"label": "a"}]}, 1, "options[1].points"),
    ("choice", {"options": [{"label": "a", "points": 1, "x": 1}]}, 1, "options[1].x"),
    ("yes_no", {"yes": 1}, 1, "no"),
    ("count", {"unit": "x", "per_unit": 1}, 1, "ceiling"),
    ("bands", {"value": "%", "bands": [{"limit": 1, "points": 1}]}, 1, "better"),
    ("deduction", {"start": 1, "faults": DEDUCTION["faults"]}, 1, "floor"),
    (
        "proportional_bands",
        _shares((9, "points", 1)) | {"zero_below_percent": 1},
        1,
        "zero_below_percent",
    ),
    (
        "proportional_bands",
        {**_shares(), "bands": [{"from_percent": 1}]},
        1,
        "bands[1].points",
    ),
    (
        "proportional_bands",
        {**_shares(), "bands": [{"from_percent": 1, "points": 1, "share_times": 1}]},
        1,
        "bands[1].points",
    ),
    ("external_index", {}, 1, "index"),
    ("sociological", {"factor": "x"}, 1, "factor"),
    ("satisfaction", {}, 1, "factor"),
    ("manual", {"points": 1}, 1, "points"),
    ("zero_if_any", {}, 1, "event"),
    # what is no figure, no text, no truth value
    ("yes_no", {"yes": True, "no": 0}, 1, "yes"),
    ("yes_no", {"yes": "1,5", "no": 0}, 2, "yes"),
    ("yes_no", {"yes": "1e0", "no": 0}, 2, "yes"),
    ("yes_no", {"yes": " 1", "no": 0}, 2, "yes"),
    ("yes_no", {"yes": "0.12345", "no": 0}, 2, "yes"),
    ("bands", _bands((100, 1), better="best"), 1, "better"),
    ("external_index", {"index": 766}, 1, "index"),
    ("external_index", {"index": "  "}, 1, "index"),
    ("external_index", {"index": "a\x00b"}, 1, "index"),
    (
        "proportional",
        PROPORTIONAL | {"na_if_denominator_zero": 1},
        1,
        "na_if_denominator_zero",
    ),
    ("manual", {"na_allowed": "true"}, 1, "na_allowed"),
    ("manual", {"evidence": "Báo cáo"}, 1, "evidence"),
    ("manual", {"evidence": ["Báo cáo", 2]}, 1, "evidence[2]"),
    ("choice", {"options": {"label": "a", "points": 1}}, 1, "options"),
    ("choice", {"options": ["a"]}, 1, "options[1]"),
    ("formula", {"variables": {"if": "x"}, "expression": "1"}, 1, "variables.if"),
    ("formula", {"variables": {"a b": "x"}, "expression": "1"}, 1, "variables.a b"),
    ("formula", {"variables": {"a": "x"}, "expression": "b"}, 1, "expression"),
]


@pytest.mark.parametrize(("rule", "parameters", "max_points", "where"), REFUSED)
def test_parameters_are_refused(rule, parameters, max_points, where):
    with pytest.raises(TreeErrors) as refusal:
        leaf(rule, parameters, max_points)
    ((_, column, sentence),) = refusal.value.faults
    assert column == "parameters"
    assert sentence.values["where"] == where


def test_parse_alone_names_the_place():
    with pytest.raises(ParametersError) as refusal:
        RULES["bands"].parse(_bands((100, 1), (80, 2)), Decimal(1))
    assert refusal.value.where == "bands[2].points"
    assert str(refusal.value) == "bands[2].points: 2 is above 1."


@pytest.mark.parametrize(
    ("rule", "parameters", "max_points"),
    [
        ("bands", _bands((100, 1), (80, 1)), 1),
        ("bands", _bands((120, 1), (80, 0)), 1),
        ("bands", LOWER, 1),
        ("bands", HIGHER, "1.5"),
        ("count", COUNT | {"per_unit": 5}, 1),
        ("count_bands", COUNT_BANDS, 1),
        ("deduction", DEDUCTION | {"floor": 2}, 2),
        # just below 95 % the share × 4 gives at most the 3.8 of the band above
        ("proportional_bands", _shares((95, "points", 3.8), (80, "share_times", 4)), 4),
        ("proportional", PROPORTIONAL | {"zero_below_percent": 101}, 1),
        ("yes_no", {"yes": 0, "no": "1.0000"}, 1),
        ("yes_no", {"yes": "1.500000", "no": 0}, "1.5"),
    ],
)
def test_parameters_are_accepted(rule, parameters, max_points):
    assert leaf(rule, parameters, max_points).rule.key == rule


# --- refused data -----------------------------------------------------------------

WRONG_DATA = [
    ("choice", CHOICE, "0.5", {"option": 0}, "option"),
    ("choice", CHOICE, "0.5", {"option": 4}, "option"),
    ("choice", CHOICE, "0.5", {"option": "1.5"}, "option"),
    ("choice", CHOICE, "0.5", {"option": True}, "option"),
    ("choice", CHOICE, "0.5", {"option": None}, "option"),
    ("choice", CHOICE, "0.5", {}, "option"),
    ("choice", CHOICE, "0.5", {"option": 1, "x": 1}, "x"),
    ("yes_no", {"yes": 1, "no": 0}, 1, {"yes": 1}, "yes"),
    ("yes_no", {"yes": 1, "no": 0}, 1, {"yes": "true"}, "yes"),
    ("checklist", CHECKLIST, 1, {"ticked": [1, 1]}, "ticked"),
    ("checklist", CHECKLIST, 1, {"ticked": [4]}, "ticked[1]"),
    ("checklist", CHECKLIST, 1, {"ticked": [0]}, "ticked[1]"),
    ("checklist", CHECKLIST, 1, {"ticked": 1}, "ticked"),
    ("count", COUNT, 1, {"count": -1}, "count"),
    ("count", COUNT, 1, {"count": "2.5"}, "count"),
    ("count_bands", COUNT_BANDS, 1, {"count": "0.5"}, "count"),
    ("deduction", DEDUCTION, 2, {"counts": [1]}, "counts"),
    ("deduction", DEDUCTION, 2, {"counts": [1, 0, 0]}, "counts"),
    ("deduction", DEDUCTION, 2, {"counts": [0, -1]}, "counts[2]"),
    ("deduction", DEDUCTION, 2, {"counts": [0, 0.5]}, "counts[2]"),
    (
        "proportional",
        PROPORTIONAL,
        1,
        {"numerator": 51, "denominator": 50},
        "numerator",
    ),
    (
        "proportional",
        PROPORTIONAL,
        1,
        {"numerator": -1, "denominator": 50},
        "numerator",
    ),
    ("proportional", PROPORTIONAL, 1, {"numerator": 1, "denominator": 0}, "numerator"),
    ("proportional", PROPORTIONAL, 1, {"numerator": 1}, "denominator"),
    ("bands", HIGHER, 2, {"value": -1}, "value"),
    ("bands", HIGHER, 2, {"value": "82,5"}, "value"),
    (
        "proportional_bands",
        SHARE_BANDS,
        4,
        {"numerator": 2, "denominator": 1},
        "numerator",
    ),
    ("formula", FORMULA, 2, {"a": 1, "b": 1}, "c"),
    ("formula", FORMULA, 2, {"a": 1, "b": 1, "c": -1}, "c"),
    ("formula", FORMULA, 2, {"a": 1, "b": 1, "c": 1, "d": 1}, "d"),
    ("zero_if_any", {"event": "x"}, 1, {"count": "0.5"}, "count"),
    ("external_index", {"index": "x"}, 1, {"value": "100.01"}, "value"),
    ("external_index", {"index": "x"}, 1, {"value": -1}, "value"),
    ("bonus_count", BONUS, 2, {"count": -1}, "count"),
    ("penalty_count", PENALTY, -2, {"count": -1}, "count"),
    ("penalty_share", SHARE, -1, {"points": "-0.1"}, "points"),
    ("manual", {}, 1, {"points": 1}, ""),
    ("manual", {}, 1, {}, ""),
]


@pytest.mark.parametrize(
    ("rule", "parameters", "max_points", "data", "where"), WRONG_DATA
)
def test_data_are_refused(rule, parameters, max_points, data, where):
    with pytest.raises(DataError) as refusal:
        compute(leaf(rule, parameters, max_points), data, 4)
    assert refusal.value.where == where


def test_floats_never_enter():
    with pytest.raises(DataError):
        compute(leaf("bands", HIGHER, 2), {"value": 82.5}, 4)


def test_division_by_zero_is_refused():
    one = leaf("formula", {"variables": {"a": "x"}, "expression": "1 / a"}, 1)
    with pytest.raises(DataError, match="divides by zero"):
        compute(one, {"a": 0}, 4)
    assert compute(one, {"a": 4}, 4) == Decimal("0.25")


def test_a_very_long_count_stays_exact():
    one = leaf("count", COUNT | {"per_unit": "0.0001"}, 1)
    assert one.rule.points(one.parameters, one.max_points, {"count": 10**39}) == 1
    assert working(one, {"count": 10**39 - 1}, 4)[0].values["points"] == Decimal(
        "99999999999999999999999999999999999.9999"
    )


def test_points_are_exact_before_rounding():
    one = leaf("proportional", PROPORTIONAL, 1)
    exact = one.rule.points(
        one.parameters, Decimal(1), {"numerator": 6, "denominator": 7}
    )
    assert exact == Fraction(6, 7)


def test_parameters_in_json_and_as_decimal_strings_mean_the_same():
    numbers = leaf("count", json.dumps(COUNT), 1)
    strings = leaf("count", '{"ceiling": "1.0", "per_unit": "0.250", "unit": "lớp"}', 1)
    assert numbers.parameters == strings.parameters
    assert numbers.parameters_text == strings.parameters_text
