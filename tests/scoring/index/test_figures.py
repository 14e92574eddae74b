from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.index.figures import (
    as_figure,
    decimal_places_ok,
    from_units,
    round_half_up,
    shortest,
    to_units,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("24.9930", "24.993"),
        ("0.0000", "0"),
        ("-0.00", "0"),
        ("-0.50", "-0.5"),
        ("1E+2", "100"),
        ("100", "100"),
        ("0E-9", "0"),
        ("123456789012345678901234567890.10", "123456789012345678901234567890.1"),
    ],
)
def test_shortest(value, text):
    assert shortest(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(-1, 800), 2, "0.00"),
        (Decimal("81.335"), 2, "81.34"),
        (Decimal("81.3349999"), 2, "81.33"),
        (Fraction(6832, 84), 2, "81.33"),
        (2, 2, "2.00"),
        (Fraction(5, 2), 0, "3"),
        (Decimal("1.00005"), 4, "1.0001"),
    ],
)
def test_halves_go_away_from_zero(value, places, rounded):
    assert str(round_half_up(value, places)) == rounded


@given(st.fractions(), st.integers(0, 6))
def test_rounding_is_never_further_than_half_a_step(value, places):
    with localcontext(prec=3):  # the context has no say
        rounded = Fraction(round_half_up(value, places))
    assert abs(rounded - value) * 10**places <= Fraction(1, 2)
    assert round_half_up(-value, places) == -round_half_up(value, places)


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        (3, "3"),
        ("3.0", "3.0"),
        ("-0.5", "-0.5"),
        (Decimal("1E+2"), "100"),
        (True, None),
        (1.5, None),
        (None, None),
        ("", None),
        ("+1", None),
        ("01", None),
        ("1.", None),
        (".5", None),
        ("1,5", None),
        ("1e2", None),
        ("１", None),
        ("1\n", None),
        (Decimal("NaN"), None),
        (Decimal("Infinity"), None),
        (Decimal("1E+999999"), None),
        (Decimal("1E-999999"), None),
        (10**40, None),
    ],
)
def test_what_is_a_figure(value, figure):
    assert as_figure(value) == (None if figure is None else Decimal(figure))


def test_decimal_places_count_by_value():
    assert decimal_places_ok(Decimal("1.50000"), 1)
    assert not decimal_places_ok(Decimal("1.55"), 1)
    assert decimal_places_ok(Decimal("1E+3"), 0)


def test_units_are_exact():
    assert to_units(Decimal("24.993")) == 249930
    assert to_units(Decimal("-0.5")) == -5000
    assert from_units(249930) == Decimal("24.993")
    with pytest.raises(ValueError, match="more than 4 decimals"):
        to_units(Decimal("0.00005"))
