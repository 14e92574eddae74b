from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from scoring.labels import RoleName
from scoring.prepared import Prepared

AGENCY_ROLES = [RoleName.OFFICER, RoleName.LEADER]


class User(AbstractUser):
    """A person with an account. What the person may do stands in ``Role``."""

    first_name = None
    last_name = None
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    post = models.CharField(_("post"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    agency = models.ForeignKey(
        "Agency",
        verbose_name=_("agency"),
        help_text=_("Where the person works. Nobody appraises the own agency."),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="staff",
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self):
        return self.full_name or self.username

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.full_name or self.username

    @cached_property
    def role_rows(self):
        """All roles of the person, read once for one user object."""
        return ROLES(self.pk)


class Role(models.Model):
    """One power of one person: in one round or in all, for one agency or for all."""

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="roles"
    )
    name = models.CharField(_("role"), max_length=12, choices=RoleName)
    round = models.ForeignKey(
        "Round",
        verbose_name=_("assessment round"),
        help_text=_("Empty: in every round."),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="roles",
    )
    agency = models.ForeignKey(
        "Agency",
        verbose_name=_("agency"),
        help_text=_("Needed for officers and leaders. Appraisers: empty means all."),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="roles",
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user", "name", "round", "agency"]
        constraints = [
            models.UniqueConstraint(
                "user",
                "name",
                Coalesce("round", 0),
                Coalesce("agency", 0),
                name="one_role_once",
            ),
            models.CheckConstraint(
                condition=~Q(name__in=AGENCY_ROLES) | Q(agency__isnull=False),
                name="officers_and_leaders_have_an_agency",
            ),
            models.CheckConstraint(condition=Q(name__in=RoleName), name="role_known"),
        ]

    def __str__(self):
        where = self.agency or _("all agencies")
        when = self.round or _("all rounds")
        return f"{self.get_name_display()} · {where} · {when}"


ROLES = Prepared(
    lambda user: Role.objects.filter(user=user).select_related("agency"), -1
)
