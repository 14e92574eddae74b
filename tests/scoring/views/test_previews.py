import json
import re
from datetime import date

import pytest
from django.utils.html import escape

from scoring.labels import Layer, PhaseName
from scoring.models import Cell, EvidenceDocument, EvidenceLink, LedgerLine
from scoring.queries.criteria import tree_of
from tests.earlier import file_of_last_year, prove, say
from tests.factories import World

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SHARE = '{"denominator": 50, "numerator": 45}'
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def world():
    return World(agencies=2)


@pytest.fixture
def officer(client, world):
    user = world.officer()
    client.force_login(user)
    return user


def preview(client, world, code, **typed):
    address = f"{world.file.get_absolute_url()}cells/{code}/preview/"
    return client.post(address, {"version": "0", **typed}, headers=HTMX)


def beside(client, world, code, headers=HTMX):
    address = f"{world.file.get_absolute_url()}cells/{code}/beside/"
    return client.get(address, headers=headers)


def text_of(response):
    return " ".join(response.content.decode().split())


# --- points while typing -------------------------------------------------------------


def test_a_preview_is_the_rows_fragment_and_stores_nothing(client, world, officer):
    answer = preview(
        client, world, "1.2", **{"d-numerator": "45", "d-denominator": "50"}
    )

    text = text_of(answer)
    assert answer.status_code == 200
    assert text.startswith('<div id="preview-1-2" class="row-preview"')
    assert '<span class="figure-points">2,7</span>' in text
    assert '<span class="figure-max">/ 3</span>' in text
    assert "90,00 %" in text
    assert "45 / 50 = 90 %" in text
    assert not Cell.objects.exists()
    assert not LedgerLine.objects.exists()


def test_a_preview_puts_both_readings_of_a_number_on_buttons(client, world, officer):
    typed = {"d-numerator": "1.234", "d-denominator": "2000"}
    text = text_of(preview(client, world, "1.2", **typed))

    assert text.count('data-choose="d-numerator"') == 2
    assert 'data-value="1234"' in text
    assert 'data-value="1,234"' in text
    assert "“1.234” là 1234 hay 1,234?" in text


def test_what_is_typed_comes_back_as_text(client, world, officer):
    text = text_of(preview(client, world, "1.3", points="<b>một</b>"))

    assert escape("<b>một</b>") in text
    assert "<b>" not in text


def test_a_preview_asks_little_of_the_database(
    client, world, officer, django_assert_num_queries
):
    preview(client, world, "1.2", **{"d-numerator": "1", "d-denominator": "2"})

    # Session, person, roles, file.
    with django_assert_num_queries(4):
        preview(
            client,
            world,
            "1.2",
            **{"d-numerator": "45", "d-denominator": "50", "points": "2,8"},
        )


@pytest.mark.parametrize("code", ["1", "2.1", "9", "7.7"])
def test_no_preview_of_what_takes_no_points(client, world, officer, code):
    assert preview(client, world, code).status_code == 404


def test_a_preview_is_the_officers(client, world):
    client.force_login(world.leader())
    assert preview(client, world, "1.3").status_code == 403
    client.force_login(world.officer(world.files[1]))
    assert preview(client, world, "1.3").status_code == 404


def test_a_late_preview_still_computes(client, world, officer):
    """Whether it can be saved is what the save says."""
    world.open_phase(PhaseName.APPRAISAL)

    assert "figure-points" in text_of(preview(client, world, "1.3", points="0,5"))


# --- last year --------------------------------------------------------------------------


def test_last_year_stands_beside_with_what_can_be_used_again(client, world, officer):
    before = file_of_last_year(world.file, people=[officer])
    say(before, "1.2", points="2.7", data=SHARE, reason='Theo "báo cáo" <5> & 6')
    year = world.round.year - 1

    text = text_of(beside(client, world, "1.2"))

    assert "<html" not in text
    assert f"Tiêu chí 1.2 năm {year}" in text or f"Criterion 1.2 in {year}" in text
    assert escape('Theo "báo cáo" <5> & 6') in text
    again = re.search('data-again="([^"]*)"', text)[1].replace("&quot;", '"')
    values = json.loads(
        again.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )
    assert values["d-numerator"] == ["45"]
    assert values["reason"] == ['Theo "báo cáo" <5> & 6']


def test_without_an_earlier_round_that_is_said(client, world, officer):
    text = text_of(beside(client, world, "1.2"))

    assert "data-again" not in text
    assert '<p class="muted">' in text


def test_without_script_the_page_uses_it_again_and_saves(client, world, officer):
    before = file_of_last_year(world.file, people=[officer])
    say(before, "1.2", points="2.7", data=SHARE, reason="Theo báo cáo")
    say(world.file, "1.2", points="0", data='{"denominator":5,"numerator":0}')

    page = text_of(beside(client, world, "1.2", headers={}))
    assert "<html" in page
    inputs = dict(
        pair for pair in HIDDEN.findall(page) if pair[0] != "csrfmiddlewaretoken"
    )
    assert inputs["version"] == "1"
    answer = client.post(f"{world.file.get_absolute_url()}cells/1.2/", inputs)

    cell = Cell.objects.get(assessment=world.file)
    assert answer.status_code == 302
    assert (cell.data, cell.reason, cell.version) == (SHARE, "Theo báo cáo", 2)


def test_who_does_not_fill_the_sheet_is_offered_no_use(client, world):
    before = file_of_last_year(world.file)
    say(before, "1.2", points="2.7", data=SHARE)
    client.force_login(world.leader())

    text = text_of(beside(client, world, "1.2"))

    assert "2,7" in text
    assert "data-again" not in text


def test_a_draft_of_the_appraisal_is_not_in_the_fragment(client, world, officer):
    before = file_of_last_year(world.file, people=[officer])
    say(before, "1.3", points="0.5")
    say(before, "1.3", Layer.APPRAISED, points="0.125", reason="Chưa công bố")

    text = text_of(beside(client, world, "1.3"))

    assert "0,5" in text
    assert "0,125" not in text
    assert "Chưa công bố" not in text


@pytest.mark.parametrize("filled", [1, 3])
def test_last_year_asks_a_fixed_number_of_times(
    client, django_assert_num_queries, filled
):
    world = World(agencies=filled)
    user = world.officer()
    client.force_login(user)
    before = file_of_last_year(world.file, people=[user])
    say(before, "1.3", points="0.5")
    for number in range(filled):
        prove(before, "1.3", title=f"Văn bản {number}")
    beside(client, world, "1.3")

    with django_assert_num_queries(11):
        answer = beside(client, world, "1.3")

    assert text_of(answer).count("again-document") == filled


# --- documents used again -----------------------------------------------------------------


def use(client, world, link, code="1.3", headers=HTMX):
    address = f"{world.file.get_absolute_url()}cells/{code}/beside/{link.pk}/use/"
    return client.post(address, headers=headers)


@pytest.fixture
def link(world, officer):
    before = file_of_last_year(world.file, people=[officer])
    return prove(
        before,
        "1.3",
        title="Kế hoạch CCHC",
        number="12/KH-UBND",
        issued_on=date(2020, 3, 1),
        issuer="UBND phường",
        section="Mục II",
        page="4",
    )


def test_a_document_is_used_again_with_its_name_and_place(client, world, link):
    answer = use(client, world, link)

    now = EvidenceLink.objects.get(document__assessment=world.file)
    assert answer.status_code == 200
    assert now.criterion_id == tree_of(world.set).ids["1.3"]
    assert (now.section, now.page) == ("Mục II", "4")
    assert (now.document.number, now.document.issuer) == ("12/KH-UBND", "UBND phường")
    assert now.document.current.link == link.document.current.link
    assert link.document.assessment_id != world.file.pk
    text = text_of(answer)
    assert 'id="evidence-1-3"' in text
    assert "again-document" not in text


def test_pressed_twice_it_is_there_once(client, world, link):
    use(client, world, link)
    answer = use(client, world, link, headers={})

    assert answer.status_code == 302
    assert EvidenceDocument.objects.filter(assessment=world.file).count() == 1
    assert EvidenceLink.objects.filter(document__assessment=world.file).count() == 1


def test_a_document_that_may_not_be_opened_is_named_without_an_address(client, world):
    """Whose role is of this round alone may read what it is called, no more."""
    before = file_of_last_year(world.file)
    link = prove(before, "1.3", title="Kế hoạch CCHC")
    client.force_login(world.officer())

    text = text_of(beside(client, world, "1.3"))

    assert "Kế hoạch CCHC" in text
    assert link.document.current.link not in text
    assert "again-document" not in text


def test_an_old_document_is_marked(client, world, link):
    text = text_of(beside(client, world, "1.3"))

    assert text.count("state-late") == 1
    assert "01/03/2020" in text


def test_no_document_of_anybody_else_is_used(client, world, officer):
    foreign = file_of_last_year(world.files[1])
    strange = prove(foreign, "1.3", title="Của cơ quan khác")

    assert use(client, world, strange).status_code == 404
    assert not EvidenceLink.objects.filter(document__assessment=world.file).exists()


def test_after_the_deadline_a_document_is_refused_with_a_sentence(client, world, link):
    world.open_phase(PhaseName.APPRAISAL)

    answer = use(client, world, link)

    assert answer.status_code in (403, 409, 422)
    assert not EvidenceLink.objects.filter(document__assessment=world.file).exists()
