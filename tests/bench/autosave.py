"""Saves of 32 windows at once against a bare view that does one UPDATE and INSERT."""

import asyncio
import itertools
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

from scoring.labels import Layer
from scoring.models import Cell, LedgerLine

from .clock import Result
from .serving import Caller, Served, session_of

CALLERS = 32
SECONDS = 2
TURNS = 9

# The agency's own leaves of the bench's sets, by rule: what is typed next in them.
FIELDS = range(1, 10)


@dataclass(slots=True)
class Tally:
    """What one crowd was answered, by status, and how long it took."""

    statuses: Counter = field(default_factory=Counter)
    refusal: bytes = b""
    seconds: list = field(default_factory=list)

    def note(self, answer):
        self.statuses[answer.status] += 1
        self.seconds.append(answer.seconds)
        if answer.status != 200 and not self.refusal:
            self.refusal = answer.body


def measure(city):
    crowd = list(zip(city.files, city.officers, strict=True))[:CALLERS]
    sessions = [session_of(officer) for __, officer in crowd]
    before = LedgerLine.objects.count()
    with (
        Served("par_index.settings") as app,
        Served("tests.bench.bare_settings") as plain,
    ):
        typists = [
            Typist(file, Caller(app.port, key))
            for (file, __), key in zip(crowd, sessions, strict=True)
        ]
        bare = [
            Bare(place, file, Caller(plain.port, key))
            for place, ((file, __), key) in enumerate(zip(crowd, sessions, strict=True))
        ]
        rates, tallies = asyncio.run(_in_turn(typists, bare))
    for tally in tallies:
        _require(
            set(tally.statuses) == {200},
            f"answers: {dict(tally.statuses)} {tally.refusal.decode()[:500]}",
        )
    saves = sum(typist.saves for typist in typists)
    lines = LedgerLine.objects.exclude(rule_version="bare").count() - before
    _require(lines == saves, f"{saves} saves gave {lines} lines of the ledger")
    # Turn by turn, for a machine is not as free in one moment as in the next.
    ratio = statistics.median(own / plain for own, plain in zip(*rates, strict=True))
    own, plain_rate = map(statistics.median, rates)
    slowest = statistics.quantiles(tallies[0].seconds, n=20)[-1]
    yield Result(
        "autosave",
        ratio,
        at_least=0.3,
        note=f"{own:.0f} saves a second against {plain_rate:.0f}, {CALLERS} windows; "
        f"19 of 20 within {slowest * 1000:.0f} ms",
    )


def _require(holds, otherwise):
    if not holds:
        raise RuntimeError(f"autosave: {otherwise}")


async def _in_turn(*crowds):
    """Rates of the crowds, in turn after a short run to warm up, and their tallies."""
    rates, tallies = [[] for __ in crowds], [Tally() for __ in crowds]
    for turn in range(TURNS + 1):
        for crowd, kept, tally in zip(crowds, rates, tallies, strict=True):
            done = await _run(crowd, tally, SECONDS if turn else 2)
            if turn:
                kept.append(done)
    for one in itertools.chain(*crowds):
        one.caller.close()
    return rates, tallies


async def _run(crowd, tally, seconds):
    """Answers a second of a crowd of which each sends as soon as it is answered."""
    started = time.perf_counter()
    end = started + seconds

    async def work(one):
        count = 0
        while time.perf_counter() < end:
            tally.note(await one.send())
            count += 1
        return count

    counts = await asyncio.gather(*map(work, crowd))
    return sum(counts) / (time.perf_counter() - started)


class Typist:
    """An officer's window: goes from criterion to criterion, each save another value."""

    def __init__(self, file, caller, fields=FIELDS):
        self.file, self.caller, self.fields = file, caller, fields
        self.base = file.get_absolute_url()
        self.versions = dict(
            Cell.objects.filter(assessment=file, layer=Layer.SELF).values_list(
                "criterion__code", "version"
            )
        )
        self.typed = self._typing()
        self.saves, self.checklist = 0, ""
        self.last = {}

    def _typing(self):
        """``(code, inputs)`` without end; no value is the one before."""
        for number in itertools.count(1):
            # What the bundle brought may stand there by chance: so 3 of 1003 and on.
            for field_number in self.fields:
                yield (
                    f"{field_number}.2",
                    {
                        "d-numerator": 700 + number % 250,
                        "d-denominator": 1003 + number // 250,
                    },
                )
                yield (
                    f"{field_number}.3",
                    {"d-value": f"{number % 100},{1 + number // 100}"},
                )
                yield (
                    f"{field_number}.7",
                    {
                        "d-numerator": 950 + number % 50,
                        "d-denominator": 1003 + number // 50,
                    },
                )

    async def send(self):
        code, inputs = next(self.typed)
        answer = await self.caller.post(
            f"{self.base}cells/{code}/",
            {**inputs, "version": self.versions.get(code, 0), "typing": "1"},
            **{"X-Checklist": self.checklist},
        )
        if answer.status == 200:
            self.saves += 1
            self.versions[code] = int(answer.headers["x-cell-version"])
            self.last[code] = inputs
            self.checklist = answer.headers["x-checklist"]
        return answer


class Bare:
    """The same window on the bare view."""

    def __init__(self, place, file, caller):
        self.caller, self.name = caller, f"bare-{place}"
        self.cells = itertools.cycle(
            Cell.objects.filter(assessment=file, layer=Layer.APPRAISED)
            .order_by("pk")
            .values_list("pk", flat=True)[:27]
        )
        self.sequence = itertools.count(1)

    async def send(self):
        number = next(self.sequence)
        return await self.caller.post(
            f"/bare/{next(self.cells)}/",
            {
                "points": f"0.{number % 100:02}",
                "caller": self.name,
                "sequence": number,
            },
        )
