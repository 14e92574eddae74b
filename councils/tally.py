"""Quorum and majority: counts of people in, an outcome out. Exact; knows nobody.

The shares are configuration of each council (councils differ, and no law fixes
them): quorum "at least this share of the members who vote", majority "more than
this share of those present". An abstention, and a member who is present and casts
no vote, count among the present and so weigh like a vote against.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil


@dataclass(frozen=True, slots=True)
class Quorum:
    """Members who vote: how many are present, of how many, and how many must be."""

    present: int
    members: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed


def quorum(present: int, members: int, share: Fraction) -> Quorum:
    """Whether enough members are present: at least ``share`` of all who vote.

    present  members with a vote who are there, 0..members
    share    above 0, at most 1; a part of a person counts as a whole one
    A council without a voting member never meets its quorum.
    """
    if not 0 <= present <= members:
        raise ValueError("present lies in 0..members")
    if not 0 < share <= 1:
        raise ValueError("a quorum is a share above 0, at most 1")
    return Quorum(present, members, max(1, ceil(share * members)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a vote came to. ``present`` counts the members who could vote."""

    agree: int
    disagree: int
    abstain: int
    present: int
    is_carried: bool

    @property
    def cast(self) -> int:
        return self.agree + self.disagree + self.abstain

    @property
    def not_cast(self) -> int:
        return self.present - self.cast


def outcome(
    agree: int, disagree: int, abstain: int, *, present: int, majority: Fraction
) -> Outcome:
    """Carried when those who agree are more than ``majority`` of those present.

    majority  0 or above, below 1; exactly that share is not enough
    """
    if min(agree, disagree, abstain) < 0:
        raise ValueError("votes are counted from 0")
    if agree + disagree + abstain > present:
        raise ValueError("more votes than members present")
    if not 0 <= majority < 1:
        raise ValueError("a majority is a share from 0, below 1")
    return Outcome(agree, disagree, abstain, present, agree > majority * present)
