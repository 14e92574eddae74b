"""Every rule: points stay in range, and doing better never costs points."""

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.index.cells import check_cell, compute
from scoring.index.fields import data_from_inputs, inputs_from_data
from scoring.index.jsontext import canonical_data, read_object
from scoring.index.rules import NOT_APPLICABLE, RULES
from scoring.index.survey import survey_points
from tests.scoring.index.builders import leaf
from tests.scoring.index.strategies import units

COUNTS = st.integers(0, 12)
PERCENTS = units(0, 1_000_000)
MAXIMA = units(1, 60_000)


@st.composite
def falling_points(draw, maximum, size):
    points = draw(
        st.lists(units(0, int(maximum * 10_000)), min_size=size, max_size=size)
    )
    return sorted(points, reverse=True)


@st.composite
def choices(draw, maximum):
    points = draw(st.lists(units(0, int(maximum * 10_000)), min_size=1, max_size=5))
    return {"options": [{"label": "x", "points": p} for p in sorted(points)]}


@st.composite
def yes_no(draw, maximum):
    no, yes = sorted(draw(units(0, int(maximum * 10_000))) for _ in range(2))
    return {"yes": yes, "no": no}


@st.composite
def checklists(draw, maximum):
    size = draw(st.integers(1, 4))
    points = draw(
        st.lists(units(0, int(maximum * 10_000) // size), min_size=size, max_size=size)
    )
    return {"items": [{"label": "x", "points": p} for p in points]}


@st.composite
def counts(draw, maximum):
    ceiling = draw(units(0, int(maximum * 10_000)))
    return {"unit": "x", "per_unit": draw(units(0, 30_000)), "ceiling": ceiling}


def bonus(maximum):
    return st.builds(
        lambda per: {"unit": "x", "per_unit": per, "ceiling": maximum}, units(0, 30_000)
    )


def penalty(maximum):
    return st.builds(
        lambda per: {"unit": "x", "per_unit": -per, "ceiling": maximum},
        units(1, 30_000),
    )


@st.composite
def deductions(draw, maximum):
    start = draw(units(0, int(maximum * 10_000)))
    faults = draw(st.lists(units(0, 30_000), min_size=1, max_size=3))
    return {
        "start": start,
        "floor": draw(units(0, int(start * 10_000))),
        "faults": [{"label": "x", "points": p} for p in faults],
    }


@st.composite
def banded(draw, maximum, key, limits, rising=False):
    chosen = sorted(
        draw(st.lists(limits, min_size=1, max_size=4, unique=True)), reverse=not rising
    )
    points = draw(falling_points(maximum, len(chosen)))
    return [{key: limit, "points": p} for limit, p in zip(chosen, points, strict=True)]


@st.composite
def count_bands(draw, maximum):
    return {"unit": "x", "bands": draw(banded(maximum, "from", COUNTS))}


@st.composite
def bands(draw, maximum):
    better = draw(st.sampled_from(["higher", "lower"]))
    lines = draw(banded(maximum, "limit", PERCENTS, rising=better == "lower"))
    return {"value": "x", "better": better, "bands": lines}


@st.composite
def proportional(draw, maximum):
    return {
        "numerator": "a",
        "denominator": "b",
        "zero_below_percent": draw(PERCENTS),
        "na_if_denominator_zero": draw(st.booleans()),
    }


@st.composite
def share_bands(draw, maximum):
    """Bands whose figures may not fit together are drawn again by the refusal."""
    lines = draw(banded(maximum, "from_percent", PERCENTS))
    for line in lines:
        if draw(st.booleans()):
            line["share_times"] = line.pop("points")
    # what must not rise is what the bands give where they meet
    for better, worse in itertools.pairwise(lines):
        edge = Fraction(better["from_percent"]) / 100
        given_above = better.get("points", None)
        if given_above is None:
            given_above = Fraction(better["share_times"]) * edge
        if "points" in worse and Fraction(worse["points"]) > given_above:
            worse["share_times"] = min(worse.pop("points"), better["share_times"])
    return {
        "numerator": "a",
        "denominator": "b",
        "bands": lines,
        "na_if_denominator_zero": True,
    }


def constant(parameters):
    return lambda maximum: st.just(parameters)


PARAMETERS = {
    "choice": choices,
    "yes_no": yes_no,
    "checklist": checklists,
    "count": counts,
    "count_bands": count_bands,
    "deduction": deductions,
    "proportional": proportional,
    "bands": bands,
    "proportional_bands": share_bands,
    "formula": constant(
        {
            "variables": {"a": "x", "b": "y"},
            "expression": "NA if a == 0 else (b / a) * 2 - 1 if b < a else -max(a, 3) + b * 2",
        }
    ),
    "zero_if_any": constant({"event": "x"}),
    "external_index": constant({"index": "x"}),
    "bonus_count": bonus,
    "penalty_count": penalty,
    "penalty_share": lambda maximum: st.just({"ceiling": maximum}),
}
RATIO_RULES = ("proportional", "proportional_bands")


@st.composite
def leaves(draw, key):
    maximum = draw(MAXIMA)
    if RULES[key].kind == "penalty":
        maximum = -maximum
    return leaf(key, draw(PARAMETERS[key](maximum)), maximum)


@st.composite
def ratio_data(draw, least=1):
    whole = draw(st.integers(least, 400))
    return {"numerator": draw(st.integers(0, whole)), "denominator": whole}


def inputs_of(field):
    """What a form could hold in one input of the field."""
    return {
        "option": st.sampled_from([choice.value for choice in field.choices]),
        "yes_no": st.booleans(),
        "ticks": st.sets(st.sampled_from([c.value for c in field.choices] or [1])),
        "whole": COUNTS,
        "counts": COUNTS,
        "variable": units(0, 200_000),
        "number": PERCENTS,
    }[field.kind]


@st.composite
def data_for(draw, one):
    """Declared data for any leaf, made through the fields of its rule as a form would."""
    if one.rule.key in RATIO_RULES:
        return draw(ratio_data())
    fields = one.rule.fields(one.parameters)
    inputs = {}
    for field in fields:
        for name in _names(field):
            inputs[name] = draw(inputs_of(field))
    return data_from_inputs(fields, inputs)


def _names(field):
    if field.kind != "counts":
        return [field.key]
    return [f"{field.key}-{choice.value}" for choice in field.choices]


def test_every_computing_rule_without_a_survey_is_drawn():
    expected = {
        key
        for key, rule in RULES.items()
        if rule.computes and rule.kind not in ("sociological", "satisfaction")
    }
    assert set(PARAMETERS) == expected


@pytest.mark.parametrize("key", PARAMETERS)
@given(data=st.data())
def test_points_stay_in_range(key, data):
    one = data.draw(leaves(key))
    declared = data.draw(data_for(one))
    points = compute(one, declared, 4)
    if points is NOT_APPLICABLE:
        return
    assert one.low <= points <= one.high
    exact = one.rule.points(one.parameters, one.max_points, declared)
    # within half a ten-thousandth of the exact value: rounded once and not cut
    assert abs(Fraction(points) - exact) <= Fraction(1, 20_000)
    assert one.low <= exact <= one.high


@pytest.mark.parametrize("key", PARAMETERS)
@given(data=st.data())
def test_data_go_through_text_and_form_unchanged(key, data):
    one = data.draw(leaves(key))
    declared = data.draw(data_for(one))
    text = canonical_data(one.rule, one.parameters, declared)
    again = read_object(text)
    assert compute(one, again, 4) == compute(one, declared, 4)
    assert canonical_data(one.rule, one.parameters, again) == text
    fields = one.rule.fields(one.parameters)
    assert data_from_inputs(fields, inputs_from_data(fields, again)) == again


@pytest.mark.parametrize("key", PARAMETERS)
@given(data=st.data())
def test_computed_points_given_again_are_no_override(key, data):
    one = data.draw(leaves(key))
    declared = data.draw(data_for(one))
    common = {"layer": "appraised", "na": "", "reason": "", "points_decimals": 4}
    cell = check_cell(one, points=None, data=declared, **common)
    if cell.points is None:
        assert cell.na == "confirmed"
        return
    again = check_cell(one, points=cell.points, data=declared, **common)
    assert again == cell
    assert not again.is_override


@pytest.mark.parametrize("key", sorted(set(PARAMETERS) - {"formula"}))
@given(data=st.data())
def test_doing_better_never_costs_points(key, data):
    one = data.draw(leaves(key))
    worse, better = data.draw(two_results(one))
    assert compute(one, worse, 4) <= compute(one, better, 4)


@st.composite
def two_results(draw, one):
    """Data of a worse and of a better result."""
    key = one.rule.key
    if key == "choice":  # drawn with rising points
        numbers = [
            choice.value for choice in one.rule.fields(one.parameters)[0].choices
        ]
        low, high = sorted(draw(st.sampled_from(numbers)) for _ in range(2))
        return {"option": low}, {"option": high}
    if key == "yes_no":
        return {"yes": False}, {"yes": True}
    if key == "checklist":
        few = draw(data_for(one))["ticked"]
        more = draw(data_for(one))["ticked"]
        return {"ticked": few}, {"ticked": sorted({*few, *more})}
    if key == "deduction":
        few = draw(data_for(one))["counts"]
        more = [count + draw(COUNTS) for count in few]
        return {"counts": more}, {"counts": few}
    if key in RATIO_RULES:
        better = draw(ratio_data())
        numerator = draw(st.integers(0, better["numerator"]))
        return better | {"numerator": numerator}, better
    low, high = sorted(
        (draw(data_for(one)) for _ in range(2)), key=lambda d: next(iter(d.values()))
    )
    is_reversed = one.rule.punishes or getattr(one.parameters, "better", "") == "lower"
    return (high, low) if is_reversed else (low, high)


@given(MAXIMA, PERCENTS, PERCENTS, st.sampled_from([2, 3, 4]))
def test_survey_points_stay_in_range_and_rise_with_the_percent(
    maximum, one, other, decimals
):
    maximum = maximum.quantize(Decimal(1).scaleb(-decimals)) or Decimal(1)
    for key, parameters in (("sociological", ""), ("satisfaction", {"factor": "x"})):
        measured = leaf(key, parameters, maximum, decimals)
        low, high = (survey_points(measured, p, decimals) for p in sorted((one, other)))
        assert 0 <= low <= high <= maximum
        assert survey_points(measured, Decimal(100), decimals) == maximum
