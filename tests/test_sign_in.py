"""Signing in and out, forgotten and changed passwords, languages, error pages."""

import re

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from scoring.actions.mail import deliver
from tests.factories import PASSWORD, UserFactory

NEW_PASSWORD = "Hoa-phuong-do-1888"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    """Source strings are English; what is said is compared in them."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def page_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def asked_by_nobody(rf, address):
    request = rf.get(address)
    request.user = AnonymousUser()
    return request


def sign_in(client, user, password=PASSWORD, **more):
    data = {"username": user.username, "password": password, **more}
    return client.post(reverse("login"), data)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_the_right_password_leads_to_my_work(client):
    response = sign_in(client, UserFactory())

    assert response.status_code == 302
    assert response.url == reverse("scoring:home")
    assert is_signed_in(client)


def test_after_signing_in_the_asked_page_opens(client):
    response = sign_in(client, UserFactory(), next=reverse("password_change"))

    assert response.url == reverse("password_change")


def test_signing_in_never_leads_to_another_site(client):
    response = sign_in(client, UserFactory(), next="https://elsewhere.example/")

    assert response.url == reverse("scoring:home")


def test_a_wrong_password_is_named_in_the_summary_and_keeps_the_name(client):
    user = UserFactory()

    response = sign_in(client, user, password="sai")

    page = page_of(response)
    assert "Sign-in did not succeed:" in page
    assert f'value="{user.username}"' in page
    assert "sai" not in re.findall(r'value="([^"]*)"', page)
    assert not is_signed_in(client)


def test_an_empty_field_is_tied_to_its_error(client):
    page = page_of(client.post(reverse("login"), {"username": "", "password": ""}))

    assert 'aria-describedby="id_password_error"' in page
    assert 'id="id_password_error"' in page
    assert '<a href="#id_password">' in page


def test_repeated_failures_lock_the_account_even_for_the_right_password(client):
    user = UserFactory()

    for _ in range(settings.AXES_FAILURE_LIMIT):
        locked = sign_in(client, user, password="sai")
    then = sign_in(client, user)

    assert locked.status_code == then.status_code == 429
    page = page_of(then)
    assert f"The password was wrong {settings.AXES_FAILURE_LIMIT} times" in page
    assert "Please try again after 15 minutes" in page
    assert not is_signed_in(client)


def test_signing_out_needs_a_press_not_a_link(client):
    client.force_login(UserFactory())

    by_link = client.get(reverse("logout"))
    was_still_in = is_signed_in(client)
    client.post(reverse("logout"))

    assert by_link.status_code == 405
    assert was_still_in
    assert not is_signed_in(client)


def test_a_forgotten_password_is_set_anew_by_a_link_that_holds_once(client):
    user = UserFactory()

    client.post(reverse("password_reset"), {"email": user.email})
    is_written_only = mail.outbox == []
    deliver()
    [message] = mail.outbox
    link = re.search(r"https?://testserver(/\S+)", message.body).group(1)
    form = client.get(link, follow=True)
    passwords = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    client.post(form.redirect_chain[-1][0], passwords)
    again = page_of(client.get(link, follow=True))
    sign_in(client, user, password=NEW_PASSWORD)

    assert is_written_only
    assert message.to == [user.email]
    assert message.subject == "PAR Index: link for a new password"
    assert user.username in message.body
    assert "The link no longer holds" in again
    assert is_signed_in(client)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client):
    known = UserFactory()

    answers = {
        client.post(reverse("password_reset"), {"email": email}).url
        for email in (known.email, "khong-co@example.vn")
    }

    deliver()
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [[known.email]]


def test_changing_the_password_needs_the_present_one(client):
    user = UserFactory()
    client.force_login(user)
    new = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    refused = client.post(reverse("password_change"), {"old_password": "sai", **new})
    user.refresh_from_db()
    was_kept = user.check_password(PASSWORD)
    done = client.post(reverse("password_change"), {"old_password": PASSWORD, **new})
    user.refresh_from_db()

    assert '<a href="#id_old_password">' in page_of(refused)
    assert was_kept
    assert done.url == reverse("password_change_done")
    assert user.check_password(NEW_PASSWORD)


def test_the_language_is_one_press_away_and_stays_on_the_page(client):
    here = reverse("password_reset")

    answer = client.post(
        reverse("set_language"), {"language": "vi", "next": here}, follow=True
    )
    page = page_of(answer)

    assert answer.redirect_chain == [(here, 302)]
    assert '<html lang="vi">' in page
    assert 'name="language" value="en"' in page


def test_the_frame_names_the_person_and_offers_to_sign_out(client):
    user = UserFactory()
    client.force_login(user)

    page = page_of(client.get(reverse("password_change")))

    assert user.full_name in page
    assert f'action="{reverse("logout")}"' in page
    assert 'href="#content">Skip to the content' in page


def test_a_missing_page_says_where_and_where_to_go(client, settings):
    settings.DEBUG = False
    client.force_login(UserFactory())

    response = client.get("/khong-co-trang-nay/")
    page = page_of(response)

    assert response.status_code == 404
    assert "There is no such page" in page
    assert "<code>/khong-co-trang-nay/</code>" in page
    assert f'href="{reverse("scoring:home")}"' in page


def test_a_form_without_its_token_is_explained():
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    response = client.post(reverse("login"), {"username": "a", "password": "b"})

    assert response.status_code == 403
    assert "The form was too old" in page_of(response)


def test_the_page_of_an_error_stands_without_any_context():
    page = render_to_string("500.html")

    assert "css/app.css" in page
    assert 'class="fault"' in page


@pytest.mark.parametrize("code", [403, 409, 429])
def test_an_error_page_stands_for_someone_not_signed_in(rf, code):
    page = render_to_string(f"{code}.html", request=asked_by_nobody(rf, "/noi-nay/"))

    assert f'<p class="fault-code">{code}</p>' in page
    assert "<code>/noi-nay/</code>" in page


def test_a_conflict_is_told_in_the_words_of_the_refusal(rf):
    words = "Nội dung này vừa được người khác cùng cơ quan sửa lúc 10:31."

    request = asked_by_nobody(rf, "/o-nay/")

    page = render_to_string("409.html", {"text": words}, request=request)

    assert words in page
    assert 'href="/o-nay/"' in page


@pytest.mark.parametrize("name", ["login", "admin:login", "scoring:session"])
def test_a_name_without_end_is_refused_like_any_wrong_one(client, name):
    """PostgreSQL has no room for it in the record of failures."""
    answer = client.post(
        reverse(name), {"username": "a" * 5000, "password": "x", "next": "/"}
    )

    assert answer.status_code in (200, 422)
    assert not AccessAttempt.objects.exists()
    assert "_auth_user_id" not in client.session
