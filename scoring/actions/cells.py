"""The one door through which points, N/A states, declared data and reasons change.

Whatever the path (form, autosave, import, meeting, command), it ends here: lock
the file, check phase, right, range and version, write cells, ledger and totals in
one transaction. A refused change changes nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from scoring.actions import files, ledger
from scoring.index.cells import CheckedCell, check_cell
from scoring.index.errors import DataError, ScoringError
from scoring.index.figures import shortest
from scoring.labels import Layer, LedgerKind, PhaseName, RoleName
from scoring.models import Cell
from scoring.permissions import (
    PHASES_OF_LAYER,
    assessment_rights,
    holds_role,
    importable_layers,
    own_agency_ids,
    self_assessment_is_open,
)
from scoring.prepared import Prepared
from scoring.queries.criteria import tree_of
from scoring.queries.evidence import evidence_seen
from scoring.refusals import Conflict, Late, ManyRefused, NotAllowed, Refused
from scoring.states import LOCKED, FileState
from scoring.wording import say

APPRAISERS_LAYERS = (Layer.APPRAISED, Layer.EXPLAINED)


@dataclass(frozen=True, slots=True)
class CellChange:
    """What one layer of one leaf shall be.

    points            Decimal, or None: the rule computes from ``data`` (or no value)
    data              declared data as a mapping of the rule's keys, or None
    not_applicable    "", "proposed" or "confirmed"
    expected_version  the version the writer saw (0: no row yet); None: not asked
    """

    code: str
    layer: str
    points: Decimal | None = None
    data: Mapping | None = None
    not_applicable: str = ""
    reason: str = ""
    expected_version: int | None = None


@transaction.atomic
def save(assessment, changes, *, by, kind=LedgerKind.SAVED, at=None):
    """Save changes of one file as a person's act; returns the cells in order.

    Refused: Late when the clock has closed the layer; NotAllowed without the
    right; Conflict (409) when a cell is no longer the version the writer saw and
    holds another value; Refused for what the rules refuse (ManyRefused with all
    of them for several changes). Repeating a save changes nothing and succeeds.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    require_writable(locked, {change.layer for change in changes}, by, at, kind)
    checked = check(locked, changes)
    present = _present(locked, changes)
    require_reasons(locked, checked)
    return write(locked, checked, present, by=by, at=at, kind=kind)


def require_writable(assessment, layers, by, at, kind=LedgerKind.SAVED):
    """Refuse when the clock, the file's state or the person's role forbid a layer."""
    if assessment.group.is_adopted:
        raise Refused(
            _(
                "%(group)s has been adopted by the Council; its scores change only "
                "by a correction."
            )
            % {"group": assessment.group.name}
        )
    for layer in layers:
        _require_open(assessment, layer, at)
        _require_right(assessment, layer, by, at, kind)


def _require_open(assessment, layer, at):
    if layer == Layer.SELF:
        phases = [assessment.round.phase(PhaseName.SELF_ASSESSMENT)]
        is_open = self_assessment_is_open(assessment, at)
    else:
        phases = [assessment.round.phase(name) for name in PHASES_OF_LAYER[layer]]
        is_open = any(phase and phase.includes(at) for phase in phases)
    if is_open:
        return
    if layer == Layer.SELF and assessment.state_at(at) == FileState.LOCKED_BY_CLOCK:
        raise Late(files.late_sentence(assessment))
    if assessment.state_at(at) in LOCKED and layer == Layer.SELF:
        raise NotAllowed(files.closed_sentence(assessment, at))
    raise Late(_closed_phase_sentence(layer, phases[0], at))


def _closed_phase_sentence(layer, phase, at):
    if phase is None or at < phase.starts_at:
        sentence = _(
            "%(layer)s cannot be entered yet: the phase “%(phase)s” opens at %(when)s."
        )
    else:
        sentence = _(
            "%(layer)s can no longer be entered: the phase “%(phase)s” closed at "
            "%(when)s. The Department of Home Affairs decides on exceptions."
        )
    moment = phase and (phase.starts_at if at < phase.starts_at else phase.ends_at)
    return sentence % {
        "layer": Layer(layer).label,
        "phase": phase.get_name_display() if phase else "—",
        "when": date_format(localtime(moment), "DATETIME_FORMAT") if moment else "—",
    }


def _require_right(assessment, layer, by, at, kind):
    if kind == LedgerKind.IMPORTED and layer in importable_layers(by, assessment, at):
        return
    rights = assessment_rights(by, assessment, at)
    if layer == Layer.SELF:
        if not rights.edit and holds_role(by, assessment, RoleName.OFFICER):
            raise NotAllowed(files.closed_sentence(assessment, at))
        allowed = rights.edit
    elif layer in APPRAISERS_LAYERS:
        if rights.see_appraisal and assessment.state_at(at) not in LOCKED:
            raise Refused(_("The agency has not locked its self-assessment yet."))
        allowed = rights.appraise and rights.appraised_layer == layer
    else:
        allowed = rights.manage and assessment.agency_id not in own_agency_ids(by)
    if not allowed:
        raise NotAllowed()


def check(assessment, changes):
    """Ask the engine of every change; ``[(change, leaf, CheckedCell or None)]``.

    All faults are collected before anything is refused.
    """
    set_tree = tree_of(assessment.group.criteria_set)
    checked, faults = [], []
    for change in changes:
        leaf = set_tree.leaf(change.code)
        if leaf is None:
            faults.append(
                _("%(code)s is not a criterion that takes points.")
                % {"code": change.code}
            )
            continue
        try:
            cell = check_cell(
                leaf,
                layer=change.layer,
                points=change.points,
                data=change.data,
                na=change.not_applicable,
                reason=change.reason,
                points_decimals=set_tree.tree.points_decimals,
            )
        except DataError as error:
            faults.append(f"{leaf.code}: {say(error.sentence)}")
        except ScoringError as error:
            faults.append(say(error.sentence))
        else:
            checked.append((change, leaf, cell))
    if len(faults) == 1:
        raise Refused(faults[0])
    if faults:
        raise ManyRefused(faults)
    return checked


def require_reasons(assessment, checked):
    """An appraiser's points that differ from the points before need a reason."""
    judged = [item for item in checked if item[0].layer in APPRAISERS_LAYERS]
    if not judged:
        return
    before = _values_before(assessment, judged)
    faults = [
        _("Criterion %(code)s: give the reason why the points differ.")
        % {"code": leaf.code}
        for change, leaf, cell in judged
        if cell is not None
        and not cell.reason.strip()
        and (cell.points, cell.na) != before.get((leaf.code, change.layer), (None, ""))
    ]
    if len(faults) == 1:
        raise Refused(faults[0])
    if faults:
        raise ManyRefused(faults)


def _values_before(assessment, judged):
    """``{(code, layer): (points, N/A)}`` of the layer that each one judges."""
    codes = tree_of(assessment.group.criteria_set).codes
    ids = [
        tree_of(assessment.group.criteria_set).ids[leaf.code] for __, leaf, __ in judged
    ]
    found = {}
    for cell in Cell.objects.filter(assessment=assessment, criterion__in=ids):
        if not cell.is_blank:
            found[codes[cell.criterion_id], cell.layer] = (
                cell.points,
                cell.not_applicable,
            )
    before = {}
    for change, leaf, __ in judged:
        chain = [Layer.SELF]
        if change.layer == Layer.EXPLAINED:
            chain = [Layer.APPRAISED, Layer.SELF]
        for layer in chain:
            if (leaf.code, layer) in found:
                before[leaf.code, change.layer] = found[leaf.code, layer]
                break
    return before


CELL = Prepared(
    lambda assessment, criterion, layer: Cell.objects.filter(
        assessment=assessment, criterion=criterion, layer=layer
    ),
    -1,
    -2,
    "layer",
)


def _present(assessment, changes):
    """The cells that stand there now, by (criterion id, layer)."""
    ids = tree_of(assessment.group.criteria_set).ids
    if len(changes) == 1:
        (change,) = changes
        cells = CELL(assessment.pk, ids[change.code], str(change.layer))
        return {(cell.criterion_id, cell.layer): cell for cell in cells}
    cells = Cell.objects.filter(
        assessment=assessment,
        criterion__in=[ids[change.code] for change in changes],
        layer__in={change.layer for change in changes},
    )
    return {(cell.criterion_id, cell.layer): cell for cell in cells}


def write(assessment, checked, present, *, by, at, kind):
    """Write checked changes of a locked file: cells, ledger lines, totals.

    ``present`` holds the cells that stand there now, by (criterion id, layer).
    Nothing is asked of people or clock here: callers have done so, or are
    administrators' acts (a round bundle) that are bound by neither.
    """
    set_tree = tree_of(assessment.group.criteria_set)
    cells, changed, entries = [], [], []
    for change, leaf, value in checked:
        criterion_id = set_tree.ids[leaf.code]
        cell = present.get((criterion_id, change.layer))
        wanted = _stored(value)
        if cell is not None and _same(cell, wanted):
            cells.append(cell)
            continue
        if cell is None and value is None:
            continue
        _require_version(change, leaf, cell)
        before = _snapshot(cell)
        cell = _changed_cell(cell, assessment, criterion_id, leaf, change.layer)
        cell.points, cell.data, cell.not_applicable, cell.reason = wanted
        cell.updated_at, cell.updated_by = at, by
        cells.append(cell)
        changed.append(cell)
        entries.append((leaf, change.layer, before, cell, value is None))
    if changed:
        _store(changed)
        _record(assessment, entries, by=by, at=at, kind=kind, set_tree=set_tree)
        files.save_after_change(assessment, {c.layer for c in changed})
    return cells


def _stored(value: CheckedCell | None):
    if value is None:
        return (None, "", "", "")
    return (value.points, value.data, value.na, value.reason)


def _same(cell, wanted):
    return (cell.points, cell.data, cell.not_applicable, cell.reason) == wanted


def _require_version(change, leaf, cell):
    version = 0 if cell is None or cell.version is None else cell.version
    if change.expected_version is None or change.expected_version == version:
        return
    raise Conflict(
        _("Criterion %(code)s has just been changed by %(who)s. Choose what to keep.")
        % {"code": leaf.code, "who": cell.updated_by if cell else "—"},
        code=leaf.code,
        stored=json.loads(_snapshot(cell) or "null"),
        version=version,
    )


def _changed_cell(cell, assessment, criterion_id, leaf, layer):
    if cell is None:
        return Cell(
            assessment=assessment,
            criterion_id=criterion_id,
            layer=layer,
            low_points=leaf.low,
            high_points=leaf.high,
            version=1,
        )
    cell.version += 1
    cell.low_points, cell.high_points = leaf.low, leaf.high
    return cell


def _store(cells):
    """One statement for new and changed rows; the file's lock keeps others out."""
    Cell.objects.bulk_create(
        cells,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["assessment", "criterion", "layer"],
        update_fields=[
            "points",
            "low_points",
            "high_points",
            "data",
            "not_applicable",
            "reason",
            "version",
            "updated_at",
            "updated_by",
        ],
    )


def _snapshot(cell):
    """What a cell says, as canonical JSON; empty where there is no value."""
    if cell is None or cell.is_blank:
        return ""
    facts = {
        "points": None if cell.points is None else shortest(cell.points),
        "data": cell.data,
        "not_applicable": cell.not_applicable,
        "reason": cell.reason,
    }
    return ledger.facts_text(facts)


def _record(assessment, entries, *, by, at, kind, set_tree):
    seen = evidence_seen(assessment, set_tree)
    ledger.append(
        assessment,
        [
            ledger.Entry(
                kind=LedgerKind.WITHDRAWN if is_withdrawn else kind,
                layer=layer,
                criterion_code=leaf.code,
                before=before,
                after=_snapshot(cell),
                reason=cell.reason,
                evidence=seen.get(leaf.code, ""),
            )
            for leaf, layer, before, cell, is_withdrawn in entries
        ],
        by=by,
        at=at,
        rule_version=set_tree.rule_version,
    )
