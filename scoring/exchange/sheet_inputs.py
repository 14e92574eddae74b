"""The inputs of a leaf as lines of a workbook: what stands in a cell, what is read.

Every entry of declared data becomes one line with one cell: a choice its drop-down,
each part of a checklist a yes or no, each fault its count, each variable its figure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from scoring.exchange.reader import CellFault, figure_of, text_of
from scoring.index.cells import compute
from scoring.index.fields import data_from_inputs, inputs_from_data
from scoring.index.figures import shortest
from scoring.index.jsontext import read_object
from scoring.index.rules import Choice, DataField
from scoring.labels import NotApplicable
from scoring.queries.declared import label_words
from scoring.queries.offline import Facts
from scoring.wording import show_points

# A spreadsheet holds 15 significant digits; longer figures travel as text.
MOST_DIGITS = 15
# Beside what a cell can hold (32,767), room for the signs that escaping adds.
LONGEST_TEXT = 30_000
MOST_DECIMALS_OF_DATA = 40

YES_WORDS = frozenset({"có", "co", "yes", "true", "đúng", "x"})
NO_WORDS = frozenset({"không", "khong", "no", "false", "sai"})
NA_WORDS = frozenset({"kad", "kad?", "n/a", "n/a?", "không áp dụng", "x", "có", "yes"})
_NUMBERED = re.compile(r"(\d{1,4})[.)](?:\s+(.*))?$", re.ASCII | re.DOTALL)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Line:
    """One cell for declared data.

    name   of the input; "ticked-2" for the second part of a checklist
    kind   option, yes_no, tick, whole or number
    """

    name: str
    kind: str
    label: str
    field: DataField
    choice: Choice | None = None

    @property
    def items(self):
        """The texts of the drop-down, () where a figure is entered."""
        if self.kind == "option":
            return tuple(map(option_text, self.field.choices))
        if self.kind in ("yes_no", "tick"):
            return (_("Yes"), _("No"))
        return ()


def lines_of(leaf):
    """The lines of a leaf in the form's order; none for free judgement and surveys."""
    if leaf.is_survey:
        return ()
    return tuple(
        line for field in leaf.rule.fields(leaf.parameters) for line in _lines(field)
    )


def _lines(field):
    label = label_words(field.label)
    if field.kind in ("ticks", "counts"):
        kind = "tick" if field.kind == "ticks" else "whole"
        return [
            Line(f"{field.key}-{c.value}", kind, label_words(c.label), field, c)
            for c in field.choices
        ]
    kind = "number" if field.kind == "variable" else field.kind
    return [Line(field.key, kind, label, field)]


def option_text(choice):
    """``1. On time (0,5 points)``."""
    words = _("%(label)s (%(points)s points)") % {
        "label": label_words(choice.label),
        "points": show_points(choice.points),
    }
    return f"{choice.value}. {words}"


# --- what stands in the cells ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entries:
    """What a person enters for one leaf, parsed.

    values  by line's name: int (option), bool (yes_no, tick), Decimal, or None
    points  given by hand; None: the rule's points stand
    """

    values: Mapping[str, object]
    points: Decimal | None
    proposes: bool
    reason: str


def entries_of(leaf, facts: Facts, points_decimals):
    """A stored cell as the entries that make it."""
    data = read_object(facts.data) if facts.data else None
    points = facts.points
    if data is not None and points == compute(leaf, data, points_decimals):
        points = None
    return Entries(
        values=_values(leaf, data),
        points=points,
        proposes=facts.not_applicable == NotApplicable.PROPOSED,
        reason=facts.reason,
    )


def _values(leaf, data):
    lines = lines_of(leaf)
    if data is None:
        return {line.name: None for line in lines}
    inputs = inputs_from_data(leaf.rule.fields(leaf.parameters), data)
    return {line.name: _value(line, inputs) for line in lines}


def _value(line, inputs):
    if line.kind == "tick":
        return line.choice.value in [int(number) for number in inputs[line.field.key]]
    value = inputs[line.name]
    if line.kind == "option":
        return int(value)
    return value if line.kind == "yes_no" else Decimal(value)


def cell_value(line, value):
    """What a cell bears for a parsed value: text, Decimal, or None."""
    if value is None:
        return None
    if line.kind == "option":
        return option_text(line.field.choices[value - 1])
    if line.kind in ("yes_no", "tick"):
        return line.items[0] if value else line.items[1]
    return figure_or_text(value)


def figure_or_text(value):
    """A Decimal that a spreadsheet can hold, else its digits as text."""
    digits = shortest(value).replace(".", "").lstrip("-0")
    return value if len(digits) <= MOST_DIGITS else shortest(value)


def fits(text):
    """Whether a cell can hold the text, so that it may be changed in a workbook."""
    return len(text) <= LONGEST_TEXT


def plain_text(text):
    """Text as a cell holds it: one kind of line end, no control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


def same_text(one, other):
    """Whether two texts differ in nothing but blanks and spreadsheets' escapes."""
    return _folded(one) == _folded(other)


def _folded(text):
    return " ".join(plain_text(_unescaped(text)).replace("\u00a0", " ").split())


def _unescaped(text):
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


# --- what is read ---------------------------------------------------------------------


def parse(line, cell, before):
    """The value that a cell says; ``before`` where it stands there as it was.

    CellFault for what is none.
    """
    if cell.value is None:
        return None
    if _is_as_before(cell, cell_value(line, before)):
        return before
    if line.kind == "option":
        return _option(line, cell)
    if line.kind in ("yes_no", "tick"):
        return _yes_no(cell)
    return figure_of(cell, places=MOST_DECIMALS_OF_DATA)


def parse_points(cell, before, places):
    if before is not None and _is_as_before(cell, figure_or_text(before)):
        return before
    return figure_of(cell, places=places)


def parse_proposal(cell):
    """Whether N/A is proposed; blank is not."""
    value = cell.value
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    word = " ".join(text_of(cell).split()).casefold()
    if word in NA_WORDS:
        return True
    if word in {"không", "no"}:
        return False
    raise CellFault(_("“%(text)s” is unknown here.") % {"text": text_of(cell)})


def parse_reason(cell, before):
    text = text_of(cell)
    if not fits(before) or same_text(text, before):
        return before
    return plain_text(_unescaped(text))


def _is_as_before(cell, shown):
    if isinstance(shown, str) and isinstance(cell.value, str):
        return same_text(cell.value, shown)
    return shown is not None and cell.value == shown


def _option(line, cell):
    """By its number, alone or before its words, or by its words."""
    text = " ".join(text_of(cell).split()).casefold()
    labels = [
        " ".join(label_words(choice.label).split()).casefold()
        for choice in line.field.choices
    ]
    if labels.count(text) == 1:
        return labels.index(text) + 1
    match = _NUMBERED.match(text if not text.isdecimal() else f"{text}.")
    if match and 1 <= int(match.group(1)) <= len(labels):
        number, words = int(match.group(1)), match.group(2) or ""
        if not words or words.startswith(labels[number - 1]):
            return number
    raise CellFault(
        _("“%(text)s” is none of the results of the list.") % {"text": text_of(cell)}
    )


def _yes_no(cell):
    if isinstance(cell.value, bool):
        return cell.value
    word = " ".join(text_of(cell).split()).casefold()
    if word in YES_WORDS:
        return True
    if word in NO_WORDS:
        return False
    raise CellFault(_("“%(text)s” is neither yes nor no.") % {"text": text_of(cell)})


class Unanswered(ValueError):
    """No part of a checklist holds, and some are left open; ``name`` is the first."""

    def __init__(self, name):
        super().__init__(
            _("no part holds, and this one is left open: answer yes or no.")
        )
        self.name = name


def data_of(leaf, values):
    """Declared data for the rule to check; None when every line is blank.

    A part left blank beside one that holds does not hold, as on paper. Where none
    holds every part has to say so: Unanswered names the first that does not.
    """
    fields = leaf.rule.fields(leaf.parameters)
    inputs = {name: value for name, value in values.items() if "-" not in name}
    for field in fields:
        names = [f"{field.key}-{choice.value}" for choice in field.choices]
        if field.kind == "counts":
            inputs.update({name: values[name] for name in names})
        elif field.kind == "ticks":
            inputs[field.key] = _ticked(field, names, values)
    return data_from_inputs(fields, inputs)


def _ticked(field, names, values):
    given = [values[name] for name in names]
    if all(value is None for value in given):
        return None
    if not any(given) and None in given:
        raise Unanswered(names[given.index(None)])
    pairs = zip(field.choices, given, strict=True)
    return [choice.value for choice, value in pairs if value]
