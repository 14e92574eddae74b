"""The first page after signing in, and the list of rounds."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from scoring.permissions import visible_rounds
from scoring.queries.work import work_of
from scoring.views.assessments import STATE_KINDS


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list: what, how far, until when, and the way to it."""

    title: str
    meta: str
    until: datetime | None
    url: str
    action: str
    is_due: bool
    state: str = ""
    state_kind: str = ""
    starts: bool = False


@login_required
@require_GET
def home(request):
    works = work_of(request.user)
    page = {
        "due": [_item(work) for work in works if work.is_due],
        "others": [_item(work) for work in works if not work.is_due],
        "has_roles": bool(request.user.role_rows),
        "next_step": next_step(works),
    }
    return render(request, "scoring/home/home.html", page)


@require_GET
def round_list(request):
    """Rounds that the reader may see; the published ones are everybody's."""
    rounds = visible_rounds(request.user).prefetch_related("phases")
    lines = [(round_, round_.phase_at()) for round_ in rounds]
    return render(request, "scoring/home/rounds.html", {"lines": lines})


def next_step(works):
    """What comes next in the rounds that the person follows, "" when nothing does."""
    now = timezone.now()
    coming = [phase for w in works if (phase := w.round.next_phase(now)) is not None]
    if not coming:
        return ""
    phase = min(coming, key=lambda phase: phase.starts_at)
    return _("Next: %(phase)s, from %(date)s.") % {
        "phase": phase.get_name_display(),
        "date": date_format(localtime(phase.starts_at), "SHORT_DATETIME_FORMAT"),
    }


def _item(work):
    writers = {
        "appraise": _appraise_item,
        "follow": _follow_item,
        "sit": _sit_item,
        "read": _read_item,
    }
    return writers.get(work.kind, _file_item)(work)


def _file_item(work):
    titles = {
        "fill": (_("Score the criteria: %(agency)s"), _("Open the score sheet")),
        "approve": (_("Check and lock: %(agency)s"), _("Check the score sheet")),
        "wait": (_("Score sheet of %(agency)s"), _("Look at it")),
        "locked": (_("Score sheet of %(agency)s"), _("Look at it")),
        "late": (_("Closed by the deadline: %(agency)s"), _("Look at it")),
    }
    title, action = titles[work.kind]
    file = work.file
    return Item(
        title=title % {"agency": file.assessment.name_vi},
        meta=_file_meta(work),
        until=work.until,
        url=file.assessment.get_absolute_url(),
        action=action,
        is_due=work.is_due,
        state=file.state.label,
        state_kind=STATE_KINDS[file.state],
    )


def _left_words(file):
    if file.self_scored == file.to_score:
        return _("all criteria scored")
    return ngettext(
        "%(left)s of %(total)s criterion left",
        "%(left)s of %(total)s criteria left",
        file.to_score,
    ) % {"left": file.to_score - file.self_scored, "total": file.to_score}


def _file_meta(work):
    file = work.file
    if work.kind == "late":
        return _(
            "The leader did not approve the sheet in time. An agency that needs an "
            "extension asks the Department of Home Affairs."
        )
    # Of several years one agency may have several sheets.
    parts = [work.round.name, _left_words(file)]
    if file.evidence_missing:
        parts.append(
            ngettext(
                "%(number)s without evidence",
                "%(number)s without evidence",
                file.evidence_missing,
            )
            % {"number": file.evidence_missing}
        )
    return " · ".join(parts)


def _appraise_item(work):
    return Item(
        title=_("Appraise the agencies' self-assessments"),
        meta=_("%(done)s of %(total)s files fully appraised")
        % {"done": work.done, "total": work.total},
        until=work.until,
        url=reverse("scoring:appraisal-list", args=[work.round.year]),
        action=_("Open the files"),
        is_due=work.is_due,
    )


def _follow_item(work):
    parts = [f"{state.label}: {number}" for state, number in work.states]
    return Item(
        title=_("Follow the files: %(round)s") % {"round": work.round.name},
        meta=" · ".join(parts),
        until=work.until,
        url=reverse("scoring:round-progress", args=[work.round.year]),
        action=_("Open the progress"),
        is_due=work.is_due,
        state=_("%(number)s late") % {"number": work.late} if work.late else "",
        state_kind="late",
    )


def _sit_item(work):
    return Item(
        title=_("Appraisal Council: %(round)s") % {"round": work.round.name},
        meta=_("Results by group wait for opinions and votes.")
        if work.is_due
        else _("The results by group, the meetings and their votes."),
        until=work.until,
        url=reverse("councils:council-detail", args=[work.round.year]),
        action=_("Open the Council's page"),
        is_due=work.is_due,
        starts=not work.is_due,
    )


def _read_item(work):
    return Item(
        title=work.round.name,
        meta=_("Phases, files and results of the round, to read."),
        until=None,
        url=work.round.get_absolute_url(),
        action=_("Open the round"),
        is_due=False,
    )
