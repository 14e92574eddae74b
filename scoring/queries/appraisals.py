"""The appraiser's sheet: self | appraised | explained of one agency, leaf by leaf.

Rows are plain values with words ready to print, so that a long table costs the
template next to nothing and the database a fixed number of queries.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.utils.translation import get_language

from scoring.index.compare import points_difference
from scoring.index.rollup import exempted_leaves
from scoring.index.survey import survey_points
from scoring.index.values import Leaf, Totals
from scoring.labels import Layer, NotApplicable, View
from scoring.models import Cell, EvidenceLink, Exemption, SurveyResult
from scoring.permissions import appraised_layer_at
from scoring.queries.criteria import tree_of
from scoring.queries.declared import declared_words
from scoring.queries.sheet_texts import slug_of
from scoring.queries.totals import totals_from_json
from scoring.wording import say, show_number, show_points

BEFORE = {
    Layer.APPRAISED: (Layer.SELF,),
    Layer.EXPLAINED: (Layer.APPRAISED, Layer.SELF),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """A document of evidence and where in it the proof stands."""

    citation: str
    place: str
    url: str
    is_link: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What one layer says, in words; ``cell`` is None where it says nothing.

    not_applicable  "", "proposed" or "confirmed"
    """

    cell: Cell | None = None
    points: str = "—"
    not_applicable: str = ""
    data: tuple = ()
    reason: str = ""
    who: str = ""
    at: datetime | None = None

    def __bool__(self):
        return self.cell is not None


@dataclass(frozen=True, slots=True)
class BranchRow:
    code: str
    anchor: str
    name: str
    level: int
    is_leaf: bool = False


@dataclass(frozen=True, slots=True)
class LeafRow:
    """One criterion that takes points.

    entries       one Entry per layer that the sheet shows, in the sheet's order
    own, judged   the agency's Entry and that of the layer being written
    before        the Entry that ``judged`` is compared with
    version       version of the cell being written, 0 without one
    """

    leaf: Leaf
    code: str
    anchor: str
    name: str
    maximum: str
    entries: tuple[tuple[str, Entry], ...]
    own: Entry
    judged: Entry
    before: Entry
    version: int
    proofs: tuple[Proof, ...]
    survey: str
    difference: str
    direction: str
    is_exempted: bool
    is_leaf: bool = True

    @property
    def is_judgeable(self):
        return not self.leaf.is_survey and not self.is_exempted

    @property
    def needs_decision(self):
        """The agency proposes "not applicable" and nobody has answered."""
        return self.own.not_applicable == NotApplicable.PROPOSED and not self.is_judged

    @property
    def is_judged(self):
        return any(entry for layer, entry in self.entries if layer != Layer.SELF)

    @property
    def is_waiting(self):
        """A value or a proposal of the agency that nobody has judged."""
        return self.is_judgeable and bool(self.own) and not self.is_judged

    @property
    def can_be_accepted(self):
        """What one click may take over as it is."""
        return self.is_waiting and not self.needs_decision

    @property
    def is_different(self):
        """Judged otherwise than the agency judged itself."""
        last = [entry for layer, entry in self.entries if layer != Layer.SELF and entry]
        return bool(last) and (
            (last[-1].points, last[-1].not_applicable)
            != (self.own.points, self.own.not_applicable)
        )

    @property
    def lacks_evidence(self):
        """Points above 0 without the evidence that the criterion asks for."""
        has_points = self.own and self.own.cell.points and self.own.cell.points > 0
        return (
            self.leaf.options.evidence_required and bool(has_points) and not self.proofs
        )

    @property
    def in_address(self):
        """The code as part of an address: any sign may stand in a code."""
        return quote(self.code, safe="")

    @property
    def maximum_words(self):
        return f"/ {self.maximum}"

    def description(self):
        """How points are computed, in the reader's language."""
        lines = self.leaf.rule.describe(self.leaf.parameters, self.leaf.max_points)
        return [say(line) for line in lines]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One agency's sheet.

    layer    the layer that appraisers write in the round's present phase; outside
             the phases, the last that was written
    layers   the layers shown, in order
    totals   ``[(view, Totals)]`` as stored beside the file
    fields   ``[(BranchRow, judged, to judge)]`` of the top branches
    """

    rows: tuple[BranchRow | LeafRow, ...]
    layer: str
    layers: tuple[str, ...]
    totals: tuple[tuple[str, Totals], ...]
    fields: tuple[tuple[BranchRow, int, int], ...]

    @property
    def leaves(self):
        return [row for row in self.rows if row.is_leaf]

    @property
    def judgeable(self):
        return [row for row in self.leaves if row.is_judgeable]

    @property
    def judged_count(self):
        return sum(row.is_judged for row in self.judgeable)

    @property
    def acceptable_count(self):
        return sum(row.can_be_accepted for row in self.leaves)

    @property
    def decision_count(self):
        return sum(row.needs_decision for row in self.leaves)

    def leaf(self, code):
        return next((row for row in self.leaves if row.code == code), None)

    def next_waiting(self, code):
        """The next criterion that waits, after ``code`` and then from the top."""
        waiting = [row.code for row in self.leaves if row.is_waiting]
        order = [row.code for row in self.leaves]
        later = [c for c in waiting if order.index(c) > order.index(code)]
        return next(iter(later or waiting), None)

    def filtered(self, show):
        """Rows of one filter: the leaves that match and the branches above them."""
        test = FILTERS.get(show)
        if test is None:
            return self.rows
        kept = {row.code for row in self.leaves if test(row)}
        above = {
            code for row in self.leaves if row.code in kept for code in row.leaf.path
        }
        return tuple(row for row in self.rows if row.code in kept | above)


FILTERS = {
    "waiting": lambda row: row.is_waiting,
    "different": lambda row: row.is_different,
    "decision": lambda row: row.needs_decision,
    "evidence": lambda row: row.lacks_evidence,
}


def sheet_of(assessment, now=None):
    """The sheet of a file that came with round, agency and group__criteria_set.

    Four queries, however many criteria there are.
    """
    set_tree = tree_of(assessment.group.criteria_set)
    cells = _cells(assessment, set_tree)
    layer = _written_layer(assessment.round, cells, now)
    layers = (Layer.SELF, Layer.APPRAISED)
    if layer == Layer.EXPLAINED:
        layers += (Layer.EXPLAINED,)
    builder = _Builder(
        set_tree=set_tree,
        cells=cells,
        layer=layer,
        layers=layers,
        proofs=_proofs(assessment, set_tree),
        surveys=_surveys(assessment, set_tree),
        exempted=_exempted(assessment, set_tree),
    )
    rows = tuple(builder.row(node) for node in set_tree.tree.nodes)
    return Sheet(
        rows=rows,
        layer=layer,
        layers=layers,
        totals=_totals(assessment, layers),
        fields=_fields(rows),
    )


def _written_layer(round_, cells, now):
    layer = appraised_layer_at(round_, now)
    if layer:
        return layer
    if any(key[1] == Layer.EXPLAINED for key in cells):
        return Layer.EXPLAINED
    return Layer.APPRAISED


def _cells(assessment, set_tree):
    """``{(leaf code, layer): cell}``, withdrawn ones too: they hold a version."""
    rows = Cell.objects.filter(assessment=assessment).select_related("updated_by")
    return {(set_tree.codes[cell.criterion_id], cell.layer): cell for cell in rows}


def _exempted(assessment, set_tree):
    rows = Exemption.objects.filter(assessment=assessment)
    codes = [set_tree.codes[pk] for pk in rows.values_list("criterion_id", flat=True)]
    return exempted_leaves(set_tree.tree, codes)


def _surveys(assessment, set_tree):
    rows = SurveyResult.objects.filter(assessment=assessment)
    return {
        set_tree.codes[pk]: percent
        for pk, percent in rows.values_list("criterion_id", "mean_percent")
    }


def _proofs(assessment, set_tree):
    found = defaultdict(list)
    links = EvidenceLink.objects.filter(document__assessment=assessment)
    for link in links.select_related("document__current").order_by("pk"):
        document = link.document
        found[set_tree.codes[link.criterion_id]].append(
            Proof(
                citation=document.citation,
                place=", ".join(filter(None, (link.section, link.page))),
                url=document.address,
                is_link=bool(document.link),
            )
        )
    return found


def _totals(assessment, layers):
    views = [View.SELF, View.APPRAISED]
    if Layer.EXPLAINED in layers:
        views.append(View.EXPLAINED)
    return tuple((view, totals_from_json(assessment.totals, view)) for view in views)


def _fields(rows):
    """Top branches with how many of their leaves are judged, of how many."""
    leaves = [row for row in rows if row.is_leaf and row.is_judgeable]
    return tuple(
        (
            branch,
            sum(row.is_judged for row in leaves if branch.code == row.leaf.path[0]),
            sum(branch.code == row.leaf.path[0] for row in leaves),
        )
        for branch in rows
        if not branch.is_leaf and branch.level == 0
    )


@dataclass(frozen=True, slots=True)
class _Builder:
    set_tree: object
    cells: dict
    layer: str
    layers: tuple
    proofs: dict
    surveys: dict
    exempted: frozenset

    def row(self, node):
        name = (node.name_en if get_language() == "en" else "") or node.name_vi
        anchor = f"leaf-{slug_of(node.code)}"
        if not isinstance(node, Leaf):
            return BranchRow(node.code, anchor, name, len(node.path))
        entries = {layer: self.entry(node, layer) for layer in self.layers}
        own, judged = entries[Layer.SELF], entries[self.layer]
        last = next(
            (entries[x] for x in reversed(self.layers[1:]) if entries[x]), Entry()
        )
        shift = _shift(own, last)
        written = self.cells.get((node.code, self.layer))
        return LeafRow(
            leaf=node,
            code=node.code,
            anchor=anchor,
            name=name,
            maximum=show_number(node.max_points),
            entries=tuple(entries.items()),
            own=own,
            judged=judged,
            before=self.before(entries),
            version=written.version if written else 0,
            proofs=tuple(self.proofs.get(node.code, ())),
            survey=self.survey(node),
            difference=_signed(shift),
            direction=_direction(shift),
            is_exempted=node.code in self.exempted,
        )

    def entry(self, leaf, layer):
        cell = self.cells.get((leaf.code, layer))
        if cell is None or cell.is_blank:
            return Entry()
        return Entry(
            cell=cell,
            points=show_points(cell.points),
            not_applicable=cell.not_applicable,
            data=tuple(declared_words(leaf, cell.data)),
            reason=cell.reason,
            who=str(cell.updated_by),
            at=cell.updated_at,
        )

    def before(self, entries):
        return next(
            (entries[layer] for layer in BEFORE[self.layer] if entries[layer]), Entry()
        )

    def survey(self, leaf):
        percent = self.surveys.get(leaf.code)
        if percent is None or not leaf.is_survey:
            return ""
        places = self.set_tree.tree.points_decimals
        return show_points(survey_points(leaf, percent, places))


def _shift(own, last):
    if not own or not last:
        return None
    return points_difference(own.cell.points, last.cell.points)


def _signed(shift):
    """A leaf's difference in full: its fourth decimal may decide a rank."""
    if shift is None:
        return ""
    return ("+" if shift > 0 else "") + show_number(shift)


def _direction(shift):
    if not shift:
        return "none"
    return "up" if shift > 0 else "down"
