import secrets
from email.utils import parseaddr

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoring.labels import MailState, NoticeKind

from .assessments import Assessment
from .rounds import Round


def new_message_id():
    """The Message-ID of one mail, the same in every try, so that a mail that was sent
    twice after a crash can be recognised as one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain or 'localhost'}>"


class Reminder(models.Model):
    """What the manager wrote to many agencies at once, and to whom it went."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reminders")
    token = models.CharField(max_length=32, unique=True)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    recipients = models.PositiveIntegerField(_("number of recipients"))
    created_at = models.DateTimeField(_("sent at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipients__gt=0), name="a_reminder_reaches_somebody"
            )
        ]

    def __str__(self):
        return self.subject


class Notice(models.Model):
    """Something that a person was told; its words are made when it is read.

    ``key`` names the event and the person: the same event is told once, whoever
    reports it how often. ``params`` holds what the words need beside round and file.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="notices")
    assessment = models.ForeignKey(
        Assessment,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notices",
    )
    params = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["recipient"],
                condition=Q(read_at__isnull=True),
                name="unread_notices_of_a_person",
            ),
            models.Index(
                fields=["recipient", "-created_at"], name="notices_of_a_person"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind), name="notice_kind_known"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} → {self.recipient_id}"

    @property
    def is_read(self):
        return self.read_at is not None


class Mail(models.Model):
    """One mail in the queue, as it is sent; written beside the notice, sent later.

    A row stands here for every notice, also for people without an address (state
    ``no_address``), so that the table says of everybody what became of it.
    ``claim`` is the mark of the sender that has taken the row.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    recipient_name = models.CharField(_("name"), max_length=150)
    address = models.CharField(_("e-mail address"), max_length=254, blank=True)
    round = models.ForeignKey(
        Round, null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    assessment = models.ForeignKey(
        Assessment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    notice = models.OneToOneField(
        Notice, null=True, blank=True, on_delete=models.SET_NULL, related_name="mail"
    )
    reminder = models.ForeignKey(
        Reminder, null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    kind = models.CharField(_("kind"), max_length=20)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id)
    created_at = models.DateTimeField(_("written at"))
    state = models.CharField(
        _("state"), max_length=10, choices=MailState, default=MailState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=[MailState.WAITING, MailState.SENDING]),
                name="mails_to_be_sent",
            ),
            models.Index(fields=["round", "-created_at"], name="mails_of_a_round"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MailState), name="mail_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
                name="a_sent_mail_says_when",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=MailState.SENDING, claimed_at__isnull=False) & ~Q(claim="")
                )
                | (
                    ~Q(state=MailState.SENDING)
                    & Q(claimed_at__isnull=True)
                    & Q(claim="")
                ),
                name="a_mail_being_sent_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.NO_ADDRESS, address="")
                | (~Q(state=MailState.NO_ADDRESS) & ~Q(address="")),
                name="a_mail_without_address_is_not_sent",
            ),
        ]

    def __str__(self):
        return f"{self.subject} → {self.address or self.recipient_name}"
