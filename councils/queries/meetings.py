"""Who sits, who is present, what was voted: the facts of a meeting for its pages."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FilteredRelation, Q

from councils.labels import Choice
from councils.models import AgendaItem, Meeting, Member, Vote
from councils.states import ItemState
from councils.tally import Outcome, outcome, quorum


@dataclass(frozen=True, slots=True)
class Seat:
    """A member at one meeting. ``arrived_at`` is kept for who has left."""

    member: Member
    is_present: bool
    arrived_at: datetime | None

    @property
    def counts(self):
        """Whether the member counts for the quorum: has a vote and still sits."""
        return self.member.is_voting and self.member.dismissed_at is None


def sitting_members(council):
    return (
        Member.objects.filter(council=council, dismissed_at__isnull=True)
        .select_related("user__agency")
        .order_by("position", "pk")
    )


def seats_at(meeting):
    """The members of the Council, and those who came and left it since; one query."""
    members = (
        Member.objects.filter(council=meeting.council_id)
        .alias(
            here=FilteredRelation(
                "attendances", condition=Q(attendances__meeting=meeting.pk)
            )
        )
        .annotate(arrived_at=F("here__arrived_at"), left_at=F("here__left_at"))
        .filter(Q(dismissed_at__isnull=True) | Q(here__arrived_at__isnull=False))
        .select_related("user__agency")
        .order_by("position", "pk")
    )
    return [
        Seat(
            member=member,
            is_present=member.arrived_at is not None and member.left_at is None,
            arrived_at=member.arrived_at,
        )
        for member in members
    ]


def quorum_of(council, seats):
    counting = [seat for seat in seats if seat.counts]
    present = sum(seat.is_present for seat in counting)
    return quorum(present, len(counting), council.quorum_share)


def meetings_of(council):
    """The meetings of a Council with their agenda; two queries."""
    return (
        Meeting.objects.filter(council=council)
        .prefetch_related("items__group")
        .order_by("number")
    )


def agenda_of(meeting):
    """The items of a meeting in order, each bound to ``meeting``; one query."""
    items = list(
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("group__group", "group__criteria_set")
        .order_by("position")
    )
    for item in items:
        item.meeting = meeting
        item.group.round = meeting.council.round
    return items


def votes_of(item):
    """The votes of an item in the order of the members; one query."""
    return list(
        Vote.objects.filter(item=item)
        .select_related("member__user")
        .order_by("member__position", "member__pk")
    )


def opinions_of(item, assessment=None):
    """What was said on an item, oldest first; of one agency where one is named."""
    opinions = item.opinions.select_related("member__user", "assessment")
    if assessment is not None:
        opinions = opinions.filter(assessment=assessment)
    return opinions.order_by("at", "pk")


def able_to_vote(seats, votes):
    """How many count as present for a vote.

    Members with a vote who are present now, and whoever has voted already: a vote
    once cast counts, also when its member has left since.
    """
    present = {seat.member.pk for seat in seats if seat.counts and seat.is_present}
    return len(present | {vote.member_id for vote in votes})


def counts_of(votes):
    counts = Counter(vote.choice for vote in votes)
    return (counts[Choice.AGREE], counts[Choice.DISAGREE], counts[Choice.ABSTAIN])


def outcome_of(item, seats, votes):
    """What the vote came to; of an open vote what it would come to now.

    None while no vote has been opened.
    """
    if item.state == ItemState.WAITING:
        return None
    if item.voting_closed_at is not None:
        return Outcome(
            item.agree_count,
            item.disagree_count,
            item.abstain_count,
            item.present_count,
            item.is_carried,
        )
    return outcome(
        *counts_of(votes),
        present=able_to_vote(seats, votes),
        majority=item.meeting.council.majority_share,
    )
