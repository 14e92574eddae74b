"""A commune's self-assessment from the first sign-in to the lock, without script.

Everything is found on the page before: addresses by their links, forms by their
inputs; nothing is known beforehand but name and password.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from scoring.labels import PhaseName
from scoring.models import LedgerLine
from scoring.queries.totals import totals_from_json
from scoring.states import FileState
from tests.factories import PASSWORD, World

pytestmark = pytest.mark.django_db


def sign_in(client, user):
    client.logout()
    page = client.post(
        "/accounts/login/",
        {"username": user.username, "password": PASSWORD},
        follow=True,
    )
    assert page.status_code == 200
    return page.content.decode()


def main_of(page):
    return page[page.index("<main") : page.index("</main>")]


def first_button(page):
    """Where the one button that stands out leads."""
    button = re.search(r'class="btn btn-primary" href="([^"]+)"', main_of(page))
    assert button, "no work waits"
    return button.group(1)


def open_row(client, page, sheet, name):
    """Open the criterion of that name by its link."""
    link = re.search(rf'href="(\?open=[^"#]+)#[^"]+"[^>]*>{escape(name)}<', page)
    return client.get(f"{sheet}{link.group(1)}").content.decode()


def send_row(client, page, slug, **typed):
    form = page[page.index(f'id="form-{slug}"') :]
    address = re.search(r'action="([^"]+)"', form).group(1)
    version = re.search(r'name="version"[^>]*value="(\d+)"', form).group(1)
    answer = client.post(address, {"version": version, **typed}, follow=True)
    return answer, answer.content.decode()


def act(client, page, step, **typed):
    address = re.search(rf'action="([^"]+/{step}/)"', page).group(1)
    return client.post(address, typed, follow=True).content.decode()


def test_a_commune_fills_corrects_and_locks_its_sheet(client):
    world = World()
    officer, leader = world.officer(), world.leader()

    sheet = first_button(sign_in(client, officer))
    page = client.get(sheet).content.decode()

    page = open_row(client, page, sheet, "Ban hành kế hoạch")
    __, page = send_row(client, page, "1-1", **{"d-option": "1"})
    page = open_row(client, page, sheet, "Giải quyết hồ sơ")
    refused, page = send_row(
        client, page, "1-2", **{"d-numerator": "1.234", "d-denominator": "2000"}
    )
    assert refused.status_code == 422
    assert 'value="1.234"' in page
    __, page = send_row(
        client, page, "1-2", **{"d-numerator": "1234", "d-denominator": "2 000"}
    )
    __, page = send_row(client, page, "1-3", points="0,5", reason="Một sáng kiến")
    assert "<strong>3 / 3</strong>" in page

    attach = re.search(r'href="([^"]+/evidence/1\.1/)"', page).group(1)
    plan = SimpleUploadedFile("Kế hoạch.pdf", b"%PDF-1.4 ...")
    page = client.post(
        attach, {"upload": plan, "title": "Kế hoạch CCHC", "page": "1"}, follow=True
    ).content.decode()
    assert "Kế hoạch CCHC" in main_of(page)

    act(client, page, "hand-over")
    assert world.reload().state == FileState.WITH_LEADER

    page = client.get(first_button(sign_in(client, leader))).content.decode()
    assert 'href="?open=1.2#row-1-2"' in page  # no evidence: the checklist names it
    act(client, page, "hand-back", reason="Giải trình tiêu chí 1.2")

    page = client.get(first_button(sign_in(client, officer))).content.decode()
    assert "Giải trình tiêu chí 1.2" in page
    __, page = send_row(
        client,
        page,
        "1-2",
        **{"d-numerator": "1234", "d-denominator": "2000"},
        reason="Số liệu từ hệ thống một cửa",
    )
    act(client, page, "hand-over")

    page = client.get(first_button(sign_in(client, leader))).content.decode()
    page = act(client, page, "lock")
    assert leader.full_name in page

    file = world.reload()
    assert (file.state, file.locked_by) == (FileState.LOCKED, leader)
    # 2 + 3 × 1234 / 2000 + 0.5
    stored = totals_from_json(file.totals, "self")
    assert str(stored.appraised_points.normalize()) == "4.351"
    kinds = [line.kind for line in LedgerLine.objects.order_by("sequence")]
    assert kinds == ["saved"] * 3 + ["moved"] * 2 + ["saved"] + ["moved"] * 2

    world.open_phase(PhaseName.APPRAISAL)
    sign_in(client, officer)
    page = client.get(sheet).content.decode()
    assert "form-1-1" not in page
    assert "Kịp thời" in page
