"""Freeze the figures of a group when the Council has adopted them."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import ledger
from scoring.labels import LedgerKind, RoleName, Status, View
from scoring.models import Assessment, Freeze, FrozenResult, RoundGroup
from scoring.permissions import role_names
from scoring.queries.results import computed_results
from scoring.queries.totals import totals_from_json, totals_to_json
from scoring.refusals import NotAllowed, Refused
from scoring.states import GROUP_MOVES, target_of


@transaction.atomic
def adopt(group, *, by, at=None, reason=""):
    """Adopt a group: its figures are computed from the cells and frozen.

    Locks the group and all its files, so that no score can slip in meanwhile.
    Refused unless ``by`` chairs the Council of the round, while agencies of the
    group are incomplete, or when the group has been adopted already.
    """
    at = at or timezone.now()
    group = (
        RoundGroup.objects.select_for_update(of=("self",))
        .select_related("round", "group", "criteria_set")
        .get(pk=group.pk)
    )
    if RoleName.CHAIR not in role_names(by, group.round_id):
        raise NotAllowed()
    target = target_of(GROUP_MOVES, "adopt", group.state)
    files = list(
        Assessment.objects.select_for_update(of=("self",))
        .select_related("round", "agency")
        .filter(group=group)
        .order_by("pk")
    )
    (result,) = computed_results(group.round, View.FINAL, [group])
    _require_complete(result)
    _freeze(group, result, files, by=by, at=at, reason=reason)
    group.state = target
    group.save(update_fields=["state"])
    return group


def _require_complete(result):
    waiting = [
        row.assessment.name_vi for row in result.rows if row.status == Status.INCOMPLETE
    ]
    if waiting:
        raise Refused(
            _(
                "These agencies have no complete result yet: %(agencies)s. Enter what "
                "is missing, or decide the round's rule for it, before adoption."
            )
            % {"agencies": ", ".join(waiting)}
        )


def _freeze(group, result, files, *, by, at, reason):
    freeze = Freeze.objects.create(
        group=group,
        sequence=group.freezes.count() + 1,
        at=at,
        by=by,
        reason=reason,
        ledger_manifest=manifest(files),
    )
    FrozenResult.objects.bulk_create(
        [_frozen(freeze, row, group.criteria_set.cap_at_100) for row in result.rows],
        batch_size=500,
    )
    for assessment in files:
        entry = ledger.Entry(kind=LedgerKind.ADOPTED, reason=reason)
        ledger.append(assessment, [entry], by=by, at=at)
    Assessment.objects.bulk_update(files, ["ledger_length", "ledger_head"])
    return freeze


def _frozen(freeze, row, cap_at_100):
    totals, assessed = row.totals, row.status != Status.NOT_ASSESSED
    own = totals_from_json(row.assessment.totals, View.SELF)
    has_index = assessed and totals.index is not None
    exact = totals.index
    return FrozenResult(
        freeze=freeze,
        agency_code=row.assessment.agency.code,
        name_vi=row.assessment.name_vi,
        status=row.status,
        rank=row.rank,
        band=row.band or "",
        index=totals.index_2 if has_index else None,
        index_exact=f"{exact.numerator}/{exact.denominator}" if has_index else "",
        self_points=own.appraised_points if assessed else None,
        totals=totals_to_json({View.FINAL: totals}, cap_at_100=cap_at_100)
        if assessed
        else {},
    )


def manifest(files):
    """SHA-256 over the ledger heads of files, in the order of agency codes."""
    heads = sorted(
        [a.round.year, a.agency.code, a.ledger_length, a.ledger_head] for a in files
    )
    return hashlib.sha256(json.dumps(heads).encode()).hexdigest()
