"""An agency's score sheet: everything the page prints, in a fixed number of queries.

Rows are plain slotted records whose texts are ready to print, so that the template
only lays them out.
"""

from collections import defaultdict, namedtuple
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from scoring.index.rollup import exempted_leaves, totals
from scoring.index.values import AgencyScores, CellValue, RoundRules, Totals
from scoring.labels import Layer, LedgerKind, NotApplicable, View
from scoring.models import Cell, CriteriaSet, EvidenceLink, Exemption, LedgerLine
from scoring.queries.criteria import tree_of
from scoring.queries.sheet_texts import (
    NOTHING_DECLARED,
    CriterionText,
    Declared,
    criterion_texts,
    declared,
    for_input,
)
from scoring.states import FileState
from scoring.wording import show_fixed, show_points

# The agency's own part: what surveys measure is not in its hands, and what it has not
# scored yet counts 0 until it does.
OWN_PART = RoundRules(not_scored="zero", missing_survey="rescale")


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A document at a leaf, as it is cited, with the place of the proof in it.

    url  of the document on the web, "" for a stored file
    """

    link_id: int
    document_id: int
    title: str
    place: str
    url: str

    @property
    def is_on_web(self):
        return self.url != ""

    @property
    def address(self):
        """Where the document is read: on the web, or here for a stored file."""
        return self.url or reverse("scoring:evidence-file", args=[self.document_id])

    @property
    def removal(self):
        """Where to post that the document is taken off this criterion."""
        return reverse("scoring:evidence-detach", args=[self.link_id])


@dataclass(slots=True)
class SheetRow:
    """One line of the sheet.

    kind       branch, leaf, survey (measured, not entered) or exempted
    points     as text: "" for none; ``not_applicable`` "", "proposed", "confirmed"
    given      points set by hand, "" when the rule's points stand
    groups     the inputs of the form with what is declared in them
    version    of the cell, 0 when there is none
    errors     why what was typed is not saved; conflict: what somebody else saved
    reason_typed, proposes
               what stands in the form where it is not what is stored
    lacks      what the checklist says: "", not_scored, evidence, reason
    """

    text: CriterionText
    kind: str
    points: str = ""
    not_applicable: str = ""
    declared: Declared = NOTHING_DECLARED
    given: str = ""
    reason: str = ""
    groups: tuple = ()
    version: int = 0
    saved: str = ""
    evidence: list = field(default_factory=list)
    exemption: str = ""
    is_open: bool = False
    errors: tuple = ()
    conflict: object = None
    reason_typed: str | None = None
    proposes: bool | None = None

    @property
    def is_typed(self):
        """Whether it shows what somebody typed instead of what is stored."""
        return bool(self.errors or self.conflict) or self.reason_typed is not None

    @property
    def reason_input(self):
        return self.reason if self.reason_typed is None else self.reason_typed

    @property
    def na_input(self):
        if self.proposes is not None:
            return self.proposes
        return self.not_applicable == NotApplicable.PROPOSED

    @property
    def is_scored(self):
        return self.points != "" or self.not_applicable == NotApplicable.CONFIRMED

    @property
    def lacks(self):
        if self.kind != "leaf" or self.not_applicable:
            return ""
        if self.points == "":
            return "" if self.text.leaf.is_adjustment else "not_scored"
        needs = self.text.leaf.options.evidence_required and self.points != "0"
        if needs and not self.evidence:
            return "evidence" if self.reason else "reason"
        return ""


@dataclass(slots=True)
class FieldProgress:
    """A field in the rail: how many of its criteria have a value."""

    code: str
    slug: str
    name: str
    to_score: int = 0
    scored: int = 0


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """The agency's own part as the engine adds it up now.

    if_confirmed  the same if every N/A proposal were confirmed; None without any
    """

    now: Totals
    if_confirmed: Totals | None
    to_score: int
    scored: int
    proposals: int

    @property
    def points(self):
        return show_points(self.now.appraised_points)

    @property
    def maximum(self):
        return show_points(self.now.appraised_max)

    @property
    def bonus(self):
        return show_points(self.now.bonus_points)

    @property
    def penalty(self):
        return show_points(self.now.penalty_points)

    @property
    def index(self):
        return show_fixed(self.now.index)

    @property
    def index_if_confirmed(self):
        return show_fixed(self.if_confirmed.index) if self.if_confirmed else ""


@dataclass(slots=True)
class Sheet:
    """All lines, the rail and the totals of one agency's self-assessment."""

    rows: list
    fields: list
    totals: SheetTotals

    def row(self, code):
        return next((row for row in self.rows if row.text.code == code), None)

    def field_of(self, row):
        return next(f for f in self.fields if f.code == row.text.field_code)

    @property
    def checklist(self):
        """``[(what is lacking, [(code, slug, name)])]``: what a leader looks at before
        locking."""
        found = defaultdict(list)
        for row in self.rows:
            what = row.lacks
            if not what and row.not_applicable == NotApplicable.PROPOSED:
                what = "proposed"
            if what:
                found[what].append((row.text.code, row.text.slug, row.text.name))
        order = ("not_scored", "reason", "evidence", "proposed")
        return [(what, found[what]) for what in order if what in found]


def sheet_of(assessment):
    """The sheet of one file with round, agency and group__criteria_set at hand.

    Three queries: cells of the layer ``self``, evidence, exemptions.
    """
    set_tree = tree_of(assessment.group.criteria_set)
    texts = criterion_texts(assessment.group.criteria_set)
    cells = _self_cells(assessment, set_tree)
    evidence = _evidence(assessment, set_tree)
    exempted = {
        set_tree.codes[criterion_id]: document
        for criterion_id, document in Exemption.objects.filter(
            assessment=assessment
        ).values_list("criterion_id", "document")
    }
    out = exempted_leaves(set_tree.tree, exempted)
    reading = Reading.now(assessment.group.criteria_set)
    rows = [
        _row(
            text,
            reading,
            cells.get(text.code),
            evidence.get(text.code),
            _exemption(text, out, exempted),
        )
        for text in texts
    ]
    return Sheet(
        rows=rows,
        fields=_fields(rows),
        totals=_totals(set_tree, cells, exempted, rows),
    )


def returned_remark(assessment):
    """What the leader wrote when the file came back, while it is being completed."""
    if assessment.state != FileState.SCORING:
        return None
    last = (
        LedgerLine.objects.filter(
            year=assessment.round.year,
            agency_code=assessment.agency.code,
            kind=LedgerKind.MOVED,
        )
        .exclude(reason="")
        .order_by("-sequence")
        .first()
    )
    return last if last and last.before == FileState.WITH_LEADER else None


# --- what the agency says ---------------------------------------------------------


SelfCell = namedtuple(
    "SelfCell",
    "criterion_id points data not_applicable reason version updated_at name username",
)


def _self_cells(assessment, set_tree):
    """Plain rows: a model instance for each cell and its author costs twice."""
    rows = Cell.objects.filter(assessment=assessment, layer=Layer.SELF).values_list(
        *SelfCell._fields[:-2], "updated_by__full_name", "updated_by__username"
    )
    return {set_tree.codes[row[0]]: SelfCell(*row) for row in rows}


def _evidence(assessment, set_tree):
    links = EvidenceLink.objects.filter(document__assessment=assessment).select_related(
        "document"
    )
    found = defaultdict(list)
    for link in links:
        found[set_tree.codes[link.criterion_id]].append(evidence_item(link))
    return found


def evidence_item(link):
    place = []
    if link.section:
        place.append(link.section)
    if link.page:
        place.append(_("page %(page)s") % {"page": link.page})
    return EvidenceItem(
        link_id=link.pk,
        document_id=link.document_id,
        title=link.document.citation,
        place=", ".join(place),
        url=link.document.link,
    )


def _exemption(text, out, exempted):
    """The document that exempts a leaf or a branch above it, "" when none does."""
    if text.leaf is None or text.code not in out:
        return ""
    above = (text.code, *reversed(text.leaf.path))
    return next(exempted[code] for code in above if code in exempted)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is the same for all rows of one sheet, asked once."""

    criteria_set: CriteriaSet
    today: date
    saved: str

    @classmethod
    def now(cls, criteria_set):
        saved = _("Saved at %(time)s, %(who)s")
        return cls(criteria_set, localtime().date(), saved)

    def saved_at(self, cell):
        """``10:32`` today, ``10:32 20/3`` on another day, and who saved."""
        at = localtime(cell.updated_at)
        time = f"{at.hour:02}:{at.minute:02}"
        if at.date() != self.today:
            time = f"{time} {at.day}/{at.month}"
        return self.saved % {"time": time, "who": cell.name or cell.username}


def _row(text, reading, cell, evidence, exemption):
    if text.leaf is None:
        return SheetRow(text, "branch")
    if exemption:
        return SheetRow(text, "exempted", exemption=exemption)
    if text.measured_by:
        return SheetRow(text, "survey")
    row = SheetRow(text, "leaf", groups=text.groups, evidence=evidence or [])
    if cell is not None:
        _fill(row, reading, cell)
    return row


def _fill(row, reading, cell):
    row.version = cell.version
    row.saved = reading.saved_at(cell)
    row.not_applicable, row.reason = cell.not_applicable, cell.reason
    row.points = "" if cell.points is None else show_points(cell.points)
    if cell.data:
        row.declared = declared(reading.criteria_set, row.text, cell.data)
        row.groups = row.declared.groups
    if cell.points is not None and row.points != row.declared.points:
        row.given = for_input(cell.points)


# --- rail and totals --------------------------------------------------------------


def _fields(rows):
    fields = {}
    for row in rows:
        text = row.text
        if not text.depth:
            fields[text.code] = FieldProgress(text.code, text.slug, text.name)
        if row.kind == "leaf" and not text.leaf.is_adjustment:
            progress = fields[text.field_code]
            progress.to_score += 1
            progress.scored += row.is_scored
    return list(fields.values())


def _totals(set_tree, cells, exempted, rows):
    values, proposals = {}, {}
    for code, cell in cells.items():
        is_out = cell.not_applicable == NotApplicable.CONFIRMED
        if is_out or cell.points is not None:
            values[code] = CellValue(cell.points, is_out)
        elif cell.not_applicable == NotApplicable.PROPOSED:
            proposals[code] = CellValue(None, True)
    counted = [r for r in rows if r.kind == "leaf" and not r.text.leaf.is_adjustment]
    return SheetTotals(
        now=_own_totals(set_tree, values, exempted),
        if_confirmed=_own_totals(set_tree, {**values, **proposals}, exempted)
        if proposals
        else None,
        to_score=len(counted),
        scored=sum(row.is_scored for row in counted),
        proposals=len(proposals),
    )


def _own_totals(set_tree, values, exempted):
    scores = AgencyScores(layers={Layer.SELF: values}, exempted=frozenset(exempted))
    return totals(set_tree.tree, scores, View.SELF, OWN_PART)
