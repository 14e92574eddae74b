"""What a meeting and an agenda item pass through, as tables of moves.

The states are read from the moments that the rows keep; who may make a move stands
in permissions.py, what must hold for it in actions/.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.states import Move, MoveRefused


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("In session")
    CLOSED = "closed", _("Closed")


class ItemState(models.TextChoices):
    WAITING = "waiting", _("Not voted on yet")
    VOTING = "voting", _("Vote open")
    CLOSED = "closed", _("Vote closed")
    ADOPTED = "adopted", _("Adopted")


MEETING_MOVES = {
    "open": Move(frozenset({MeetingState.PLANNED}), MeetingState.OPEN),
    "close": Move(frozenset({MeetingState.OPEN}), MeetingState.CLOSED),
}
ITEM_MOVES = {
    "open_vote": Move(frozenset({ItemState.WAITING}), ItemState.VOTING),
    "close_vote": Move(frozenset({ItemState.VOTING}), ItemState.CLOSED),
    "adopt": Move(frozenset({ItemState.CLOSED}), ItemState.ADOPTED),
}


def require_move(moves, move, state):
    """MoveRefused, with the present state's name, if the table has no such line."""
    if state not in moves[move].sources:
        raise MoveRefused(state.label)
