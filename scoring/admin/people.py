import secrets

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget

from scoring.models import Agency, Role, Round, User

from .sheets import InertXlsx, Permitted, Sheet, SheetAdmin

POWERS = ["is_staff", "is_superuser", "groups", "user_permissions"]


class UserSheet(Sheet):
    """Accounts by name. No passwords and no powers of the admin: new people set
    their password by e-mail ("forgotten password"), roles have a sheet of their own.
    """

    agency = Field("agency", "agency", ForeignKeyWidget(Agency, "code"))

    class Meta:
        model = User
        import_id_fields = ["username"]
        fields = ["username", "full_name", "post", "email", "agency", "is_active"]
        clean_model_instances = True
        skip_unchanged = True

    def before_import(self, dataset, **options):
        """One password that nobody knows for all new accounts of the file: hashing
        one for each would take minutes, and an account that may have none could not
        ask for a new one by e-mail."""
        self._unknown_password = make_password(secrets.token_urlsafe(48))

    def import_instance(self, instance, row, **options):
        """Whoever sets the e-mail address of an account can take it over."""
        by = options.get("user")
        if instance.is_superuser and not (by and by.is_superuser):
            raise ValidationError(
                gettext("The account %(name)s can be changed by superusers alone.")
                % {"name": instance.username}
            )
        super().import_instance(instance, row, **options)

    def init_instance(self, row=None):
        person = super().init_instance(row)
        person.password = self._unknown_password
        return person


class RoleSheet(Sheet):
    """One role a row: user name, role, year (blank: every round), agency code."""

    user = Field("user", "user", ForeignKeyWidget(User, "username"))
    name = Field("name", "role")
    round = Field("round", "year", ForeignKeyWidget(Round, "year"))
    agency = Field("agency", "agency", ForeignKeyWidget(Agency, "code"))

    class Meta:
        model = Role
        import_id_fields = ["user", "name", "round", "agency"]
        fields = ["user", "name", "round", "agency"]
        clean_model_instances = True
        skip_unchanged = True


class RoleInline(admin.TabularInline):
    model = Role
    extra = 0
    autocomplete_fields = ["agency"]


@admin.register(User)
class PersonAdmin(Permitted, ImportExportMixin, UserAdmin):
    """Accounts. Who is no superuser gives no powers of the admin and touches no
    superuser's account; the ledger names accounts, so their names stay."""

    formats = [InertXlsx]
    resource_classes = [UserSheet]
    inlines = [RoleInline]
    list_display = ["username", "full_name", "post", "agency", "is_active", "is_staff"]
    list_select_related = ["agency"]
    search_fields = ["username", "full_name", "email"]
    ordering = ["username"]
    autocomplete_fields = ["agency"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["full_name", "post", "email", "agency"]}),
        (
            _("Rights in the admin"),
            {
                "fields": [
                    "is_active",
                    "is_staff",
                    "is_superuser",
                    "groups",
                    "user_permissions",
                ]
            },
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    "username",
                    "full_name",
                    "post",
                    "email",
                    "agency",
                    "usable_password",
                    "password1",
                    "password2",
                ],
            },
        )
    ]

    def get_readonly_fields(self, request, obj=None):
        fixed = [*super().get_readonly_fields(request, obj)]
        fixed += ["username"] if obj else []
        return fixed if request.user.is_superuser else [*fixed, *POWERS]

    def has_change_permission(self, request, obj=None):
        return _within_reach(request, obj) and super().has_change_permission(
            request, obj
        )

    def has_delete_permission(self, request, obj=None):
        return _within_reach(request, obj) and super().has_delete_permission(
            request, obj
        )


def _within_reach(request, person):
    return request.user.is_superuser or person is None or not person.is_superuser


@admin.register(Role)
class RoleAdmin(SheetAdmin):
    resource_classes = [RoleSheet]
    list_display = ["user", "name", "round", "agency"]
    list_filter = ["name", "round"]
    list_select_related = ["user", "round", "agency"]
    search_fields = ["user__username", "user__full_name", "agency__code"]
    autocomplete_fields = ["user", "agency"]


# The product's roles stand in Role; permissions of the admin are given to people.
admin.site.unregister(Group)
