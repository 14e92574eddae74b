"""Ranks within a group, on exact values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from .errors import ParametersError
from .sentences import N_, say
from .values import RANKED, TIE_BREAKERS, Totals

Agency = TypeVar("Agency")

# What stands first gets the larger key: the exact index, then one pair per tie-breaker.
Key = tuple[Fraction, tuple[tuple[bool, Fraction], ...]]


def rank(
    entries: Mapping[Agency, Totals], tie_breakers: Sequence[str]
) -> dict[Agency, int | None]:
    """Rank of each agency of one group, in the order of ``entries``.

    None for the incomplete and the not assessed. Equal exact indices are told apart by
    the tie-breakers in turn; still equal ones share a rank and the next is skipped
    (1, 2, 2, 4). Refused with ParametersError: an unknown tie-breaker.
    """
    for name in tie_breakers:
        if name not in TIE_BREAKERS:
            raise ParametersError(
                say(N_("The tie-breaker %(name)s is unknown."), name=name),
                "tie_breakers",
            )
    keys = {
        agency: _key(totals, tie_breakers)
        for agency, totals in entries.items()
        if totals.status == RANKED
    }
    ranks: dict[Key, int] = {}
    for position, key in enumerate(sorted(keys.values(), reverse=True), start=1):
        ranks.setdefault(key, position)
    return {
        agency: ranks[keys[agency]] if agency in keys else None for agency in entries
    }


def _key(totals: Totals, tie_breakers: Sequence[str]) -> Key:
    if totals.index is None:
        raise ValueError("a ranked agency has an index")
    return totals.index, tuple(_tie_key(totals, name) for name in tie_breakers)


def _tie_key(totals: Totals, name: str) -> tuple[bool, Fraction]:
    """Share of the part reached, larger first; without leaves of that part last."""
    if name == "penalty":
        return True, Fraction(totals.penalty_points)
    points, maximum = {
        "appraised": (totals.appraised_points, totals.appraised_max),
        "sociological": (totals.sociological_points, totals.sociological_max),
        "satisfaction": (totals.satisfaction_points, totals.satisfaction_max),
    }[name]
    if not maximum:
        return False, Fraction(0)
    return True, Fraction(points) / Fraction(maximum)
