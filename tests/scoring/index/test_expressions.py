from fractions import Fraction

import pytest

from scoring.index.errors import DataError, ParametersError
from scoring.index.expressions import is_variable_name, parse_expression
from scoring.index.rules import NOT_APPLICABLE

VALUES = {"a": Fraction(10), "b": Fraction(8), "c": Fraction(1), "số": Fraction(3)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(b / a) × 2 + (c / a) × 1", "1.7"),
        ("(b ÷ a) * 2", "1.6"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3 * 3", "1"),
        ("a - b - c", "1"),
        ("a / b / c", "1.25"),
        ("a + b * c", "18"),
        ("-a + 2", "-8"),
        ("a * -b", "-80"),
        ("- - a", "10"),
        ("min(a, b, c)", "1"),
        ("max(a, b * 2, c)", "16"),
        ("min(2, max(a / b, 1))", "1.25"),
        ("2 if a > b else 3", "2"),
        ("2 if (a > b) else 3", "2"),
        ("2 if a < b else 3 if b < c else 4", "4"),
        ("1 + (2 if a != b else 3)", "3"),
        ("a if a <= 10 else b", "10"),
        ("a if 10 >= a else b", "10"),
        ("a if a == 10.0 else b", "10"),
        ("1 if 1 <= c < b else 0", "1"),
        ("1 if 2 <= c < b else 0", "0"),
        ("1 if max(a, b) / a == 1 else 0", "1"),
        ("số + 1", "4"),
        # lazy: the branch that is not taken is not computed
        ("0 if a == 10 else 1 / (a - 10)", "0"),
        ("1 / (a - 10) if a != 10 else 5", "5"),
        ("0 * (1 / (c - 1)) if c > 1 else 7", "7"),
    ],
)
def test_expression_has_an_exact_value(text, expected):
    assert parse_expression(text, VALUES).evaluate(VALUES) == Fraction(expected)


@pytest.mark.parametrize(
    "text",
    [
        "NA if a == 10 else b",
        "b if a != 10 else NA",
        "b if a != 10 else (NA if b == 8 else 1)",
        "b if a != 10 else NA if b == 8 else 1",
        "(NA if b == 8 else 1) if a == 10 else 2",
        "(NA) if (a == 10) else 2",
        "NA if a == 10 else NA",
    ],
)
def test_not_applicable_as_a_whole_branch(text):
    assert parse_expression(text, VALUES).evaluate(VALUES) is NOT_APPLICABLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "NA",
        "-NA",
        "1 + (NA if a == 0 else 1)",
        "min(NA, 1)",
        "min(1, NA if a == 0 else 2)",
        "1 if NA == 1 else 2",
        "1 if (NA if a == 1 else 2) > 1 else 2",
        "(NA if a == 0 else 1) + 1",
        "a ** 2",
        "a // b",
        "a % b",
        "a ^ b",
        "+a",
        "a +",
        "a b",
        "2a",
        "1.",
        ".5",
        "1e3",
        "1_000",
        "1,5",
        "a = b",
        "a == b",
        "(a > b) + 1",
        "a > b if a > c else 1",
        "1 if a else 2",
        "1 if 1 else 2",
        "1 if a > b",
        "1 if a > b else",
        "1 if not a > b else 2",
        "1 if a > b and b > c else 2",
        "1 if a > b or b > c else 2",
        "1 if a in b else 2",
        "1 if a is b else 2",
        "True",
        "None",
        "abs(a)",
        "round(a)",
        "sum(a, b)",
        "min",
        "min()",
        "min(a)",
        "min(a, b",
        "min(*a)",
        "min(a, b, key=c)",
        "a.b",
        "a[0]",
        "[a, b]",
        "{a}",
        "'a'",
        '"a"',
        "lambda: 1",
        "(a",
        "a)",
        "()",
        "a; b",
        "a, b",
        "unknown",
        "__import__",
        "a ≤ b",
        "1 + 2 # three",
    ],
)
def test_expression_is_refused(text):
    with pytest.raises(ParametersError) as refusal:
        parse_expression(text, VALUES)
    assert refusal.value.where == "expression"


def test_five_hundred_characters_are_the_most():
    longest = "a" + " " * 497 + "+1"
    assert parse_expression(longest, VALUES).evaluate(VALUES) == 11
    with pytest.raises(ParametersError, match="longer than 500"):
        parse_expression(longest + " ", VALUES)


def test_a_tree_of_twenty_levels_is_the_deepest():
    assert parse_expression("-" * 19 + "a", VALUES).evaluate(VALUES) == -10
    assert parse_expression("+".join("a" * 20), VALUES).evaluate(VALUES) == 200
    for text in ("-" * 20 + "a", "+".join("a" * 21), "-" * 490 + "a"):
        with pytest.raises(ParametersError, match="deeper than 20"):
            parse_expression(text, VALUES)


def test_parentheses_do_not_deepen_the_tree():
    assert parse_expression("(" * 30 + "a" + ")" * 30, VALUES).evaluate(VALUES) == 10
    with pytest.raises(ParametersError, match="nested"):
        parse_expression("(" * 240 + "a" + ")" * 240, VALUES)


def test_division_by_zero_is_a_refusal_of_the_data():
    expression = parse_expression("a / (b - 8)", VALUES)
    with pytest.raises(DataError, match="divides by zero"):
        expression.evaluate(VALUES)


def test_condition_may_divide_by_zero_too():
    with pytest.raises(DataError):
        parse_expression("1 if 1 / (c - 1) > 0 else 2", VALUES).evaluate(VALUES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a", True),
        ("a_1", True),
        ("số", True),
        ("min", False),
        ("NA", False),
        ("else", False),
        ("1a", False),
        ("a b", False),
        (" a", False),
        ("", False),
        ("a-b", False),
    ],
)
def test_names_of_variables(name, expected):
    assert is_variable_name(name) is expected


def test_values_in_the_place_of_names():
    expression = parse_expression("min(a,b)×2-(c/a)", VALUES)
    assert expression.with_values({"a": "10", "b": "8", "c": "1"}) == (
        "min(10, 8) × 2 - (1 / 10)"
    )
