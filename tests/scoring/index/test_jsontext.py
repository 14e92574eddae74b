from decimal import Decimal

import pytest

from scoring.index.errors import DataError, JsonError
from scoring.index.jsontext import canonical, canonical_data, read_json, read_object
from tests.scoring.index.builders import leaf
from tests.scoring.index.examples import COUNT, DEDUCTION, HIGHER


def test_numbers_are_read_as_decimals():
    read = read_json('{"a": 1.10, "b": [1, -0.5, 0], "c": true, "d": "1.5"}')
    assert read == {
        "a": Decimal("1.10"),
        "b": [1, Decimal("-0.5"), 0],
        "c": True,
        "d": "1.5",
    }
    assert type(read["a"]) is Decimal
    assert type(read["b"][0]) is Decimal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{'a': 1}",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": -Infinity}',
        '{"a": 1e3}',
        '{"a": 1.5E-2}',
        '{"a": 01}',
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 1}}',
        '{"a": ' + "9" * 41 + "}",
        '{"a": ' + "9" * 5000 + "}",
        "[" * 20_000 + "]" * 20_000,
        '"' + "a" * 100_001 + '"',
        "\ufeff{}",
    ],
)
def test_json_is_refused(text):
    with pytest.raises(JsonError):
        read_json(text)


def test_only_objects_are_data():
    for text in ("[]", "1", "null", '"a"'):
        with pytest.raises(DataError, match="object"):
            read_object(text, DataError)
    assert read_object("{}") == {}


def test_canonical_text_has_sorted_keys_and_shortest_figures():
    value = {
        "b": [Decimal("1.50"), Decimal("100"), Decimal("-0.0")],
        "a": "Đúng",
        "c": True,
    }
    assert canonical(value) == '{"a": "Đúng", "b": [1.5, 100, 0], "c": true}'
    assert (
        canonical({"x": None, "quote": 'a"b\n'}) == '{"quote": "a\\"b\\n", "x": null}'
    )
    with pytest.raises(TypeError):
        canonical({"a": 1.5})


def test_canonical_text_is_its_own_canonical_text():
    text = canonical(read_json('{"z": [1.0, {"k": "0.50"}], "a": 12.3400}'))
    assert text == '{"a": 12.34, "z": [1, {"k": "0.50"}]}'
    assert canonical(read_json(text)) == text


@pytest.mark.parametrize(
    ("rule", "parameters", "maximum", "data", "text"),
    [
        ("bands", HIGHER, 2, {"value": "82.50"}, '{"value": 82.5}'),
        ("count", COUNT, 1, {"count": "3.0"}, '{"count": 3}'),
        (
            "deduction",
            DEDUCTION,
            2,
            {"counts": ["0", Decimal("2.0")]},
            '{"counts": [0, 2]}',
        ),
        ("yes_no", {"yes": 1, "no": 0}, 1, {"yes": True}, '{"yes": true}'),
        (
            "checklist",
            {"items": [{"label": "1", "points": 1}]},
            1,
            {"ticked": []},
            '{"ticked": []}',
        ),
    ],
)
def test_figures_of_data_become_numbers(rule, parameters, maximum, data, text):
    one = leaf(rule, parameters, maximum)
    assert canonical_data(one.rule, one.parameters, data) == text


def test_figures_of_parameters_become_numbers_and_labels_stay_texts():
    given = (
        '{"options": [{"points": "1.50", "label": "2.0"}], "na_allowed": false,'
        ' "evidence": ["1.0"]}'
    )
    assert leaf("choice", given, 2).parameters_text == (
        '{"evidence": ["1.0"], "na_allowed": false,'
        ' "options": [{"label": "2.0", "points": 1.5}]}'
    )


def test_parameters_that_were_not_given_are_not_added():
    assert leaf("sociological", "", 1).parameters_text == ""
    assert leaf("manual", "{}", 1).parameters_text == "{}"
    text = '{"denominator": "b", "numerator": "a"}'
    assert leaf("proportional", text, 1).parameters_text == text
