"""A group in a meeting: its ranking, its vote, what is said; and the projector."""

import hashlib
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from councils.actions import items, opinions, votes
from councils.permissions import item_rights, meeting_rights
from councils.queries.meetings import (
    opinions_of,
    outcome_of,
    quorum_of,
    seats_at,
    votes_of,
)
from councils.queries.results import ranking_of
from councils.queries.sheets import sheet_of
from councils.states import ItemState, MeetingState
from councils.wording import outcome_sentence, quorum_sentence
from scoring.models import Assessment
from scoring.queries.criteria import tree_of
from scoring.views.guards import require, wants_fragment

from .common import item_address, item_or_404

LINES_OF_A_WALL = 14


@login_required
@require_safe
def item_detail(request, year, number, group):
    item = item_or_404(request, year, number, group)
    return render(
        request,
        "councils/items/detail.html",
        {
            **_ballot(request, item),
            "ranking": ranking_of(item.group),
            "opinions": opinions_of(item),
            "token": uuid4().hex,
        },
    )


@login_required
@require_safe
def item_agency(request, year, number, group, agency):
    """One agency of the group: its criteria in all views, and what is said of it."""
    item = item_or_404(request, year, number, group)
    assessment = _assessment_or_404(item, agency)
    return render(
        request,
        "councils/items/agency.html",
        {
            **_spoken(request, item, assessment),
            "sheet": sheet_of(assessment),
            "round": item.meeting.council.round,
        },
    )


@login_required
@require_safe
def item_counters(request, year, number, group):
    """The live counts. Nothing new since ``seen`` and ``shown``: 204, no content.

    The ballot panel comes along only when it looks otherwise than ``shown``; it has
    no field that somebody could be filling in.
    """
    item = item_or_404(request, year, number, group)
    context = _ballot(request, item)
    is_stale = request.GET.get("shown") != context["shown"]
    if request.GET.get("seen") == context["seen"] and not is_stale:
        return HttpResponse(status=204)
    context["with_ballot"] = is_stale
    return render(request, "councils/items/_counters.html", context)


@login_required
@require_safe
def item_projector(request, year, number, group):
    """For the wall: the ranking page by page, the vote's counts; no controls."""
    item = item_or_404(request, year, number, group)
    context = {**_ballot(request, item), **_wall(request, item)}
    name = "_wall" if wants_fragment(request) else "projector"
    return render(request, f"councils/items/{name}.html", context)


@login_required
@require_POST
def vote_open(request, year, number, group):
    item = item_or_404(request, year, number, group)
    require(meeting_rights(request.user, item.meeting).is_clerk)

    items.open_vote(item, by=request.user)
    return _back(item)


@login_required
@require_POST
def vote_close(request, year, number, group):
    item = item_or_404(request, year, number, group)
    require(meeting_rights(request.user, item.meeting).is_clerk)

    items.close_vote(item, by=request.user)
    return _back(item)


@login_required
@require_POST
def item_adopt(request, year, number, group):
    item = item_or_404(request, year, number, group)
    require(meeting_rights(request.user, item.meeting).is_chair)

    items.adopt(item, by=request.user)
    return _back(item)


@login_required
@require_POST
def vote_cast(request, year, number, group):
    item = item_or_404(request, year, number, group)
    require(meeting_rights(request.user, item.meeting).has_vote)

    votes.cast(item, request.POST.get("choice", ""), by=request.user)
    if not wants_fragment(request):
        return _back(item)
    context = {**_ballot(request, item), "with_counters": True}
    return render(request, "councils/items/_ballot.html", context)


@login_required
@require_POST
def opinion_record(request, year, number, group):
    """On the group; on one of its agencies where ``agency`` names it."""
    item = item_or_404(request, year, number, group)
    require(meeting_rights(request.user, item.meeting).seat is not None)

    code = request.POST.get("agency", "")
    assessment = _assessment_or_404(item, code) if code else None
    opinions.record(
        item,
        request.POST.get("text", ""),
        token=request.POST.get("token", ""),
        assessment=assessment,
        criterion_code=request.POST.get("criterion", ""),
        by=request.user,
    )
    if not wants_fragment(request):
        return _back(item, assessment, "opinions")
    context = {**_spoken(request, item, assessment), "is_saved": True}
    return render(request, "councils/items/_opinions.html", context)


def _back(item, assessment=None, anchor="ballot"):
    address = item_address(item)
    if assessment is None:
        return redirect(f"{reverse('councils:item-detail', args=address)}#{anchor}")
    address = (*address, assessment.agency.code)
    return redirect(f"{reverse('councils:item-agency', args=address)}#{anchor}")


def _assessment_or_404(item, code):
    files = Assessment.objects.filter(group=item.group).select_related("agency")
    # PostgreSQL takes no NUL byte, not even to say that nothing bears such a code.
    assessment = get_object_or_404(files, agency__code=code.replace("\x00", "-"))
    assessment.group, assessment.round = item.group, item.meeting.council.round
    return assessment


def _spoken(request, item, assessment):
    """The opinions, and what the form for another one needs."""
    rights = meeting_rights(request.user, item.meeting)
    context = {
        "meeting": item.meeting,
        "item": item,
        "rights": rights,
        "assessment": assessment,
        "opinions": opinions_of(item, assessment),
        "token": uuid4().hex,
    }
    if assessment is not None:
        tree = tree_of(item.group.criteria_set).tree
        context["criteria"] = [(node.code, node) for node in tree.nodes]
    return context


def _ballot(request, item):
    """Everything about the vote: who is there, who voted, what one may do now.

    ``seen`` names the counts and ``shown`` the panel, for the next question.
    """
    seats = seats_at(item.meeting)
    rights = meeting_rights(request.user, item.meeting, seats=seats)
    narrowed = item_rights(rights, item)
    given = votes_of(item)
    own = next(
        (v for v in given if rights.seat and v.member_id == rights.seat.pk), None
    )
    result = outcome_of(item, seats, given)
    counted = quorum_of(item.meeting.council, seats)
    is_closed = item.state in (ItemState.CLOSED, ItemState.ADOPTED)
    own_choice = own.choice if own else ""
    return {
        "meeting": item.meeting,
        "round": item.meeting.council.round,
        "item": item,
        "rights": rights,
        "item_rights": narrowed,
        "votes": given,
        "own_choice": own_choice,
        "own_vote": own,
        "outcome": result,
        "outcome_sentence": outcome_sentence(result) if is_closed else "",
        "quorum": counted,
        "quorum_sentence": quorum_sentence(counted),
        "is_live": item.meeting.state == MeetingState.OPEN,
        "is_waiting": item.state == ItemState.WAITING,
        "is_voting": item.state == ItemState.VOTING,
        "is_decided": is_closed,
        "seen": _digest(item.state, result, counted, item.meeting.state),
        "shown": _digest(
            item.state, item.meeting.state, narrowed, own_choice, counted.is_met
        ),
    }


def _wall(request, item):
    ranking = ranking_of(item.group)
    pages = Paginator(ranking.rows, LINES_OF_A_WALL)
    page = pages.get_page(request.GET.get("page"))
    half = -(-len(page.object_list) // 2)
    columns = (page.object_list[:half], page.object_list[half:])
    return {
        "ranking": ranking,
        "columns": [column for column in columns if column],
        "page": page.number,
        "pages": pages.num_pages,
        "next_page": page.number % pages.num_pages + 1,
    }


def _digest(*facts):
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
