"""The Council of a round: who sits, which meetings there are."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from councils.actions import meetings, members
from councils.forms import AppointForm, EstablishForm, MeetingPlanForm
from councils.labels import Post
from councils.models import Council, Member
from councils.permissions import council_rights
from councils.queries.meetings import meetings_of, sitting_members
from scoring.models import RoundGroup
from scoring.states import GroupState
from scoring.views.guards import require

from .common import council_or_404, round_or_404


@login_required
@require_safe
def council_detail(request, year):
    return _page(request, round_or_404(request, year))


@login_required
@require_POST
def council_establish(request, year):
    round_ = round_or_404(request, year)
    require(council_rights(request.user, round_).appoint)

    form = EstablishForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, establish_form=form)
    members.establish(round_, decision=form.cleaned_data["decision"], by=request.user)
    return redirect("councils:council-detail", year)


@login_required
@require_POST
def member_appoint(request, year):
    council = council_or_404(request, year)
    require(council_rights(request.user, council.round).appoint)

    form = AppointForm(request.POST)
    if not form.is_valid():
        return _page(request, council.round, appoint_form=form)
    member = members.appoint(council, by=request.user, **form.cleaned_data)
    messages.success(
        request,
        _("%(who)s now sits in the Council: %(post)s.")
        % {"who": member.user, "post": member.get_post_display()},
    )
    return redirect("councils:council-detail", year)


@login_required
@require_POST
def member_dismiss(request, year, pk):
    council = council_or_404(request, year)
    require(council_rights(request.user, council.round).appoint)

    member = get_object_or_404(
        Member.objects.select_related("user"), council=council, pk=pk
    )
    members.dismiss(council, member.user, by=request.user)
    return redirect("councils:council-detail", year)


@login_required
@require_POST
def meeting_plan(request, year):
    council = council_or_404(request, year)
    require(council_rights(request.user, council.round).plan)

    form = MeetingPlanForm(request.POST, open_groups=_open_groups(council.round))
    if not form.is_valid():
        return _page(request, council.round, plan_form=form)
    meeting = meetings.plan(council, by=request.user, **form.cleaned_data)
    return redirect("councils:meeting-detail", year, meeting.number)


def _open_groups(round_):
    return RoundGroup.objects.filter(round=round_, state=GroupState.OPEN).order_by(
        "position", "pk"
    )


def _page(request, round_, *, establish_form=None, appoint_form=None, plan_form=None):
    """The whole page, with a refused form as it was filled in."""
    council = Council.objects.filter(round=round_).first()
    rights = council_rights(request.user, round_)
    context = {"round": round_, "council": council, "rights": rights}
    if council is None:
        context["establish_form"] = establish_form or EstablishForm()
    else:
        council.round = round_
        context |= {
            "members": sitting_members(council),
            "meetings": meetings_of(council),
            "chair_post": Post.CHAIR,
        }
        if rights.appoint:
            context["appoint_form"] = appoint_form or AppointForm()
        if rights.plan:
            open_groups = list(_open_groups(round_))
            context["open_groups"] = open_groups
            context["plan_form"] = plan_form or MeetingPlanForm(
                open_groups=_open_groups(round_)
            )
    is_refused = any((establish_form, appoint_form, plan_form))
    return render(
        request,
        "councils/councils/detail.html",
        context,
        status=422 if is_refused else 200,
    )
