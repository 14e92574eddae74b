from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from councils.labels import Choice, Post
from councils.states import ItemState, MeetingState
from scoring.models import Assessment, Round, RoundGroup


class Council(models.Model):
    """The Appraisal Council of a round, and the shares by which it decides."""

    round = models.OneToOneField(
        Round,
        verbose_name=_("assessment round"),
        on_delete=models.PROTECT,
        related_name="council",
    )
    decision = models.CharField(_("decision"), max_length=300, blank=True)
    quorum_numerator = models.PositiveSmallIntegerField(_("quorum"), default=2)
    quorum_denominator = models.PositiveSmallIntegerField(_("quorum, of"), default=3)
    majority_numerator = models.PositiveSmallIntegerField(
        _("majority: more than"), default=1
    )
    majority_denominator = models.PositiveSmallIntegerField(
        _("majority, of"), default=2
    )

    class Meta:
        verbose_name = _("Appraisal Council")
        verbose_name_plural = _("Appraisal Councils")
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_numerator__gte=1)
                & Q(quorum_denominator__gte=F("quorum_numerator")),
                name="quorum_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(majority_numerator__gte=0)
                & Q(majority_denominator__gt=F("majority_numerator")),
                name="majority_is_a_share_below_one",
            ),
        ]

    def __str__(self):
        return f"{_('Appraisal Council')} {self.round.year}"

    def get_absolute_url(self):
        return reverse("councils:council-detail", args=[self.round.year])

    @property
    def quorum_share(self):
        return Fraction(self.quorum_numerator, self.quorum_denominator)

    @property
    def majority_share(self):
        return Fraction(self.majority_numerator, self.majority_denominator)


class Member(models.Model):
    """A person's seat in a Council. It is given and taken by actions.members alone,
    which keep the person's role in the round in step; who leaves keeps the row, so
    that what was said and voted keeps its name."""

    council = models.ForeignKey(
        Council,
        verbose_name=_("Appraisal Council"),
        on_delete=models.CASCADE,
        related_name="members",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="council_seats",
    )
    post = models.CharField(
        _("post in the Council"), max_length=9, choices=Post, default=Post.MEMBER
    )
    is_voting = models.BooleanField(_("votes"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    dismissed_at = models.DateTimeField(_("left the Council at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Council member")
        verbose_name_plural = _("Council members")
        ordering = ["council", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "user"], name="one_seat_per_person"
            ),
            models.UniqueConstraint(
                fields=["council"],
                condition=Q(post=Post.CHAIR, dismissed_at__isnull=True),
                name="one_chair_per_council",
            ),
            models.CheckConstraint(
                condition=Q(post__in=Post), name="post_in_the_council_known"
            ),
        ]

    def __str__(self):
        return f"{self.user} ({self.get_post_display()})"


class Meeting(models.Model):
    council = models.ForeignKey(
        Council,
        verbose_name=_("Appraisal Council"),
        on_delete=models.PROTECT,
        related_name="meetings",
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    held_at = models.DateTimeField(_("held at"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["council", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "number"], name="one_meeting_per_number"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(opened_at__isnull=False, closed_at__gte=F("opened_at")),
                name="a_closed_meeting_was_opened",
            ),
        ]

    def __str__(self):
        return f"{self.council} · {self.number}"

    def get_absolute_url(self):
        return reverse(
            "councils:meeting-detail", args=[self.council.round.year, self.number]
        )

    @property
    def state(self):
        if self.closed_at is not None:
            return MeetingState.CLOSED
        return MeetingState.OPEN if self.opened_at else MeetingState.PLANNED


class Attendance(models.Model):
    """When a member came to a meeting and, for who left before its end, went."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="attendances"
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="attendances"
    )
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], name="present_once_at_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                name="nobody_leaves_before_arriving",
            ),
        ]

    def __str__(self):
        return f"{self.meeting} · {self.member}"


class AgendaItem(models.Model):
    """What a meeting decides on: the result of one group.

    ``figures_digest`` names the figures on which the vote was opened; the counts are
    those of the moment at which it was closed (councils.tally.Outcome).
    """

    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("meeting"),
        on_delete=models.CASCADE,
        related_name="items",
    )
    position = models.PositiveSmallIntegerField(_("position"))
    group = models.ForeignKey(
        RoundGroup,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    voting_opened_at = models.DateTimeField(null=True, blank=True)
    voting_closed_at = models.DateTimeField(null=True, blank=True)
    figures_digest = models.CharField(max_length=64, blank=True, editable=False)
    agree_count = models.PositiveSmallIntegerField(null=True, editable=False)
    disagree_count = models.PositiveSmallIntegerField(null=True, editable=False)
    abstain_count = models.PositiveSmallIntegerField(null=True, editable=False)
    present_count = models.PositiveSmallIntegerField(null=True, editable=False)
    is_carried = models.BooleanField(null=True, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="one_item_per_place"
            ),
            models.UniqueConstraint(
                fields=["meeting", "group"], name="one_item_per_group"
            ),
            models.CheckConstraint(
                condition=Q(voting_closed_at__isnull=True)
                | Q(voting_opened_at__isnull=False, is_carried__isnull=False),
                name="a_closed_vote_was_opened_and_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(voting_closed_at__isnull=True)
                | Q(
                    agree_count__isnull=False,
                    disagree_count__isnull=False,
                    abstain_count__isnull=False,
                    present_count__gte=F("agree_count")
                    + F("disagree_count")
                    + F("abstain_count"),
                ),
                name="a_closed_vote_has_its_counts",
            ),
            models.CheckConstraint(
                condition=Q(adopted_at__isnull=True)
                | Q(is_carried=True, voting_closed_at__isnull=False),
                name="only_a_carried_item_is_adopted",
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.group}"

    @property
    def state(self):
        if self.adopted_at is not None:
            return ItemState.ADOPTED
        if self.voting_closed_at is not None:
            return ItemState.CLOSED
        return ItemState.VOTING if self.voting_opened_at else ItemState.WAITING


class Opinion(models.Model):
    """What a member said: on a group, on an agency, on one criterion of an agency."""

    item = models.ForeignKey(
        AgendaItem, on_delete=models.CASCADE, related_name="opinions"
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="opinions"
    )
    assessment = models.ForeignKey(
        Assessment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opinions",
    )
    criterion_code = models.CharField(max_length=30, blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    # Sent by the form, so that a repeated post is the same opinion.
    token = models.CharField(max_length=40)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "token"], name="one_opinion_per_post"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="an_opinion_has_text"),
        ]

    def __str__(self):
        return f"{self.member}: {self.text[:60]}"


class Vote(models.Model):
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=8, choices=Choice)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="one_vote_each"),
            models.CheckConstraint(
                condition=Q(choice__in=Choice), name="vote_choice_known"
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.choice}"
