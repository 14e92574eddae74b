from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .agencies import name_in_language
from .fields import FigureField


class CriteriaSet(models.Model):
    """One version of the criteria set of a kind of agency in one year.

    Once a round uses it (``frozen_at``) its criteria do not change: a correction
    is the next version, with its reason.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    code = models.SlugField(_("code"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name_vi = models.CharField(_("name (Vietnamese)"), max_length=300)
    name_en = models.CharField(_("name (English)"), max_length=300, blank=True)
    decision = models.CharField(
        _("decision"),
        max_length=300,
        blank=True,
        help_text=_("Number, date and issuer of the decision that issued the set."),
    )
    points_decimals = models.PositiveSmallIntegerField(
        _("decimals of points"), default=4, choices=[(n, str(n)) for n in (2, 3, 4)]
    )
    cap_at_100 = models.BooleanField(_("cap the index at 100"), default=True)
    reason = models.TextField(_("reason for this version"), blank=True)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    frozen_at = models.DateTimeField(
        _("frozen at"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("criteria set")
        verbose_name_plural = _("criteria sets")
        ordering = ["-year", "code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "code", "version"], name="one_version_once"
            ),
            models.CheckConstraint(
                condition=Q(points_decimals__in=[2, 3, 4]),
                name="points_decimals_2_to_4",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="a_later_version_has_a_reason",
            ),
        ]

    def __str__(self):
        name = f"{name_in_language(self)} {self.year}"
        return name if self.version == 1 else f"{name} (v{self.version})"

    @property
    def rule_version(self):
        """What a ledger line says of the rules that were in force."""
        return f"{self.year}/{self.code}/v{self.version}#{self.content_hash[:12]}"


class Criterion(models.Model):
    """A field, criterion or sub-criterion: one row of a set, in the set's order.

    Leaves have a rule and a maximum, branches have neither (except the branch of
    bonus and penalty points, whose rule ``adjustments`` holds the ceilings).
    """

    criteria_set = models.ForeignKey(
        CriteriaSet,
        verbose_name=_("criteria set"),
        on_delete=models.CASCADE,
        related_name="criteria",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="children",
    )
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=30)
    name_vi = models.TextField(_("name (Vietnamese)"))
    name_en = models.TextField(_("name (English)"), blank=True)
    max_points = FigureField(_("maximum points"), null=True, blank=True)
    rule = models.CharField(_("scoring rule"), max_length=30, blank=True)
    parameters = models.TextField(_("parameters"), blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["criteria_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "code"], name="one_code_once_in_a_set"
            ),
            models.UniqueConstraint(
                fields=["criteria_set", "position"], name="one_place_once_in_a_set"
            ),
            models.CheckConstraint(
                condition=Q(max_points__isnull=True) | ~Q(rule=""),
                name="points_need_a_rule",
            ),
        ]

    def __str__(self):
        return f"{self.code} {name_in_language(self)}"

    @property
    def name(self):
        return name_in_language(self)


class CriterionMapping(models.Model):
    """That a criterion continues one of an earlier year's set.

    Where a pair of sets has no mapping at all, criteria of the same code and name are
    taken for the same (``queries/last_year.py``). Both sets are in use, so that their
    rows, and with them this pair, no longer change.
    """

    criterion = models.ForeignKey(
        Criterion,
        verbose_name=_("criterion"),
        on_delete=models.CASCADE,
        related_name="mappings",
    )
    previous = models.ForeignKey(
        Criterion,
        verbose_name=_("criterion of the earlier set"),
        on_delete=models.CASCADE,
        related_name="continued_by",
    )

    class Meta:
        verbose_name = _("criterion continued from an earlier set")
        verbose_name_plural = _("criteria continued from earlier sets")
        ordering = ["criterion__criteria_set", "criterion__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion"], name="one_earlier_criterion_for_each"
            ),
            models.CheckConstraint(
                condition=~Q(criterion=F("previous")),
                name="no_criterion_continues_itself",
            ),
        ]

    def __str__(self):
        return f"{self.criterion} ← {self.previous}"

    def clean(self):
        if self.criterion_id is None or self.previous_id is None:
            return
        for criterion in (self.criterion, self.previous):
            if criterion.max_points is None:
                raise ValidationError(
                    gettext("%(code)s takes no points of its own: map its parts.")
                    % {"code": criterion.code}
                )
            if criterion.criteria_set.frozen_at is None:
                raise ValidationError(
                    gettext(
                        "No round uses “%(set)s” yet, so its rows may still change: "
                        "map them once a round has been opened with it."
                    )
                    % {"set": criterion.criteria_set}
                )
        if self.previous.criteria_set.year >= self.criterion.criteria_set.year:
            raise ValidationError(
                gettext("The earlier criterion must be of an earlier year's set.")
            )
