from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scoring.labels import Layer, NotApplicable, PhaseName
from scoring.states import EARLY, STORED_FILE_STATES, FileState

from .agencies import Agency
from .criteria import Criterion
from .fields import FigureField
from .rounds import Round, RoundGroup


class Assessment(models.Model):
    """The file of one agency in one round: its group, its state, its ledger's head.

    The row is what every change of the file locks first. ``totals`` holds the
    figures of the four indices as the engine gave them after the last change;
    ranks read them from here.
    """

    round = models.ForeignKey(
        Round,
        verbose_name=_("assessment round"),
        on_delete=models.CASCADE,
        related_name="assessments",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        related_name="assessments",
    )
    group = models.ForeignKey(
        RoundGroup,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        related_name="assessments",
    )
    name_vi = models.CharField(_("printed name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_assessed = models.BooleanField(_("assessed"), default=True)
    not_assessed_reason = models.TextField(_("reason when not assessed"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=[(state.value, state.label) for state in STORED_FILE_STATES],
        default=FileState.NOT_STARTED,
    )
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("locked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    extended_until = models.DateTimeField(_("extended until"), null=True, blank=True)
    extension_reason = models.TextField(_("reason for the extension"), blank=True)
    extension_document = models.CharField(
        _("document of the extension"), max_length=200, blank=True
    )
    totals = models.JSONField(default=dict, editable=False)
    ledger_length = models.PositiveIntegerField(default=0, editable=False)
    ledger_head = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("file of an agency")
        verbose_name_plural = _("files of agencies")
        ordering = ["round", "group__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "agency"], name="one_file_per_agency_and_round"
            ),
            models.CheckConstraint(
                condition=Q(state__in=STORED_FILE_STATES), name="file_state_known"
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, locked_by__isnull=True)
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="locked_at_and_by_go_together",
            ),
            models.CheckConstraint(
                condition=Q(extended_until__isnull=True)
                | (~Q(extension_reason="") & ~Q(extension_document="")),
                name="an_extension_has_reason_and_document",
            ),
        ]

    def __str__(self):
        return f"{self.name_vi} {self.round.year}"

    def get_absolute_url(self):
        return reverse(
            "scoring:assessment-detail", args=[self.round.year, self.agency.code]
        )

    def self_deadline(self):
        """Until when the agency may write its self-assessment; None: no such phase."""
        phase = self.round.phase(PhaseName.SELF_ASSESSMENT)
        ends = phase.ends_at if phase else None
        return max(filter(None, (ends, self.extended_until)), default=None)

    def state_at(self, now=None):
        """The state as the clock leaves it: an open file past its deadline is locked."""
        deadline = self.self_deadline()
        if self.state in EARLY and deadline and deadline <= (now or timezone.now()):
            return FileState.LOCKED_BY_CLOCK
        return FileState(self.state)


class Exemption(models.Model):
    """A criterion (a branch: all its leaves) that does not apply to an agency."""

    assessment = models.ForeignKey(
        Assessment,
        verbose_name=_("file of an agency"),
        on_delete=models.CASCADE,
        related_name="exemptions",
    )
    criterion = models.ForeignKey(
        Criterion,
        verbose_name=_("criterion"),
        on_delete=models.PROTECT,
        related_name="exemptions",
    )
    document = models.CharField(_("document"), max_length=300)

    class Meta:
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"], name="one_exemption_once"
            )
        ]

    def __str__(self):
        return f"{self.assessment} · {self.criterion.code}"


class Cell(models.Model):
    """What one layer says of one leaf of one agency.

    ``low_points`` and ``high_points`` copy the leaf's bounds, so that the
    database itself can refuse points outside them. A row whose points, data and
    N/A are all empty is no value (it was withdrawn).
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="cells"
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="cells"
    )
    layer = models.CharField(max_length=9, choices=Layer)
    points = FigureField(null=True, blank=True)
    low_points = FigureField()
    high_points = FigureField()
    data = models.TextField(blank=True)
    not_applicable = models.CharField(max_length=9, choices=NotApplicable, blank=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion", "layer"], name="one_cell_per_layer"
            ),
            models.CheckConstraint(condition=Q(layer__in=Layer), name="layer_known"),
            models.CheckConstraint(
                condition=Q(points__isnull=True)
                | Q(points__gte=F("low_points"), points__lte=F("high_points")),
                name="points_within_the_leaf_s_bounds",
            ),
            models.CheckConstraint(
                condition=Q(low_points__lte=F("high_points")),
                name="cell_bounds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(not_applicable="")
                | Q(not_applicable__in=NotApplicable, points__isnull=True),
                name="not_applicable_has_no_points",
            ),
            models.CheckConstraint(
                condition=~Q(not_applicable=NotApplicable.PROPOSED)
                | Q(layer=Layer.SELF, data=""),
                name="only_the_agency_proposes_not_applicable",
            ),
            models.CheckConstraint(
                condition=~Q(not_applicable=NotApplicable.CONFIRMED)
                | ~Q(layer=Layer.SELF)
                | ~Q(data=""),
                name="an_agency_s_own_not_applicable_comes_from_data",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="version_from_1"),
        ]

    def __str__(self):
        return f"{self.assessment_id} · {self.criterion_id} · {self.layer}"

    @property
    def is_blank(self):
        return self.points is None and not self.data and not self.not_applicable
