"""The own score sheet as a workbook to be filled in off-line.

It looks like the paper form. Only the cells that an agency fills are open; computed
points and totals are live formulas whose cached values are the engine's. Every row
that takes something bears its key in hidden columns, so that rows which were sorted,
moved or deleted by hand are still known; what stood in the cells travels signed in a
hidden sheet. The protection has no password: it keeps from slips, not from people.
"""

from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter import Workbook

from scoring.exchange.paper import (
    FIGURE,
    Paper,
    address,
    created_in,
    lay_page,
    merge,
    quoted,
)
from scoring.exchange.sheet_columns import (
    BOX,
    CLOSED,
    CODE,
    KIND,
    LABEL,
    LAST_SHOWN,
    LEAF_KEY,
    MARKS,
    MAXIMUM,
    NAME,
    POINTS,
    WIDTHS,
)
from scoring.exchange.sheet_formulas import Words
from scoring.exchange.sheet_inputs import plain_text
from scoring.exchange.sheet_leaf import LeafRows, SheetWords
from scoring.exchange.sheet_stamp import SHEET_NAME, Stamp, write_stamp
from scoring.index.figures import round_half_up, shortest
from scoring.labels import LeafKind
from scoring.queries.criteria import tree_of
from scoring.queries.offline import NOTHING, branch_points, self_facts
from scoring.queries.sheets import sheet_of

LISTS_NAME = "_lists"
INDEX_PLACES = 11  # as in the workbook of results
LINE_HEIGHT, MOST_LINES = 15, 14
LOST = "#9f3434"


class ProtectedBook(Workbook):
    """A workbook whose sheets nobody adds, deletes, renames or unhides by accident."""

    def _write_book_views(self):
        # The one place of the schema where the protection may stand.
        self._xml_empty_tag("workbookProtection", [("lockStructure", "1")])
        super()._write_book_views()


class SheetPaper(Paper):
    book = ProtectedBook


def sheet_workbook(assessment, at=None):
    """The bytes of the workbook, in the reader's language.

    ``assessment`` with round, agency and group__criteria_set at hand.
    """
    return _Builder(assessment, at or timezone.now()).build()


class _Builder:
    """Lays one sheet row by row; ``row`` is where the next one goes."""

    def __init__(self, assessment, at):
        self.file, self.at = assessment, at
        self.set_tree = tree_of(assessment.group.criteria_set)
        self.decimals = self.set_tree.tree.points_decimals
        self.facts = self_facts(assessment)
        self.sheet_rows = sheet_of(assessment)
        self.branches = branch_points(assessment, self.facts)
        sign = pgettext("figure", "N/A")
        self.words = SheetWords(sign, f"{sign}?", _("Yes"), _("No"))
        self.formula_words = Words(
            sign, _("incomplete"), _("not valid"), self.words.yes, self.words.no
        )

    def build(self):
        year = self.file.round.year
        self.paper = SheetPaper(
            _("Self-assessment %(year)s") % {"year": year}, created=created_in(year)
        )
        self.sheet = self.paper.add_sheet(
            _("Self-assessment %(year)s") % {"year": year}
        )
        self.lists = self.paper.add_sheet(LISTS_NAME)
        self.next_item, self.starts, self.heights = 0, {}, {}
        self._write_top()
        self._write_heads()
        self.first = self.row
        for line in self.sheet_rows.rows:
            self._write_criterion(line)
        self.last = self.row - 1
        self._write_branch_sums()
        self._write_totals()
        self._lay()
        self._write_hidden()
        return self.paper.close()

    # --- head ---------------------------------------------------------------------

    def _write_top(self):
        self.row = 0
        file = self.file
        self._line(settings.ISSUING_BODY, bold=True, font_size=12)
        title = _("SELF-ASSESSMENT OF THE PAR INDEX, %(year)s") % {
            "year": file.round.year
        }
        self._line(title, bold=True, font_size=14, align="center")
        self._line(file.name_vi, bold=True, font_size=13, align="center")
        if file.round.is_simulated:
            self._line(_("SIMULATED DATA"), bold=True, font_color=LOST, align="center")
        made = _("As stored on %(at)s.") % {
            "at": date_format(localtime(self.at), "SHORT_DATETIME_FORMAT")
        }
        note = _(
            "Fill in the yellow cells only. Points are computed anew when the workbook "
            "is sent; nothing is stored before the differences have been confirmed."
        )
        self._line(f"{made} {note}", italic=True, font_size=10)
        self._line(
            _(
                "The criteria sets here are modelled on published documents. They are "
                "not an official text."
            ),
            italic=True,
            font_size=10,
        )
        self.row += 1

    def _line(self, text, **properties):
        merge(
            self.paper,
            self.sheet,
            self.row,
            (0, LAST_SHOWN),
            plain_text(text),
            **properties,
        )
        self.row += 1

    def _write_heads(self):
        heads = (
            _("No."),
            _("Criterion"),
            _("Maximum points"),
            _("Declared data"),
            _("Value"),
            _("Computed points"),
            _("Other points than computed"),
            _("Self-assessed points"),
            _("Not applicable"),
            _("Explanation"),
            _("Evidence (attached on-line)"),
        )
        head = {"bold": True, **BOX, "align": "center", "text_wrap": True}
        self.head = self.row
        for column, text in enumerate(heads):
            colour = "#e9c46a" if column in MARKS else "#e7f0fb"
            self.paper.write_text(
                self.sheet, self.row, column, text, **head, bg_color=colour
            )
        self.sheet.set_row(self.row, 48)
        self.row += 1
        for column, mark in MARKS.items():
            self.sheet.write_string(self.row, column, mark)
        self.sheet.set_row(self.row, None, None, {"hidden": True})
        self.row += 1

    # --- rows ---------------------------------------------------------------------

    def _write_criterion(self, line):
        self.starts[line.text.code] = self.row
        if line.kind == "branch":
            self._write_branch(line)
        elif line.kind == "leaf":
            LeafRows(self, line).write()
        else:
            words = line.text.measured_by or _("Exempted by %(document)s") % {
                "document": line.exemption
            }
            self._write_closed(line, words)

    def _write_branch(self, line):
        shade = "#dfe7f1" if not line.text.depth else "#eef2f7"
        form = {"bold": True, **BOX, "bg_color": shade}
        self.blanks(**form)
        self.names(line, **form)
        self.row += 1

    def _write_closed(self, line, words):
        form = {**BOX, **CLOSED}
        self.blanks(**form)
        self.names(line, **form)
        self.text(LABEL, words, **form, italic=True, text_wrap=True)
        self.row += 1

    def names(self, line, **form):
        self.text(CODE, line.text.code, **form, num_format="@")
        self.text(NAME, line.text.name, **form, text_wrap=True)
        leaf = line.text.leaf
        if leaf is not None:
            self.number(MAXIMUM, leaf.max_points, **form)
        elif line.text.maximum:
            self.text(MAXIMUM, line.text.maximum, **form, align="right")

    def blanks(self, **form):
        for column in range(LAST_SHOWN + 1):
            self.sheet.write_blank(self.row, column, None, self.paper.format(**form))

    def text(self, column, text, **form):
        text = plain_text(text)
        self.paper.write_text(self.sheet, self.row, column, text, **form)
        parts = text.split("\n")
        lines = sum(1 + len(part) // int(1.3 * WIDTHS[column]) for part in parts)
        self.heights[self.row] = max(lines, self.heights.get(self.row, 1))

    def number(self, column, value, **form):
        shown = self.paper.format(num_format="General", **form)
        self.sheet.write_number(self.row, column, value, shown)

    def value(self, column, value, **form):
        """Text, figure or nothing."""
        if value is None:
            self.sheet.write_blank(self.row, column, None, self.paper.format(**form))
        elif isinstance(value, Decimal):
            self.number(column, value, **form)
        else:
            self.text(column, value, **form)

    # --- sums ---------------------------------------------------------------------

    def _across(self, column, first=None, last=None):
        first, last = (
            address(row, column, fixed_row=True, fixed_column=True)
            for row in (
                self.first if first is None else first,
                self.last if last is None else last,
            )
        )
        return f"{first}:{last}"

    def _sum_of(self, kind, first=None, last=None):
        kinds = self._across(KIND, first, last)
        return f'SUMIF({kinds},"{kind}",{self._across(POINTS, first, last)})'

    def _write_branch_sums(self):
        """The sum of a branch beside its name; its rows end where the next one of its
        depth or above begins."""
        lines = self.sheet_rows.rows
        for place, line in enumerate(lines):
            code = line.text.code
            if not self._holds_own_points(code):
                continue
            below = [
                self.starts[other.text.code]
                for other in lines[place + 1 :]
                if other.text.depth <= line.text.depth
            ]
            last = min(below, default=self.last + 1) - 1
            start = self.starts[code]
            shade = "#dfe7f1" if not line.text.depth else "#eef2f7"
            self._figure(
                start,
                POINTS,
                f"=ROUND({self._sum_of(LeafKind.APPRAISED, start, last)},4)",
                self.branches[code],
                bold=True,
                **BOX,
                bg_color=shade,
            )

    def _holds_own_points(self, code):
        """Whether the agency itself scores anything below a branch."""
        return code in self.branches and any(
            other.kind == "leaf" and code in other.text.leaf.path
            for other in self.sheet_rows.rows
        )

    def _figure(self, row, column, formula, value, **form):
        cached = value if isinstance(value, str) else Decimal(shortest(value))
        form = self.paper.format(num_format="General", align="right", **form)
        self.sheet.write_formula(row, column, formula, form, cached)

    def _write_totals(self):
        now = self.sheet_rows.totals.now
        tree = self.set_tree.tree
        self.row += 1
        points = self._total(
            _("Self-assessed points (what is in the agency's hands)"),
            f"=ROUND({self._sum_of(LeafKind.APPRAISED)},4)",
            now.appraised_points,
        )
        kinds, shown = self._across(KIND), self._across(POINTS)
        maximum = self._total(
            _("Maximum points of the criteria that apply"),
            f'=ROUND(SUMIFS({self._across(MAXIMUM)},{kinds},"{LeafKind.APPRAISED}",'
            f'{shown},"<>{self.words.na}"),4)',
            now.appraised_max,
        )
        held = (
            f"MIN({shortest(tree.bonus_ceiling or Decimal(0))},"
            f"{self._sum_of(LeafKind.BONUS)})"
        )
        bonus = self._total(
            _("Bonus points (held at the ceiling)"),
            f"=ROUND({held},4)",
            now.bonus_points,
        )
        held = (
            f"MAX({shortest(tree.penalty_ceiling or Decimal(0))},"
            f"{self._sum_of(LeafKind.PENALTY)})"
        )
        penalty = self._total(
            _("Penalty points (held at the ceiling)"),
            f"=ROUND({held},4)",
            now.penalty_points,
        )
        index = f"MAX(0,100*{points}/{maximum}+{bonus}+{penalty})"
        if tree.cap_at_100:
            index = f"MIN(100,{index})"
        self._total(
            _("Index of this part in percent, projected"),
            f'=IF({maximum}=0,"—",ROUND({index},{INDEX_PLACES}))',
            "—" if now.index is None else round_half_up(now.index, INDEX_PLACES),
            num_format=FIGURE,
        )

    def _total(self, words, formula, value, num_format="General"):
        """One line below the criteria; returns the address of its figure."""
        form = {"bold": True, **BOX}
        self.blanks(**form)
        self.text(NAME, words, **form, text_wrap=True)
        cached = value if isinstance(value, str) else Decimal(shortest(value))
        shown = self.paper.format(**form, num_format=num_format, align="right")
        self.sheet.write_formula(self.row, POINTS, formula, shown, cached)
        self.row += 1
        return address(self.row - 1, POINTS, fixed_row=True, fixed_column=True)

    # --- hidden things, page and protection ---------------------------------------

    def options(self, line):
        """Lay the items of a drop-down into the hidden sheet; ranges of the texts and
        of their points."""
        first = self.next_item
        for item, choice in zip(line.items, line.field.choices, strict=True):
            self.lists.write_string(self.next_item, 0, item)
            self.lists.write_number(self.next_item, 1, choice.points)
            self.next_item += 1
        last = self.next_item - 1
        sheet = quoted(self.lists)

        def across(column):
            edges = (
                address(row, column, fixed_row=True, fixed_column=True)
                for row in (first, last)
            )
            return f"{sheet}!{':'.join(edges)}"

        return across(0), across(1)

    def _write_hidden(self):
        stamp = Stamp(
            year=self.file.round.year,
            agency=self.file.agency.code,
            rule_version=self.set_tree.rule_version,
            made_at=localtime(self.at).isoformat(timespec="seconds"),
            ledger=self.file.ledger_head,
            facts={
                leaf.code: self.facts.get(leaf.code, NOTHING)
                for leaf in self.set_tree.tree.leaves
                if not leaf.is_survey
            },
        )
        hidden = self.paper.add_sheet(SHEET_NAME)
        write_stamp(hidden, stamp)
        for sheet in (self.lists, hidden):
            sheet.hide()
            sheet.protect()

    def _lay(self):
        sheet = self.sheet
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        # A row that needs one line only is left free to grow with what is typed.
        for row, lines in self.heights.items():
            if lines > 1:
                sheet.set_row(row, LINE_HEIGHT * min(lines, MOST_LINES))
        sheet.set_column(LEAF_KEY, KIND, None, None, {"hidden": True})
        sheet.freeze_panes(self.head + 2, MAXIMUM)
        lay_page(sheet, heads=(self.head, self.head))
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, self.row - 1, LAST_SHOWN)
        if self.file.round.is_simulated:
            sheet.set_header(f"&C&10{_('SIMULATED DATA')}")
        sheet.protect(
            "", {"format_columns": True, "format_rows": True, "autofilter": True}
        )
        sheet.activate()
