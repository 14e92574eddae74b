"""The hour before the deadline: two officers of every agency save and upload.

127 agencies × 2 officers, an act every five seconds each, every twelfth of them an
upload, for two minutes (or as many seconds as BENCH_SECONDS says). No answer may be an
error of the server's, and what was answered as stored must be there, once.
"""

import asyncio
import os
import tempfile
import time
from collections import Counter

from scoring.labels import Layer, RoleName
from scoring.models import Cell, EvidenceDocument, LedgerLine, Role, User
from tests.papers import pdf_bytes

from .autosave import FIELDS, Typist
from .clock import Result
from .serving import Caller, Served, session_of

PAUSE = 5
SECONDS = int(os.environ.get("BENCH_SECONDS", "120"))
UPLOAD_EVERY = 12
PADDING = "Phụ lục số liệu kèm theo báo cáo. " * 1000
HALVES = (FIELDS[:5], FIELDS[5:])


def measure(city):
    lines, documents = _lines(), EvidenceDocument.objects.count()
    people = [
        (file, officer, half)
        for file, first in zip(city.files, city.officers, strict=True)
        for officer, half in zip((first, _second_officer(file)), HALVES, strict=True)
    ]
    keys = [session_of(officer) for __, officer, __ in people]
    with (
        tempfile.TemporaryDirectory(prefix="par-index-bench-") as media,
        Served("par_index.settings", media=media) as server,
    ):
        crowd = [
            Officer(place, Typist(file, Caller(server.port, key), half))
            for place, ((file, __, half), key) in enumerate(
                zip(people, keys, strict=True)
            )
        ]
        asyncio.run(_hour(crowd))
    answers = sum((one.answers for one in crowd), Counter())
    faults = sum(count for status, count in answers.items() if status not in (200, 201))
    lost = [
        *_miscounted("lines", _lines() - lines, sum(one.typist.saves for one in crowd)),
        *_miscounted(
            "documents",
            EvidenceDocument.objects.count() - documents,
            answers[201],
        ),
        *(fault for one in crowd for fault in one.lost()),
    ]
    yield Result(
        "deadline_hour_faults",
        faults + len(lost),
        at_most=0,
        note=f"{len(crowd)} officers, {SECONDS} s, answers {dict(answers)}, "
        f"{_pace(crowd)}" + (f"; lost: {lost[:3]}" if lost else ""),
    )


def _lines():
    return (
        LedgerLine.objects.filter(layer=Layer.SELF).exclude(rule_version="bare").count()
    )


def _second_officer(file):
    user = User.objects.create(
        username=f"{file.round.year}-{file.agency.code}-2", full_name="Cán bộ thứ hai"
    )
    Role.objects.create(user=user, name=RoleName.OFFICER, agency=file.agency)
    return user


def _miscounted(what, found, wanted):
    return [] if found == wanted else [f"{found} {what} for {wanted} answers"]


def _pace(crowd):
    seconds = sorted(second for one in crowd for second in one.seconds)
    half, most = (round(seconds[int(len(seconds) * at)] * 1000) for at in (0.5, 0.95))
    return f"half within {half} ms, 19 of 20 within {most} ms"


async def _hour(crowd):
    end = time.perf_counter() + SECONDS
    await asyncio.gather(*(one.work(end) for one in crowd))


class Officer:
    """Acts every five seconds, begun at another moment than the others."""

    def __init__(self, place, typist):
        self.place, self.typist = place, typist
        self.answers, self.seconds = Counter(), []

    async def work(self, end):
        await asyncio.sleep(PAUSE * (self.place % 100) / 100)
        number = self.place
        while time.perf_counter() < end:
            started = time.perf_counter()
            number += 1
            answer = await (
                self.typist.send() if number % UPLOAD_EVERY else self._upload(number)
            )
            self.answers[answer.status] += 1
            self.seconds.append(answer.seconds)
            await asyncio.sleep(max(0, PAUSE - (time.perf_counter() - started)))
        self.typist.caller.close()

    async def _upload(self, number):
        name = f"bao-cao-{self.place}-{number}.pdf"
        return await self.typist.caller.post(
            f"{self.typist.base}evidence/{self.typist.fields[0]}.1/",
            {},
            files=[("upload", name, pdf_bytes(f"{name} {PADDING}"))],
            Accept="application/json",
        )

    def lost(self):
        """What was answered as saved and is not what stands there now."""
        stored = dict(
            Cell.objects.filter(
                assessment=self.typist.file, layer=Layer.SELF
            ).values_list("criterion__code", "version")
        )
        return [
            f"{self.typist.file.agency.code} {code}"
            for code in self.typist.last
            if stored.get(code) != self.typist.versions[code]
        ]
