"""The criteria sets of a round that is loaded: kept where equal, else a new version."""

from django.utils.translation import gettext as _

from scoring.actions import criteria
from scoring.actions.round_content import canonical_rows
from scoring.models import CriteriaSet
from scoring.queries.bundles import set_names
from scoring.queries.criteria import tree_of
from scoring.queries.rounds import round_groups


def sets_for(content, round_, *, at):
    """``{name in the bundle: CriteriaSet}``, frozen, since a round uses them now."""
    used = _sets_by_name(round_) if round_ else {}
    return {
        name: _set_for(content.year, wanted, used.get(name), at)
        for name, wanted in content.sets.items()
    }


def _sets_by_name(round_):
    groups = round_groups(round_)
    names = set_names(groups)
    return {names[group.criteria_set_id]: group.criteria_set for group in groups}


def _set_for(year, wanted, used, at):
    latest = CriteriaSet.objects.filter(year=year, code=wanted.name).order_by("version")
    for known in filter(None, (used, latest.last())):
        if _says_the_same(known, wanted):
            return _frozen(known, at)
    reason = _("Changed by a round bundle.") if latest.exists() else ""
    return criteria.create_version(
        year=year,
        code=wanted.name,
        rows=wanted.rows,
        meta=dict(wanted.meta),
        reason=reason,
        freeze=True,
    )


def _says_the_same(criteria_set, wanted):
    stored = tree_of(criteria_set)
    return (
        criteria.meta_of(criteria_set) == wanted.meta
        and canonical_rows(stored.rows, stored.tree) == wanted.rows
    )


def _frozen(criteria_set, at):
    if criteria_set.frozen_at is None:
        criteria_set.frozen_at = at
        criteria_set.save(update_fields=["frozen_at"])
    return criteria_set
