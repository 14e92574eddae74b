"""The manager reminds many agencies at once."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from scoring.actions.mail import one_line
from scoring.actions.notices import Telling, write
from scoring.labels import NoticeKind
from scoring.models import Reminder
from scoring.permissions import round_rights
from scoring.queries.reminders import addressees, filled, unknown_placeholders
from scoring.refusals import Conflict, NotAllowed, Refused


@transaction.atomic
def send(round_, choice, *, subject, text, token, seen, by, at=None):
    """Write notice and mail for everybody of the choice; returns the Reminder.

    token  made with the preview: the same one sends nothing a second time
    seen   Addressees.fingerprint of what the preview showed
    Refused: not the manager, a placeholder that is none, nobody to remind; with
    Conflict when others would be reminded by now than the preview showed.
    """
    at = at or timezone.now()
    if not round_rights(by, round_).manage:
        raise NotAllowed()
    sent = Reminder.objects.filter(token=token, round=round_).first()
    if sent is not None:
        return sent
    _require_known(subject + text)
    found = addressees(round_, choice, at)
    if not found.people:
        raise Refused(_("Nobody is to be reminded: no file is in these states."))
    if found.fingerprint(subject, text) != seen:
        raise Conflict(
            _("Others would be reminded by now than the preview showed. Look again.")
        )
    reminder, is_new = Reminder.objects.get_or_create(
        token=token,
        round=round_,
        defaults={
            "subject": subject,
            "text": text,
            "recipients": len(found.people),
            "created_at": at,
            "created_by": by,
        },
    )
    if is_new:
        write(_tellings(reminder, found), at=at, reminder=reminder)
    return reminder


def _require_known(text):
    if unknown := unknown_placeholders(text):
        raise Refused(
            _("Unknown placeholder: %(names)s.") % {"names": ", ".join(unknown)}
        )


def _tellings(reminder, found):
    """What stands in place of the placeholders is written as the site writes it."""
    with translation.override(settings.LANGUAGE_CODE):
        return [
            Telling(
                one.user,
                NoticeKind.REMINDER,
                reminder.round,
                f"{NoticeKind.REMINDER}:{reminder.token}:{one.file.pk}:{one.user.pk}",
                one.file,
                {
                    "subject": one_line(filled(reminder.subject, one.row)),
                    "text": filled(reminder.text, one.row),
                },
            )
            for one in found.people
        ]
