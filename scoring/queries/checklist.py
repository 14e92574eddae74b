"""What is looked at before a file is handed over or locked.

Two kinds of things: what stops the act (an explanation that is compulsory and missing)
and what the leader should know and may accept.
"""

import json
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from scoring.labels import LedgerKind, NotApplicable
from scoring.models import LedgerLine
from scoring.queries.last_year import jumps
from scoring.states import WRITABLE, FileState
from scoring.wording import NOT_SCORED, show_difference, show_points

# In the order in which they are shown; those that stop the act first.
STOPPING = ("unexplained", "na_unexplained")
WARNING = ("not_scored", "unproved", "proposed", "remarked")
# Told on the page where the file is handed over; not beside the sheet, where every save
# would look up last year's file.
JUMPED = "jumped"

# What is said of criteria in a line of the checklist, and what to do there.
WORDS = {
    "unexplained": (
        _("Neither evidence nor explanation"),
        _("Attach the evidence, or explain how the points came about."),
    ),
    "na_unexplained": (
        _("Proposed as not applicable without a reason"),
        _("Give the reason, or score the criterion."),
    ),
    "not_scored": (
        _("Not scored"),
        _("Without points these criteria count 0."),
    ),
    "unproved": (
        _("Explained, without evidence"),
        _("The appraisal team decides by the explanation alone."),
    ),
    "proposed": (
        _("Proposed as not applicable"),
        _("They leave points and maximum once the appraisal team confirms."),
    ),
    "remarked": (
        _("Open remarks of the leader"),
        _("The officer marks them as done at the criterion."),
    ),
    JUMPED: (
        _("Large difference against last year"),
        _("Half of the maximum or more; look again at data and evidence."),
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion at which there is something to look at.

    note  what to see at once: the remark, or then and now; "" for none
    """

    code: str
    slug: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the checklist; ``findings`` is empty when all is well."""

    what: str
    stops: bool
    findings: tuple[Finding, ...]

    @property
    def title(self):
        return WORDS[self.what][0]

    @property
    def advice(self):
        return WORDS[self.what][1]

    @property
    def places(self):
        """``((code, slug, name), …)`` of the criteria, each once."""
        return tuple(
            dict.fromkeys((one.code, one.slug, one.name) for one in self.findings)
        )


def checklist_of(assessment, sheet):
    """``[Point]`` in their order, those without findings too.

    What ``points_of`` says of the sheet, and the jumps against last year, with the
    queries of ``jumps``.
    """
    jumped = []
    for code, then, now in jumps(assessment, sheet.rows):
        note = (
            f"{show_points(then)} → {show_points(now)} ({show_difference(now - then)})"
        )
        jumped.append(_finding(sheet.row(code), note))
    return [*points_of(sheet), Point(JUMPED, False, tuple(jumped))]


def points_of(sheet):
    """``[Point]`` in their order, those without findings too, by the sheet's own rows."""
    found = {what: [] for what in (*STOPPING, *WARNING)}
    for row in sheet.rows:
        for what, note in _of_row(row):
            found[what].append(_finding(row, note))
    return [
        Point(what, what in STOPPING, tuple(findings))
        for what, findings in found.items()
    ]


def open_points(sheet):
    """The points of the sheet's rows at which there is something to look at."""
    return [point for point in points_of(sheet) if point.findings]


def stops(points):
    """Whether handing over and locking will be refused."""
    return any(point.stops and point.findings for point in points)


LACKS = {"not_scored": "not_scored", "reason": "unexplained", "evidence": "unproved"}


def _of_row(row):
    if row.lacks:
        yield LACKS[row.lacks], ""
    if row.kind == "leaf" and row.not_applicable == NotApplicable.PROPOSED:
        yield ("proposed" if row.reason else "na_unexplained"), row.reason
    for remark in row.remarks:
        if remark.is_open:
            yield "remarked", remark.text


def _finding(row, note):
    return Finding(row.text.code, row.text.slug, row.text.name, note)


# --- changes since the file was handed over last -------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a criterion since then: points as texts, first and last.

    is_text  the points are the same; data or explanation were changed
    """

    code: str
    slug: str
    name: str
    before: str
    after: str
    is_text: bool
    who: str


def changes_since_hand_over(assessment, sheet):
    """``[Change]`` in the sheet's order; None when it was never handed over before.

    For the officer since the last time, for the leader who has it since the time
    before. Read from the ledger: two queries.
    """
    since = _hand_over_before(assessment)
    if since is None:
        return None
    lines = LedgerLine.objects.filter(
        year=assessment.round.year,
        agency_code=assessment.agency.code,
        sequence__gt=since,
        layer="self",
    ).order_by("sequence")
    spans = {}
    for line in lines:
        first, __ = spans.get(line.criterion_code, (line, line))
        spans[line.criterion_code] = (first, line)
    return [
        _change(row, *spans[row.text.code])
        for row in sheet.rows
        if row.text.code in spans
        and spans[row.text.code][0].before != spans[row.text.code][1].after
    ]


def _hand_over_before(assessment):
    places = LedgerLine.objects.filter(
        year=assessment.round.year,
        agency_code=assessment.agency.code,
        kind=LedgerKind.MOVED,
        after=FileState.WITH_LEADER,
    ).order_by("-sequence")
    wanted = 0 if assessment.state in WRITABLE else 1
    found = list(places.values_list("sequence", flat=True)[: wanted + 1])
    return found[wanted] if len(found) > wanted else None


def _change(row, first, last):
    before, after = _points(first.before), _points(last.after)
    return Change(
        code=row.text.code,
        slug=row.text.slug,
        name=row.text.name,
        before=before,
        after=after,
        is_text=before == after,
        who=last.actor_name or last.actor,
    )


def _points(facts):
    """The points of a ledger line's facts as the sheet shows them."""
    said = json.loads(facts) if facts else {}
    if said.get("not_applicable"):
        return NotApplicable(said["not_applicable"]).label
    points = said.get("points")
    return NOT_SCORED if points is None else show_points(Decimal(points))
