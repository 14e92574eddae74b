"""Numbers as officials write them: one rule, and a question instead of a guess."""

from decimal import Decimal

import pytest

from scoring.numbers import DoubtfulNumber, doubtful_readings, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        (" 0 ", "0"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("12,345", "12.345"),
        ("1.2345", "1.2345"),
        ("-0,5", "-0.5"),
        ("−0,5", "-0.5"),
        ("1 234", "1234"),
        ("1\u00a0234,5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1234", "1234"),
    ],
)
def test_a_number_is_read(text, value):
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.234", "12.345", "-1.000", "999.999"])
def test_a_number_that_could_be_two_is_asked_about(text):
    with pytest.raises(DoubtfulNumber, match=text.replace(".", "")):
        read_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "1,2,3",
        "1..2",
        "1e5",
        "NaN",
        "Infinity",
        "१२",
        "1_000",
        "--1",
        "1,",
        ".5",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="“") as refusal:
        read_number(text)

    assert not isinstance(refusal.value, DoubtfulNumber)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        pytest.param("1.234", ("1234", "1,234"), id="a dot before three digits"),
        pytest.param(" −12.500 ", ("-12500", "-12,500"), id="a true minus"),
        pytest.param("0.125", (), id="no thousands begin with 0"),
        pytest.param("1,234", (), id="a comma is the decimal mark"),
        pytest.param("1.234.567", (), id="grouped twice"),
        pytest.param("một", (), id="no number"),
    ],
)
def test_both_readings_of_a_doubtful_number_are_read_without_doubt(text, readings):
    assert doubtful_readings(text) == readings
    assert len({read_number(reading) for reading in readings}) == len(readings)
