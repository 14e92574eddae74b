from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .assessments import Assessment
from .criteria import Criterion
from .fields import FigureField


class SurveyResult(models.Model):
    """What a survey found for one agency and one leaf.

    ``mean_percent`` is the mean of the option percents (sociological) or the
    percent satisfied (satisfaction), exact at four decimals from here on.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="survey_results"
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="survey_results"
    )
    answers = models.PositiveIntegerField(_("answers"))
    mean_percent = FigureField(_("mean percent"))
    standard_deviation = FigureField(_("standard deviation"), null=True, blank=True)

    class Meta:
        verbose_name = _("survey result")
        verbose_name_plural = _("survey results")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"], name="one_survey_result_once"
            ),
            models.CheckConstraint(
                condition=Q(mean_percent__gte=0, mean_percent__lte=100),
                name="percent_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(standard_deviation__isnull=True)
                | Q(standard_deviation__gte=0),
                name="deviation_not_negative",
            ),
        ]

    def __str__(self):
        return f"{self.assessment_id} · {self.criterion_id}"
