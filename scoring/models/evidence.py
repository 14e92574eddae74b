import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .assessments import Assessment
from .criteria import Criterion


def new_stored_name(year):
    """A stored name that tells nothing; the shown name is ``file_name``."""
    return f"evidence/{year}/{secrets.token_hex(16)}"


def evidence_path(version, name):
    return new_stored_name(version.document.assessment.round.year)


class EvidenceDocumentQuerySet(models.QuerySet):
    def standing(self):
        """Without those that were removed and are kept for the ledger's sake."""
        return self.filter(removed_at=None)


class EvidenceDocument(models.Model):
    """A document that proves scores, as officials name it; its content is in versions.

    ``current`` is the version with the highest number, kept here so that a list of
    documents is one join; whatever writes a version writes it too. Empty only
    between the two writes of one transaction. A document that a ledger line saw is
    never deleted: ``removed_at`` hides it.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="evidence"
    )
    number = models.CharField(_("number"), max_length=100, blank=True)
    issued_on = models.DateField(_("date"), null=True, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=300)
    current = models.OneToOneField(
        "EvidenceVersion",
        on_delete=models.RESTRICT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("current version"),
    )
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("added by"),
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("removed by"),
    )

    objects = EvidenceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence document")
        verbose_name_plural = _("evidence documents")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="who_removed_a_document_is_known",
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

    @property
    def link(self):
        """The web address of the current version, "" for a stored file."""
        return self.current.link if self.current else ""

    @property
    def address(self):
        """Where the document is read: on the web, or here for a stored file."""
        return self.link or reverse("scoring:evidence-file", args=[self.pk])


class EvidenceVersion(models.Model):
    """What a document said from some moment on: a stored file, or a web address.

    Versions are only added. Two versions may share one stored file (a document used
    again in a later round), so its bytes go when the last of them goes.
    ``seen_on`` is the day on which somebody read the link; the site never fetches it.
    """

    document = models.ForeignKey(
        EvidenceDocument, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(
        _("file"), upload_to=evidence_path, max_length=200, blank=True
    )
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    file_size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    media_type = models.CharField(_("kind"), max_length=100, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    seen_on = models.DateField(_("link seen on"), null=True, blank=True)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("added by"),
    )

    class Meta:
        verbose_name = _("version of an evidence document")
        verbose_name_plural = _("versions of evidence documents")
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="one_evidence_version_per_number"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="evidence_versions_count_from_1"
            ),
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(link="")) | (~Q(file="") & Q(link="")),
                name="evidence_is_a_file_or_a_link",
            ),
            models.CheckConstraint(
                condition=Q(file="")
                | (~Q(sha256="") & ~Q(file_name="") & ~Q(media_type="")),
                name="an_evidence_file_has_name_hash_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(seen_on=None) | ~Q(link=""),
                name="only_a_link_was_seen_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["file"], name="evidence_by_stored_file"),
            models.Index(fields=["sha256"], name="evidence_by_content"),
        ]

    def __str__(self):
        return f"{self.document_id}.{self.number} {self.file_name or self.link}"

    @property
    def is_link(self):
        return self.link != ""

    @property
    def can_be_shown(self):
        """Whether the browser may show it beside a page: PDF and pictures."""
        return self.media_type in SHOWN_INLINE

    @property
    def address(self):
        """Where this very version is read."""
        return self.link or reverse(
            "scoring:evidence-version", args=[self.document_id, self.number]
        )


# Kinds that a browser shows by itself and that cannot run anything in the site.
SHOWN_INLINE = frozenset(
    {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}
)


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
