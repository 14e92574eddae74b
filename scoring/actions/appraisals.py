"""Appraising: accept what the agency gave itself, for one criterion or for the rest.

Points that differ go through ``cells.save``; so does everything here, in one
transaction, with the ledger's kind ``accepted``.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import cells, files
from scoring.index.cells import check_cell
from scoring.index.jsontext import read_object
from scoring.index.rollup import exempted_leaves
from scoring.labels import Layer, LedgerKind, NotApplicable
from scoring.models import Cell, Exemption
from scoring.permissions import appraised_layer_at
from scoring.queries.criteria import tree_of
from scoring.refusals import Late, Refused


@transaction.atomic
def accept_rest(assessment, *, by, at=None):
    """Accept every self-assessed value that nobody has appraised yet.

    Returns the cells written, in the set's order; a repeat writes none. Left
    alone: criteria that somebody has appraised, that the agency has not scored,
    that are exempted, and proposals of "not applicable", which need a decision.
    Refused as ``cells.save``: the phase, the file's state, the person's right.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    layer = _open_layer(locked, by, at)
    changes = [
        _as_self_assessed(locked, cell, layer) for cell in _unjudged(locked, layer)
    ]
    return cells.save(locked, changes, by=by, kind=LedgerKind.ACCEPTED, at=at)


@transaction.atomic
def accept(assessment, code, *, by, reason="", expected_version=None, at=None):
    """Accept the self-assessed value of one criterion; returns its cell.

    ``reason`` is needed after an explanation, where the points so far were others.
    Refused: nothing self-assessed there, a proposal of "not applicable" (it is
    confirmed or refused), and as ``cells.save``.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    layer = _open_layer(locked, by, at)
    own = Cell.objects.filter(
        assessment=locked, criterion__code=code, layer=Layer.SELF
    ).first()
    if own is None or own.is_blank:
        raise Refused(
            _("Criterion %(code)s has not been scored by the agency.") % {"code": code}
        )
    if own.not_applicable == NotApplicable.PROPOSED:
        raise Refused(
            _(
                "Criterion %(code)s: the agency proposes “not applicable”. Confirm it, "
                "or give points, each with a reason."
            )
            % {"code": code}
        )
    change = _as_self_assessed(locked, own, layer, reason, expected_version)
    (cell,) = cells.save(locked, [change], by=by, kind=LedgerKind.ACCEPTED, at=at)
    return cell


def _open_layer(assessment, by, at):
    """The layer that is written now, after asking whether ``by`` may write it."""
    layer = appraised_layer_at(assessment.round, at)
    if not layer:
        raise Late(_("No phase of appraisal is open now."))
    cells.require_writable(assessment, {layer}, by, at)
    return layer


def _unjudged(assessment, layer):
    """Self-assessed values, in order, with no value in this or an appraised layer."""
    set_tree = tree_of(assessment.group.criteria_set)
    rows = Cell.objects.filter(
        assessment=assessment, layer__in={Layer.SELF, Layer.APPRAISED, layer}
    ).order_by("criterion__position")
    present = [cell for cell in rows if not cell.is_blank]
    judged = {cell.criterion_id for cell in present if cell.layer != Layer.SELF}
    out = _exempted_ids(assessment, set_tree)
    return [
        cell
        for cell in present
        if cell.layer == Layer.SELF
        and cell.not_applicable != NotApplicable.PROPOSED
        and cell.criterion_id not in judged | out
    ]


def _exempted_ids(assessment, set_tree):
    rows = Exemption.objects.filter(assessment=assessment)
    codes = [set_tree.codes[pk] for pk in rows.values_list("criterion_id", flat=True)]
    return {set_tree.ids[code] for code in exempted_leaves(set_tree.tree, codes)}


def _as_self_assessed(assessment, own, layer, reason="", expected_version=None):
    """The change that makes ``layer`` say what the agency's cell says.

    The agency's reason goes along only where points that were not computed need
    one; elsewhere the appraiser says nothing, and the ledger says "accepted".
    """
    set_tree = tree_of(assessment.group.criteria_set)
    code = set_tree.codes[own.criterion_id]
    leaf = set_tree.leaf(code)
    data = read_object(own.data) if own.data else None
    checked = check_cell(
        leaf,
        layer=Layer.SELF,
        points=own.points,
        data=data,
        na="",
        reason=own.reason,
        points_decimals=set_tree.tree.points_decimals,
    )
    return cells.CellChange(
        code=code,
        layer=layer,
        points=own.points,
        data=data,
        reason=reason.strip() or (own.reason if checked.is_override else ""),
        expected_version=expected_version,
    )
