import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .assessments import Assessment
from .criteria import Criterion


def evidence_path(document, name):
    """A stored name that tells nothing; the shown name is ``file_name``."""
    return f"evidence/{document.assessment.round.year}/{secrets.token_hex(16)}"


class EvidenceDocument(models.Model):
    """A document that proves scores: named, with a file or a link."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="evidence"
    )
    number = models.CharField(_("number"), max_length=100, blank=True)
    issued_on = models.DateField(_("date"), null=True, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=300)
    file = models.FileField(
        _("file"), upload_to=evidence_path, max_length=200, blank=True
    )
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    file_size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("evidence document")
        verbose_name_plural = _("evidence documents")
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(link=""), name="evidence_is_file_or_link"
            ),
            models.CheckConstraint(
                condition=Q(file="") | (~Q(sha256="") & ~Q(file_name="")),
                name="an_evidence_file_has_name_and_hash",
            ),
        ]

    def __str__(self):
        return self.citation

    @property
    def citation(self):
        """The document as officials cite it: number, date, issuer or its title."""
        date = self.issued_on and self.issued_on.strftime("%d/%m/%Y")
        named = ", ".join(filter(None, (self.number, date, self.issuer)))
        return f"{self.title} ({named})" if named else self.title


class EvidenceLink(models.Model):
    """That a document proves a criterion, and where in it the proof stands."""

    document = models.ForeignKey(
        EvidenceDocument, on_delete=models.CASCADE, related_name="links"
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="evidence_links"
    )
    section = models.CharField(_("section"), max_length=100, blank=True)
    page = models.CharField(_("page"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("evidence for a criterion")
        verbose_name_plural = _("evidence for criteria")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "criterion"], name="one_link_once"
            )
        ]

    def __str__(self):
        return f"{self.document} → {self.criterion_id}"
