"""The queue of mails: written with the act, sent by ``manage.py send_mail``.

Nothing here is called in a request but ``queue``, which is one INSERT. A mail is
delivered at least once: a sender that dies between handing a mail over and noting it
leaves a claim, which is taken again after ``CLAIM_LASTS``; the mail then goes out
twice, under the same Message-ID.
"""

import contextlib
import secrets
import smtplib
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.labels import MailState
from scoring.models import Mail
from scoring.permissions import round_rights
from scoring.refusals import NotAllowed, Refused

# How long to wait after the first, second ... failed try. After the last one the
# mail is given up: two and a half days in all, so a server may fail over a weekend.
PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180, 360, 720, 1440)
)
MOST_ATTEMPTS = len(PAUSES) + 1
BATCH = 20
# Far longer than one mail can take: a server that does not answer is left after
# EMAIL_TIMEOUT seconds at each step.
CLAIM_LASTS = timedelta(minutes=15)
# Kinds whose text opens a door; it is forgotten once it was sent.
SECRET_KINDS = frozenset({"password_reset"})
ERROR_KEPT = 500
SUBJECT_KEPT = Mail._meta.get_field("subject").max_length


@dataclass(slots=True)
class Delivery:
    """What one run did. ``down``: why the server could not be used, else empty."""

    sent: int = 0
    postponed: int = 0
    given_up: list[str] = field(default_factory=list)
    down: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a mail did not go. ``is_servers``: no other would either; ``is_for_good``:
    trying again would not help."""

    text: str
    is_servers: bool = False
    is_for_good: bool = False


def one_line(text, most=SUBJECT_KEPT):
    """A text that fits into a header: no line breaks, not too long."""
    return " ".join(text.split())[:most]


def queue(user, *, kind, subject, text, key, at=None):
    """Write one mail that belongs to no round, such as a link for a new password."""
    at = at or timezone.now()
    return Mail.objects.create(
        recipient=user,
        recipient_name=str(user),
        kind=kind,
        subject=one_line(subject),
        text=text,
        key=key,
        created_at=at,
        next_try_at=at,
        **address_and_state(user),
    )


def address_and_state(user):
    address = user.email.strip()
    return {
        "address": address,
        "state": MailState.WAITING if address else MailState.NO_ADDRESS,
    }


# --- sending --------------------------------------------------------------------------


def deliver(*, connection=None, now=timezone.now):
    """Send what is due; returns a Delivery. Any number may run at once.

    connection  a mail connection of Django; None: the one of the settings
    now         the clock
    Stops at the first sign that the server itself cannot be used: what is left is
    given back untouched, so that no mail is given up because of it.
    """
    connection = connection or get_connection()
    delivery = Delivery()
    try:
        while not delivery.down:
            token = secrets.token_hex(16)
            mails = claim(token, now())
            if not mails:
                break
            _send_batch(mails, token, connection, delivery, now)
    finally:
        _close(connection)
    return delivery


def claim(token, now):
    """Take up to BATCH due mails for the sender with this token.

    On PostgreSQL rows that another sender is taking are skipped; SQLite has one
    writer at a time (IMMEDIATE) and needs no row locks.
    """
    with transaction.atomic():
        _give_up_unfinished(now)
        due = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(
                Q(state=MailState.WAITING, next_try_at__lte=now)
                | Q(state=MailState.SENDING, claimed_at__lte=now - CLAIM_LASTS)
            )
            .order_by("next_try_at", "pk")[:BATCH]
        )
        taken = [mail.pk for mail in due]
        Mail.objects.filter(pk__in=taken).update(
            state=MailState.SENDING,
            claim=token,
            claimed_at=now,
            attempts=F("attempts") + 1,
        )
    return list(Mail.objects.filter(claim=token).order_by("next_try_at", "pk"))


def _give_up_unfinished(now):
    """A mail at which the sender has died so many times is not tried again."""
    Mail.objects.filter(
        state=MailState.SENDING,
        claimed_at__lte=now - CLAIM_LASTS,
        attempts__gte=MOST_ATTEMPTS,
    ).update(
        state=MailState.FAILED,
        claim="",
        claimed_at=None,
        last_error=_("The sender stopped while it was sending this mail."),
    )


def _send_batch(mails, token, connection, delivery, now):
    for place, mail in enumerate(mails):
        if not _renew(mail, token, now()):
            continue
        error = _send(mail, connection)
        if error is None:
            _note_sent(mail, token, now())
            delivery.sent += 1
            continue
        _close(connection)
        _note_failure(mail, token, error, delivery, now())
        if error.is_servers:
            delivery.down = error.text
            _give_back(mails[place + 1 :], token, now())
            return


def _send(mail, connection):
    """Hand one mail over; the Trouble that kept it back, None when it is gone."""
    try:
        connection.open()
    except (OSError, ValueError) as error:
        return Trouble(_said(error), is_servers=True)
    try:
        connection.send_messages([_message(mail, connection)])
    except (OSError, ValueError) as error:
        return Trouble(
            _said(error),
            is_servers=not _is_about_the_mail(error),
            is_for_good=_is_for_good(error),
        )
    return None


def _renew(mail, token, now):
    """Whether the row is still this sender's; its time runs anew."""
    return Mail.objects.filter(pk=mail.pk, claim=token).update(claimed_at=now)


def _message(mail, connection):
    return EmailMessage(
        subject=mail.subject,
        body=mail.text,
        to=[mail.address],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def _is_about_the_mail(error):
    """Whether only this mail is refused; anything else is trouble with the server."""
    refusals = (
        smtplib.SMTPRecipientsRefused,
        smtplib.SMTPDataError,
        smtplib.SMTPNotSupportedError,
    )
    return isinstance(error, refusals) or not isinstance(error, OSError)


def _is_for_good(error):
    """An address that no server takes, or that cannot be written into a header."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, __ in error.recipients.values())
    return not isinstance(error, OSError)


def _said(error):
    """What went wrong, in one line, as the server or the machine said it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = [
            f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
            for code, text in error.recipients.values()
        ]
        return one_line("; ".join(answers), ERROR_KEPT)
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        text = text.decode(errors="replace") if isinstance(text, bytes) else text
        return one_line(f"{error.smtp_code} {text}", ERROR_KEPT)
    return one_line(f"{type(error).__name__}: {error}", ERROR_KEPT)


def _note_failure(mail, token, error, delivery, now):
    if error.is_for_good or mail.attempts >= MOST_ATTEMPTS:
        delivery.given_up.append(f"{mail.address}: {error.text}")
        changes = {"state": MailState.FAILED}
    else:
        delivery.postponed += 1
        pause = PAUSES[mail.attempts - 1]
        changes = {"state": MailState.WAITING, "next_try_at": now + pause}
    _finish(mail, token, last_error=error.text, **changes)


def _note_sent(mail, token, now):
    changes = {"state": MailState.SENT, "sent_at": now, "last_error": ""}
    if mail.kind in SECRET_KINDS:
        changes["text"] = ""
    _finish(mail, token, **changes)


def _finish(mail, token, **changes):
    Mail.objects.filter(pk=mail.pk, claim=token).update(
        claim="", claimed_at=None, **changes
    )


def _give_back(mails, token, now):
    """What was claimed and not tried waits a little and has lost no try."""
    Mail.objects.filter(pk__in=[mail.pk for mail in mails], claim=token).update(
        state=MailState.WAITING,
        claim="",
        claimed_at=None,
        attempts=F("attempts") - 1,
        next_try_at=now + PAUSES[0],
    )


def _close(connection):
    """A line that is already broken may fail to close, too; nothing hangs on it."""
    with contextlib.suppress(OSError):
        connection.close()


# --- trying again ---------------------------------------------------------------------


@transaction.atomic
def try_again(mail, *, by, at=None):
    """Put a mail that was given up, or had no address, into the queue once more.

    The manager's act. The address is read anew from the account. A mail that waits
    or is being sent stays as it is; one that was sent is refused, and so is one
    whose recipient still has no address.
    """
    at = at or timezone.now()
    locked = Mail.objects.select_for_update().get(pk=mail.pk)
    if locked.round is None or not round_rights(by, locked.round).manage:
        raise NotAllowed()
    if locked.state == MailState.SENT:
        raise Refused(_("This mail has been sent; it is not sent a second time."))
    if locked.state in (MailState.FAILED, MailState.NO_ADDRESS):
        _wait_again(locked, at)
    return locked


def _wait_again(mail, at):
    address = mail.recipient.email.strip() if mail.recipient else ""
    if not address:
        raise Refused(
            _(
                "%(name)s has no e-mail address. An administrator enters it in the "
                "account; the notice in the application has been given."
            )
            % {"name": mail.recipient_name}
        )
    mail.address, mail.state, mail.attempts = address, MailState.WAITING, 0
    mail.next_try_at, mail.last_error = at, ""
    mail.save(
        update_fields=["address", "state", "attempts", "next_try_at", "last_error"]
    )


@transaction.atomic
def try_all_again(round_, *, by, at=None):
    """Put every mail of the round that was given up into the queue; their number."""
    at = at or timezone.now()
    if not round_rights(by, round_).manage:
        raise NotAllowed()
    given_up = (
        Mail.objects.select_for_update(of=("self",))
        .filter(round=round_, state=MailState.FAILED)
        .exclude(recipient__isnull=True)
        .exclude(recipient__email="")
        .select_related("recipient")
        .order_by("pk")
    )
    mails = list(given_up)
    for mail in mails:
        _wait_again(mail, at)
    return len(mails)
