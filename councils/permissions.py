"""Who sees the Council and does what in a meeting.

Chair and secretary are roles in the round, granted with the seat (actions.members);
a voice and a vote belong to the seat itself, and only while its holder is present.
Everybody who reads the whole round reads the Council; for others it does not exist.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from councils.labels import Post
from councils.models import Attendance, Council, Meeting, Member
from councils.states import ItemState, MeetingState
from scoring.labels import PhaseName, RoleName
from scoring.models import Round
from scoring.permissions import READ_ALL, role_names
from scoring.states import RoundState

ROLE_OF_POST = {
    Post.CHAIR: RoleName.CHAIR,
    Post.SECRETARY: RoleName.SECRETARY,
    Post.MEMBER: RoleName.MEMBER,
}


@dataclass(frozen=True, slots=True)
class CouncilRights:
    """What a person may do with the Council of a round, beside its meetings."""

    see: bool = False
    appoint: bool = False
    plan: bool = False


@dataclass(frozen=True, slots=True)
class MeetingRights:
    """What a person may do in a meeting at this moment.

    ``seat`` is the person's own membership, None for readers. ``is_clerk`` (the
    secretary's conduct) and ``is_chair`` are roles; the others ask state and clock too.
    """

    see: bool = False
    is_clerk: bool = False
    is_chair: bool = False
    open: bool = False
    run: bool = False
    speak: bool = False
    vote: bool = False
    conclude: bool = False
    adopt: bool = False
    seat: Member | None = None

    @property
    def has_vote(self):
        return self.seat is not None and self.seat.is_voting


@dataclass(frozen=True, slots=True)
class ItemRights:
    """What a person may do with one agenda item at this moment."""

    open_vote: bool = False
    close_vote: bool = False
    vote: bool = False
    speak: bool = False
    adopt: bool = False


def visible_rounds_of_council(user):
    """Rounds whose Council the person may see, whether it has been set up or not."""
    return Round.objects.filter(_readable(user, "pk"))


def visible_councils(user):
    return Council.objects.filter(_readable(user, "round"))


def visible_meetings(user):
    return Meeting.objects.filter(_readable(user, "council__round"))


def _readable(user, path):
    """Rounds that the person reads as a whole, ``path`` being the way to the round."""
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    rounds = {role.round_id for role in user.role_rows if role.name in READ_ALL}
    return Q(pk__isnull=False) if None in rounds else Q(**{f"{path}__in": rounds})


def council_rights(user, round_):
    names = role_names(user, round_.pk)
    manages = RoleName.MANAGER in names
    return CouncilRights(
        see=bool(names & READ_ALL),
        appoint=manages,
        plan=manages or RoleName.SECRETARY in names,
    )


def council_phase_is_open(round_, now=None):
    phase = round_.phase(PhaseName.COUNCIL)
    return phase is not None and phase.includes(now or timezone.now())


def seat_of(user, council):
    """The person's own seat; None for who has none or has left the Council."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Member.objects.filter(
        council=council, user=user, dismissed_at__isnull=True
    ).first()


def _standing(user, meeting, seats):
    """The person's seat, and whether the person is noted as present."""
    if seats is None:
        seat = seat_of(user, meeting.council_id)
        present = Attendance.objects.filter(
            meeting=meeting, member=seat, left_at__isnull=True
        )
        return seat, seat is not None and present.exists()
    if user.is_authenticated and user.is_active:
        for place in seats:
            member = place.member
            if member.user_id == user.pk and member.dismissed_at is None:
                return member, place.is_present
    return None, False


def meeting_rights(user, meeting, now=None, seats=None):
    """Roles, seat, presence, state and clock together.

    seats  those of the meeting (queries.meetings.seats_at) where they are at hand;
           otherwise the person's own is asked for, in two queries
    """
    round_ = meeting.council.round
    names = role_names(user, round_.pk)
    is_clerk = RoleName.SECRETARY in names
    is_chair = RoleName.CHAIR in names
    state = meeting.state
    seat, is_here = _standing(user, meeting, seats)
    in_phase = council_phase_is_open(round_, now)
    speaks = is_here and state == MeetingState.OPEN and in_phase
    return MeetingRights(
        see=bool(names & READ_ALL),
        is_clerk=is_clerk,
        is_chair=is_chair,
        open=(is_clerk or is_chair) and state == MeetingState.PLANNED and in_phase,
        run=is_clerk and state != MeetingState.CLOSED,
        speak=speaks,
        vote=speaks and seat.is_voting,
        conclude=is_chair
        and state != MeetingState.PLANNED
        and round_.state == RoundState.OPEN,
        adopt=is_chair and state == MeetingState.OPEN,
        seat=seat,
    )


def item_rights(rights, item):
    """The rights in a meeting, narrowed to the state of one of its items."""
    is_open = item.meeting.state == MeetingState.OPEN
    state = item.state
    return ItemRights(
        open_vote=rights.run
        and is_open
        and state == ItemState.WAITING
        and not item.group.is_adopted,
        close_vote=rights.run and is_open and state == ItemState.VOTING,
        vote=rights.vote and state == ItemState.VOTING,
        speak=rights.speak,
        adopt=rights.adopt
        and state == ItemState.CLOSED
        and bool(item.is_carried)
        and not item.group.is_adopted,
    )
