"""A meeting: agenda, presence, the steps of secretary and chair."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from councils.actions import meetings
from councils.forms import ConclusionForm
from councils.models import Member
from councils.permissions import council_phase_is_open, meeting_rights
from councils.queries.meetings import (
    agenda_of,
    outcome_of,
    quorum_of,
    seats_at,
    sitting_members,
)
from councils.states import ItemState
from councils.wording import outcome_sentence, quorum_sentence
from scoring.views.guards import require, wants_fragment

from .common import meeting_or_404


@login_required
@require_safe
def meeting_detail(request, year, number):
    meeting = meeting_or_404(request, year, number)
    return render(
        request,
        "councils/meetings/detail.html",
        {
            **_presence(request, meeting),
            "agenda": [_agenda_line(item) for item in agenda_of(meeting)],
            "conclusion_form": ConclusionForm.of(meeting),
            "in_phase": council_phase_is_open(meeting.council.round),
        },
    )


def _presence(request, meeting):
    seats = seats_at(meeting)
    counted = quorum_of(meeting.council, seats)
    return {
        "meeting": meeting,
        "round": meeting.council.round,
        "rights": meeting_rights(request.user, meeting, seats=seats),
        "seats": seats,
        "quorum": counted,
        "quorum_sentence": quorum_sentence(counted),
    }


def _agenda_line(item):
    is_decided = item.state in (ItemState.CLOSED, ItemState.ADOPTED)
    return {
        "item": item,
        "sentence": outcome_sentence(outcome_of(item, (), ())) if is_decided else "",
    }


@login_required
@require_POST
def meeting_open(request, year, number):
    meeting = meeting_or_404(request, year, number)
    rights = meeting_rights(request.user, meeting)
    require(rights.is_clerk or rights.is_chair)

    meetings.open_(meeting, by=request.user)
    return redirect(meeting)


@login_required
@require_POST
def meeting_close(request, year, number):
    meeting = meeting_or_404(request, year, number)
    require(meeting_rights(request.user, meeting).is_clerk)

    meetings.close(meeting, by=request.user)
    return redirect(meeting)


@login_required
@require_POST
def presence_mark(request, year, number):
    """One member, or all where none is named; ``present`` is 1 or 0."""
    meeting = meeting_or_404(request, year, number)
    require(meeting_rights(request.user, meeting).is_clerk)

    who = sitting_members(meeting.council)
    if named := request.POST.get("member", ""):
        seat = Member.objects.filter(council=meeting.council)
        # As it stands in the page, a short number; anything else is nobody's.
        key = int(named) if named.isdecimal() and len(named) < 19 else 0
        who = [get_object_or_404(seat, pk=key)]
    is_present = request.POST.get("present") == "1"
    meetings.mark_presence(meeting, who, is_present, by=request.user)
    if not wants_fragment(request):
        return redirect(f"{meeting.get_absolute_url()}#presence")
    return render(
        request, "councils/meetings/_presence.html", _presence(request, meeting)
    )


@login_required
@require_POST
def meeting_conclude(request, year, number):
    meeting = meeting_or_404(request, year, number)
    require(meeting_rights(request.user, meeting).is_chair)

    form = ConclusionForm(request.POST)
    if form.is_valid():
        meeting = meetings.conclude(
            meeting,
            form.cleaned_data["text"],
            seen=form.cleaned_data["seen"],
            by=request.user,
        )
        if not wants_fragment(request):
            return redirect(f"{meeting.get_absolute_url()}#conclusion")
        form = ConclusionForm.of(meeting)
    context = {
        **_presence(request, meeting),
        "conclusion_form": form,
        "is_saved": not form.is_bound,
    }
    if wants_fragment(request):
        return render(request, "councils/meetings/_conclusion.html", context)
    context["agenda"] = [_agenda_line(item) for item in agenda_of(meeting)]
    context["in_phase"] = council_phase_is_open(meeting.council.round)
    return render(request, "councils/meetings/detail.html", context, status=422)
