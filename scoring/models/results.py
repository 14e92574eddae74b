from django.conf import settings
from django.db import models
from django.db.models import Q

from scoring.labels import Status

from .fields import FigureField
from .rounds import RoundGroup


class Freeze(models.Model):
    """One adoption of a group's figures; a correction freezes anew."""

    group = models.ForeignKey(
        RoundGroup, on_delete=models.PROTECT, related_name="freezes"
    )
    sequence = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    ledger_manifest = models.CharField(
        max_length=64,
        help_text="SHA-256 over the ledger heads of the group's files at that moment",
    )

    class Meta:
        ordering = ["group", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "sequence"], name="one_freeze_per_place"
            )
        ]

    def __str__(self):
        return f"{self.group} #{self.sequence}"


class FrozenResult(models.Model):
    """The figures of one agency as they were adopted; published pages read these."""

    freeze = models.ForeignKey(Freeze, on_delete=models.PROTECT, related_name="results")
    agency_code = models.CharField(max_length=80)
    name_vi = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=Status)
    rank = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=30, blank=True)
    index = FigureField(null=True, help_text="the published two decimals")
    index_exact = models.CharField(max_length=80, blank=True)
    self_points = FigureField(null=True, help_text="appraised part, layer self")
    totals = models.JSONField(default=dict, help_text="all figures of the final index")

    class Meta:
        ordering = ["freeze", "rank", "agency_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["freeze", "agency_code"], name="one_frozen_result_once"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.RANKED) | Q(rank__isnull=True),
                name="only_ranked_agencies_have_a_rank",
            ),
        ]

    def __str__(self):
        return f"{self.freeze_id} · {self.agency_code}"
