"""A commune's self-assessment from the first sign-in to the lock, without script.

Everything is found on the page before: addresses by their links, forms by their
inputs; nothing is known beforehand but name and password.
"""

import re

import pytest
from django.utils.html import escape

from scoring.labels import PhaseName
from scoring.models import LedgerLine
from scoring.queries.totals import totals_from_json
from scoring.states import FileState
from tests.factories import PASSWORD, World
from tests.papers import pdf

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


def look_through(client, sheet):
    """The page on which a sheet is checked before its next step."""
    page = client.get(sheet).content.decode()
    assert f'href="{sheet}submit/"' in page
    return client.get(f"{sheet}submit/").content.decode()


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
    plan = pdf("Kế hoạch.pdf")
    page = client.post(attach, {"upload": plan}, follow=True).content.decode()
    details = re.search(r'href="([^"]+/evidence/links/\d+/)"', page).group(1)
    page = client.post(
        details, {"title": "Kế hoạch CCHC", "page": "1"}, follow=True
    ).content.decode()
    assert "Kế hoạch" in main_of(page)

    # 1.2 has neither evidence nor explanation: the checklist names it and stops.
    check = look_through(client, sheet)
    assert f'href="{sheet}?open=1.2#row-1-2"' in check
    assert "hand-over/" not in main_of(check)
    page = client.get(f"{sheet}?open=1.2").content.decode()
    __, page = send_row(
        client,
        page,
        "1-2",
        **{"d-numerator": "1234", "d-denominator": "2000"},
        reason="Số liệu một cửa",
    )
    act(client, look_through(client, sheet), "hand-over")
    assert world.reload().state == FileState.WITH_LEADER

    sheet = first_button(sign_in(client, leader))
    page = client.get(f"{sheet}?open=1.3").content.decode()
    act(client, page, "remarks/1.3", text="Nêu số công nhận sáng kiến")
    act(
        client, look_through(client, sheet), "hand-back", reason="Bổ sung rồi trình lại"
    )

    sheet = first_button(sign_in(client, officer))
    page = client.get(sheet).content.decode()
    assert "Bổ sung rồi trình lại" in page
    assert "Nêu số công nhận sáng kiến" in page
    page = act(client, page, "done")
    act(client, look_through(client, sheet), "hand-over")

    sheet = first_button(sign_in(client, leader))
    page = act(client, look_through(client, sheet), "lock")
    assert leader.full_name in page

    file = world.reload()
    assert (file.state, file.locked_by) == (FileState.LOCKED, leader)
    # 2 + 3 × 1234 / 2000 + 0.5
    stored = totals_from_json(file.totals, "self")
    assert str(stored.appraised_points.normalize()) == "4.351"
    kinds = [line.kind for line in LedgerLine.objects.order_by("sequence")]
    assert kinds == ["saved"] * 4 + ["moved"] * 4

    world.open_phase(PhaseName.APPRAISAL)
    sign_in(client, officer)
    page = client.get(sheet).content.decode()
    assert "form-1-1" not in page
    assert "Kịp thời" in page
