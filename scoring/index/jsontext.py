"""JSON as the product reads and stores it: exact numbers, one text for one content.

Canonical text has sorted keys, ``", "`` and ``": "`` between parts, letters as they
are, and every figure as the shortest JSON number. A figure may come as a decimal string
(``"82.50"``); where the rule reads a figure, the canonical text has the number (82.5).
Labels stay texts. Entries that were not given are not added.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from .errors import JsonError, ScoringError
from .figures import as_figure, shortest
from .records import Path, Record
from .rules.base import Rule, data_record, parameter_record
from .sentences import N_, say

MOST_CHARACTERS = 100_000


def read_json(text: str, error: type[ScoringError] = JsonError) -> object:
    """Parse JSON with numbers as Decimals.

    Refused with ``error``: what is no JSON, exponents, NaN, Infinity, figures of
    unreasonable length, a key twice in one object.
    """
    if len(text) > MOST_CHARACTERS:
        raise error(say(N_("The text is longer than %(most)s."), most=MOST_CHARACTERS))
    try:
        return json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as fault:
        raise error(
            say(
                N_("This is no JSON: line %(line)s, character %(column)s."),
                line=fault.lineno,
                column=fault.colno,
            )
        ) from fault
    except RecursionError as fault:
        raise error(say(N_("This JSON is nested too deeply."))) from fault
    except JsonError as fault:
        raise error(fault.sentence, fault.where) from fault


def read_object(text: str, error: type[ScoringError] = JsonError) -> dict[str, object]:
    """As ``read_json``, for a text that must hold one object ``{…}``."""
    value = read_json(text, error)
    if not isinstance(value, dict):
        raise error(say(N_("Here an object {…} is needed.")))
    return value


def _number(text: str) -> Decimal:
    figure = as_figure(text)
    if figure is None:
        raise JsonError(
            say(N_("“%(text)s” is not a number in plain digits."), text=text[:40])
        )
    return figure


def _no_number(text: str) -> NoReturn:
    raise JsonError(say(N_("“%(text)s” is not a number in plain digits."), text=text))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        if key in result:
            raise JsonError(say(N_("The entry “%(key)s” stands twice."), key=key))
        result[key] = value
    return result


def canonical(value: object) -> str:
    """The one text of ``value`` (dicts, lists, texts, Decimals, ints, bools, None)."""
    if isinstance(value, Mapping):
        inner = ", ".join(
            f"{canonical(str(key))}: {canonical(value[key])}" for key in sorted(value)
        )
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(canonical(item) for item in value)}]"
    if isinstance(value, Decimal):
        return shortest(value)
    if value is None or isinstance(value, str | bool | int):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def canonical_data(
    rule: Rule[Any, Any], params: object, data: Mapping[str, object]
) -> str:
    """Canonical text of declared data; DataError when the rule refuses them."""
    record = data_record(data)
    rule.read_data(params, record)
    return canonical_record(record)


def canonical_parameters(
    rule: Rule[Any, Any], raw: Mapping[str, object], max_points: Decimal
) -> str:
    """Canonical text of a rule's own parameters; ParametersError when it refuses."""
    record = parameter_record(raw)
    rule.read_parameters(record, max_points)
    return canonical_record(record)


def canonical_record(record: Record) -> str:
    """Canonical text of a record after it has been read by its rule."""
    return canonical(_with_figures(record.raw, (), record.figures))


def _with_figures(value: object, path: Path, figures: Mapping[Path, Decimal]) -> object:
    if path in figures:
        return figures[path]
    if isinstance(value, Mapping):
        return {
            key: _with_figures(item, (*path, key), figures)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            _with_figures(item, (*path, position), figures)
            for position, item in enumerate(value, start=1)
        ]
    return value
