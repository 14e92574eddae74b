"""Steps of an agenda item: open the vote, close it, adopt the group."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from councils.actions.locks import lock_item
from councils.actions.meetings import require_council_phase
from councils.models import AgendaItem
from councils.permissions import item_rights, meeting_rights
from councils.queries.meetings import (
    able_to_vote,
    counts_of,
    quorum_of,
    seats_at,
    votes_of,
)
from councils.queries.results import figures_digest
from councils.states import ITEM_MOVES, ItemState, MeetingState, require_move
from councils.tally import outcome, quorum
from councils.wording import quorum_sentence
from scoring.actions import results
from scoring.refusals import NotAllowed, Refused


@transaction.atomic
def open_vote(item, *, by, at=None):
    """Open the vote on a group's figures as they are now: the secretary's act.

    Late outside the Council's phase. Refused outside a meeting in session, without a
    quorum, while another vote of the meeting is open, and for an adopted group.
    Opening an open vote changes nothing.
    """
    at = at or timezone.now()
    item = lock_item(item)
    rights = meeting_rights(by, item.meeting, at)
    _require_clerk(rights, item)
    if item.state == ItemState.VOTING:
        return item
    require_move(ITEM_MOVES, "open_vote", item.state)
    require_council_phase(item.meeting, at)
    _require_votable(item)
    _require_quorum(quorum_of(item.meeting.council, seats_at(item.meeting)))
    item.figures_digest = figures_digest(item.group)
    item.voting_opened_at = at
    item.save(update_fields=["voting_opened_at", "figures_digest"])
    return item


def _require_clerk(rights, item):
    require_session(item.meeting)
    if not rights.run:
        raise NotAllowed(_("The secretary of the Council opens and closes votes."))


def require_session(meeting):
    if meeting.state == MeetingState.PLANNED:
        raise Refused(_("The meeting has not been opened yet."))
    if meeting.state == MeetingState.CLOSED:
        raise Refused(_("The meeting has been closed."))


def _require_votable(item):
    if item.group.is_adopted:
        raise Refused(_("Adopted already: %(groups)s.") % {"groups": item.group.name})
    other = AgendaItem.objects.filter(
        meeting=item.meeting_id,
        voting_opened_at__isnull=False,
        voting_closed_at__isnull=True,
    ).select_related("group")
    if open_item := other.first():
        raise Refused(
            _("The vote on %(group)s is still open; close it first.")
            % {"group": open_item.group.name}
        )


def _require_quorum(counted):
    if not counted.is_met:
        raise Refused(quorum_sentence(counted))


@transaction.atomic
def close_vote(item, *, by, at=None):
    """Close a vote and keep its counts and outcome: the secretary's act.

    Present are the members with a vote who are there now, and whoever has voted. When
    too many have left for a quorum the vote stays open. Closing twice is harmless.
    """
    at = at or timezone.now()
    item = lock_item(item)
    rights = meeting_rights(by, item.meeting, at)
    _require_clerk(rights, item)
    if item.state in (ItemState.CLOSED, ItemState.ADOPTED):
        return item
    require_move(ITEM_MOVES, "close_vote", item.state)
    seats, votes = seats_at(item.meeting), votes_of(item)
    present = able_to_vote(seats, votes)
    _require_quorum(_quorum_at_close(item, seats, present))
    result = outcome(
        *counts_of(votes),
        present=present,
        majority=item.meeting.council.majority_share,
    )
    _keep(item, result, at)
    return item


def _quorum_at_close(item, seats, present):
    council = item.meeting.council
    members = quorum_of(council, seats).members
    # Somebody who voted and has left the Council since counts on both sides.
    return quorum(present, max(members, present), council.quorum_share)


def _keep(item, result, at):
    item.voting_closed_at = at
    item.agree_count = result.agree
    item.disagree_count = result.disagree
    item.abstain_count = result.abstain
    item.present_count = result.present
    item.is_carried = result.is_carried
    item.save(
        update_fields=[
            "voting_closed_at",
            "agree_count",
            "disagree_count",
            "abstain_count",
            "present_count",
            "is_carried",
        ]
    )


@transaction.atomic
def adopt(item, *, by, at=None):
    """Adopt a group whose vote was carried; its figures are frozen in the same act.

    The chair's act, in the meeting. Refused when the vote was not carried, and when
    the figures are no longer those that were voted on. Adopting twice is harmless.
    """
    at = at or timezone.now()
    item = lock_item(item)
    rights = meeting_rights(by, item.meeting, at)
    if item.state == ItemState.ADOPTED and rights.see:
        return item
    require_session(item.meeting)
    if not rights.adopt:
        raise NotAllowed(_("The chair of the Council adopts the results."))
    require_move(ITEM_MOVES, "adopt", item.state)
    if not item_rights(rights, item).adopt:
        _refuse_adoption(item)
    results.adopt(item.group, by=by, at=at, reason=_reason(item))
    # The files are held since, so these are the figures that were frozen.
    if figures_digest(item.group) != item.figures_digest:
        raise Refused(
            _(
                "The figures of %(group)s have changed since the vote was opened. Put "
                "the group on the agenda of another meeting and vote on it again."
            )
            % {"group": item.group.name}
        )
    item.adopted_at = at
    item.save(update_fields=["adopted_at"])
    return item


def _refuse_adoption(item):
    if item.group.is_adopted:
        raise Refused(_("Adopted already: %(groups)s.") % {"groups": item.group.name})
    raise Refused(
        _("The vote on %(group)s was not carried; it cannot be adopted.")
        % {"group": item.group.name}
    )


def _reason(item):
    """What the ledger and the freeze say; in the language of the house, whoever acts."""
    with translation.override(settings.LANGUAGE_CODE):
        return _(
            "Meeting %(meeting)s of the Appraisal Council: %(agree)s of %(present)s "
            "members present agree."
        ) % {
            "meeting": item.meeting.number,
            "agree": item.agree_count,
            "present": item.present_count,
        }
