"""A group's ranking as a meeting sees it. Every figure is the engine's."""

import hashlib
import json
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoring.index.bands import group_mean
from scoring.index.compare import difference
from scoring.index.rollup import NOTHING_COUNTS
from scoring.labels import Status, View
from scoring.models import Assessment, Freeze, FrozenResult
from scoring.queries.results import computed_results, stored_results
from scoring.queries.totals import totals_from_json
from scoring.wording import (
    show_difference,
    show_fixed,
    show_number,
)


@dataclass(frozen=True, slots=True)
class RankingRow:
    """One agency's line, its figures written in the reader's language."""

    code: str
    name: str
    rank: int | None
    note: str
    status: str
    remark: str
    self_points: str
    appraised: str
    sociological: str
    satisfaction: str
    total: str
    maximum: str
    bonus: str
    penalty: str
    index: str
    band: str
    difference: str
    direction: str

    @property
    def is_assessed(self):
        return self.status != Status.NOT_ASSESSED

    @property
    def status_label(self):
        return Status(self.status).label


@dataclass(frozen=True, slots=True)
class GroupRanking:
    """The lines of a group by rank, unranked last; ``freeze`` once it is adopted."""

    rows: tuple[RankingRow, ...]
    mean: str
    incomplete: int
    freeze: Freeze | None

    @property
    def ranked(self):
        return [row for row in self.rows if row.rank is not None]

    @property
    def has_notes(self):
        return any(row.note for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Place:
    """An agency in the ranking, whether its figures are frozen or live."""

    code: str
    name: str
    rank: int | None
    band: str
    own: object
    totals: object
    status: str
    remark: str


def ranking_of(group):
    """The ranking of one group: the adopted figures, before adoption the present ones.

    Three queries at most.
    """
    freeze = _last_freeze(group) if group.is_adopted else None
    places = _frozen_places(freeze) if freeze else _live_places(group)
    bands = band_names(group.round)
    notes = _notes(places)
    return GroupRanking(
        rows=tuple(
            _row(place, bands, note) for place, note in zip(places, notes, strict=True)
        ),
        mean=show_fixed(group_mean(place.totals for place in places)),
        incomplete=sum(place.status == Status.INCOMPLETE for place in places),
        freeze=freeze,
    )


def figures_digest(group):
    """SHA-256 over a group's final figures, computed afresh from the cells.

    Two digests are equal when the Council would adopt the same figures.
    """
    (result,) = computed_results(group.round, View.FINAL, [group])
    facts = [
        [
            row.assessment.agency.code,
            str(row.status),
            row.rank,
            row.band,
            str(row.totals.index),
            str(row.totals.points.normalize()),
            str(row.totals.max_points.normalize()),
            str(row.totals.bonus_points.normalize()),
            str(row.totals.penalty_points.normalize()),
        ]
        for row in result.rows
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def band_names(round_):
    """``{code: name in the reader's language}``."""
    key = "name_en" if get_language() == "en" else "name_vi"
    return {
        band["code"]: band.get(key) or band.get("name_vi") or band["code"]
        for band in round_.bands
    }


def _last_freeze(group):
    return Freeze.objects.filter(group=group).order_by("-sequence").first()


def _frozen_places(freeze):
    files = {
        file.agency.code: file
        for file in Assessment.objects.filter(group=freeze.group_id).select_related(
            "agency"
        )
    }
    rows = FrozenResult.objects.filter(freeze=freeze)
    places = [_frozen_place(row, files.get(row.agency_code)) for row in rows]
    return sorted(places, key=_order)


def _frozen_place(row, file):
    own = NOTHING_COUNTS
    if row.self_points is not None:
        # Of the self-assessment only the part that is compared has been frozen.
        own = replace(NOTHING_COUNTS, appraised_points=row.self_points)
    return _Place(
        code=row.agency_code,
        name=row.name_vi,
        rank=row.rank,
        band=row.band,
        own=own,
        totals=totals_from_json(row.totals, View.FINAL),
        status=row.status,
        remark=file.not_assessed_reason if file else "",
    )


def _live_places(group):
    (result,) = stored_results(group.round, View.FINAL, [group])
    return [
        _Place(
            code=row.assessment.agency.code,
            name=row.assessment.name_vi,
            rank=row.rank,
            band=row.band or "",
            own=totals_from_json(row.assessment.totals, View.SELF),
            totals=row.totals,
            status=row.status,
            remark=row.assessment.not_assessed_reason,
        )
        for row in result.rows
    ]


def _order(place):
    return (place.rank is None, place.rank or 0, place.code)


def _notes(places):
    """Why neighbours whose published index is the same have the ranks they have."""
    notes = []
    for place, below in zip(places, [*places[1:], None], strict=True):
        notes.append(_note(place, below))
    return notes


def _note(place, below):
    if place.rank is None or below is None or below.rank is None:
        return ""
    if place.totals.index_2 != below.totals.index_2:
        return ""
    if place.rank == below.rank:
        return _("same rank: equal exact values")
    if place.totals.index == below.totals.index:
        return _("ranked above by the tie rule of the round")
    return _("ranked above by the unrounded value")


def _row(place, bands, note):
    totals = place.totals
    if place.status == Status.NOT_ASSESSED:
        return _empty_row(place)
    moved = difference(place.own, totals).appraised_points
    return RankingRow(
        code=place.code,
        name=place.name,
        rank=place.rank,
        note=note,
        status=place.status,
        remark=_what_is_missing(totals) if place.rank is None else "",
        self_points=show_fixed(place.own.appraised_points),
        appraised=show_fixed(totals.appraised_points),
        sociological=_survey_points(totals, totals.sociological_points),
        satisfaction=_survey_points(totals, totals.satisfaction_points),
        total=show_fixed(totals.points),
        maximum=show_fixed(totals.max_points),
        bonus=show_fixed(totals.bonus_points),
        penalty=show_fixed(totals.penalty_points),
        index=show_fixed(totals.index),
        band=bands.get(place.band, place.band),
        difference=show_difference(moved),
        direction="up" if moved > 0 else "down" if moved < 0 else "none",
    )


def _survey_points(totals, points):
    """A survey without a result is missing, not zero."""
    is_missing = points == 0 and totals.missing_surveys > 0
    return show_fixed(None if is_missing else points)


def _empty_row(place):
    figures = (
        "self_points appraised sociological satisfaction total maximum bonus penalty "
        "index band difference direction"
    )
    return RankingRow(
        code=place.code,
        name=place.name,
        rank=None,
        note="",
        status=place.status,
        remark=place.remark,
        **dict.fromkeys(figures.split(), ""),
    )


def _what_is_missing(totals):
    missing = []
    if totals.not_scored:
        missing.append(
            _("criteria not scored: %(number)s")
            % {"number": show_number(totals.not_scored)}
        )
    if totals.missing_surveys:
        missing.append(
            _("survey results missing: %(number)s")
            % {"number": show_number(totals.missing_surveys)}
        )
    return "; ".join(missing)
