"""What the accounts of the demonstration have been told: by the real actions, at the
moments at which they would have been told."""

from datetime import timedelta

from scoring.actions import dated_notices, reminders
from scoring.demo import people
from scoring.labels import PhaseName, RoleName
from scoring.models import Mail, Notice
from scoring.queries.reminders import Choice, addressees, proposed_words
from scoring.states import FileState

TOKEN = "de000000000000000000000000000001"  # noqa: S105 - names the one reminder


def forget(round_):
    """Of rounds that are long past nobody is told any more."""
    Mail.objects.filter(round=round_).delete()
    Notice.objects.filter(round=round_).delete()


def tell(stage):
    """The phase has opened, files have moved, the manager has reminded some."""
    _forget_stand_ins(stage)
    period = stage.periods[PhaseName.SELF_ASSESSMENT]
    dated_notices.remind(at=period.starts_at + timedelta(hours=1))
    _remind(stage, at=period.at(380))


def _forget_stand_ins(stage):
    """They stand for a hundred people; nobody reads what they were told."""
    stand_ins = [
        stage.users[account.username]
        for account in (people.STAND_IN_OFFICER, people.STAND_IN_LEADER)
    ]
    Mail.objects.filter(recipient__in=stand_ins).delete()
    Notice.objects.filter(recipient__in=stand_ins).delete()


def _remind(stage, *, at):
    choice = Choice(
        frozenset({FileState.NOT_STARTED, FileState.SCORING}),
        frozenset(),
        frozenset({RoleName.OFFICER, RoleName.LEADER}),
    )
    words = proposed_words()
    reminders.send(
        stage.round,
        choice,
        **words,
        token=TOKEN,
        seen=addressees(stage.round, choice, at).fingerprint(**words),
        by=stage.manager,
        at=at,
    )
