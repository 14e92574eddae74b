"""Exact figures as text, for whoever computes along."""

import json

import pytest

from scoring.queries.criteria import forget_trees
from tests.scoring.exchange import bundles
from tests.scoring.exchange.bundles import changed, small

from .running import refused, run

pytestmark = pytest.mark.django_db
ENGLISH = ("--language", "en")

SO_A = {
    "agency": "so-a",
    "group": "so",
    "points": "9.241",
    "max_points": "10",
    "index": "93.16",
    "index_exact": "2329/25",
    "appraised_points": "6.575",
    "sociological_points": "1.763",
    "satisfaction_points": "0.903",
    "bonus_points": "1",
    "penalty_points": "-0.25",
    "rank": 1,
    "band": "xuat-sac",
    "status": "ranked",
}
NOTHING = {
    name: None if name not in ("agency", "group", "status") else value
    for name, value in SO_A.items()
}
SO_MOI = {**NOTHING, "agency": "so-moi", "group": "so", "status": "not_assessed"}
SO_Z = {
    **SO_A,
    "agency": "so-z",
    "points": "0",
    "index": "0.00",
    "index_exact": "0/1",
    "appraised_points": "0",
    "sociological_points": "0",
    "satisfaction_points": "0",
    "bonus_points": "0",
    "penalty_points": "0",
    "rank": None,
    "band": None,
    "status": "incomplete",
}
PHUONG_A = {**SO_Z, "agency": "phuong-a", "group": "phuong", "max_points": "3"}


@pytest.fixture
def compute(tmp_path):
    """Load a bundle and compute: ``[row, …]`` of the JSON."""
    forget_trees()

    def load_and_compute(texts, *words):
        run("load_round", bundles.write_folder(tmp_path, texts))
        return json.loads(run("compute_index", bundles.YEAR, "--json", *words))

    return load_and_compute


def test_every_agency_stands_there_by_group_rank_and_code(compute):
    rows = compute(small())

    assert rows == [SO_A, SO_MOI, SO_Z, PHUONG_A]
    assert [list(row) for row in rows] == [list(SO_A)] * 4


def test_the_text_is_ordered_and_readable(compute):
    compute(small())

    text = run("compute_index", bundles.YEAR, "--json")

    assert text.startswith('[\n  {\n    "agency": "so-a",\n    "group": "so",\n')


def test_one_group_and_another_layer(compute):
    rows = compute(small(), "--group", "so", "--layer", "self")

    assert [row["agency"] for row in rows] == ["so-a", "so-moi", "so-z"]
    assert rows[0]["appraised_points"] == "6"
    assert rows[0]["status"] == "incomplete"
    assert rows[0]["index"] == "86.66"
    assert rows[0]["index_exact"] == "4333/50"


def test_each_layer_reads_its_own_values(compute):
    compute(small())

    points = {
        layer: json.loads(
            run("compute_index", bundles.YEAR, "--json", "--layer", layer)
        )[0]["appraised_points"]
        for layer in ("self", "appraised", "explained", "final")
    }

    assert points == {
        "self": "6",
        "appraised": "4.7",
        "explained": "5.075",
        "final": "6.575",
    }


def test_without_any_leaf_there_is_no_index_whatever_the_rules(compute):
    texts = changed("round.json", '"not_scored": "wait"', '"not_scored": "zero"')
    texts["exemptions.csv"] = "agency,criterion,document\nso-a,1,số 1\nso-a,2,số 1\n"

    row = next(row for row in compute(texts) if row["agency"] == "so-a")

    assert (row["points"], row["max_points"]) == ("0", "0")
    assert (row["index"], row["index_exact"]) == (None, None)
    assert (row["bonus_points"], row["penalty_points"]) == ("1", "-0.25")
    assert (row["status"], row["rank"], row["band"]) == ("incomplete", None, None)


def test_unscored_criteria_count_zero_and_missing_surveys_rescale_by_decision(compute):
    texts = changed("round.json", '"not_scored": "wait"', '"not_scored": "zero"')
    texts = changed(
        "round.json", '"missing_survey": "wait"', '"missing_survey": "rescale"', texts
    )

    so_a, __, so_z, phuong_a = sorted(compute(texts), key=_by_code)

    assert (so_a["agency"], so_z["agency"]) == ("so-a", "so-z")
    assert (so_z["max_points"], so_z["rank"], so_z["status"]) == ("9", 2, "ranked")
    assert so_z["band"] is None
    assert (phuong_a["rank"], phuong_a["status"]) == (1, "ranked")


def _by_code(row):
    return ("so-a", "so-moi", "so-z", "phuong-a").index(row["agency"])


TIED = """\
agency,criterion,layer,points,data,not_applicable,reason
so-a,1.3,appraised,0.5,,,
so-b,1.3,appraised,0.465,,,
so-b,9.1,appraised,,"{""count"": 1}",,
so-c,1.3,appraised,0.5,,,
"""


def tied_bundle():
    """so-b has the same index as so-a by its bonus; so-c is truly equal to so-a."""
    texts = changed("round.json", '"not_scored": "wait"', '"not_scored": "zero"')
    texts = changed(
        "round.json", '"missing_survey": "wait"', '"missing_survey": "rescale"', texts
    )
    texts["agencies.csv"] = (
        "code,name_vi,group,assessed,reason\n"
        "so-c,C,so,yes,\nso-b,B,so,yes,\nso-a,A,so,yes,\nso-d,D,so,yes,\n"
    )
    heading = small()["surveys.csv"].splitlines()[0]
    texts["surveys.csv"] = heading + "\n"
    texts["exemptions.csv"] = "agency,criterion,document\n"
    texts["scores.csv"] = TIED
    return texts


@pytest.mark.parametrize(
    ("tie_breakers", "expected"),
    [
        ('"appraised"', {"so-a": 1, "so-c": 1, "so-b": 3, "so-d": 4}),
        ("", {"so-a": 1, "so-c": 1, "so-b": 1, "so-d": 4}),
    ],
)
def test_ties_are_broken_in_turn_and_else_share_their_rank(
    compute, tie_breakers, expected
):
    """100 × 0.5 / 7 equals 100 × 0.465 / 7 + 0.5."""
    texts = changed(
        "round.json",
        '"appraised",\n    "satisfaction",\n    "penalty"',
        tie_breakers,
        tied_bundle(),
    )

    rows = compute(texts, "--group", "so")

    assert {row["agency"]: row["rank"] for row in rows} == expected
    assert [row["agency"] for row in rows] == sorted(
        expected, key=lambda code: (expected[code], code)
    )
    assert len({row["index_exact"] for row in rows}) == 2


@pytest.mark.parametrize(
    ("is_capped", "index", "exact"),
    [(True, "100.00", "100/1"), (False, "101.00", "101/1")],
)
def test_the_cap_is_the_set_s(compute, is_capped, index, exact):
    texts = tied_bundle()
    texts["scores.csv"] = (
        TIED.splitlines()[0]
        + '\nso-a,1.1,appraised,,"{""option"": 1}",,'
        + '\nso-a,1.2,appraised,,"{""numerator"": 1, ""denominator"": 1}",,'
        + "\nso-a,1.3,appraised,1,,,"
        + '\nso-a,1.4,appraised,,"{""yes"": true}",,'
        + '\nso-a,9.1,appraised,,"{""count"": 9}",,\n'
    )
    if not is_capped:
        texts = changed(
            "round.json", '"cap_at_100": true', '"cap_at_100": false', texts
        )

    row = next(row for row in compute(texts) if row["agency"] == "so-a")

    assert (row["points"], row["max_points"], row["bonus_points"]) == ("7", "7", "1")
    assert (row["index"], row["index_exact"]) == (index, exact)


def test_the_summary_of_each_group(compute):
    compute(small())

    facts = json.loads(run("compute_index", bundles.YEAR, "--json", "--summary"))
    text = run("compute_index", bundles.YEAR, "--summary", *ENGLISH)

    assert facts == [
        {
            "group": "so",
            "number": 1,
            "incomplete": 1,
            "not_assessed": 1,
            "mean": "93.16",
            "best": "93.16",
            "worst": "93.16",
            "mean_exact": "2329/25",
            "bands": {"xuat-sac": 1, "kha": 0},
            "without_band": 0,
        },
        {
            "group": "phuong",
            "number": 0,
            "incomplete": 1,
            "not_assessed": 0,
            "mean": None,
            "best": None,
            "worst": None,
            "mean_exact": None,
            "bands": {"xuat-sac": 0, "kha": 0},
            "without_band": 0,
        },
    ]
    heading, so, phuong = text.splitlines()
    assert heading.split() == ["Group", "Ranked", "Mean", "Best", "Worst", "Bands"]
    name = ["Departments"]
    bands = ["Excellent", "1,", "Khá", "0"]
    assert so.split() == [*name, "1", "93.16", "93.16", "93.16", *bands]
    name = ["Khối", "UBND", "phường"]
    bands = ["Excellent", "0,", "Khá", "0"]
    assert phuong.split() == [*name, "0", "—", "—", "—", *bands]


def test_the_table_for_people(compute):
    compute(small())

    vietnamese = run("compute_index", bundles.YEAR, "--group", "so")
    english = run("compute_index", bundles.YEAR, "--group", "so", *ENGLISH)

    assert vietnamese.splitlines()[0] == "Khối sở, ban, ngành"
    assert "93,16" in vietnamese
    assert "Xuất sắc" in vietnamese
    name, __, first, second, third = english.splitlines()
    assert name == "Departments"
    assert first.split() == (
        ["1", "Sở", "A", "9.241", "10", "1", "−0.25", "93.16", "Excellent", "Ranked"]
    )
    assert second.split() == [
        "—",
        "Sở",
        "mới",
        "—",
        "—",
        "—",
        "—",
        "—",
        "—",
        "Not",
        "assessed",
        "this",
        "year",
    ]
    assert third.split() == [
        "—",
        "Sở",
        "Z",
        "0",
        "10",
        "0",
        "0",
        "0.00",
        "—",
        "Incomplete",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((2099,), "There is no round of the year 2099."),
        ((bundles.YEAR, "--group", "xa"), "The round 2031 has no group xa."),
    ],
)
def test_what_is_not_there_is_refused(compute, words, sentence):
    compute(small())

    assert refused("compute_index", *words, *ENGLISH) == (1, sentence)


def test_the_set_s_decimals_round_each_leaf_once(compute):
    """Three decimals: 2 × 88.125 % is 1.7625 and counts 1.763; with two, 1.76."""
    texts = changed("round.json", '"points_decimals": 3', '"points_decimals": 2')
    for old, new in (("0.875", "0.87"), ("0.125", "0.13")):
        texts = changed("scores.csv", old, new, texts)

    row = compute(texts)[0]

    assert row["sociological_points"] == "1.76"
    assert row["satisfaction_points"] == "0.9"
