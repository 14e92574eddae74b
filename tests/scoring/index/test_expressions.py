from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.index.errors import DataError, ParametersError
from scoring.index.expressions import is_variable_name, parse_expression, written
from scoring.index.rules import NOT_APPLICABLE, RULES

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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a", "a"),
        ("b / a * 2 + c/a", "(b / a) × 2 + c / a"),
        ("a - (b - c)", "a − (b − c)"),
        ("a - b - c", "a − b − c"),
        ("a / (b * c)", "a / (b × c)"),
        ("(a + b) ÷ 2.50", "(a + b) / 2.5"),
        ("-(a + b) × -c", "−(a + b) × −c"),
        ("min(a, b / 2, 1.25)", "the smallest of (a; b / 2; 1.25)"),
        ("max(0, a)", "the largest of (0; a)"),
        ("1 if 0 < a <= b else 2", "1 if 0 < a ≤ b, otherwise 2"),
        ("(1 if a != b else 2) * 3", "(1 if a ≠ b, otherwise 2) × 3"),
    ],
)
def test_an_expression_in_words(text, words):
    assert str(written(parse_expression(text, VALUES).root)) == words


def test_values_in_the_place_of_names():
    root = parse_expression("min(a,b)×2-(c/a)", VALUES).root

    words = written(root, {"a": Decimal(10), "b": Decimal("8.5"), "c": Decimal(1)})

    assert str(words) == "the smallest of (10; 8.5) × 2 − 1 / 10"


@pytest.mark.parametrize("one", "+-*/")
@pytest.mark.parametrize("two", "+-*/")
def test_the_words_mean_what_the_expression_does(one, two):
    """Read back as arithmetic, either grouping of three names gives its value."""
    for text in (f"(a {one} b) {two} c", f"a {one} (b {two} c)"):
        expression = parse_expression(text, VALUES)
        read = str(written(expression.root)).replace("−", "-")

        again = parse_expression(read, VALUES)

        assert again.evaluate(VALUES) == expression.evaluate(VALUES), text


@pytest.mark.parametrize(
    ("expression", "described", "worked"),
    [
        ("b / 10", ["Points = b / 10"], "8 / 10 = 0.8"),
        (
            "NA if a == 0 else b / a",
            ["Not applicable when a = 0", "Otherwise: points = b / a"],
            "8 / 10 = 0.8",
        ),
        (
            "1 if a < 5 else 0.5 if a <= 10 else NA",
            [
                "When a < 5: points = 1",
                "When a ≤ 10: points = 0.5",
                "Otherwise: not applicable",
            ],
            "0.5 = 0.5",
        ),
        (
            "NA if a == 10 else b",
            ["Not applicable when a = 10", "Otherwise: points = b"],
            "a = 10: not applicable",
        ),
        (
            "b if a != 10 else NA",
            ["When a ≠ 10: points = b", "Otherwise: not applicable"],
            "Otherwise: not applicable",
        ),
    ],
)
def test_a_formula_is_told_case_by_case(expression, described, worked):
    rule = RULES["formula"]
    variables = {"a": "tổng", "b": "đúng hạn"}
    params = rule.parse({"variables": variables, "expression": expression}, Decimal(20))

    told = [str(line) for line in rule.describe(params, Decimal(20))]
    steps = rule.steps(params, Decimal(20), {"a": 10, "b": 8})

    assert told[: len(described)] == described
    assert told[len(described) :] == [
        "a: tổng",
        "b: đúng hạn",
        "Held within 0 and 20 points.",
    ]
    assert str(steps[0]) == worked
