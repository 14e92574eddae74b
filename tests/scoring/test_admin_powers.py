"""Who may do how much in the admin: no path from little power to much, or to points."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring.labels import RoleName
from scoring.models import Agency, AgencyGroup, Criterion, Role, Round, User
from tests.factories import UserFactory, World
from tests.scoring.exchange.sheets import workbook

pytestmark = pytest.mark.django_db


def url(model, page, *args):
    return reverse(f"admin:scoring_{model._meta.model_name}_{page}", args=args)


def clerk(client, *permissions):
    """Somebody who may enter the admin and do there what the permissions name."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return user


def bring(client, model, rows):
    upload = SimpleUploadedFile("tep.xlsx", workbook(rows))
    preview = client.post(
        url(model, "import"), {"import_file": upload, "format": "0", "resource": ""}
    )
    if preview.status_code != 200 or "confirm_form" not in preview.context:
        return preview
    confirmed = preview.context["confirm_form"].initial
    return client.post(url(model, "process_import"), confirmed, follow=True)


@pytest.mark.parametrize("model", [User, Role, Agency, AgencyGroup])
@pytest.mark.parametrize("may", ["nothing", "view", "change"])
def test_nothing_is_imported_by_who_may_not_add_and_change(client, model, may):
    clerk(client, f"{may}_{model._meta.model_name}")

    assert client.get(url(model, "import")).status_code == 403
    assert client.post(url(model, "process_import"), {}).status_code == 403


def test_a_clerk_of_the_admin_cannot_import_a_role_for_himself(client):
    user = clerk(client)
    answer = bring(client, Role, [("user", "role"), (user.username, RoleName.MANAGER)])

    assert answer.status_code == 403
    assert not Role.objects.exists()


@pytest.mark.parametrize("model", [User, Role, Agency, AgencyGroup, Criterion])
def test_nothing_is_exported_for_who_may_not_look(client, model):
    clerk(client)
    assert client.get(url(model, "export")).status_code == 403

    clerk(client, f"view_{model._meta.model_name}")
    assert client.get(url(model, "export")).status_code == 200


def test_who_keeps_accounts_cannot_make_himself_a_superuser(client):
    user = clerk(client, "view_user", "add_user", "change_user")
    client.post(
        url(User, "change", user.pk),
        {
            "username": user.username,
            "email": "moi@example.vn",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "user_permissions": [p.pk for p in Permission.objects.all()],
            "date_joined_0": "01/01/2026",
            "date_joined_1": "08:00",
            "roles-TOTAL_FORMS": 0,
            "roles-INITIAL_FORMS": 0,
        },
    )
    user.refresh_from_db()

    assert user.email == "moi@example.vn"
    assert not user.is_superuser
    assert user.user_permissions.count() == 3


def test_who_keeps_accounts_cannot_take_a_superuser_s(client):
    chief = UserFactory(is_staff=True, is_superuser=True)
    clerk(client, "view_user", "add_user", "change_user", "delete_user")

    assert client.get(url(User, "change", chief.pk)).status_code == 200
    assert client.post(url(User, "change", chief.pk), {}).status_code == 403
    assert client.post(url(User, "delete", chief.pk)).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[chief.pk])
    assert client.post(password, {}).status_code == 403


def test_an_import_leaves_superusers_accounts_alone(client):
    chief = UserFactory(is_staff=True, is_superuser=True)
    clerk(client, "view_user", "add_user", "change_user")
    heads = ("username", "full_name", "email")
    answer = bring(client, User, [heads, (chief.username, "Khác", "mine@example.vn")])

    assert answer.context["result"].has_validation_errors()
    assert User.objects.get(pk=chief.pk).email == chief.email

    client.force_login(chief)
    bring(client, User, [heads, (chief.username, "Khác", "mine@example.vn")])
    assert User.objects.get(pk=chief.pk).email == "mine@example.vn"


def test_what_the_ledger_speaks_by_does_not_change(client):
    """Codes, years and account names: the chains of the ledger hang on them."""
    world = World(agencies=1)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for thing, field in (
        (world.file.agency, "code"),
        (world.round, "year"),
        (world.officer(), "username"),
    ):
        page = client.get(url(type(thing), "change", thing.pk))
        form = page.context["adminform"].form
        assert field not in form.fields, (type(thing), field)
    assert "code" in client.get(url(Agency, "add")).context["adminform"].form.fields
    assert "year" in client.get(url(Round, "add")).context["adminform"].form.fields
    assert "username" in client.get(url(User, "add")).context["adminform"].form.fields
