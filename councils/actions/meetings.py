"""Steps of a meeting: plan, open, presence, conclusion, close."""

import hashlib

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.actions.locks import lock_council, lock_meeting
from councils.models import AgendaItem, Attendance, Meeting, Member
from councils.permissions import (
    council_phase_is_open,
    council_rights,
    meeting_rights,
)
from councils.queries.meetings import agenda_of
from councils.states import MEETING_MOVES, ItemState, MeetingState, require_move
from scoring.models import RoundGroup
from scoring.refusals import Conflict, Late, NotAllowed, Refused
from scoring.states import RoundState


@transaction.atomic
def plan(council, *, held_at, by, place="", groups=None):
    """Plan a meeting with one agenda item per group.

    groups  RoundGroups of the round; None: all that have not been adopted
    The manager's or the secretary's act. Refused without a group, for a group of
    another round and for an adopted one. A repeat with the same moment, place and
    groups gives the meeting that is planned already.
    """
    council = lock_council(council)
    if not council_rights(by, council.round).plan:
        raise NotAllowed()
    wanted = _groups(council.round, groups)
    place = place.strip()
    if same := _planned_already(council, held_at, place, wanted):
        return same
    last = Meeting.objects.filter(council=council).aggregate(Max("number"))
    meeting = Meeting.objects.create(
        council=council,
        number=(last["number__max"] or 0) + 1,
        held_at=held_at,
        place=place,
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, group=group)
        for position, group in enumerate(wanted, start=1)
    )
    return meeting


def _groups(round_, groups):
    all_groups = RoundGroup.objects.filter(round=round_).order_by("position", "pk")
    by_key = {group.pk: group for group in all_groups}
    keys = list(by_key) if groups is None else [group.pk for group in groups]
    if unknown := [key for key in keys if key not in by_key]:
        raise Refused(
            _("These groups are not in the round: %(groups)s.")
            % {"groups": ", ".join(map(str, unknown))}
        )
    wanted = [group for key, group in by_key.items() if key in keys]
    adopted = [group.name for group in wanted if group.is_adopted]
    if groups is not None and adopted:
        raise Refused(
            _("Adopted already: %(groups)s.") % {"groups": ", ".join(adopted)}
        )
    wanted = [group for group in wanted if not group.is_adopted]
    if not wanted:
        raise Refused(_("There is no group left to decide on."))
    return wanted


def _planned_already(council, held_at, place, groups):
    meetings = Meeting.objects.filter(
        council=council, held_at=held_at, place=place, opened_at__isnull=True
    ).prefetch_related("items")
    wanted = {group.pk for group in groups}
    return next(
        (
            meeting
            for meeting in meetings
            if {item.group_id for item in meeting.items.all()} == wanted
        ),
        None,
    )


@transaction.atomic
def open_(meeting, *, by, at=None):
    """Open a planned meeting: the secretary's or the chair's act.

    Late outside the Council's phase; refused while another meeting of the Council is
    in session. Opening an open meeting changes nothing.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting.pk)
    rights = meeting_rights(by, meeting, at)
    if meeting.state == MeetingState.OPEN and (rights.run or rights.conclude):
        return meeting
    require_move(MEETING_MOVES, "open", meeting.state)
    require_council_phase(meeting, at)
    if not rights.open:
        raise NotAllowed()
    lock_council(meeting.council)
    if other := _in_session(meeting):
        raise Refused(
            _("Meeting %(number)s of the Council is still in session; close it first.")
            % {"number": other.number}
        )
    meeting.opened_at = at
    meeting.save(update_fields=["opened_at"])
    return meeting


def _in_session(meeting):
    return (
        Meeting.objects.filter(
            council=meeting.council_id, opened_at__isnull=False, closed_at__isnull=True
        )
        .exclude(pk=meeting.pk)
        .first()
    )


def require_council_phase(meeting, at):
    """Writing of the Council's is bound to its phase (closing and adopting are not)."""
    round_ = meeting.council.round
    if not council_phase_is_open(round_, at):
        raise Late(
            _(
                "The phase of the Council is not open. The round manager can change "
                "its dates."
            )
        )


@transaction.atomic
def mark_presence(meeting, members, is_present, *, by, at=None):
    """Note that members have come, or have gone: the secretary's act.

    Refused after the close and for persons without a seat. Repeating is harmless.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting.pk)
    _require_run(by, meeting, at)
    keys = {member.pk for member in members}
    sitting = set(
        Member.objects.filter(
            council=meeting.council_id, dismissed_at__isnull=True, pk__in=keys
        ).values_list("pk", flat=True)
    )
    if keys - sitting:
        raise Refused(_("Only members of this Council can be noted as present."))
    if is_present:
        _note_arrival(meeting, sitting, at)
    else:
        Attendance.objects.filter(
            meeting=meeting, member__in=sitting, left_at__isnull=True
        ).update(left_at=at)
    return meeting


def _note_arrival(meeting, keys, at):
    known = Attendance.objects.filter(meeting=meeting, member__in=keys)
    here_before = set(known.values_list("member_id", flat=True))
    known.filter(left_at__isnull=False).update(left_at=None)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member_id=key, arrived_at=at)
        for key in sorted(keys - here_before)
    )


@transaction.atomic
def conclude(meeting, text, *, by, seen=None, at=None):
    """Write the chair's conclusion, from the opening on and until the round moves on.

    seen  digest of the text on which the chair wrote (``conclusion_digest``); another
          text there by now is a Conflict that shows both
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting.pk)
    text = text.strip()
    rights = meeting_rights(by, meeting, at)
    if not rights.conclude:
        _refuse_conclusion(meeting)
    if meeting.conclusion == text:
        return meeting
    if seen is not None and seen != conclusion_digest(meeting.conclusion):
        raise Conflict(
            _(
                "The conclusion has been changed meanwhile. It now reads: “%(stored)s”. "
                "Yours: “%(given)s”."
            )
            % {"stored": meeting.conclusion, "given": text},
            stored=meeting.conclusion,
            given=text,
        )
    meeting.conclusion = text
    meeting.save(update_fields=["conclusion"])
    return meeting


def _refuse_conclusion(meeting):
    if meeting.state == MeetingState.PLANNED:
        raise Refused(_("The meeting has not been opened yet."))
    if meeting.council.round.state != RoundState.OPEN:
        raise Refused(_("The round has moved on since; the conclusion stays as it is."))
    raise NotAllowed(_("The chair of the Council writes the conclusion."))


def conclusion_digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def close(meeting, *, by, at=None):
    """Close a meeting: the secretary's act; refused while a vote is open.

    Items that were not voted on stay so and can be taken up by another meeting.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting.pk)
    rights = meeting_rights(by, meeting, at)
    if meeting.state == MeetingState.CLOSED and rights.see:
        return meeting
    require_move(MEETING_MOVES, "close", meeting.state)
    if not rights.run:
        raise NotAllowed(_("The secretary of the Council runs the meeting."))
    for item in agenda_of(meeting):
        if item.state == ItemState.VOTING:
            raise Refused(
                _("The vote on %(group)s is still open; close it first.")
                % {"group": item.group.name}
            )
    meeting.closed_at = at
    meeting.save(update_fields=["closed_at"])
    return meeting


def _require_run(by, meeting, at):
    if meeting.state == MeetingState.CLOSED:
        raise Refused(_("The meeting has been closed."))
    if not meeting_rights(by, meeting, at).run:
        raise NotAllowed(_("The secretary of the Council runs the meeting."))
