"""Three small state machines as data: the file, the group, the round.

Which step can follow which stands in the tables; who may take it stands in
permissions.py; what happens on it stands in actions/.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.refusals import Refused


class FileState(models.TextChoices):
    NOT_STARTED = "not_started", gettext_lazy("Not started")
    SCORING = "scoring", gettext_lazy("Scoring")
    WITH_LEADER = "with_leader", gettext_lazy("With the leader")
    LOCKED = "locked", gettext_lazy("Locked")
    LOCKED_BY_CLOCK = "locked_by_clock", gettext_lazy("Locked by the deadline")
    EXPLAINING = "explaining", gettext_lazy("Explaining")
    EXPLANATION_LOCKED = "explanation_locked", gettext_lazy("Explanation locked")


class GroupState(models.TextChoices):
    OPEN = "open", gettext_lazy("Open")
    ADOPTED = "adopted", gettext_lazy("Adopted by the Council")
    CORRECTED = "corrected", gettext_lazy("Corrected after adoption")


class RoundState(models.TextChoices):
    OPEN = "open", gettext_lazy("In progress")
    RECHECKED = "rechecked", gettext_lazy("Rechecked")
    SEALED = "sealed", gettext_lazy("Sealed")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    DECIDED = "decided", gettext_lazy("Decided")
    PUBLISHED = "published", gettext_lazy("Published")


@dataclass(frozen=True, slots=True)
class Move:
    sources: frozenset[str]
    target: str


# LOCKED_BY_CLOCK is never stored: Assessment.state_at(now) derives it.
STORED_FILE_STATES = [
    state for state in FileState if state != FileState.LOCKED_BY_CLOCK
]
EARLY = frozenset({FileState.NOT_STARTED, FileState.SCORING, FileState.WITH_LEADER})
WRITABLE = frozenset({FileState.NOT_STARTED, FileState.SCORING})
LOCKED = frozenset(FileState) - EARLY

FILE_MOVES = {
    "start": Move(frozenset({FileState.NOT_STARTED}), FileState.SCORING),
    "hand_over": Move(WRITABLE, FileState.WITH_LEADER),
    "hand_back": Move(frozenset({FileState.WITH_LEADER}), FileState.SCORING),
    "take_back": Move(frozenset({FileState.WITH_LEADER}), FileState.SCORING),
    "lock": Move(frozenset({FileState.WITH_LEADER}), FileState.LOCKED),
    "withdraw": Move(frozenset({FileState.LOCKED}), FileState.SCORING),
    "reopen": Move(
        frozenset({FileState.LOCKED, FileState.LOCKED_BY_CLOCK}), FileState.SCORING
    ),
}
GROUP_MOVES = {
    "adopt": Move(frozenset({GroupState.OPEN}), GroupState.ADOPTED),
}


class MoveRefused(Refused):
    status = 409

    def __init__(self, label):
        super().__init__(
            _("This step is not possible in the present state: %(state)s.")
            % {"state": label}
        )


def target_of(moves, move, state):
    """Where ``move`` leads from ``state``; MoveRefused if the table has no such line."""
    if state not in moves[move].sources:
        labels = FileState if moves is FILE_MOVES else GroupState
        raise MoveRefused(labels(state).label)
    return moves[move].target
