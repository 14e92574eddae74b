from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from scoring.labels import MissingSurveyRule, NotScoredRule, PhaseName
from scoring.prepared import Prepared
from scoring.states import GroupState, RoundState

from .agencies import AgencyGroup, name_in_language
from .criteria import CriteriaSet


class Round(models.Model):
    """One assessment round (kỳ đánh giá): one year of the city."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    name_vi = models.CharField(_("name (Vietnamese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    tie_breakers = models.JSONField(
        _("tie breakers"),
        default=list,
        blank=True,
        help_text=_(
            "In turn, of: appraised, sociological, satisfaction, penalty. "
            "Still equal: the same rank."
        ),
    )
    bands = models.JSONField(_("bands"), default=list, blank=True)
    not_scored = models.CharField(
        _("criteria not scored"),
        max_length=4,
        choices=NotScoredRule,
        default=NotScoredRule.WAIT,
    )
    missing_survey = models.CharField(
        _("missing survey results"),
        max_length=7,
        choices=MissingSurveyRule,
        default=MissingSurveyRule.WAIT,
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RoundState, default=RoundState.OPEN
    )
    is_simulated = models.BooleanField(
        _("simulated data"),
        default=False,
        help_text=_("Every page and file of the round then says so."),
    )
    decision_number = models.CharField(_("decision number"), max_length=100, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assessment round")
        verbose_name_plural = _("assessment rounds")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[RoundState.DECIDED, RoundState.PUBLISHED])
                | (~Q(decision_number="") & Q(decided_on__isnull=False)),
                name="a_decided_round_has_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundState.PUBLISHED)
                | Q(published_at__isnull=False),
                name="a_published_round_says_when",
            ),
        ]

    def __str__(self):
        return name_in_language(self)

    def get_absolute_url(self):
        return reverse("scoring:round-detail", args=[self.year])

    @property
    def name(self):
        return name_in_language(self)

    @property
    def is_published(self):
        return self.state == RoundState.PUBLISHED

    @cached_property
    def phase_rows(self):
        """The dated phases in their order, read once for one round object."""
        order = list(PhaseName.values)
        is_at_hand = "phases" in getattr(self, "_prefetched_objects_cache", ())
        found = self.phases.all() if is_at_hand else PHASES(self.pk)
        return sorted(found, key=lambda phase: order.index(phase.name))

    def forget_phases(self):
        """Read the phases again when they are asked for next."""
        self.__dict__.pop("phase_rows", None)

    def phase(self, name):
        """The row of one phase, None where the round has none."""
        return next((phase for phase in self.phase_rows if phase.name == name), None)

    def phase_at(self, now=None):
        """The phase that the clock says, None between and outside phases."""
        now = now or timezone.now()
        return next((phase for phase in self.phase_rows if phase.includes(now)), None)

    def next_phase(self, now=None):
        now = now or timezone.now()
        return next((phase for phase in self.phase_rows if phase.starts_at > now), None)


class Phase(models.Model):
    """When one phase of a round is open. The current one is asked from the clock."""

    round = models.ForeignKey(
        Round,
        verbose_name=_("assessment round"),
        on_delete=models.CASCADE,
        related_name="phases",
    )
    name = models.CharField(_("phase"), max_length=20, choices=PhaseName)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "name"], name="one_phase_once_in_a_round"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="a_phase_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.get_name_display()} {self.round.year}"

    def includes(self, now):
        return self.starts_at <= now < self.ends_at


PHASES = Prepared(lambda round_: Phase.objects.filter(round=round_).order_by(), -1)


class RoundGroup(models.Model):
    """A group in a round: its printed name, its criteria set, its adoption."""

    round = models.ForeignKey(
        Round,
        verbose_name=_("assessment round"),
        on_delete=models.CASCADE,
        related_name="groups",
    )
    group = models.ForeignKey(
        AgencyGroup,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        related_name="in_rounds",
    )
    criteria_set = models.ForeignKey(
        CriteriaSet,
        verbose_name=_("criteria set"),
        on_delete=models.PROTECT,
        related_name="used_by",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name_vi = models.CharField(_("printed name (Vietnamese)"), max_length=200)
    name_en = models.CharField(_("printed name (English)"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=GroupState, default=GroupState.OPEN
    )

    class Meta:
        verbose_name = _("group of a round")
        verbose_name_plural = _("groups of rounds")
        ordering = ["round", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "group"], name="one_group_once_in_a_round"
            ),
        ]

    def __str__(self):
        return f"{name_in_language(self)} {self.round.year}"

    @property
    def name(self):
        return name_in_language(self)

    @property
    def is_adopted(self):
        return self.state != GroupState.OPEN
