"""Tell people what happened: a notice for each, and a mail in the queue beside it.

Called by the acts themselves, inside their transactions: an act that is undone has
told nobody, and nobody waits for a mail server. Whoever acted is not told.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from scoring.actions.mail import address_and_state, one_line
from scoring.labels import NoticeKind, RoleName
from scoring.models import Assessment, Mail, Notice, Reminder, Round, User
from scoring.queries.notice_texts import address_of, subject_of, text_of
from scoring.queries.notices import role_holders

AT_ONCE = 400
OFFICERS = (RoleName.OFFICER,)
LEADERS = (RoleName.LEADER,)
BOTH = (RoleName.OFFICER, RoleName.LEADER)


@dataclass(frozen=True, slots=True)
class Telling:
    """One person to be told of one thing. ``key``: once for ever."""

    to: User
    kind: NoticeKind
    round: Round
    key: str
    assessment: Assessment | None = None
    params: dict = field(default_factory=dict)


# --- what happens to a file -------------------------------------------------------------


# Who is told of which step. The manager is not told of each of a hundred locked
# files: the progress page says it.
TOLD_OF_MOVE = {
    "hand_over": (NoticeKind.HANDED_OVER, LEADERS),
    "take_back": (NoticeKind.WITHDRAWN, BOTH),
    "hand_back": (NoticeKind.HANDED_BACK, OFFICERS),
    "lock": (NoticeKind.LOCKED, OFFICERS),
    "withdraw": (NoticeKind.WITHDRAWN, BOTH),
}


def moved(assessment, move, *, by, at, reason=""):
    """A step of states.FILE_MOVES was taken; steps that concern nobody tell nobody."""
    if move in TOLD_OF_MOVE:
        kind, names = TOLD_OF_MOVE[move]
        _tell_people(assessment, kind, names, by=by, at=at, reason=reason)


def extended(assessment, *, by, at, reason, document):
    _tell_people(
        assessment,
        NoticeKind.EXTENDED,
        BOTH,
        by=by,
        at=at,
        reason=reason,
        document=document,
    )


def reopened(assessment, *, by, at, reason, document):
    _tell_people(
        assessment,
        NoticeKind.REOPENED,
        BOTH,
        by=by,
        at=at,
        reason=reason,
        document=document,
    )


def _tell_people(assessment, kind, names, *, by, at, **params):
    """``assessment`` as the act left it: with its round, agency and ledger's length."""
    until = assessment.self_deadline()
    params |= {
        "by_name": str(by),
        "by_post": by.post,
        "at": at.isoformat(),
        "until": until.isoformat() if until else "",
    }
    roles = role_holders(assessment.round, names, [assessment.agency_id])
    people = {role.user_id: role.user for role in roles if role.user_id != by.pk}
    # The act's line in the ledger names it: a repeated act writes none.
    act = f"{kind}:{assessment.pk}:{assessment.ledger_length}"
    write(
        [
            Telling(
                user, kind, assessment.round, f"{act}:{user.pk}", assessment, params
            )
            for user in people.values()
        ],
        at=at,
    )


# --- reading ------------------------------------------------------------------------------


def mark_read(notice, *, by, at=None):
    """Of the person's own notices; repeated, it keeps the first moment."""
    Notice.objects.filter(pk=notice.pk, recipient=by, read_at__isnull=True).update(
        read_at=at or timezone.now()
    )


def mark_all_read(*, by, upto, at=None):
    """What stood on the page, up to the key ``upto``: later ones stay unread."""
    return Notice.objects.filter(
        recipient=by, read_at__isnull=True, pk__lte=upto
    ).update(read_at=at or timezone.now())


# --- writing ------------------------------------------------------------------------------


@transaction.atomic
def write(tellings, *, at=None, reminder: Reminder | None = None):
    """Store notices and mails for those not told yet; how many are new.

    Safe to repeat and to run twice at once: the keys are unique in the database.
    In the order of the keys, so that two writers never wait for each other.
    """
    at = at or timezone.now()
    wanted = {telling.key: telling for telling in tellings}
    keys, number = sorted(wanted), 0
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        number += _write([wanted[key] for key in some], at, reminder)
    return number


def _write(tellings, at, reminder):
    by_key = {telling.key: telling for telling in tellings}
    told = set(_notices(by_key).values_list("key", flat=True))
    fresh = [telling for key, telling in by_key.items() if key not in told]
    if not fresh:
        return 0
    Notice.objects.bulk_create(
        [_notice(telling, at) for telling in fresh], ignore_conflicts=True
    )
    stored = {
        notice.key: notice for notice in _notices([telling.key for telling in fresh])
    }
    mails = [_mail(telling, stored[telling.key], at, reminder) for telling in fresh]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    return len(fresh)


def _notices(keys):
    return Notice.objects.filter(key__in=list(keys)).order_by("key")


def _notice(telling, at):
    return Notice(
        recipient=telling.to,
        kind=telling.kind,
        round=telling.round,
        assessment=telling.assessment,
        params=telling.params,
        key=telling.key,
        created_at=at,
    )


def _mail(telling, notice, at, reminder):
    notice.recipient, notice.round = telling.to, telling.round
    notice.assessment = telling.assessment
    subject, text = mail_words(notice)
    return Mail(
        recipient=telling.to,
        recipient_name=str(telling.to),
        round=telling.round,
        assessment=telling.assessment,
        notice=notice,
        reminder=reminder,
        kind=telling.kind,
        subject=subject,
        text=text,
        key=telling.key,
        created_at=at,
        next_try_at=at,
        **address_and_state(telling.to),
    )


def mail_words(notice):
    """``(subject, text)`` of the mail beside a notice, in the language of the site.

    Nobody knows yet in which language a person reads mails; all read Vietnamese.
    """
    with translation.override(settings.LANGUAGE_CODE):
        page = {
            "notice": notice,
            "text": text_of(notice),
            "address": settings.SITE_URL and settings.SITE_URL + address_of(notice),
            "is_simulated": notice.round.is_simulated,
        }
        subject = subject_of(notice)
        return (
            one_line(render_to_string("mail/subject.txt", page | {"subject": subject})),
            render_to_string("mail/notice.txt", page).strip() + "\n",
        )
