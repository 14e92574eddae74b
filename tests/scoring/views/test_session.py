"""Signing in in place, for a page that keeps what was typed."""

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SESSION = "scoring:session"


@pytest.fixture
def user():
    return UserFactory()


def sign_in(client, user, password=PASSWORD):
    return client.post(
        reverse(SESSION), {"username": user.username, "password": password}
    )


def test_it_says_who_is_signed_in(client, user):
    before = client.get(reverse(SESSION))
    client.force_login(user)
    after = client.get(reverse(SESSION))

    assert before.json()["user"] is None
    assert after.json()["user"] == user.pk
    assert "no-store" in after["Cache-Control"]


def test_the_right_password_signs_in_and_gives_a_new_token(user):
    client = Client(enforce_csrf_checks=True)
    token = client.get(reverse(SESSION)).json()["token"]
    old_cookie = client.cookies["csrftoken"].value
    answer = client.post(
        reverse(SESSION),
        {"username": user.username, "password": PASSWORD},
        headers={"X-CSRFToken": token},
    )

    assert answer.json()["user"] == user.pk
    assert client.cookies["csrftoken"].value != old_cookie
    assert client.session["_auth_user_id"] == str(user.pk)
    with_new_token = client.post(
        reverse("logout"), headers={"X-CSRFToken": answer.json()["token"]}
    )
    assert with_new_token.status_code == 302


def test_without_a_token_nobody_is_signed_in(user):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        reverse(SESSION),
        {"username": user.username, "password": PASSWORD},
        headers={"HX-Request": "true"},
    )

    assert (answer.status_code, answer["X-Refusal"]) == (403, "csrf")
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_is_a_sentence(client, user):
    answer = sign_in(client, user, "sai")

    assert answer.status_code == 422
    assert answer.json()["error"]
    assert "_auth_user_id" not in client.session


def test_wrong_passwords_lock_the_account_as_on_the_sign_in_page(client, user):
    answers = [
        sign_in(client, user, "sai").status_code
        for __ in range(settings.AXES_FAILURE_LIMIT)
    ]

    assert answers[0] == 422
    assert answers[-1] == 429
    assert sign_in(client, user).status_code == 429
    assert "_auth_user_id" not in client.session
    assert AccessAttempt.objects.filter(username=user.username).exists()


def test_an_account_that_was_closed_is_not_signed_in(client, user):
    user.is_active = False
    user.save()

    assert sign_in(client, user).status_code == 422


def test_nobody_signs_in_over_another_person(client, user):
    other = UserFactory()
    client.force_login(other)
    answer = sign_in(client, user)

    assert answer.status_code == 409
    assert str(other) in answer.json()["error"]
    assert client.session["_auth_user_id"] == str(other.pk)


def test_the_own_person_may_answer_twice(client, user):
    assert [sign_in(client, user).status_code for __ in range(2)] == [200, 200]
