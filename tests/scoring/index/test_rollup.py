from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.index.compare import difference
from scoring.index.errors import ParametersError
from scoring.index.rollup import all_totals, last_values, totals, unit_totals
from scoring.index.values import AgencyScores, CellValue, RoundRules, Totals
from tests.scoring.index.builders import CEILINGS, row, tree, value
from tests.scoring.index.examples import BONUS, PENALTY

# 1  a 4 points, b 2 points (field of two appraised leaves)
# 2  s 3 points by the sociological survey, t 1 point by the satisfaction survey
# 9  p at most 2 bonus points, q at most 2 penalty points
ROWS = [
    row("1"),
    row("a", "1", 4, "manual"),
    row("b", "1", 2, "manual"),
    row("2"),
    row("s", "2", 3, "sociological"),
    row("t", "2", 1, "satisfaction", {"factor": "x"}),
    row("9", "", None, "adjustments", CEILINGS),
    row("p", "9", 2, "bonus_count", BONUS),
    row("q", "9", -2, "penalty_count", PENALTY),
]
TREE = tree(*ROWS)
SURVEYS = {"s": Decimal(50), "t": Decimal(100)}
WAIT = RoundRules()


def scores(layers=None, *, surveys=SURVEYS, exempted=(), assessed=True, **self_points):
    if layers is None:
        layers = {"self": {code: value(v) for code, v in self_points.items()}}
    return AgencyScores(layers, surveys, frozenset(exempted), assessed)


def of(agency, rules=WAIT, view="self", of_tree=TREE):
    return totals(of_tree, agency, view, rules)


def test_everything_scored():
    got = of(scores(a="3", b="1.5", p="1", q="-0.5"))
    assert (got.appraised_points, got.appraised_max) == (Decimal("4.5"), 6)
    assert (got.sociological_points, got.sociological_max) == (Decimal("1.5"), 3)
    assert (got.satisfaction_points, got.satisfaction_max) == (1, 1)
    assert (got.points, got.max_points) == (7, 10)
    assert (got.bonus_points, got.penalty_points) == (1, Decimal("-0.5"))
    assert got.index == Fraction(141, 2)
    assert got.index_2 == Decimal("70.50")
    assert got.status == "ranked"


def test_a_missing_score_waits_or_counts_zero():
    waiting = of(scores(a="4"))
    assert (waiting.not_scored, waiting.complete, waiting.status) == (
        1,
        False,
        "incomplete",
    )
    assert (waiting.points, waiting.max_points) == (Decimal("6.5"), 10)
    assert waiting.index == 65
    zero = of(scores(a="4"), RoundRules(not_scored="zero"))
    assert (zero.not_scored, zero.status, zero.index) == (1, "ranked", 65)


def test_a_missing_survey_waits_or_is_rescaled():
    one = scores(a="4", b="2", surveys={"t": Decimal(100)})
    waiting = of(one)
    assert (waiting.missing_surveys, waiting.status) == (1, "incomplete")
    assert (waiting.points, waiting.max_points, waiting.index) == (7, 10, 70)
    rescaled = of(one, RoundRules(missing_survey="rescale"))
    assert (rescaled.missing_surveys, rescaled.status) == (1, "ranked")
    assert (rescaled.points, rescaled.max_points, rescaled.index) == (7, 7, 100)
    assert rescaled.sociological_max == 0


def test_each_rule_heals_only_its_own_gap():
    one = scores(a="4", surveys={})
    assert of(one, RoundRules(not_scored="zero")).status == "incomplete"
    assert of(one, RoundRules(missing_survey="rescale")).status == "incomplete"
    both = RoundRules(not_scored="zero", missing_survey="rescale")
    assert of(one, both).status == "ranked"
    assert of(one, both).index == Fraction(400, 6)


def test_confirmed_not_applicable_leaves_points_and_maximum():
    got = of(scores(a="3", b=None))
    assert (got.points, got.max_points, got.not_scored) == (Decimal("5.5"), 8, 0)
    assert got.status == "ranked"


def test_a_proposal_is_not_scored():
    layers = {"self": {"a": value("3"), "b": CellValue(None, False)}}
    got = of(scores(layers))
    assert (got.not_scored, got.max_points, got.status) == (1, 10, "incomplete")


def test_exemption_of_a_branch_takes_all_its_leaves():
    got = of(scores(a="3", b="2", exempted=["1"]))
    assert (got.points, got.max_points) == (Decimal("2.5"), 4)
    assert (got.appraised_max, got.not_scored, got.status) == (0, 0, "ranked")
    surveys_out = of(scores(a="3", b="2", exempted=["s", "t", "unknown"], surveys={}))
    assert (surveys_out.points, surveys_out.max_points) == (5, 6)
    assert (surveys_out.missing_surveys, surveys_out.status) == (0, "ranked")


def test_exempted_rows_do_not_count():
    assert of(scores(a="3", b="2", exempted=["b"])) == of(scores(a="3", exempted=["b"]))
    assert of(scores(a="3", b=None, exempted=["b"])) == of(
        scores(a="3", exempted=["b"])
    )


def test_no_leaf_left_means_no_index_and_no_rank_whatever_the_rules():
    for rules in (WAIT, RoundRules("zero", "rescale")):
        got = of(scores(a="3", p="1", q="-1", exempted=["1", "2"]), rules)
        assert (got.points, got.max_points, got.index, got.index_2) == (
            0,
            0,
            None,
            None,
        )
        assert got.status == "incomplete"
        assert (got.bonus_points, got.penalty_points) == (1, -1)
    rescaled = of(scores(a=None, b=None, surveys={}), RoundRules("zero", "rescale"))
    assert (rescaled.index, rescaled.status) == (None, "incomplete")


def test_missing_exempted_and_inapplicable_adjustments_count_zero():
    full = {"a": "4", "b": "2"}
    for one in (
        scores(**full),
        scores(**full, p="1", exempted=["p", "q"]),
        scores(**full, p="2", q="-2", exempted=["9"]),
        scores(**full, p=None, q=None),
    ):
        got = of(one)
        assert (got.bonus_points, got.penalty_points, got.status) == (0, 0, "ranked")


def test_sums_of_bonus_and_penalty_stop_at_their_ceilings():
    more = [
        *ROWS,
        row("p2", "9", 2, "bonus_count", BONUS),
        row("q2", "9", -2, "penalty_count", PENALTY),
        row("q3", "9", -2, "penalty_count", PENALTY),
    ]
    got = of(
        scores(a="2", b="1", p="2", p2="1.5", q="-2", q2="-2", q3="-2"),
        of_tree=tree(*more),
    )
    assert (got.bonus_points, got.penalty_points) == (3, -5)
    assert got.index == 55 + 3 - 5


def test_index_stays_between_zero_and_the_cap():
    full = {"a": "4", "b": "2", "p": "1"}
    all_percent = {"s": Decimal(100), "t": Decimal(100)}
    assert of(scores(**full, surveys=all_percent)).index == 100
    uncapped = tree(*ROWS, cap=False)
    assert of(scores(**full, surveys=all_percent), of_tree=uncapped).index == 101
    nothing = {"s": Decimal(0), "t": Decimal(0)}
    low = of(scores(a="0", b="0", q="-2", surveys=nothing))
    assert (low.index, low.status) == (0, "ranked")


def test_not_assessed_counts_nothing():
    got = of(scores(a="4", b="2", p="1", assessed=False))
    assert (got.status, got.index, got.points, got.bonus_points) == (
        "not_assessed",
        None,
        0,
        0,
    )
    assert not got.complete


def test_views_take_the_last_of_their_layers():
    layers = {
        "self": {"a": value("4"), "b": value("2")},
        "appraised": {"a": value("3"), "b": value("1")},
        "explained": {"a": value("3.5")},
        "council": {"b": value("0.5")},
    }
    views = all_totals(TREE, scores(layers), WAIT)
    assert {view: got.appraised_points for view, got in views.items()} == {
        "self": Decimal(6),
        "appraised": Decimal(4),
        "explained": Decimal("4.5"),
        "final": Decimal(4),
    }
    for view, got in views.items():
        assert got == totals(TREE, scores(layers), view, WAIT)
        assert got.sociological_points == Decimal("1.5")


def test_the_self_layer_is_never_taken_for_an_appraisal():
    got = of(scores({"self": {"a": value("4"), "b": value("2")}}), view="final")
    assert (got.not_scored, got.appraised_points) == (2, 0)


def test_later_layers_replace_earlier_ones_whole():
    lifted = {"appraised": {"a": value(None)}, "explained": {"a": value("3")}}
    assert of(scores(lifted), view="explained").appraised_points == 3
    taken = {"appraised": {"a": value("3")}, "council": {"a": value(None)}}
    assert of(scores(taken), view="final").appraised_max == 2
    assert of(scores(taken), view="explained").appraised_max == 6


def test_an_empty_row_hides_no_earlier_layer():
    layers = {"appraised": {"a": value("3")}, "explained": {"a": CellValue(None)}}
    assert of(scores(layers), view="explained").appraised_points == 3


def test_last_values_are_those_that_count():
    layers = {
        "self": {"a": value("4")},
        "appraised": {"a": value("3"), "b": value("1")},
        "explained": {"a": CellValue(None)},
        "council": {"b": value(None)},
    }
    assert last_values(layers, "self") == {"a": value("4")}
    assert last_values(layers, "final") == {"a": value("3"), "b": value(None)}


def test_survey_points_are_rounded_before_they_are_added():
    # 3 × 33.3333 % = 0.999999, printed and added as 1.0000
    got = of(
        scores(a="0", b="0", surveys={"s": Decimal("33.3333"), "t": Decimal("12.3450")})
    )
    assert got.sociological_points == Decimal("1.0000")
    assert got.satisfaction_points == Decimal("0.1235")  # 0.12345, half up
    two = of(
        scores(a="0", b="0", surveys={"s": Decimal("50.1666"), "t": Decimal("12.5")}),
        of_tree=tree(*ROWS, decimals=2),
    )
    assert two.sociological_points == Decimal("1.50")
    assert two.satisfaction_points == Decimal("0.13")


def test_whole_ten_thousandths_give_the_same():
    one = scores(a="3", b=None, q="-0.5", exempted=["t"])
    units = unit_totals(
        TREE, {"a": 30000, "b": None, "q": -5000}, {"s": 500000}, WAIT, exempted=["t"]
    )
    assert units == of(one)


def test_values_of_unknown_leaves_are_ignored():
    assert of(scores(a="4", b="2", zzz="9")) == of(scores(a="4", b="2"))


def test_thanh_hoa_2023():
    """Ban Dân tộc: 68.32 points of an applicable maximum of 84 were published as 81.33."""
    published = tree(row("1", "", 84, "manual"), row("2", "", 16, "manual"), decimals=2)
    got = of(scores({"self": {"1": value("68.32")}}, exempted=["2"]), of_tree=published)
    assert (got.points, got.max_points) == (Decimal("68.32"), 84)
    assert got.index == Fraction(1708, 21)
    assert got.index_2 == Decimal("81.33")


def test_totals_are_rebuilt_from_stored_figures():
    got = of(scores(a="3.3333", b="1.5", p="1", q="-0.5"))
    figures = {
        name: getattr(got, name)
        for name in Totals.__slots__
        if name not in ("index", "assessed")
    }
    assert Totals.from_figures(**figures, cap_at_100=True) == got
    with pytest.raises(ValueError, match="stored sums"):
        Totals.from_figures(**figures | {"points": Decimal(1)}, cap_at_100=True)
    empty = dict.fromkeys(figures, Decimal(0)) | {"complete": True}
    assert Totals.from_figures(**empty, cap_at_100=True).status == "incomplete"
    away = Totals.from_figures(**figures, cap_at_100=True, assessed=False)
    assert (away.index, away.status) == (None, "not_assessed")


def test_words_of_a_round_are_checked():
    for wrong in (
        {"not_scored": "skip"},
        {"missing_survey": "zero"},
        {"tie_breakers": ("appraised", "name")},
    ):
        with pytest.raises(ParametersError) as caught:
            RoundRules(**wrong)
        assert caught.value.where == next(iter(wrong))


def test_difference_in_points_and_index():
    before = of(scores(a="4", b="2"))
    after = of(scores(a="3", b="2"))
    got = difference(before, after)
    assert (got.points, got.appraised_points, got.index) == (-1, -1, -10)
    assert difference(before, of(scores(exempted=["1", "2"]))).index is None
