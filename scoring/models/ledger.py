import hashlib
import json
from datetime import UTC

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.labels import Layer, LedgerKind


class LedgerIsAppendOnly(RuntimeError):
    """Code tried to change or delete a ledger line."""


class LedgerQuerySet(models.QuerySet):
    def update(self, **values):
        raise LedgerIsAppendOnly("ledger lines are never updated")

    def delete(self):
        raise LedgerIsAppendOnly("ledger lines are never deleted")


class LedgerLine(models.Model):
    """One change, for ever: who, when, what was, what is, why, by which rules.

    Speaks of agency, criterion and layer by code, so that it outlives them.
    Lines of one file form a chain: ``hash`` covers the line and the hash before
    it; the file's row holds the chain's length and head.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    agency_code = models.CharField(_("agency"), max_length=80)
    sequence = models.PositiveIntegerField(_("line"))
    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("kind"), max_length=10, choices=LedgerKind)
    layer = models.CharField(_("layer"), max_length=9, choices=Layer, blank=True)
    criterion_code = models.CharField(_("criterion"), max_length=30, blank=True)
    actor = models.CharField(_("account"), max_length=150)
    actor_name = models.CharField(_("name"), max_length=150, blank=True)
    actor_post = models.CharField(_("post"), max_length=150, blank=True)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    evidence = models.TextField(_("evidence seen"), blank=True)
    rule_version = models.CharField(_("rules"), max_length=120, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger")
        ordering = ["year", "agency_code", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "agency_code", "sequence"], name="one_line_per_place"
            )
        ]

    def __str__(self):
        return f"{self.year} {self.agency_code} #{self.sequence}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise LedgerIsAppendOnly("ledger lines are never updated")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise LedgerIsAppendOnly("ledger lines are never deleted")

    def computed_hash(self):
        """SHA-256 over every field of the line and the hash before it."""
        facts = [
            self.year,
            self.agency_code,
            self.sequence,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.kind,
            self.layer,
            self.criterion_code,
            self.actor,
            self.actor_name,
            self.actor_post,
            self.before,
            self.after,
            self.reason,
            self.evidence,
            self.rule_version,
            self.previous_hash,
        ]
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
