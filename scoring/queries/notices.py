"""Notices of a person, mails of a round, and who holds which role in it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from scoring.labels import MailState
from scoring.models import Mail, Notice, Reminder, Role
from scoring.permissions import visible_assessments, visible_rounds
from scoring.queries.notice_texts import address_of, subject_of, text_of


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """``address`` is empty where the person no longer sees what the notice is about."""

    notice: Notice
    subject: str
    text: str
    address: str


def notices_of(user, *, unread_only=False):
    """The person's notices, newest first."""
    rows = Notice.objects.filter(recipient=user)
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    return rows.select_related("round", "assessment__agency")


def notice_lines(notices, user):
    """``[NoticeLine]`` in the language of the reader; two queries for any number."""
    notices = list(notices)
    files = {notice.assessment_id for notice in notices} - {None}
    rounds = {notice.round_id for notice in notices}
    seen_files = set(
        visible_assessments(user).filter(pk__in=files).values_list("pk", flat=True)
    )
    seen_rounds = set(
        visible_rounds(user).filter(pk__in=rounds).values_list("pk", flat=True)
    )
    return [
        NoticeLine(
            notice,
            subject_of(notice),
            text_of(notice),
            address_of(notice) if _is_seen(notice, seen_files, seen_rounds) else "",
        )
        for notice in notices
    ]


def _is_seen(notice, files, rounds):
    if notice.assessment_id:
        return notice.assessment_id in files
    return notice.round_id in rounds


def role_holders(round_, names, agencies=None):
    """``[Role]`` of active people, with ``user`` at hand, in the round or in all.

    agencies  keys of agencies, for officers and leaders; None: of any
    """
    roles = Role.objects.filter(
        Q(round=round_) | Q(round__isnull=True), name__in=names, user__is_active=True
    )
    if agencies is not None:
        roles = roles.filter(agency__in=agencies)
    return list(roles.select_related("user").order_by("user_id", "name", "pk"))


def reminders_of(round_):
    """What the manager sent to the round's agencies, newest first."""
    return Reminder.objects.filter(round=round_)


def same_reminder(round_, subject, text):
    """The last reminder that had the same words, or None."""
    return reminders_of(round_).filter(subject=subject, text=text).first()


def is_reminder_sent(round_, token):
    """Whether the form that bore ``token`` was sent before."""
    return reminders_of(round_).filter(token=token).exists()


def mails_of(round_, state=""):
    """The round's mails, newest first; ``state`` one of MailState, or all."""
    mails = Mail.objects.filter(round=round_).select_related("assessment")
    return mails.filter(state=state) if state in MailState else mails


def mails_to(usernames, *, without):
    """Mails to these people, newest first; ``without``: kinds that are left out."""
    mails = Mail.objects.filter(recipient__username__in=usernames)
    return mails.exclude(kind__in=without).select_related("recipient")


def mail_counts(round_):
    """``[(MailState, number)]`` of the states that occur."""
    rows = Mail.objects.filter(round=round_).order_by().values_list("state", flat=True)
    numbers = Counter(rows)
    return [(state, numbers[state]) for state in MailState if numbers[state]]
