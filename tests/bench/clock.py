"""Interleaved runs, medians and what is reported of them."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One promise: ``ratio`` is held against ``at_most`` or ``at_least``.

    note  what was measured, for the reader of the table
    """

    name: str
    ratio: float
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def holds(self):
        if self.at_most is not None:
            return self.ratio <= self.at_most
        return self.ratio >= self.at_least

    def facts(self):
        bound = "at_least" if self.at_most is None else "at_most"
        return {
            "name": self.name,
            "ratio": round(self.ratio, 3),
            bound: getattr(self, bound),
            "holds": self.holds,
            "note": self.note,
        }


def medians(*works: Callable, runs: int):
    """The median seconds of each work, run in turn after one run to warm up."""
    for work in works:
        work()
    times = [[] for __ in works]
    for turn in range(runs):
        order = list(zip(works, times, strict=True))
        # Whoever comes first meets other caches than who comes second.
        for work, kept in order if turn % 2 else reversed(order):
            started = time.perf_counter()
            work()
            kept.append(time.perf_counter() - started)
    return [statistics.median(kept) for kept in times]


def in_words(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
