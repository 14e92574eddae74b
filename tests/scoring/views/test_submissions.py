"""The page before handing over and locking, its steps, and remarks at the rows."""

import html
import re

import pytest

from scoring.actions import assessments, cells, remarks
from scoring.actions.cells import CellChange
from scoring.labels import Layer, RoleName
from scoring.models import Cell, Remark
from scoring.queries.checklist import (
    WORDS,
    changes_since_hand_over,
    checklist_of,
)
from scoring.queries.sheets import sheet_of
from scoring.states import FileState
from tests.factories import World

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(world):
    return world.officer()


@pytest.fixture
def leader(world):
    return world.leader()


def enter(world, officer, code, **said):
    cells.save(world.file, [CellChange(code, Layer.SELF, **said)], by=officer)


def main_of(response):
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def submit_page(client, world, who):
    client.force_login(who)
    return client.get(f"{world.file.get_absolute_url()}submit/")


def post(client, world, who, step, **typed):
    client.force_login(who)
    return client.post(f"{world.file.get_absolute_url()}{step}/", typed)


def found(world):
    points = checklist_of(world.file, sheet_of(world.file))
    return {
        point.what: [one.code for one in point.findings]
        for point in points
        if point.findings
    }


# --- the checklist ----------------------------------------------------------------------


def test_the_checklist_sorts_what_is_missing(world, officer, leader):
    enter(world, officer, "1.1", data={"option": 1})
    enter(world, officer, "1.2", not_applicable="proposed", reason="Không có hồ sơ")
    enter(world, officer, "9.1", data={"count": 1}, reason="Theo quyết định")
    Remark.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code="1.3"),
        text="Xem lại",
        at=world.round.phases.first().starts_at,
        by=leader,
    )

    assert found(world) == {
        "unexplained": ["1.1"],
        "not_scored": ["1.3"],
        "unproved": ["9.1"],
        "proposed": ["1.2"],
        "remarked": ["1.3"],
    }


def test_the_box_on_the_sheet_says_the_same(client, world, officer, leader):
    """All but the jumps: beside every row, in every answer to a save or a remark."""
    enter(world, officer, "1.1", data={"option": 1})
    enter(world, officer, "1.2", not_applicable="proposed", reason="x")
    Cell.objects.filter(criterion__code="1.2").update(reason="")
    Remark.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code="9.1"),
        text="Xem lại",
        at=world.round.phases.first().starts_at,
        by=leader,
    )
    remark = Remark.objects.get()
    points = checklist_of(world.file, sheet_of(world.file))
    wanted = [(str(one.title), len(one.places)) for one in points if one.places]
    address = world.file.get_absolute_url()

    def box(answer):
        page = html.unescape(answer.content.decode())
        box = page[page.index('id="checklist"') :]
        line = box[box.index("<summary>") : box.index("</summary>")]
        return [
            (title, int(number))
            for title, number in re.findall(r"\s([^:·]+): (\d+)", line)
        ]

    client.force_login(officer)
    assert box(client.get(address)) == wanted
    saved = client.post(
        f"{address}cells/1.1/", {"d-option": "1", "version": "1"}, headers=HTMX
    )
    assert box(saved) == wanted
    assert [what for what, __ in wanted if what == str(WORDS["remarked"][0])]
    done = client.post(f"/remarks/{remark.pk}/done/", headers=HTMX)
    assert box(done) == [one for one in wanted if one[0] != str(WORDS["remarked"][0])]


def test_what_changed_is_told_from_one_hand_over_to_the_next(world, officer, leader):
    enter(world, officer, "1.1", data={"option": 2}, reason="a")
    enter(world, officer, "9.1", data={"count": 1}, reason="a")
    assert changes_since_hand_over(world.reload(), sheet_of(world.file)) is None
    assessments.hand_over(world.file, by=officer)
    assert changes_since_hand_over(world.reload(), sheet_of(world.file)) is None
    assessments.hand_back(world.file, by=leader, reason="Xem lại")
    enter(world, officer, "1.1", data={"option": 3}, reason="a")
    enter(world, officer, "1.1", data={"option": 1}, reason="a")
    enter(world, officer, "9.1", data={"count": 1}, reason="b")
    assessments.hand_over(world.file, by=officer)

    changes = changes_since_hand_over(world.reload(), sheet_of(world.file))

    assert [(c.code, c.before, c.after, c.is_text) for c in changes] == [
        ("1.1", "1", "2", False),
        ("9.1", "1", "1", True),
    ]


def test_the_page_shows_figures_and_links_to_each_row(client, world, officer):
    enter(world, officer, "1.1", data={"option": 1})

    page = main_of(submit_page(client, world, officer))

    address = world.file.get_absolute_url()
    assert f'href="{address}?open=1.1#row-1-1"' in page
    assert re.search(r"<strong>2</strong></td></tr>", page)  # field 1: 2 of 6
    assert "hand-over/" not in page


def test_a_sheet_in_order_can_be_handed_over(client, world, officer):
    page = main_of(submit_page(client, world, officer))

    assert "hand-over/" in page
    assert "lock/" not in page


@pytest.mark.parametrize("remarked", [1, 3])
def test_the_page_asks_the_database_a_fixed_number_of_times(
    client, world, officer, leader, remarked, django_assert_num_queries
):
    for code in ("1.1", "1.2", "1.3")[:remarked]:
        Remark.objects.create(
            assessment=world.file,
            criterion=world.set.criteria.get(code=code),
            text="Xem lại",
            at=world.round.phases.first().starts_at,
            by=leader,
        )
    submit_page(client, world, officer)

    with django_assert_num_queries(QUERIES):
        client.get(f"{world.file.get_absolute_url()}submit/")


QUERIES = 16


# --- the steps --------------------------------------------------------------------------


def test_the_officer_takes_the_sheet_back(client, world, officer):
    assessments.hand_over(world.file, by=officer)
    assert "take-back/" in main_of(submit_page(client, world, officer))

    post(client, world, officer, "take-back")

    assert world.reload().state == FileState.SCORING


def test_the_leader_withdraws_with_a_reason(client, world, officer, leader):
    assessments.hand_over(world.file, by=officer)
    assessments.lock(world.file, by=leader)
    assert "withdraw/" in main_of(submit_page(client, world, leader))

    refused = post(client, world, leader, "withdraw", reason="")
    assert refused.status_code == 422
    assert world.reload().state == FileState.LOCKED

    post(client, world, leader, "withdraw", reason="Sai số liệu")
    assert world.reload().state == FileState.SCORING
    client.force_login(officer)
    assert "Sai số liệu" in main_of(client.get(world.file.get_absolute_url()))


def test_a_refused_hand_back_keeps_the_page(client, world, officer, leader):
    assessments.hand_over(world.file, by=officer)

    refused = post(client, world, leader, "hand-back", reason="  ")

    assert refused.status_code == 422
    assert 'class="error-summary"' in main_of(refused)
    assert world.reload().state == FileState.WITH_LEADER


# --- remarks at the rows ------------------------------------------------------------------


def test_the_leader_writes_at_the_row_and_the_officer_settles(
    client, world, officer, leader
):
    assessments.hand_over(world.file, by=officer)
    client.force_login(leader)
    address = world.file.get_absolute_url()
    sheet = client.get(address).content.decode()
    assert f'action="{address}remarks/1.1/"' in sheet

    answer = client.post(
        f"{address}remarks/1.1/", {"text": "<b>Thiếu</b>"}, headers=HTMX
    )

    fragment = answer.content.decode()
    assert 'id="remarks-1-1"' in fragment
    assert "&lt;b&gt;Thiếu&lt;/b&gt;" in fragment
    assert 'id="row-1-1"' in fragment
    assert 'name="d-option"' not in fragment
    post(client, world, leader, "hand-back")

    client.force_login(officer)
    remark = Remark.objects.get()
    assert f"/remarks/{remark.pk}/done/" in client.get(address).content.decode()
    back = client.post(f"/remarks/{remark.pk}/done/")
    assert back["Location"] == f"{address}?open=1.1#row-1-1"
    remark.refresh_from_db()
    assert remark.resolved_by == officer
    assert "&lt;b&gt;Thiếu" in client.get(address).content.decode()


def test_a_blank_remark_is_refused_with_a_sentence(client, world, officer, leader):
    assessments.hand_over(world.file, by=officer)
    client.force_login(leader)

    answer = client.post(
        f"{world.file.get_absolute_url()}remarks/1.1/", {"text": " "}, headers=HTMX
    )

    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#alerts"
    assert not Remark.objects.exists()


@pytest.mark.parametrize("role", ["manager", "appraiser"])
def test_remarks_are_between_leader_and_officer(client, world, officer, leader, role):
    assessments.hand_over(world.file, by=officer)
    remark = remarks.write(world.file, "1.1", "Thiếu văn bản", by=leader)
    client.force_login(getattr(world, role)())
    address = world.file.get_absolute_url()

    sheet = client.get(address).content.decode()
    row = client.get(f"{address}cells/1.1/", headers=HTMX).content.decode()

    assert "Thiếu văn bản" not in sheet + row
    assert "state-returned" not in sheet + row
    assert client.post(f"/remarks/{remark.pk}/done/").status_code == 404


def test_what_the_leader_said_on_returning_is_read_by_whose_it_is(
    client, world, officer, leader
):
    """The general words repeat the remarks at single criteria, which others do not see."""
    enter(world, officer, "1.1", data={"option": 1}, reason="Theo hệ thống")
    assessments.hand_over(world.file, by=officer)
    remarks.write(world.file, "1.1", "Lời phê riêng", by=leader)
    assessments.hand_back(world.file, by=leader)

    seen = {}
    for name, who in {
        "officer": officer,
        "inspector": world.person(RoleName.INSPECTOR),
        "manager": world.manager(),
        "appraiser": world.appraiser(),
    }.items():
        client.force_login(who)
        page = client.get(world.file.get_absolute_url()).content.decode()
        seen[name] = "Lời phê riêng" in page

    assert seen == {
        "officer": True,
        "inspector": True,
        "manager": False,
        "appraiser": False,
    }


@pytest.mark.parametrize("ending", ["", "\0"])
def test_a_remark_keeps_no_character_that_cannot_be_stored(
    client, world, officer, leader, ending
):
    enter(world, officer, "1.1", data={"option": 1}, reason="Theo hệ thống")
    assessments.hand_over(world.file, by=officer)

    post(client, world, leader, "remarks/1.1", text=f"Xem lại{ending}")

    assert Remark.objects.get().text == "Xem lại"
