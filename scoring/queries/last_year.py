"""What stood in an earlier round where an agency now scores itself.

Which file that is ``queries/earlier_file.py`` says. Criteria are matched by the pairs of ``CriterionMapping``; where a pair of sets has none, the same code and name
mean the same criterion.
"""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.index.compare import is_odd_jump
from scoring.index.values import LAYERS, Leaf
from scoring.labels import Layer, NotApplicable
from scoring.models import Cell, CriterionMapping, EvidenceLink
from scoring.permissions import assessment_rights, earlier_rights
from scoring.queries.criteria import tree_of
from scoring.queries.earlier_file import earlier_file
from scoring.queries.evidence_library import is_older
from scoring.queries.sheet_texts import (
    CriterionText,
    criterion_texts,
    declared,
    for_input,
)
from scoring.queries.sheets import EvidenceItem, evidence_item
from scoring.vietnamese import search_text
from scoring.wording import show_points


@dataclass(frozen=True, slots=True)
class Said:
    """What one layer of the earlier file says of the criterion, in words.

    not_applicable  "", "proposed" or "confirmed"; steps: the computation written out
    """

    layer: str
    points: str
    not_applicable: str = ""
    data: str = ""
    steps: tuple[str, ...] = ()
    reason: str = ""

    @property
    def label(self):
        return Layer(self.layer).label

    @property
    def not_applicable_words(self):
        return NotApplicable(self.not_applicable).label if self.not_applicable else ""


@dataclass(frozen=True, slots=True)
class EarlierDocument:
    """A document that proved the criterion then.

    item      how it is cited, and what to name when it is used again
    is_open   the reader may open it
    is_old    issued before the year that is assessed now
    is_used   the same content proves the criterion this year already
    """

    item: EvidenceItem
    is_open: bool
    is_old: bool
    is_used: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside a row: the criterion then, and what can be used again.

    agency      name of the predecessor whose file it is, "" when it is the own
    is_mapped   an explicit pair says that the criteria correspond
    own, later  the agency's own values, and the last of the judgements that the reader
                may see (its data only where they were corrected); None where nothing
                was said
    again       JSON of ``{input's name: [texts]}`` for the row's form, "" without any
    hindrance   why there is none although the agency entered something
    may_use     the reader may fill this year's row
    """

    year: int
    agency: str
    text: CriterionText
    is_mapped: bool
    own: Said | None
    later: Said | None
    again: str
    hindrance: str
    documents: tuple[EarlierDocument, ...]
    may_use: bool
    may_use_documents: bool

    @property
    def values(self):
        """What was said then, the agency first."""
        return [said for said in (self.own, self.later) if said]

    @property
    def inputs(self):
        """``[(input's name, text)]`` of what is used again."""
        given = json.loads(self.again or "{}")
        return [(name, text) for name, texts in given.items() for text in texts]


@dataclass(frozen=True, slots=True)
class NothingBeside:
    """Why nothing is shown; in both cases ``year`` may be unknown (None)."""

    year: int | None = None


# --- its criteria --------------------------------------------------------------------


def mapped_codes(now_set, then_set):
    """``{code: code in the earlier set}`` of the explicit pairs of two sets. One query."""
    pairs = CriterionMapping.objects.filter(
        criterion__criteria_set=now_set, previous__criteria_set=then_set
    )
    return dict(pairs.order_by().values_list("criterion__code", "previous__code"))


def earlier_leaf(code, now, then, mapped):
    """The leaf of the earlier tree that ``code`` continues, or None.

    now, then  SetTree of the two sets; mapped: their explicit pairs
    """
    if mapped:
        return then.leaf(mapped[code]) if code in mapped else None
    leaf, before = now.leaf(code), then.leaf(code)
    if leaf is None or before is None:
        return None
    return before if _same_words(leaf.name_vi, before.name_vi) else None


def _same_words(one, other):
    """Equal but for case, spaces, and how and where tones are written."""
    return search_text(one).split() == search_text(other).split()


# --- one criterion -------------------------------------------------------------------


def beside_of(user, assessment, code):
    """What ``user`` may see beside the row ``code``: Beside, or NothingBeside.

    assessment  with round, agency and group__criteria_set at hand
    A fixed number of queries, whatever the size of sets and files.
    """
    earlier = earlier_file(assessment)
    if earlier is None:
        return NothingBeside()
    rights = earlier_rights(user, assessment, earlier.file)
    if not rights.see:
        return NothingBeside()
    now_set, then_set = assessment.group.criteria_set, earlier.file.group.criteria_set
    mapped = mapped_codes(now_set, then_set)
    leaf = earlier_leaf(code, tree_of(now_set), tree_of(then_set), mapped)
    if leaf is None:
        return NothingBeside(earlier.file.round.year)
    return _beside(user, assessment, earlier, rights, code, leaf, bool(mapped))


def _beside(user, assessment, earlier, rights, code, leaf, is_mapped):
    then_set = earlier.file.group.criteria_set
    text = _text_of(then_set, leaf.code)
    cells = _cells(earlier.file, leaf, (Layer.SELF, *rights.layers))
    own = cells.pop(Layer.SELF, None)
    last = max(cells, key=LAYERS.index, default=None)
    now_text = _text_of(assessment.group.criteria_set, code)
    again, hindrance = _again(own, text, now_text, then_set)
    may_use = assessment_rights(user, assessment).edit
    return Beside(
        year=earlier.file.round.year,
        agency=earlier.file.name_vi if earlier.inherited else "",
        text=text,
        is_mapped=is_mapped,
        own=_said(own, text, then_set),
        later=_said(cells.get(last), text, then_set, own),
        again=json.dumps(again, ensure_ascii=False) if again else "",
        hindrance=hindrance,
        documents=_documents(assessment, earlier.file, code, leaf, rights),
        may_use=may_use,
        may_use_documents=may_use and rights.open,
    )


def _text_of(criteria_set, code):
    return next(text for text in criterion_texts(criteria_set) if text.code == code)


def _cells(file, leaf, layers):
    """``{layer: Cell}`` of the layers that say something of the leaf. One query."""
    criterion_id = tree_of(file.group.criteria_set).ids[leaf.code]
    cells = Cell.objects.filter(
        assessment=file, criterion=criterion_id, layer__in=layers
    )
    return {cell.layer: cell for cell in cells if not cell.is_blank}


def _said(cell, text, criteria_set, before=None):
    """What a cell says; its data only where they are not those of ``before``."""
    if cell is None:
        return None
    is_told = cell.data and (before is None or cell.data != before.data)
    told = declared(criteria_set, text, cell.data) if is_told else None
    return Said(
        layer=cell.layer,
        points=show_points(cell.points),
        not_applicable=cell.not_applicable,
        data=told.words if told else "",
        steps=told.steps if told else (),
        reason=cell.reason,
    )


# --- used again ------------------------------------------------------------------------


def _again(cell, then, now, then_set):
    """``({input's name: [texts]}, why not)``; nothing is used again by halves."""
    if cell is None:
        return {}, ""
    if _inputs_of(then) != _inputs_of(now):
        return {}, _("This year the criterion is scored from other data.")
    reason = {"reason": [cell.reason]} if cell.reason else {}
    if cell.not_applicable == NotApplicable.PROPOSED:
        if not now.leaf.options.na_allowed:
            return {}, _("This year “not applicable” cannot be proposed here.")
        return {"na": ["1"], **reason}, ""
    if cell.data:
        return {**_typed(declared(then_set, then, cell.data).groups), **reason}, ""
    if not now.is_manual:
        return {}, _("The points were set by hand, without declared data.")
    if not _within(now.leaf, cell.points):
        return {}, _(
            "The points are out of the range that the criterion has this year."
        )
    return {"points": [for_input(cell.points)], **reason}, ""


def _inputs_of(text):
    """What a person fills in: rule, and each input with its words and values.

    Points of answers and limits of bands may differ: the data stay what they are.
    """
    groups = [
        (
            search_text(group.label).split(),
            [
                (
                    one.kind,
                    one.name,
                    search_text(one.label).split(),
                    "" if one.kind == "text" else one.value,
                )
                for one in group.inputs
            ],
        )
        for group in text.groups
    ]
    return text.leaf.rule.key, groups


def _typed(groups):
    """The inputs of filled groups as a form would send them."""
    typed = {}
    for group in groups:
        for one in group.inputs:
            if one.kind == "text" or one.is_chosen:
                typed.setdefault(one.name, []).append(one.value)
    return typed


def _within(leaf: Leaf, points):
    return leaf.low <= points <= leaf.high


# --- documents ---------------------------------------------------------------------------


def earlier_link(user, assessment, code, pk):
    """The link of a document to the matching criterion of the earlier file, by its key;
    None where ``user`` may not open that file, or it proves another criterion."""
    earlier = earlier_file(assessment)
    if earlier is None or not earlier_rights(user, assessment, earlier.file).open:
        return None
    now_set, then_set = assessment.group.criteria_set, earlier.file.group.criteria_set
    mapped = mapped_codes(now_set, then_set)
    leaf = earlier_leaf(code, tree_of(now_set), tree_of(then_set), mapped)
    return _links(earlier.file, leaf).filter(pk=pk).first() if leaf else None


def _links(file, leaf):
    criterion_id = tree_of(file.group.criteria_set).ids[leaf.code]
    return EvidenceLink.objects.filter(
        document__assessment=file,
        document__removed_at=None,
        criterion=criterion_id,
    ).select_related("document__current")


def _documents(assessment, file, code, leaf, rights):
    """Two queries: the documents then, and the contents that prove the row now."""
    used = _contents_now(assessment, code)
    return tuple(
        EarlierDocument(
            item=evidence_item(link),
            is_open=rights.open,
            is_old=is_older(link.document.issued_on, assessment),
            is_used=_content(link.document.current) in used,
        )
        for link in _links(file, leaf)
    )


def _contents_now(assessment, code):
    links = EvidenceLink.objects.filter(
        document__assessment=assessment,
        criterion=tree_of(assessment.group.criteria_set).ids[code],
    )
    return set(
        links.values_list("document__current__sha256", "document__current__link")
    )


def _content(version):
    return version.sha256, version.link


# --- the whole file ----------------------------------------------------------------------


def jumps(assessment, rows):
    """``[(code, points then, points now)]``: self-assessed points that moved by half of
    the maximum or more against the earlier file, in the order of ``rows``.

    rows  the sheet's rows (``queries/sheets.py``); points are Decimals
    Three queries; two more for an agency that looks back to its predecessor's file.
    """
    earlier = earlier_file(assessment)
    if earlier is None:
        return []
    now_set, then_set = assessment.group.criteria_set, earlier.file.group.criteria_set
    now, then = tree_of(now_set), tree_of(then_set)
    mapped = mapped_codes(now_set, then_set)
    points = _self_points(assessment, earlier.file)
    found = []
    for row in rows:
        code = row.text.code
        leaf = earlier_leaf(code, now, then, mapped) if row.kind == "leaf" else None
        if leaf is None:
            continue
        after = points.get((assessment.pk, now.ids[code]))
        before = points.get((earlier.file.pk, then.ids[leaf.code]))
        if _jumped(leaf, before, now.leaf(code), after):
            found.append((code, before, after))
    return found


def _jumped(then, before, now, after):
    if before is None or after is None:
        return False
    return is_odd_jump(before, then.max_points, after, now.max_points)


def _self_points(*files):
    """``{(file's key, criterion's key): points}`` of the agencies' own layer."""
    cells = Cell.objects.filter(
        assessment__in=files, layer=Layer.SELF, points__isnull=False
    )
    return {
        (file_id, criterion_id): points
        for file_id, criterion_id, points in cells.values_list(
            "assessment_id", "criterion_id", "points"
        )
    }
