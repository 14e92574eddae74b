"""Bands of agencies, and the figures of a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .values import INCOMPLETE, NOT_ASSESSED, RANKED, Band, Totals


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """Figures of one group.

    number        agencies that are ranked; ``incomplete``, ``not_assessed``: the others
    mean          arithmetic mean of the exact indices; best, worst: the outermost
    by_band       number of ranked agencies by band code, best first; 0 is kept
    without_band  ranked agencies that reach no band
    """

    number: int
    incomplete: int
    not_assessed: int
    mean: Fraction | None
    best: Fraction | None
    worst: Fraction | None
    by_band: dict[str, int]
    without_band: int


def band(totals: Totals, bands: Sequence[Band]) -> str | None:
    """Code of the highest band that the two-decimal index reaches; None when none is
    reached or the agency is not ranked."""
    index = totals.index_2
    if index is None or totals.status != RANKED:
        return None
    for candidate in best_first(bands):
        if index >= candidate.from_percent:
            return candidate.code
    return None


def best_first(bands: Sequence[Band]) -> list[Band]:
    return sorted(bands, key=lambda band: band.from_percent, reverse=True)


def group_mean(entries: Iterable[Totals]) -> Fraction | None:
    """Arithmetic mean of the exact indices of the ranked; None when nobody is."""
    indices = _ranked_indices(entries)
    return sum(indices, Fraction(0)) / len(indices) if indices else None


def summary(entries: Iterable[Totals], bands: Sequence[Band]) -> GroupSummary:
    """Number, mean, best, worst and bands of one group."""
    everybody = list(entries)
    indices = _ranked_indices(everybody)
    by_band = {candidate.code: 0 for candidate in best_first(bands)}
    without_band = 0
    for totals in everybody:
        code = band(totals, bands)
        if code is not None:
            by_band[code] += 1
        elif totals.status == RANKED:
            without_band += 1
    return GroupSummary(
        number=len(indices),
        incomplete=sum(totals.status == INCOMPLETE for totals in everybody),
        not_assessed=sum(totals.status == NOT_ASSESSED for totals in everybody),
        mean=group_mean(everybody),
        best=max(indices, default=None),
        worst=min(indices, default=None),
        by_band=by_band,
        without_band=without_band,
    )


def _ranked_indices(entries: Iterable[Totals]) -> list[Fraction]:
    return [
        totals.index
        for totals in entries
        if totals.status == RANKED and totals.index is not None
    ]
