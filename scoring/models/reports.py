import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoring.labels import DocumentKind

from .assessments import Assessment
from .criteria import Criterion
from .rounds import Round


def new_scan_path(year):
    """A stored name that tells nothing; the shown name is ``file_name``."""
    return f"scans/{year}/{secrets.token_hex(16)}"


def scan_path(scan, name):
    return new_scan_path(scan.assessment.round.year)


def new_template_path(year):
    return f"templates/{year}/{secrets.token_hex(16)}"


def template_path(template, name):
    return new_template_path(template.round.year)


class Remark(models.Model):
    """What the leader wants mended at one criterion.

    Its text is never changed: a leader who words it anew takes it back and writes
    another. Once done or taken back it stays readable.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="remarks"
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="remarks"
    )
    text = models.TextField(_("remark"))
    at = models.DateTimeField(_("written at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(_("done at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_taken_back = models.BooleanField(_("taken back by the leader"), default=False)

    class Meta:
        verbose_name = _("remark of the leader")
        verbose_name_plural = _("remarks of the leader")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_remark_has_words"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="remark_resolved_at_and_by_go_together",
            ),
            models.CheckConstraint(
                condition=Q(is_taken_back=False) | Q(resolved_at__isnull=False),
                name="a_remark_taken_back_is_resolved",
            ),
        ]

    def __str__(self):
        return f"{self.assessment_id} · {self.criterion_id}"

    @property
    def is_open(self):
        return self.resolved_at is None


class AgencyReport(models.Model):
    """What an agency writes into its self-assessment report besides the scores.

    ``version`` rises with every save, so that two people cannot overwrite each other
    unseen and a printed report says which text it holds.
    """

    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, related_name="report"
    )
    number = models.CharField(_("number of the report"), max_length=60, blank=True)
    place = models.CharField(
        pgettext_lazy("document", "place"), max_length=60, blank=True
    )
    dated_on = models.DateField(_("date of the report"), null=True, blank=True)
    difficulties = models.TextField(_("difficulties"), blank=True)
    proposals = models.TextField(_("proposals"), blank=True)
    signer_post = models.CharField(
        _("post of the signatory"), max_length=120, blank=True
    )
    signer_name = models.CharField(
        _("name of the signatory"), max_length=120, blank=True
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    updated_at = models.DateTimeField(_("changed at"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("self-assessment report")
        verbose_name_plural = _("self-assessment reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(version__gte=1), name="report_version_from_1"
            )
        ]

    def __str__(self):
        return f"{self.assessment_id} · {self.version}"


class SignedScan(models.Model):
    """The signed and stamped report as it was scanned; versions are kept."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="scans"
    )
    version = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to=scan_path, max_length=200)
    file_name = models.CharField(_("file name"), max_length=255)
    file_size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("signed scan")
        verbose_name_plural = _("signed scans")
        ordering = ["assessment", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "version"], name="one_signed_scan_per_version"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="signed_scan_version_from_1"
            ),
            models.CheckConstraint(
                condition=~Q(file="") & ~Q(file_name="") & ~Q(sha256=""),
                name="a_signed_scan_has_file_name_and_hash",
            ),
        ]

    def __str__(self):
        return f"{self.file_name} ({self.version})"


class DocumentTemplate(models.Model):
    """A template that the city uses in a round instead of the one that comes along.

    The latest version is used; one without file says that the default is used again.
    """

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="document_templates"
    )
    kind = models.CharField(_("document"), max_length=20, choices=DocumentKind)
    version = models.PositiveIntegerField(_("version"))
    file = models.FileField(
        _("file"), upload_to=template_path, max_length=200, blank=True
    )
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    file_size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("document template")
        verbose_name_plural = _("document templates")
        ordering = ["round", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind", "version"],
                name="one_document_template_per_version",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind), name="document_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="document_template_version_from_1"
            ),
            models.CheckConstraint(
                condition=Q(file="", file_name="", sha256="")
                | (~Q(file="") & ~Q(file_name="") & ~Q(sha256="")),
                name="a_template_file_has_name_and_hash",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.version})"

    @property
    def is_default(self):
        return not self.file
