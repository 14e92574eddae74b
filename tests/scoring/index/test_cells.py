from decimal import Decimal

import pytest

from scoring.index.cells import check_cell, compute
from scoring.index.errors import CellError
from scoring.index.values import CellValue
from tests.scoring.index.builders import leaf
from tests.scoring.index.examples import COUNT, PENALTY, PROPORTIONAL

PLAIN = leaf("count", COUNT, 1)
LOCKED = leaf("count", COUNT | {"override_allowed": False}, 1)
WITH_NA = leaf("count", COUNT | {"na_allowed": True}, 1)
SHARE = leaf("proportional", PROPORTIONAL, "1.5")
LOCKED_SHARE = leaf("proportional", PROPORTIONAL | {"override_allowed": False}, "1.5")
MANUAL = leaf("manual", "", "1.5")
PENALTY_LEAF = leaf("penalty_count", PENALTY, -2)
SURVEY = leaf("sociological", "", 1)

NOTHING = {"numerator": 0, "denominator": 0}
HALF = {"count": 2}


def check(one, points=None, data=None, na="", reason="", layer="appraised", decimals=4):
    return check_cell(
        one,
        layer=layer,
        points=None if points is None else Decimal(points),
        data=data,
        na=na,
        reason=reason,
        points_decimals=decimals,
    )


def refusal(*args, **kwargs):
    with pytest.raises(CellError) as caught:
        check(*args, **kwargs)
    return caught.value


# --- 1: data, points, overrides ------------------------------------------------------


def test_data_alone_are_computed():
    cell = check(PLAIN, data=HALF)
    assert cell.points == cell.computed == Decimal("0.5")
    assert cell.data == '{"count": 2}'
    assert not cell.is_override
    assert cell.value == CellValue(Decimal("0.5"))


def test_equal_points_are_no_override_and_their_reason_is_kept():
    cell = check(LOCKED, "0.50", HALF, reason="theo số liệu")
    assert not cell.is_override
    assert cell.reason == "theo số liệu"
    assert check(LOCKED, "0.5", HALF).reason == ""


def test_different_points_are_an_override_with_reason():
    cell = check(PLAIN, "0.25", HALF, reason="một lớp không hợp lệ")
    assert cell.is_override
    assert cell.points == Decimal("0.25")
    assert cell.computed == Decimal("0.5")


def test_points_without_data_are_an_override_on_a_computing_rule():
    cell = check(PLAIN, "0.25", reason="không có số liệu")
    assert cell.is_override
    assert cell.computed is None
    assert refusal(PLAIN, "0.25").where == "reason"
    assert refusal(LOCKED, "0.25", reason="x").where == "points"


def test_override_needs_permission_and_reason():
    assert refusal(PLAIN, "0.25", HALF).where == "reason"
    assert refusal(PLAIN, "0.25", HALF, reason=" \n\t ").where == "reason"
    assert "computed from the data" in str(refusal(LOCKED, "0.25", HALF, reason="x"))


def test_judgement_needs_no_reason_and_takes_no_data():
    cell = check(MANUAL, "1.25")
    assert not cell.is_override
    assert cell.reason == ""
    assert "by judgement" in str(refusal(MANUAL, "1.25", {"count": 1}))
    assert "by judgement" in str(refusal(MANUAL, data={}))


def test_points_above_the_maximum_are_refused_in_words():
    problem = refusal(MANUAL, "1.75")
    assert problem.sentence.english() == (
        "Points 1.75 exceed the maximum 1.5 of criterion 1.2."
    )
    assert problem.where == "points"
    assert "below 0" in str(refusal(MANUAL, "-0.25"))
    assert "exceed" in str(refusal(PLAIN, "1.0001", HALF, reason="x"))


def test_penalty_points_stay_between_ceiling_and_zero():
    assert check(PENALTY_LEAF, "-2", reason="x").points == -2
    assert check(PENALTY_LEAF, "0", reason="x").points == 0
    assert "below -2" in str(refusal(PENALTY_LEAF, "-2.5", reason="x"))
    assert "exceed the maximum 0" in str(refusal(PENALTY_LEAF, "0.5", reason="x"))


def test_given_points_are_never_rounded():
    assert check(MANUAL, "1.2500", decimals=2).points == Decimal("1.25")
    assert "more than 2 decimals" in str(refusal(MANUAL, "1.255", decimals=2))
    assert "more than 4 decimals" in str(refusal(MANUAL, "1.00005"))
    assert refusal(MANUAL, "NaN").where == "points"


def test_refused_data_are_refused_whatever_points_stand_beside_them():
    assert refusal(PLAIN, data={"count": -1}).where == "count"
    assert refusal(PLAIN, "0.5", {"count": "x"}, reason="x").where == "count"
    assert refusal(PLAIN, "0.5", {}, reason="x").where == "count"


# --- 2: not applicable -----------------------------------------------------------------


def test_proposed_in_self_and_confirmed_later():
    proposed = check(WITH_NA, na="proposed", reason="không có", layer="self")
    assert (proposed.points, proposed.na) == (None, "proposed")
    assert not proposed.value.is_value
    for layer in ("appraised", "explained", "council"):
        confirmed = check(WITH_NA, na="confirmed", reason="đúng", layer=layer)
        assert confirmed.value == CellValue(None, True)
        assert refusal(WITH_NA, na="proposed", reason="x", layer=layer)
    assert refusal(WITH_NA, na="confirmed", reason="x", layer="self")


def test_not_applicable_by_hand_needs_permission_and_reason():
    assert refusal(PLAIN, na="confirmed", reason="x").where == "not_applicable"
    assert refusal(PLAIN, na="proposed", reason="x", layer="self")
    assert refusal(WITH_NA, na="confirmed", reason="  ").where == "reason"
    assert refusal(WITH_NA, na="proposed", layer="self").where == "reason"


def test_not_applicable_by_hand_stands_alone():
    assert refusal(WITH_NA, "0.5", na="confirmed", reason="x")
    assert refusal(WITH_NA, data=HALF, na="confirmed", reason="x")
    assert refusal(WITH_NA, "0", na="proposed", reason="x", layer="self")
    assert refusal(WITH_NA, data=HALF, na="proposed", reason="x", layer="self")


@pytest.mark.parametrize("layer", ["self", "appraised", "explained", "council"])
@pytest.mark.parametrize("na", ["", "confirmed"])
def test_data_that_yield_not_applicable_confirm_it_in_any_layer(layer, na):
    cell = check(SHARE, data=NOTHING, na=na, layer=layer)
    assert (cell.points, cell.na, cell.computed) == (None, "confirmed", None)
    assert cell.value.not_applicable
    assert not cell.is_override
    assert cell.data == '{"denominator": 0, "numerator": 0}'


def test_points_beside_such_data_are_an_override_with_an_empty_state():
    cell = check(SHARE, "1.5", NOTHING, reason="vẫn thực hiện")
    assert (cell.points, cell.na, cell.is_override) == (Decimal("1.5"), "", True)
    assert refusal(SHARE, "1.5", NOTHING).where == "reason"
    assert refusal(SHARE, "1.5", NOTHING, na="confirmed", reason="x")
    assert refusal(LOCKED_SHARE, "1.5", NOTHING, reason="x")


def test_any_other_pairing_is_refused():
    assert refusal(SHARE, data=NOTHING, na="proposed", layer="self", reason="x")
    assert refusal(SHARE, data={"numerator": 1, "denominator": 1}, na="confirmed")
    assert refusal(SHARE, na="maybe", reason="x")
    assert refusal(SHARE, data=NOTHING, layer="final")


# --- 3 and 5 -----------------------------------------------------------------------------


def test_a_row_without_points_data_and_state_is_no_value():
    assert check(PLAIN) is None
    assert check(PLAIN, reason="chưa có số liệu") is None
    assert not CellValue(None).is_value


def test_leaves_measured_by_a_survey_have_no_cells():
    assert "survey" in str(refusal(SURVEY, "0.5", reason="x"))
    assert "survey" in str(refusal(SURVEY, data={"percent": 50}))
    assert "survey" in str(refusal(SURVEY, na="confirmed", reason="x"))
    assert check(SURVEY) is None


def test_reasons_must_be_storable():
    assert refusal(PLAIN, "0.25", HALF, reason="a\x00").where == "reason"


def test_computed_points_keep_the_range_when_decimals_are_few():
    # 0.125 of a maximum of 0.12 at two decimals would round above it
    one = leaf("proportional", PROPORTIONAL | {"zero_below_percent": 0}, "0.12", 2)
    assert compute(one, {"numerator": 999, "denominator": 1000}, 2) == Decimal("0.12")
