"""Cast a vote."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.actions.items import require_session
from councils.actions.locks import lock_item
from councils.actions.meetings import require_council_phase
from councils.labels import Choice
from councils.models import Vote
from councils.permissions import meeting_rights
from councils.states import ItemState
from scoring.refusals import NotAllowed, Refused


@transaction.atomic
def cast(item, choice, *, by, at=None):
    """Vote, or change the own vote while the vote is open; nobody votes for another.

    choice  agree, disagree or abstain
    Late outside the Council's phase. Refused before and after the vote, and for who
    has no seat with a vote or is not noted as present. A repeat changes nothing.
    """
    at = at or timezone.now()
    item = lock_item(item)
    if choice not in Choice.values:
        raise Refused(_("Choose agree, disagree or abstain."))
    rights = meeting_rights(by, item.meeting, at)
    if rights.seat is None or not rights.seat.is_voting:
        raise NotAllowed(_("Only members of the Council with a vote can vote."))
    require_session(item.meeting)
    require_council_phase(item.meeting, at)
    _require_open_vote(item)
    if not rights.vote:
        raise NotAllowed(not_present_sentence())
    return _store(item, rights.seat, choice, at)


def not_present_sentence():
    return _(
        "Only members who are present can do this. The secretary of the Council notes "
        "who is present."
    )


def _require_open_vote(item):
    if item.state == ItemState.WAITING:
        raise Refused(_("The vote has not been opened yet."))
    if item.state != ItemState.VOTING:
        raise Refused(_("The vote has been closed; votes no longer change."))


def _store(item, seat, choice, at):
    vote = Vote.objects.filter(item=item, member=seat).first()
    if vote is None:
        return Vote.objects.create(item=item, member=seat, choice=choice, at=at)
    if vote.choice != choice:
        vote.choice, vote.at = choice, at
        vote.save(update_fields=["choice", "at"])
    return vote
