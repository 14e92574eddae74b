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

from scoring.index.derivation import SCORED, derive
from scoring.index.figures import to_units
from scoring.index.rollup import exempted_leaves, unit_totals
from scoring.index.values import AgencyScores, CellValue, RoundRules, Totals
from scoring.labels import Layer, LedgerKind, NotApplicable, SheetMark, View
from scoring.models import (
    Cell,
    CriteriaSet,
    EvidenceLink,
    Exemption,
    LedgerLine,
    Remark,
)
from scoring.queries.criteria import tree_of
from scoring.queries.evidence_library import place_words, shown_as
from scoring.queries.remarks import all_remarks
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

# Number, criterion, maximum, declared data, points, evidence, explanation.
OWN_COLUMNS = 7

# The agency's own part: what surveys measure is not in its hands, and what it has not
# scored yet counts 0 until it does.
OWN_PART = RoundRules(not_scored="zero", missing_survey="rescale")


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A document at a leaf, as it is cited, with the place of the proof in it.

    url   of the document on the web, "" for a stored file
    page  of the proof, as it was written
    shows what a browser can show of it beside the sheet: "pdf", "image" or ""
    """

    link_id: int
    document_id: int
    title: str
    place: str
    url: str
    page: str = ""
    shows: str = ""

    @property
    def is_on_web(self):
        return self.url != ""

    @property
    def address(self):
        """Where the document is read: on the web, or here for a stored file."""
        return self.url or reverse("scoring:evidence-file", args=[self.document_id])


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """What the sheet shows beside the agency's own part.

    layers  ``((layer, label), …)``, in order; lost: whether lost points stand there
    """

    layers: tuple = ()

    @property
    def lost(self):
        return bool(self.layers)

    @property
    def later(self):
        """How many columns come between the agency's points and its evidence."""
        return len(self.layers) + self.lost

    @property
    def all(self):
        return OWN_COLUMNS + self.later

    @property
    def after_maximum(self):
        return self.all - 3


@dataclass(frozen=True, slots=True)
class LaterValue:
    """What a later layer says of a leaf: points as text, "" for nothing."""

    layer: str
    label: str
    points: str = ""
    is_not_applicable: bool = False


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
    lacks      what is missing: "", not_scored, evidence, reason (and no evidence)
    remarks    the leader's, done ones too
    later      a LaterValue for each later layer that is shown; lost: points as text
    is_hidden  the reader's filter leaves it out
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
    remarks: list = field(default_factory=list)
    later: tuple = ()
    lost: str = ""
    is_hidden: bool = False

    @property
    def hidden(self):
        """The attribute of a line that is left out, with a space before."""
        return " hidden" if self.is_hidden else ""

    @property
    def open_remarks(self):
        return sum(remark.resolved_at is None for remark in self.remarks)

    @property
    def marks(self):
        """The SheetMarks that this line can be found by."""
        found = []
        lacks = self.lacks
        if lacks == "not_scored":
            found.append(SheetMark.NOT_SCORED)
        elif lacks:
            found.append(SheetMark.NO_EVIDENCE)
        if self.remarks and self.open_remarks:
            found.append(SheetMark.REMARKED)
        if self.not_applicable or self.kind == "exempted":
            found.append(SheetMark.NOT_APPLICABLE)
        if self.lost not in ("", "0"):
            found.append(SheetMark.LOST)
        if self.errors or self.conflict:
            found.append(SheetMark.UNSAVED)
        return found

    @property
    def marked(self):
        return " ".join(self.marks)

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
    columns: SheetColumns = SheetColumns()

    def forget_remarks(self):
        """For a reader whom the correspondence of leader and officer does not concern."""
        for row in self.rows:
            row.remarks = []

    def row(self, code):
        return next((row for row in self.rows if row.text.code == code), None)

    def field_of(self, row):
        return next(f for f in self.fields if f.code == row.text.field_code)


def sheet_of(assessment, layers=()):
    """The sheet of one file with round, agency and group__criteria_set at hand.

    layers  those beside the agency's own that the reader may see, in order

    Four queries: cells, evidence, exemptions, remarks; one more where there are any.
    """
    set_tree = tree_of(assessment.group.criteria_set)
    texts = criterion_texts(assessment.group.criteria_set)
    by_layer = _cells(assessment, set_tree, layers)
    cells = by_layer[Layer.SELF]
    evidence = _evidence(assessment, set_tree)
    exempted = {
        set_tree.codes[criterion_id]: document
        for criterion_id, document in Exemption.objects.filter(
            assessment=assessment
        ).values_list("criterion_id", "document")
    }
    out = exempted_leaves(set_tree.tree, exempted)
    places = {text.code: place for place, text in enumerate(texts)}
    reading = Reading.now(assessment.group.criteria_set)
    rows = [
        row_of(
            text,
            reading,
            cells.get(text.code),
            evidence.get(text.code),
            exemption_of(text, out, exempted),
        )
        for text in texts
    ]
    for code, remarks in _remarks(assessment).items():
        rows[places[code]].remarks = remarks
    layers = _that_speak(layers, by_layer)
    if layers:
        _add_later(rows, by_layer, layers, _lost(set_tree, by_layer, layers, exempted))
    return Sheet(
        rows=rows,
        fields=progress_of(rows),
        totals=totals_of(set_tree, cells, exempted, rows),
        columns=SheetColumns(
            tuple((str(layer), str(Layer(layer).label)) for layer in layers)
        ),
    )


# What a file that is filled again was before: with its leader, locked and withdrawn, or
# returned by the round's manager.
RETURNED_FROM = (FileState.WITH_LEADER, FileState.LOCKED, FileState.LOCKED_BY_CLOCK)


def returned_remark(assessment):
    """What was written when the file came back, while it is being completed."""
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
    return last if last and last.before in RETURNED_FROM else None


# --- what the agency says ---------------------------------------------------------


StoredCell = namedtuple(
    "StoredCell",
    "criterion_id layer points data not_applicable reason version updated_at"
    " name username",
)


def _cells(assessment, set_tree, layers):
    """``{layer: {code: StoredCell}}`` of the agency's own layer and of ``layers``.

    Plain rows: a model instance for each cell and its author costs twice.
    """
    found = {Layer.SELF: {}, **{layer: {} for layer in layers}}
    rows = Cell.objects.filter(assessment=assessment, layer__in=list(found))
    for row in rows.values_list(
        *StoredCell._fields[:-2], "updated_by__full_name", "updated_by__username"
    ):
        cell = StoredCell(*row)
        found[cell.layer][set_tree.codes[cell.criterion_id]] = cell
    return found


def _evidence(assessment, set_tree):
    links = EvidenceLink.objects.filter(
        document__assessment=assessment, document__removed_at=None
    ).select_related("document__current")
    found = defaultdict(list)
    for link in links:
        found[set_tree.codes[link.criterion_id]].append(evidence_item(link))
    return found


def _remarks(assessment):
    """Most files have none: to ask for them with all who wrote them costs more."""
    if not Remark.objects.filter(assessment=assessment).exists():
        return {}
    return all_remarks(assessment)


def evidence_item(link):
    return EvidenceItem(
        link_id=link.pk,
        document_id=link.document_id,
        title=link.document.citation,
        place=place_words(link),
        url=link.document.link,
        page=link.page,
        shows=shown_as(link.document.current),
    )


def exemption_of(text, out, exempted):
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


def row_of(text, reading, cell, evidence, exemption):
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


# --- what others say ---------------------------------------------------------------


def _that_speak(layers, by_layer):
    """The first layer from its beginning, later ones once they say something."""
    return tuple(layer for layer in layers if layer == layers[0] or by_layer[layer])


def _add_later(rows, by_layer, layers, lost):
    for row in rows:
        if row.kind == "leaf":
            code = row.text.code
            row.later = tuple(
                _later(str(layer), str(Layer(layer).label), by_layer[layer].get(code))
                for layer in layers
            )
            if (points := lost.get(code)) is not None:
                row.lost = show_points(points)


def _later(layer, label, cell):
    if cell is None:
        return LaterValue(layer, label)
    if cell.not_applicable:
        return LaterValue(layer, label, is_not_applicable=True)
    points = "" if cell.points is None else show_points(cell.points)
    return LaterValue(layer, label, points)


def _lost(set_tree, by_layer, layers, exempted):
    """Points lost by the last of the layers that are shown, as the engine says."""
    scores = AgencyScores(
        layers={layer: _values(by_layer[layer]) for layer in layers},
        exempted=frozenset(exempted),
    )
    worked = derive(set_tree.tree, scores, View.FINAL, OWN_PART, {})
    return {
        leaf.code: leaf.lost_points for leaf in worked.leaves() if leaf.status == SCORED
    }


def _values(cells):
    return {
        code: CellValue(cell.points, bool(cell.not_applicable))
        for code, cell in cells.items()
        if cell.not_applicable or cell.points is not None
    }


# --- rail and totals --------------------------------------------------------------


def progress_of(rows):
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


def totals_of(set_tree, cells, exempted, rows):
    values, proposals = {}, {}
    for code, cell in cells.items():
        is_out = cell.not_applicable == NotApplicable.CONFIRMED
        if is_out or cell.points is not None:
            values[code] = None if is_out else to_units(cell.points)
        elif cell.not_applicable == NotApplicable.PROPOSED:
            proposals[code] = None
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
    return unit_totals(set_tree.tree, values, {}, OWN_PART, exempted=exempted)
