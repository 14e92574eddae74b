"""The rows of one criterion in the workbook of the own sheet.

The first row bears name, points, explanation and evidence; every entry of declared data
has a row with its cell, the first one among them.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from scoring.exchange.paper import address
from scoring.exchange.sheet_columns import (
    BOX,
    CLOSED,
    COMPUTED,
    EVIDENCE,
    GIVEN,
    INPUT,
    KIND,
    LABEL,
    LEAF_KEY,
    LINE_KEY,
    NAME,
    POINTS,
    PROPOSED,
    REASON,
    VALUE,
)
from scoring.exchange.sheet_formulas import Place, points_formula
from scoring.exchange.sheet_inputs import (
    cell_value,
    entries_of,
    figure_or_text,
    fits,
    lines_of,
    plain_text,
)
from scoring.index.cells import compute
from scoring.index.figures import shortest
from scoring.index.jsontext import read_object
from scoring.index.outcomes import NOT_APPLICABLE
from scoring.labels import NotApplicable
from scoring.queries.offline import NOTHING
from scoring.wording import show_points

LONGEST_NOTE = 1500


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The signs and words that cells bear."""

    na: str
    proposed: str
    yes: str
    no: str


class LeafRows:
    """The rows of one leaf: one for each of its lines, at least one."""

    def __init__(self, builder, line):
        self.b, self.line = builder, line
        self.leaf = line.text.leaf
        self.facts = builder.facts.get(self.leaf.code, NOTHING)
        self.entries = entries_of(self.leaf, self.facts, builder.decimals)
        self.lines = lines_of(self.leaf)
        self.first = builder.row

    def write(self):
        b = self.b
        ranges = None
        for number, line in enumerate(self.lines or (None,)):
            b.blanks(**BOX)
            if number == 0:
                self._write_main()
            if line is not None:
                options = self._write_line(line)
                ranges = ranges or options
            b.row += 1
        self._write_points(ranges)

    def _write_main(self):
        b, leaf = self.b, self.leaf
        b.names(self.line, **BOX)
        self._write_note()
        b.sheet.write_string(b.row, LEAF_KEY, f"leaf:{leaf.code}")
        b.sheet.write_string(b.row, KIND, str(leaf.kind))
        if not self.lines:
            b.text(LABEL, _("By judgement"), **BOX, italic=True, text_wrap=True)
        self._write_given()
        self._write_proposal()
        self._write_reason()
        items = [
            f"{item.title} ({item.place})" if item.place else item.title
            for item in self.line.evidence
        ]
        evidence = "\n".join(items)[:30_000]
        b.text(EVIDENCE, evidence, **BOX, text_wrap=True, font_size=10)

    def _write_note(self):
        """How points are computed and what is asked for, as a note on the name."""
        text = self.line.text
        parts = [_("How points are computed"), *text.method]
        if text.guidance:
            parts += ["", text.guidance]
        if text.evidence:
            parts += [
                "",
                _("Evidence asked for:"),
                *(f"- {one}" for one in text.evidence),
            ]
        note = plain_text("\n".join(parts))[:LONGEST_NOTE]
        lines = sum(1 + len(part) // 52 for part in note.split("\n"))
        self.b.sheet.write_comment(
            self.b.row,
            NAME,
            note,
            {
                "author": settings.ISSUING_BODY,
                "width": 340,
                "height": min(600, 18 * lines + 12),
                "font_size": 9,
            },
        )

    def _write_given(self):
        b, leaf = self.b, self.leaf
        is_open = leaf.options.override_allowed or not leaf.rule.computes
        form = {**BOX, "align": "right", **(INPUT if is_open else CLOSED)}
        points = self.entries.points
        b.value(GIVEN, None if points is None else figure_or_text(points), **form)
        if is_open:
            self._validate(
                GIVEN,
                {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": shortest(leaf.low),
                    "maximum": shortest(leaf.high),
                },
                _("A number from %(low)s to %(high)s.")
                % {"low": show_points(leaf.low), "high": show_points(leaf.high)},
            )

    def _write_proposal(self):
        b = self.b
        is_open = self.leaf.options.na_allowed
        form = {**BOX, "align": "center", **(INPUT if is_open else CLOSED)}
        b.value(PROPOSED, b.words.na if self.entries.proposes else None, **form)
        if is_open:
            self._validate(
                PROPOSED,
                {"validate": "list", "source": [b.words.na]},
                _(
                    "%(sign)s proposes that the criterion does not apply; give the reason."
                )
                % {"sign": b.words.na},
            )

    def _write_reason(self):
        reason, form = self.entries.reason, {**BOX, "text_wrap": True}
        if fits(reason):
            self.b.value(REASON, reason or None, **form, **INPUT, num_format="@")
        else:
            words = _("Too long for a workbook; it can be changed on-line.")
            self.b.text(REASON, words, **form, **CLOSED)

    def _write_line(self, line):
        """One cell for declared data; the ranges of its drop-down, None without."""
        b = self.b
        b.text(LABEL, line.label, **BOX, text_wrap=True, font_size=10, indent=1)
        b.sheet.write_string(b.row, LINE_KEY, f"line:{self.leaf.code}|{line.name}")
        form = {**BOX, **INPUT, "text_wrap": bool(line.items)}
        form["align"] = "left" if line.items else "right"
        b.value(VALUE, cell_value(line, self.entries.values[line.name]), **form)
        if line.kind == "option":
            ranges = b.options(line)
            self._validate(
                VALUE,
                {"validate": "list", "source": f"={ranges[0]}"},
                _("Choose one of the list."),
            )
            return ranges
        if line.items:
            self._validate(
                VALUE,
                {"validate": "list", "source": list(line.items)},
                _("Choose one of the list."),
            )
            return None
        self._validate(VALUE, *self._bounds(line))
        return None

    def _bounds(self, line):
        kind = "integer" if line.kind == "whole" else "decimal"
        if line.field.high is None:
            words = (
                _("A whole number, 0 or more.")
                if line.kind == "whole"
                else _("A number, 0 or more.")
            )
            return {"validate": kind, "criteria": ">=", "value": 0}, words
        low, high = line.field.low or Decimal(0), line.field.high
        rule = {
            "validate": kind,
            "criteria": "between",
            "minimum": shortest(low),
            "maximum": shortest(high),
        }
        return rule, _("A number from %(low)s to %(high)s.") % {
            "low": show_points(low),
            "high": show_points(high),
        }

    def _validate(self, column, rule, sentence):
        rule = {
            **rule,
            "error_title": self.leaf.code[:32],
            "error_message": sentence[:255],
        }
        self.b.sheet.data_validation(self.b.row, column, self.b.row, column, rule)

    # --- points -------------------------------------------------------------------

    def _write_points(self, ranges):
        b, row = self.b, self.first
        computed, computed_shown = self._computed(ranges)
        form = b.paper.format(**BOX, align="right", num_format="General", **CLOSED)
        if computed:
            b.sheet.write_formula(row, COMPUTED, computed, form, computed_shown)
        elif self.lines:
            words = b.paper.format(**BOX, italic=True, font_size=9, text_wrap=True)
            text = _("computed when sent")
            b.sheet.write_string(row, COMPUTED, text, words)
        else:
            b.sheet.write_blank(row, COMPUTED, None, form)
        self._write_effective(bool(computed))

    def _computed(self, ranges):
        """The formula, and what the engine makes of the stored data."""
        if not self.lines:
            return "", ""
        cells = {
            line.name: address(self.first + number, VALUE)
            for number, line in enumerate(self.lines)
        }
        whole = f"{address(self.first, VALUE)}:{address(self.b.row - 1, VALUE)}"
        place = Place(cells, whole, ranges)
        formula = points_formula(
            self.leaf, place, self.b.formula_words, self.b.decimals
        )
        return formula, self._engine_s()

    def _engine_s(self):
        if not self.facts.data:
            return ""
        data = read_object(self.facts.data)
        points = compute(self.leaf, data, self.b.decimals)
        return (
            self.b.words.na if points is NOT_APPLICABLE else Decimal(shortest(points))
        )

    def _write_effective(self, has_formula):
        """What counts: the proposal, else the points given, else those computed."""
        b, row = self.b, self.first
        given = address(row, GIVEN)
        rest = address(row, COMPUTED) if has_formula else '""'
        formula = f'IF({given}<>"",{given},{rest})'
        if self.leaf.options.na_allowed:
            formula = f'IF({address(row, PROPOSED)}<>"","{b.words.proposed}",{formula})'
        form = b.paper.format(
            **BOX,
            bold=True,
            align="right",
            num_format="General",
            font_color="#3d4a5c",
        )
        b.sheet.write_formula(row, POINTS, f"={formula}", form, self._effective())

    def _effective(self):
        words, facts = self.b.words, self.facts
        if facts.not_applicable == NotApplicable.PROPOSED:
            return words.proposed
        if facts.not_applicable == NotApplicable.CONFIRMED:
            return words.na
        return "" if facts.points is None else Decimal(shortest(facts.points))
