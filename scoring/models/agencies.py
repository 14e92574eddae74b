from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from scoring.vietnamese import search_text, sort_key


def name_in_language(thing):
    """The English name where it exists and English is read, else the Vietnamese."""
    return (thing.name_en if get_language() == "en" else "") or thing.name_vi


class AgencyGroup(models.Model):
    """A group (khối) in which agencies are ranked together."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_vi = models.CharField(_("name (Vietnamese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = pgettext_lazy("of agencies", "groups")
        ordering = ["position", "code"]

    def __str__(self):
        return name_in_language(self)


class Agency(models.Model):
    """A body that is assessed. It lives from ``valid_from`` to ``valid_to``."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name_vi = models.CharField(_("name (Vietnamese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    group = models.ForeignKey(
        AgencyGroup,
        verbose_name=_("group"),
        help_text=_("Proposed when a round is opened; each round keeps its own."),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agencies",
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self",
        verbose_name=_("predecessors"),
        symmetrical=False,
        blank=True,
        related_name="successors",
    )
    sort_key = models.CharField(max_length=800, editable=False)
    search_text = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["sort_key", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="agency_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return name_in_language(self)

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name_vi)
        self.search_text = search_text(self.name_vi)
        super().save(*args, **kwargs)
