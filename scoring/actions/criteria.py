"""Criteria sets: a new set, a new version. A set that a round uses never changes."""

import hashlib
import json

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.index.errors import TreeErrors
from scoring.index.figures import shortest
from scoring.index.tree import read_tree
from scoring.models import CriteriaSet, Criterion
from scoring.queries.criteria import criterion_row
from scoring.refusals import ManyRefused, Refused
from scoring.wording import say


@transaction.atomic
def create_version(*, year, code, rows, meta, reason="", freeze=False):
    """Store a checked set as the next version of (year, code).

    rows  CriterionRow in the set's order
    meta  name_vi, name_en, decision, points_decimals, cap_at_100
    Refused by the engine's TreeErrors when a rule of the trade is broken (all of
    them at once); a version after the first needs a reason.
    """
    read_tree(
        rows, points_decimals=meta["points_decimals"], cap_at_100=meta["cap_at_100"]
    )
    last = CriteriaSet.objects.filter(year=year, code=code).aggregate(Max("version"))
    version = (last["version__max"] or 0) + 1
    if version > 1 and not reason.strip():
        raise Refused(_("A new version of a criteria set needs its reason."))
    criteria_set = CriteriaSet.objects.create(
        year=year,
        code=code,
        version=version,
        reason=reason,
        content_hash=content_hash(rows, meta),
        frozen_at=timezone.now() if freeze else None,
        **meta,
    )
    _store_rows(criteria_set, rows)
    return criteria_set


def content_hash(rows, meta):
    """SHA-256 over all that the set says: its own facts and its rows in order."""
    facts = [
        {key: meta[key] for key in sorted(meta)},
        [
            [
                row.code,
                row.parent_code,
                row.name_vi,
                row.name_en,
                None if row.max_points is None else shortest(row.max_points),
                row.rule,
                row.parameters,
            ]
            for row in rows
        ],
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def meta_of(criteria_set):
    return {
        "name_vi": criteria_set.name_vi,
        "name_en": criteria_set.name_en,
        "decision": criteria_set.decision,
        "points_decimals": criteria_set.points_decimals,
        "cap_at_100": criteria_set.cap_at_100,
    }


@transaction.atomic
def check_again(criteria_set):
    """After rows were edited: the whole set must be sound; its hash is laid anew.

    Refused when the set is frozen, and with every fault of its rows.
    """
    criteria_set = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    if criteria_set.frozen_at:
        raise Refused(_("A round uses this set: make a new version instead."))
    criteria = criteria_set.criteria.select_related("parent").order_by("position")
    rows = [criterion_row(criterion) for criterion in criteria]
    faults = tree_faults(rows, meta_of(criteria_set))
    if faults:
        raise ManyRefused(faults)
    criteria_set.content_hash = content_hash(rows, meta_of(criteria_set))
    criteria_set.save(update_fields=["content_hash"])
    return criteria_set


@transaction.atomic
def replace_rows(criteria_set, rows):
    """Give a set that no round uses yet these rows instead of its own.

    Refused when the set is frozen, and with every fault of the rows.
    """
    criteria_set = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    if criteria_set.frozen_at:
        raise Refused(_("A round uses this set: make a new version instead."))
    faults = tree_faults(rows, meta_of(criteria_set))
    if faults:
        raise ManyRefused(faults)
    criteria_set.criteria.all().delete()
    _store_rows(criteria_set, rows)
    criteria_set.content_hash = content_hash(rows, meta_of(criteria_set))
    criteria_set.save(update_fields=["content_hash"])
    return criteria_set


def tree_faults(rows, meta):
    """Every fault of a set as a sentence with the criterion's code; [] when sound."""
    try:
        read_tree(
            rows,
            points_decimals=meta["points_decimals"],
            cap_at_100=meta["cap_at_100"],
        )
    except TreeErrors as errors:
        return [
            f"{rows[index].code} · {column}: {say(sentence)}"
            for index, column, sentence in errors.faults
        ]
    return []


def _store_rows(criteria_set, rows):
    """Parents first (the engine has checked that they stand above their children)."""
    by_code = {}
    for depth_rows in _by_depth(rows):
        criteria = [
            Criterion(
                criteria_set=criteria_set,
                parent=by_code.get(row.parent_code),
                position=position,
                code=row.code,
                name_vi=row.name_vi,
                name_en=row.name_en,
                max_points=row.max_points,
                rule=row.rule,
                parameters=row.parameters,
            )
            for position, row in depth_rows
        ]
        for criterion in Criterion.objects.bulk_create(criteria):
            by_code[criterion.code] = criterion


def _by_depth(rows):
    depths, levels = {"": -1}, {}
    for position, row in enumerate(rows, start=1):
        depths[row.code] = depths[row.parent_code] + 1
        levels.setdefault(depths[row.code], []).append((position, row))
    return [levels[depth] for depth in sorted(levels)]
