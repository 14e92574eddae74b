"""The round, meeting or item of an address, as far as it exists for the reader."""

from django.shortcuts import get_object_or_404

from councils.models import AgendaItem, Council
from councils.permissions import visible_meetings, visible_rounds_of_council


def round_or_404(request, year):
    """The round whose Council the reader may see; the page's frame shows it, too."""
    rounds = visible_rounds_of_council(request.user)
    request.shown_round = get_object_or_404(rounds, year=year)
    return request.shown_round


def council_or_404(request, year):
    round_ = round_or_404(request, year)
    council = get_object_or_404(Council, round=round_)
    council.round = round_
    return council


def meeting_or_404(request, year, number):
    """The meeting with its Council and round; one query."""
    meetings = visible_meetings(request.user).select_related("council__round")
    meeting = get_object_or_404(meetings, council__round__year=year, number=number)
    request.shown_round = meeting.council.round
    return meeting


def item_or_404(request, year, number, group):
    """The agenda item of a group (by its code) with its meeting; one query."""
    items = AgendaItem.objects.filter(
        meeting__in=visible_meetings(request.user)
    ).select_related("meeting__council__round", "group__group", "group__criteria_set")
    item = get_object_or_404(
        items,
        meeting__council__round__year=year,
        meeting__number=number,
        group__group__code=group,
    )
    request.shown_round = item.group.round = item.meeting.council.round
    return item


def item_address(item):
    """The parts of an item's address, for ``reverse`` and ``redirect``."""
    meeting = item.meeting
    return (meeting.council.round.year, meeting.number, item.group.group.code)
