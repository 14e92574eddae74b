"""Differences: of points, and what a derivation says was lost."""

from decimal import Decimal

import pytest

from scoring.index.compare import is_odd_jump, points_difference
from scoring.index.derivation import DerivedBranch, DerivedLeaf


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("2", "1.75", "-0.25"),
        ("0", "0.0001", "0.0001"),
        ("1", "1", "0"),
        (None, "1", None),
        ("1", None, None),
        (None, None, None),
    ],
)
def test_no_points_are_no_difference_and_zero_is_a_figure(before, after, expected):
    def figure(text):
        return None if text is None else Decimal(text)

    assert points_difference(figure(before), figure(after)) == figure(expected)


def leaf(status, points, max_points, kind="appraised"):
    return DerivedLeaf(
        code="1",
        name_vi="",
        name_en="",
        kind=kind,
        status=status,
        layer="",
        points=None if points is None else Decimal(points),
        max_points=Decimal(max_points),
        full_points=Decimal(max_points),
    )


@pytest.mark.parametrize(
    ("derived", "lost"),
    [
        pytest.param(leaf("scored", "0.5", "2"), "1.5", id="up to the maximum"),
        pytest.param(leaf("scored", "2", "2"), "0", id="full points lose nothing"),
        pytest.param(leaf("scored", "0", "2"), "2", id="zero loses all"),
        pytest.param(leaf("not_scored", None, "2"), None, id="not judged yet"),
        pytest.param(leaf("not_applicable", None, "0"), None, id="not applicable"),
        pytest.param(leaf("scored", "-0.5", "0", "penalty"), "0.5", id="a penalty"),
        pytest.param(leaf("scored", "0.5", "0", "bonus"), None, id="a bonus is extra"),
    ],
)
def test_lost_points_of_a_leaf(derived, lost):
    assert derived.lost_points == (None if lost is None else Decimal(lost))


def test_a_branch_lost_what_its_judged_leaves_lost():
    children = (
        leaf("scored", "0.5", "2"),
        leaf("not_scored", None, "3"),
        leaf("scored", "1", "1.25"),
    )
    branch = DerivedBranch(
        "1", "", "", False, children, Decimal("1.5"), Decimal("6.25")
    )

    assert branch.lost_points == Decimal("1.75")


@pytest.mark.parametrize(
    ("before", "before_max", "after", "after_max", "expected"),
    [
        pytest.param("1", "2", "2", "2", True, id="half of the maximum up"),
        pytest.param("2", "2", "1", "2", True, id="half of the maximum down"),
        pytest.param("1.0001", "2", "2", "2", False, id="a hair less"),
        pytest.param("1", "2", "1", "1", True, id="the same points of less"),
        pytest.param("1", "1", "2", "2", False, id="the same share of more"),
        pytest.param("0", "-1", "-0.5", "-1", True, id="a penalty"),
    ],
)
def test_an_odd_jump_is_half_of_the_maximum(
    before, before_max, after, after_max, expected
):
    figures = map(Decimal, (before, before_max, after, after_max))

    assert is_odd_jump(*figures) is expected
