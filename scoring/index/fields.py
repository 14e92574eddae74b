"""Between a form's inputs and declared data, for any rule.

A field gives one input, except "counts", which gives one per line, named
``counts-1``, ``counts-2``, … Input values are parsed already: numbers as Decimal or
int, an option as its number, yes or no as bool, ticks as numbers; None is blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .rules.base import DataField


def input_names(field: DataField) -> tuple[str, ...]:
    """Names of the inputs that a field needs."""
    if field.kind != "counts":
        return (field.key,)
    return tuple(f"{field.key}-{choice.value}" for choice in field.choices)


def data_from_inputs(
    fields: Sequence[DataField], inputs: Mapping[str, object]
) -> dict[str, object] | None:
    """Declared data for the rule to check; None when every input is blank.

    A blank among filled inputs stays None, so that the rule says what is missing;
    it is never taken for zero.
    """
    names = [name for field in fields for name in input_names(field)]
    if all(inputs.get(name) is None for name in names):
        return None
    return {field.key: _datum(field, inputs) for field in fields}


def inputs_from_data(
    fields: Sequence[DataField], data: Mapping[str, object]
) -> dict[str, object]:
    """The inputs that show ``data``; what is missing is None."""
    inputs: dict[str, object] = {}
    for field in fields:
        value = data.get(field.key)
        names = input_names(field)
        if field.kind != "counts":
            inputs[field.key] = value
        else:
            given = list(value) if isinstance(value, list | tuple) else []
            given += [None] * (len(names) - len(given))
            inputs.update(zip(names, given, strict=False))
    return inputs


def _datum(field: DataField, inputs: Mapping[str, object]) -> object:
    if field.kind == "counts":
        return [inputs.get(name) for name in input_names(field)]
    value = inputs.get(field.key)
    if field.kind == "ticks" and isinstance(value, Iterable):
        return sorted(value, key=int)
    return value
