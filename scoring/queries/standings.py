"""What stands in the table of results: ranks, parts, index, band, difference.

Adopted groups are read from their frozen rows, the others from the totals stored
beside the files. The engine's figures pass through here; nothing is added up.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import Prefetch
from django.utils.translation import get_language

from scoring.index.bands import group_mean
from scoring.index.compare import difference, points_difference
from scoring.index.rollup import NOTHING_COUNTS
from scoring.index.values import Totals
from scoring.labels import Status, View
from scoring.models import Assessment, Freeze, FrozenResult, RoundGroup
from scoring.queries.results import stored_results
from scoring.queries.rounds import round_groups
from scoring.queries.totals import totals_from_json


@dataclass(frozen=True, slots=True)
class Standing:
    """One agency's line.

    index            the published two decimals, None without an index
    band             its name in the reader's language, "" without one
    difference       appraised part minus self-assessed part, in points
    index_difference the same in index, exact percent points
    has_equal_index  another agency shows the same two decimals at another rank
    """

    code: str
    name: str
    status: str
    rank: int | None
    totals: Totals
    index: Decimal | None
    band: str
    self_points: Decimal | None
    difference: Decimal | None
    index_difference: Fraction | None
    not_assessed_reason: str = ""
    has_equal_index: bool = False

    @property
    def is_ranked(self):
        return self.rank is not None

    @property
    def is_assessed(self):
        return self.status != Status.NOT_ASSESSED


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """The lines of a group by rank, unranked last; ``mean`` is exact."""

    group: RoundGroup
    rows: tuple[Standing, ...]
    mean: Fraction | None
    adopted_at: datetime | None = None

    @property
    def has_equal_indices(self):
        return any(row.has_equal_index for row in self.rows)

    @property
    def ranked_count(self):
        return sum(row.is_ranked for row in self.rows)


def standings(round_, view):
    """The groups of a round in their order; five queries at most.

    Final figures of an adopted group are its newest frozen rows: what was adopted
    is shown, whatever is stored elsewhere.
    """
    groups = round_groups(round_)
    frozen = _newest_freezes(groups) if view == View.FINAL else {}
    open_groups = [group for group in groups if group.pk not in frozen]
    stored = {
        result.group.pk: result
        for result in (stored_results(round_, view, open_groups) if open_groups else [])
    }
    names = _band_names(round_)
    files = _files_of(frozen)
    return [
        _adopted(group, frozen[group.pk], files, names)
        if group.pk in frozen
        else _stored(stored[group.pk], names)
        for group in groups
    ]


def printed_name(assessment):
    """The round's printed name; the agency's English one for English readers."""
    english = assessment.agency.name_en if get_language() == "en" else ""
    return english or assessment.name_vi


def _newest_freezes(groups):
    adopted = [group for group in groups if group.is_adopted]
    if not adopted:
        return {}
    rows = FrozenResult.objects.order_by("pk")
    freezes = Freeze.objects.filter(group__in=adopted).order_by("sequence")
    prefetched = freezes.prefetch_related(Prefetch("results", queryset=rows))
    return {freeze.group_id: freeze for freeze in prefetched}


def _files_of(frozen):
    if not frozen:
        return {}
    files = Assessment.objects.filter(group__in=frozen).select_related("agency")
    return {file.agency.code: file for file in files}


def _band_names(round_):
    key = "name_en" if get_language() == "en" else "name_vi"
    return {
        band["code"]: band.get(key) or band.get("name_vi") or band["code"]
        for band in round_.bands
    }


def _stored(result, band_names):
    rows = [_stored_row(row, band_names) for row in result.rows]
    return GroupStanding(result.group, _with_notes(rows), result.mean)


def _stored_row(row, band_names):
    assessment, totals = row.assessment, row.totals
    own = totals_from_json(assessment.totals, View.SELF)
    # A file that was never computed has stored nothing; "not assessed" is the
    # file's own word.
    status = totals.status if assessment.is_assessed else Status.NOT_ASSESSED
    if assessment.is_assessed and status == Status.NOT_ASSESSED:
        status = Status.INCOMPLETE
    is_judged = status != Status.NOT_ASSESSED
    # What is not scored yet is no loss: a difference would say so.
    is_compared = is_judged and not (status == Status.INCOMPLETE and totals.not_scored)
    return Standing(
        code=assessment.agency.code,
        name=printed_name(assessment),
        status=status,
        rank=row.rank,
        totals=totals,
        index=totals.index_2,
        band=band_names.get(row.band, ""),
        self_points=own.appraised_points if is_judged else None,
        difference=points_difference(own.appraised_points, totals.appraised_points)
        if is_compared
        else None,
        index_difference=difference(own, totals).index if is_compared else None,
        not_assessed_reason=assessment.not_assessed_reason,
    )


def _adopted(group, freeze, files, band_names):
    rows = [
        _frozen_row(row, files.get(row.agency_code), band_names)
        for row in freeze.results.all()
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.code))
    mean = group_mean(row.totals for row in rows)
    return GroupStanding(group, _with_notes(rows), mean, freeze.at)


def _frozen_row(row, assessment, band_names):
    totals = totals_from_json(row.totals, View.FINAL) if row.totals else NOTHING_COUNTS
    own = totals_from_json(assessment.totals, View.SELF) if assessment else None
    return Standing(
        code=row.agency_code,
        name=_frozen_name(row, assessment),
        status=row.status,
        rank=row.rank,
        totals=totals,
        index=row.index,
        band=band_names.get(row.band, row.band),
        self_points=row.self_points,
        difference=points_difference(row.self_points, totals.appraised_points),
        index_difference=difference(own, totals).index if own else None,
        not_assessed_reason=assessment.not_assessed_reason if assessment else "",
    )


def _frozen_name(row, assessment):
    english = assessment.agency.name_en if assessment else ""
    return (english if get_language() == "en" else "") or row.name_vi


def _with_notes(rows):
    """Mark agencies that print the same index but do not share their rank."""
    ranks = {}
    for row in rows:
        if row.rank is not None:
            ranks.setdefault(row.index, set()).add(row.rank)
    return tuple(
        replace(row, has_equal_index=row.rank is not None and len(ranks[row.index]) > 1)
        for row in rows
    )
