import csv
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.index.bands import band, group_mean, summary
from scoring.index.errors import ParametersError
from scoring.index.ranking import rank
from scoring.index.values import Band, Totals
from tests.scoring.index.builders import DEMO_DATA

BANDS = (
    Band("good", Decimal(80)),
    Band("excellent", Decimal(90)),
    Band("fair", Decimal(70)),
)


def agency(
    appraised,
    appraised_max="100",
    *,
    sociological=("0", "0"),
    satisfaction=("0", "0"),
    bonus="0",
    penalty="0",
    complete=True,
    assessed=True,
):
    return Totals.from_figures(
        appraised_points=Decimal(appraised),
        appraised_max=Decimal(appraised_max),
        sociological_points=Decimal(sociological[0]),
        sociological_max=Decimal(sociological[1]),
        satisfaction_points=Decimal(satisfaction[0]),
        satisfaction_max=Decimal(satisfaction[1]),
        bonus_points=Decimal(bonus),
        penalty_points=Decimal(penalty),
        not_scored=0,
        missing_surveys=0,
        complete=complete,
        assessed=assessed,
        cap_at_100=True,
    )


def test_equal_published_figures_have_different_ranks():
    """Thanh Hóa 2023 published 90.02 twice, with ranks 2 and 3."""
    group = {
        "third": agency("90.0151"),
        "first": agency("92.83"),
        "second": agency("90.0249"),
    }
    assert [group[name].index_2 for name in ("second", "third")] == [
        Decimal("90.02")
    ] * 2
    assert rank(group, ()) == {"third": 3, "first": 1, "second": 2}


def test_first_three_wards_of_2025():
    with (DEMO_DATA / "published-results.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        wards = [
            line
            for line in csv.DictReader(file)
            if line["year"] == "2025"
            and line["group"] == "Khối phường"
            and line["points"]
        ]
    group = {line["agency"]: agency(line["points"]) for line in reversed(wards)}
    ranks = rank(group, ("appraised",))
    assert [str(group[ward["agency"]].index_2) for ward in wards[:3]] == [
        "95.80",
        "95.77",
        "95.57",
    ]
    assert [ranks[ward["agency"]] for ward in wards[:3]] == [1, 2, 3]


def test_equal_values_share_a_rank_and_the_next_is_skipped():
    group = {"a": agency(90), "b": agency(80), "c": agency(80), "d": agency(70)}
    assert rank(group, ()) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert rank(group, ("appraised", "penalty")) == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_indices_are_compared_exactly():
    group = {
        "a": agency("1", "3"),
        "b": agency("33.3333", "100"),
        "c": agency("2", "6"),
    }
    assert rank(group, ()) == {"a": 1, "b": 3, "c": 1}


def test_incomplete_and_not_assessed_have_no_rank():
    group = {
        "a": agency(99, complete=False),
        "b": agency(10),
        "c": agency(99, assessed=False),
        "d": agency(0, 0),
    }
    assert rank(group, ("appraised",)) == {"a": None, "b": 1, "c": None, "d": None}
    assert rank({}, ()) == {}


def test_ties_are_broken_by_the_share_of_a_part():
    # both 80 of 100; "b" has the larger share of the appraised part
    a = agency(60, 80, sociological=(20, 20))
    b = agency(61, 80, sociological=(19, 20))
    group = {"a": a, "b": b}
    assert rank(group, ("appraised", "sociological")) == {"a": 2, "b": 1}
    assert rank(group, ("sociological", "appraised")) == {"a": 1, "b": 2}
    # a share, not points: 30 of 30 before 60 of 70
    small = agency(30, 30, sociological=(60, 70))
    large = agency(60, 70, sociological=(30, 30))
    assert rank({"small": small, "large": large}, ("appraised",)) == {
        "small": 1,
        "large": 2,
    }


def test_satisfaction_breaks_ties_too():
    a = agency(70, 90, satisfaction=(8, 10))
    b = agency(69, 90, satisfaction=(9, 10))
    assert rank({"a": a, "b": b}, ("satisfaction",)) == {"a": 2, "b": 1}


def test_without_leaves_of_the_part_an_agency_stands_last_in_the_tie():
    nothing = agency(80, 100)
    zero = agency(80, 90, sociological=(0, 10))
    assert zero.index == nothing.index
    assert rank({"a": nothing, "b": zero}, ("sociological",)) == {"a": 2, "b": 1}


def test_the_smaller_deduction_comes_first():
    light = agency(80, bonus=1, penalty="-0.5")
    heavy = agency(80, bonus="1.5", penalty="-1")
    assert rank({"h": heavy, "l": light}, ("penalty",)) == {"h": 2, "l": 1}
    assert rank({"h": heavy, "l": light}, ("appraised", "penalty")) == {"h": 2, "l": 1}
    assert rank({"h": heavy, "l": light}, ("appraised",)) == {"h": 1, "l": 1}


def test_unknown_tie_breakers_are_refused():
    with pytest.raises(ParametersError, match="alphabet"):
        rank({"a": agency(1)}, ("alphabet",))


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        (
            "89.995",
            "excellent",
        ),  # published as 90.00, and the band follows what is read
        ("89.9949", "good"),
        ("80", "good"),
        ("70", "fair"),
        ("69.99", None),
    ],
)
def test_band_follows_the_published_figure(points, code):
    assert band(agency(points), BANDS) == code


def test_without_a_rank_there_is_no_band():
    assert band(agency(95, complete=False), BANDS) is None
    assert band(agency(95, assessed=False), BANDS) is None
    assert band(agency(95), ()) is None


def test_group_mean_is_the_mean_of_exact_indices_of_the_ranked():
    group = [
        agency("1", "3"),
        agency("2", "3"),
        agency(99, complete=False),
        agency(99, assessed=False),
    ]
    assert group_mean(group) == 50
    assert group_mean([agency("1", "3"), agency("1", "7")]) == Fraction(500, 21)
    assert group_mean(group[2:]) is None


def test_summary_of_a_group():
    group = [
        agency("95"),
        agency("85"),
        agency("60"),
        agency(99, complete=False),
        agency(99, assessed=False),
    ]
    got = summary(iter(group), BANDS)
    assert (got.number, got.incomplete, got.not_assessed) == (3, 1, 1)
    assert (got.best, got.worst, got.mean) == (95, 60, 80)
    assert list(got.by_band.items()) == [("excellent", 1), ("good", 1), ("fair", 0)]
    assert got.without_band == 1
    nobody = summary([], BANDS)
    assert (nobody.number, nobody.mean, nobody.best, nobody.worst) == (
        0,
        None,
        None,
        None,
    )
