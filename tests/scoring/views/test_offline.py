"""The pages of work off-line: download, differences, choices, all or nothing."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from scoring.actions import files
from scoring.labels import PhaseName
from scoring.models import Cell, LedgerLine
from tests.factories import World
from tests.scoring.exchange.sheet_forms import (
    Form,
    declare,
    fresh,
    handed_out,
    save,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World(agencies=2)


@pytest.fixture
def officer(world, client):
    officer = world.officer()
    client.force_login(officer)
    return officer


def url(world, name, file=None):
    file = file or world.file
    return reverse(f"scoring:sheet-{name}", args=[world.round.year, file.agency.code])


def send(client, world, content):
    upload = SimpleUploadedFile("bang.xlsx", content)
    return client.post(url(world, "upload"), {"workbook": upload})


def confirm(client, world, preview, **choices):
    given = {"sealed": preview.context["sealed"], **choices}
    return client.post(url(world, "upload"), given, follow=True)


def told(answer):
    """The sentence of a refusal on the page that it leads back to."""
    (message,) = answer.context["messages"]
    return str(message)


def filled_in(content, *entries):
    form = Form(content)
    for entry in entries:
        form.put(*entry)
    return form.saved()


def points(world):
    return {
        cell.criterion.code: cell.points
        for cell in Cell.objects.select_related("criterion")
    }


def test_the_download_is_the_workbook_of_this_sheet(client, world, officer):
    answer = client.get(url(world, "download"))

    name = f"bang-tu-cham-{world.file.agency.code}-{world.round.year}.xlsx"
    assert f'filename="{name}"' in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    book = load_workbook(io.BytesIO(answer.content))
    assert world.file.name_vi in [
        cell.value for row in book.worksheets[0]["A1:A8"] for cell in row
    ]


def test_differences_are_shown_first_then_stored_and_a_repeat_changes_nothing(
    client, world, officer
):
    declare(world, officer, {"1.1": {"option": 2}})
    content = client.get(url(world, "download")).content
    content = filled_in(
        content,
        ("1.1", "value", 1, "option"),
        ("1.3", "given", "0,5"),
        ("1.3", "reason", "Sáng kiến <b>A & B</b>"),
    )
    preview = send(client, world, content)
    shown = preview.content.decode()

    assert preview.status_code == 200
    assert points(world) == {"1.1": 1}
    assert "Ban hành kế hoạch" in shown
    assert "Kịp thời" in shown
    assert "Sáng kiến &lt;b&gt;A &amp; B&lt;/b&gt;" in shown

    done = confirm(client, world, preview)
    assert points(world) == {"1.1": 2, "1.3": Decimal("0.5")}
    assert done.redirect_chain[-1][0] == world.file.get_absolute_url()
    assert "2" in str(next(iter(done.context["messages"])))

    lines = LedgerLine.objects.count()
    confirm(client, world, preview)
    assert LedgerLine.objects.count() == lines


def test_an_untouched_workbook_has_nothing_to_confirm(client, world, officer):
    declare(world, officer, {"1.1": {"option": 2}})
    answer = send(client, world, client.get(url(world, "download")).content)

    assert answer.status_code == 200
    assert answer.context["lines"] == []
    assert 'name="sealed"' not in answer.content.decode()


def conflicting(client, world, officer):
    """A preview of two conflicts, at the places 0 (1.1) and 1 (1.3), and 9.1."""
    content = filled_in(
        handed_out(world),
        ("1.1", "value", 1, "option"),
        ("1.3", "given", 1),
        ("9.1", "value", 1, "count"),
    )
    declare(world, officer, {"1.1": {"option": 3}})
    save(world, officer, "1.3", points=Decimal("0.25"))
    return send(client, world, content)


def test_a_conflict_shows_both_values_and_is_decided_line_by_line(
    client, world, officer
):
    preview = conflicting(client, world, officer)
    shown = preview.content.decode()

    assert shown.count('type="radio"') == 4
    assert "Kịp thời" in shown
    assert "Không" in shown
    confirm(client, world, preview, **{"choice-0": "workbook", "choice-1": "online"})
    assert points(world) == {"1.1": 2, "1.3": Decimal("0.25"), "9.1": 1}


def test_without_a_choice_nothing_is_stored_and_it_is_asked_again(
    client, world, officer
):
    preview = conflicting(client, world, officer)
    again = confirm(client, world, preview, **{"choice-0": "workbook"})

    assert again.status_code == 422
    assert points(world) == {"1.1": 0, "1.3": Decimal("0.25")}
    (field,) = again.context["confirmation"].errors
    assert field == "choice-1"
    # What was chosen stays chosen, and the same preview goes on.
    assert 'value="workbook" id="id_choice-0_1" required checked' in (
        again.content.decode()
    )
    confirm(client, world, again, **{"choice-0": "workbook", "choice-1": "workbook"})
    assert points(world) == {"1.1": 2, "1.3": 1, "9.1": 1}


def test_a_confirmation_after_somebody_else_s_change_is_refused_whole(
    client, world, officer
):
    content = filled_in(
        handed_out(world), ("1.3", "given", 1), ("9.1", "value", 1, "count")
    )
    preview = send(client, world, content)
    save(world, officer, "9.1", data={"count": 0})
    answer = client.post(url(world, "upload"), {"sealed": preview.context["sealed"]})

    assert answer.status_code == 409
    assert points(world) == {"9.1": 0}


def test_faults_are_listed_with_their_cells_and_nothing_is_stored(
    client, world, officer
):
    form = Form(handed_out(world))
    wrong = [
        form.put("1.3", "given", "1.234"),
        form.put("9.1", "value", "nhiều", "count"),
    ]
    form.put("1.1", "value", 1, "option")
    answer = send(client, world, form.saved())

    assert answer.status_code == 422
    assert [fault.cell for fault in answer.context["faults"]] == wrong
    assert all(cell in answer.content.decode() for cell in wrong)
    assert Cell.objects.count() == 0


def test_the_seal_of_one_agency_s_preview_opens_no_other_file(client, world):
    both = world.officer()
    other = world.files[1]
    both.roles.create(name="officer", round=world.round, agency=other.agency)
    client.force_login(both)
    content = filled_in(handed_out(world), ("1.3", "given", 1))
    preview = send(client, world, content)

    sealed = {"sealed": preview.context["sealed"]}
    answer = client.post(url(world, "upload", other), sealed, follow=True)
    assert told(answer)
    assert Cell.objects.count() == 0


def test_the_leader_downloads_and_sends_nothing(client, world):
    client.force_login(world.leader())

    assert client.get(url(world, "download")).status_code == 200
    assert client.get(url(world, "upload")).status_code == 403
    assert send(client, world, handed_out(world)).status_code == 403


def test_after_the_deadline_the_page_says_so_and_a_file_is_refused(
    client, world, officer
):
    content = filled_in(handed_out(world), ("1.3", "given", 1))
    preview = send(client, world, content)
    world.open_phase(PhaseName.APPRAISAL)
    page = client.get(url(world, "upload"))

    assert page.status_code == 200
    assert page.context["closed"]
    assert 'type="file"' not in page.content.decode()
    assert send(client, world, content).status_code == 422
    assert told(confirm(client, world, preview)) == files.late_sentence(fresh(world))
    assert Cell.objects.count() == 0


def test_an_empty_form_says_what_is_missing(client, world, officer):
    answer = client.post(url(world, "upload"), {})

    assert answer.status_code == 422
    assert answer.context["form"].errors["workbook"]


@pytest.mark.parametrize("changes", [1, 3])
def test_pages_ask_the_database_a_fixed_number_of_times(
    client, world, officer, changes, django_assert_num_queries
):
    entries = [
        ("1.1", "value", 1, "option"),
        ("1.3", "given", 1),
        ("9.1", "value", 1, "count"),
    ][:changes]
    content = filled_in(handed_out(world), *entries)
    send(client, world, content)

    with django_assert_num_queries(QUERIES["page"]):
        client.get(url(world, "upload"))
    with django_assert_num_queries(QUERIES["preview"]):
        assert len(send(client, world, content).context["lines"]) == changes
    assert fresh(world).ledger_length == 0


QUERIES = {"page": 5, "preview": 7}
