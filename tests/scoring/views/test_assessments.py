import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from scoring.actions import assessments
from scoring.actions.cells import CellChange, save
from scoring.actions.totals import refresh_totals
from scoring.labels import Layer, PhaseName
from scoring.models import Cell, EvidenceLink, LedgerLine
from scoring.queries.criteria import tree_of
from scoring.states import FileState
from tests import papers
from tests.factories import World

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(client, world):
    user = world.officer()
    client.force_login(user)
    return user


def address(file, code=None):
    return (
        f"{file.get_absolute_url()}cells/{code}/" if code else file.get_absolute_url()
    )


def post(client, file, code, headers=None, **typed):
    return client.post(
        address(file, code), {"version": "0", **typed}, headers=headers or {}
    )


def text_of(response):
    return response.content.decode()


def self_cell(file, code):
    ids = tree_of(file.group.criteria_set).ids
    return Cell.objects.filter(
        assessment=file, criterion=ids[code], layer=Layer.SELF
    ).first()


# --- the sheet ----------------------------------------------------------------------


def test_the_sheet_shows_every_criterion_and_enters_no_survey(client, world, officer):
    page = text_of(client.get(address(world.file)))

    for name in ("Ban hành kế hoạch", "Giải quyết hồ sơ", "Sáng kiến", "Hài lòng"):
        assert name in page
    assert 'id="form-1-1"' in page
    assert 'id="form-9-2"' in page
    assert 'id="form-2-1"' not in page
    assert 'id="form-2-2"' not in page


def test_a_row_offers_the_inputs_of_its_own_rule(client, world, officer):
    page = text_of(client.get(address(world.file)))

    assert page.count('type="radio" name="d-option"') == 3
    assert 'name="d-numerator"' in page
    assert 'name="d-denominator"' in page
    assert page.count('name="na"') == 1


def test_the_sheet_shows_totals_of_the_agencys_own_part(client, world, officer):
    """1.1 at its maximum 2 of 6: surveys are not in it, the rest counts 0."""
    post(client, world.file, "1.1", **{"d-option": "1"})

    page = text_of(client.get(address(world.file)))

    assert "<strong>1 / 3</strong>" in page
    assert '<strong>2</strong> <span class="figure-max">/ 6</span>' in page
    assert "<strong>33,33</strong>" in page


def test_an_n_a_proposal_is_counted_apart(client, world, officer):
    post(client, world.file, "1.1", **{"d-option": "1"})
    post(client, world.file, "1.2", na="1", reason="Không có thủ tục này")

    page = text_of(client.get(address(world.file)))

    assert "<strong>33,33</strong>" in page
    assert "66,67" in page


def test_an_exempted_criterion_says_by_which_document(client, world, officer):
    ids = tree_of(world.set).ids
    world.file.exemptions.create(criterion_id=ids["1"], document="Quyết định số 7")

    page = text_of(client.get(address(world.file)))

    assert page.count("Quyết định số 7") == 3
    assert 'id="form-1-1"' not in page


@pytest.mark.parametrize("filled", [1, 3])
def test_the_sheet_asks_the_database_a_fixed_number_of_times(
    client, django_assert_num_queries, filled
):
    world = World(agencies=filled)
    user = world.officer()
    fill(world.file, user, filled)
    client.force_login(user)
    client.get(address(world.file))

    with django_assert_num_queries(10):
        response = client.get(address(world.file))

    assert text_of(response).count("state-late") == 0
    assert text_of(response).count("evidence-list") == filled


def fill(file, user, number):
    """``number`` criteria with a value and a document each, and one act of a step."""
    ids = tree_of(file.group.criteria_set).ids
    changes = [
        CellChange("1.1", Layer.SELF, data={"option": 1}),
        CellChange("1.2", Layer.SELF, data={"numerator": 9, "denominator": 10}),
        CellChange("1.3", Layer.SELF, points=Decimal(1)),
    ][:number]
    save(file, changes, by=user)
    for change in changes:
        document = papers.document(file, f"Văn bản {change.code}", by=user)
        EvidenceLink.objects.create(document=document, criterion_id=ids[change.code])


# --- saving a row -------------------------------------------------------------------


def test_a_saved_row_leads_back_to_its_place(client, world, officer):
    response = post(client, world.file, "1.1", **{"d-option": "2"})

    assert response.status_code == 302
    assert response.url == f"{address(world.file)}?open=1.1#row-1-1"
    assert self_cell(world.file, "1.1").points == 1
    assert world.reload().state == FileState.SCORING


def test_a_saved_row_answers_htmx_with_figures_and_no_inputs(client, world, officer):
    response = post(client, world.file, "1.1", HTMX, **{"d-option": "2"})

    page = text_of(response)
    assert response.status_code == 200
    assert 'id="row-1-1"' in page
    assert "<strong>1</strong>" in page
    assert 'id="totals"' in page
    assert 'id="rail-1"' in page
    assert 'name="version" id="version-1-1" value="1"' in page
    assert "d-option" not in page
    assert "Saved at" in page or "Đã lưu lúc" in page


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        pytest.param({"d-numerator": "9", "d-denominator": "10"}, "2.7", id="whole"),
        pytest.param(
            {"d-numerator": "4,5", "d-denominator": "5.0"}, "2.7", id="comma and dot"
        ),
        pytest.param(
            {"d-numerator": "1.234,5", "d-denominator": "2 469"}, "1.5", id="grouped"
        ),
    ],
)
def test_numbers_are_read_as_people_write_them(client, world, officer, typed, points):
    post(client, world.file, "1.2", **typed)

    assert self_cell(world.file, "1.2").points == Decimal(points)


def test_what_is_shown_may_be_sent_back_in_both_languages(client, world, officer):
    """``1,2345`` in Vietnamese and ``1.234`` in English are accepted as they stand."""
    typed = {"d-numerator": "1,234", "d-denominator": "5"}
    post(client, world.file, "1.2", **typed)

    for language, shown in (("vi", "1,234"), ("en", "1.2340")):
        client.cookies["django_language"] = language
        page = text_of(client.get(address(world.file)))
        assert (
            f'name="d-numerator" inputmode="decimal" autocomplete="off" class="input-points" value="{shown}"'
            in page
        )
        again = post(
            client,
            world.file,
            "1.2",
            version="1",
            **{"d-numerator": shown, "d-denominator": "5"},
        )
        assert again.status_code == 302
    assert self_cell(world.file, "1.2").version == 1


def test_a_double_post_changes_nothing_more(client, world, officer):
    first = post(client, world.file, "1.1", **{"d-option": "1"})
    second = post(client, world.file, "1.1", **{"d-option": "1"})

    assert (first.status_code, second.status_code) == (302, 302)
    assert self_cell(world.file, "1.1").version == 1
    assert LedgerLine.objects.filter(criterion_code="1.1").count() == 1


def test_clearing_takes_the_value_away(client, world, officer):
    post(client, world.file, "1.1", **{"d-option": "1"})
    post(client, world.file, "1.1", version="1", clear="1", **{"d-option": "1"})

    assert self_cell(world.file, "1.1").is_blank
    assert "1.1" in dict_of_lacking(client, world.file)


def dict_of_lacking(client, file):
    page = text_of(client.get(address(file)))
    checklist = page[page.index('id="checklist"') :]
    return checklist[: checklist.index("</ul>")]


@pytest.mark.parametrize(
    ("code", "typed", "words"),
    [
        pytest.param("1.3", {"points": "1,75"}, "1,75", id="above the maximum"),
        pytest.param(
            "1.2",
            {"d-numerator": "1.234", "d-denominator": "2000"},
            "“1.234”",
            id="doubtful number",
        ),
        pytest.param("1.2", {"d-numerator": "chín"}, "“chín”", id="no number"),
        pytest.param(
            "1.2",
            {"d-numerator": "9", "d-denominator": "8"},
            "9",
            id="part above the whole",
        ),
        pytest.param("1.1", {"d-option": "7"}, 'id="errors-1-1"', id="unknown option"),
        pytest.param(
            "1.1",
            {"d-option": "3", "points": "2"},
            'id="errors-1-1"',
            id="override without reason",
        ),
        pytest.param("1.2", {"na": "1"}, 'id="errors-1-2"', id="N/A without reason"),
        pytest.param(
            "1.1",
            {"na": "1", "reason": "Không có"},
            'id="errors-1-1"',
            id="N/A where it is not allowed",
        ),
        pytest.param("1.3", {"version": ""}, 'id="errors-1-3"', id="no version"),
        pytest.param(
            "1.3", {"points": "0,12345"}, "0,12345", id="more than four decimals"
        ),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_refused_row_says_why_and_keeps_what_was_typed(
    client, world, officer, code, typed, words, headers
):
    if code == "1.1" and "na" in typed and not headers:
        typed = {**typed, "d-option": ""}
    response = post(client, world.file, code, headers, **typed)

    page = text_of(response)
    slug = code.replace(".", "-")
    assert response.status_code == 422
    assert words in page
    assert f'id="errors-{slug}"' in page
    assert self_cell(world.file, code) is None
    if not headers:
        for text in typed.values():
            assert f'value="{text}"' in page or text in page


def test_a_survey_is_not_scored_by_the_agency(client, world, officer):
    response = post(client, world.file, "2.1", points="2")

    assert response.status_code == 404
    assert self_cell(world.file, "2.1") is None


@pytest.mark.parametrize("code", ["1", "7.7", "9"])
def test_what_is_no_leaf_cannot_be_saved(client, world, officer, code):
    assert post(client, world.file, code, points="1").status_code == 404


def test_somebody_elses_save_is_shown_with_a_choice(client, world, officer):
    colleague = world.officer()
    change = CellChange("1.1", Layer.SELF, data={"option": 3}, reason="Chưa ban hành")
    save(world.file, [change], by=colleague)

    response = post(client, world.file, "1.1", HTMX, **{"d-option": "1"})

    page = text_of(response)
    assert response.status_code == 409
    assert colleague.full_name in page
    assert "Chưa ban hành" in page
    assert 'name="keep" value="1"' in page
    assert self_cell(world.file, "1.1").points == 0


def test_the_own_value_can_be_kept_over_somebody_elses(client, world, officer):
    save(
        world.file,
        [CellChange("1.1", Layer.SELF, data={"option": 3})],
        by=world.officer(),
    )

    response = post(client, world.file, "1.1", keep="1", **{"d-option": "1"})

    assert response.status_code == 302
    assert self_cell(world.file, "1.1").points == 2


def test_a_conflict_without_script_is_a_page_with_both_values(client, world, officer):
    save(
        world.file,
        [CellChange("1.1", Layer.SELF, data={"option": 3})],
        by=world.officer(),
    )

    response = post(client, world.file, "1.1", **{"d-option": "1"})

    page = text_of(response)
    assert response.status_code == 409
    assert 'name="d-option" value="1" checked' in page
    assert 'name="keep" value="1"' in page


def test_the_stored_value_can_be_taken_instead(client, world, officer):
    save(world.file, [CellChange("1.1", Layer.SELF, data={"option": 3})], by=officer)

    response = client.get(address(world.file, "1.1"), headers=HTMX)

    page = text_of(response)
    assert 'name="d-option" value="3" checked' in page
    assert 'id="version-1-1" value="1"' in page
    assert client.get(address(world.file, "1.1")).status_code == 302


# --- who ----------------------------------------------------------------------------


def test_another_agencys_sheet_does_not_exist(client, world, officer):
    other = world.files[1]

    assert client.get(address(other)).status_code == 404
    assert post(client, other, "1.1", **{"d-option": "1"}).status_code == 404
    assert other.name_vi not in text_of(client.get(address(world.file)))


@pytest.mark.parametrize("role", ["leader", "manager", "inspector", "appraiser"])
def test_who_reads_the_sheet_cannot_write_in_it(client, world, role):
    client.force_login(getattr(world, role)())

    page = client.get(address(world.file))
    refused = post(client, world.file, "1.1", **{"d-option": "1"})

    assert page.status_code == 200
    assert "d-option" not in text_of(page)
    assert refused.status_code == 403
    assert self_cell(world.file, "1.1") is None


def test_who_is_not_signed_in_is_asked_to(client, world):
    assert client.get(address(world.file)).url.startswith("/accounts/login/")


def test_appraisers_figures_are_nowhere_on_the_agencys_sheet(client, world):
    user = world.officer()
    save(world.file, [CellChange("1.1", Layer.SELF, data={"option": 1})], by=user)
    world.open_phase(PhaseName.APPRAISAL)
    change = CellChange(
        "1.1", Layer.APPRAISED, data={"option": 2}, reason="Ban hành ngày 25/01"
    )
    save(world.reload(), [change], by=world.appraiser())
    client.force_login(user)

    page = text_of(client.get(address(world.file)))

    assert "Kịp thời" in page
    assert "Ban hành ngày 25/01" not in page
    assert "/appraisal/" not in page


# --- time ---------------------------------------------------------------------------


def test_late_means_read_only_with_a_sentence(client, world, officer):
    post(client, world.file, "1.1", **{"d-option": "1"})
    world.open_phase(PhaseName.APPRAISAL)

    page = text_of(client.get(address(world.file)))
    late = post(client, world.file, "1.1", version="1", **{"d-option": "2"})

    assert "read-only-note" in page
    assert "Kịp thời" in page
    assert 'id="form-1-1"' not in page
    assert late.status_code == 403
    assert 'id="errors-1-1"' in text_of(late)
    assert self_cell(world.file, "1.1").points == 2


def test_an_extension_opens_the_sheet_again(client, world, officer):
    world.open_phase(PhaseName.APPRAISAL)
    world.file.extended_until = timezone.now() + timedelta(days=1)
    world.file.extension_reason = world.file.extension_document = "Công văn 12"
    world.file.save()

    assert post(client, world.file, "1.1", **{"d-option": "1"}).status_code == 302


# --- steps of the file --------------------------------------------------------------


def test_the_file_goes_to_the_leader_and_back_with_a_remark(client, world, officer):
    client.post(f"{address(world.file)}hand-over/")
    assert world.reload().state == FileState.WITH_LEADER
    assert 'id="form-1-1"' not in text_of(client.get(address(world.file)))

    client.force_login(world.leader())
    client.post(f"{address(world.file)}hand-back/", {"reason": "Bổ sung mục 1.2"})
    client.force_login(officer)

    assert world.reload().state == FileState.SCORING
    assert "Bổ sung mục 1.2" in text_of(client.get(address(world.file)))


def test_a_blank_remark_is_refused(client, world, officer):
    client.post(f"{address(world.file)}hand-over/")
    client.force_login(world.leader())

    client.post(f"{address(world.file)}hand-back/", {"reason": "  "})

    assert world.reload().state == FileState.WITH_LEADER


def test_the_leader_locks_and_pressing_twice_is_harmless(client, world, officer):
    client.post(f"{address(world.file)}hand-over/")
    leader = world.leader()
    client.force_login(leader)
    checked = text_of(client.get(address(world.file)))
    client.post(f"{address(world.file)}lock/")
    client.post(f"{address(world.file)}lock/")

    file = world.reload()
    assert 'href="?open=1.1#row-1-1"' in checked
    assert (file.state, file.locked_by) == (FileState.LOCKED, leader)
    assert LedgerLine.objects.filter(after=FileState.LOCKED).count() == 1
    assert leader.full_name in text_of(client.get(address(world.file)))


@pytest.mark.parametrize(
    ("step", "role"),
    [
        ("hand-over", "leader"),
        ("hand-over", "manager"),
        ("hand-back", "officer"),
        ("hand-back", "manager"),
        ("lock", "officer"),
        ("lock", "manager"),
    ],
)
def test_each_step_belongs_to_one_role(client, world, step, role):
    if step != "hand-over":
        assessments.hand_over(world.file, by=world.officer())
    before = world.reload().state
    client.force_login(getattr(world, role)())

    response = client.post(f"{address(world.file)}{step}/", {"reason": "x"})

    assert response.status_code == 403
    assert world.reload().state == before


def test_steps_are_refused_after_the_deadline(client, world, officer):
    world.open_phase(PhaseName.APPRAISAL)

    response = client.post(f"{address(world.file)}hand-over/", follow=True)

    assert world.reload().state == FileState.NOT_STARTED
    assert "notice-danger" in text_of(response)


def test_the_checklist_names_what_is_missing(client, world, officer):
    post(client, world.file, "1.1", **{"d-option": "1"})

    checklist = dict_of_lacking(client, world.file)

    assert 'data-opens="detail-1-1"' in checklist
    assert 'data-opens="detail-1-2"' in checklist
    assert 'data-opens="detail-9-1"' not in checklist


def test_a_file_that_is_not_assessed_says_so(client, world, officer):
    world.file.is_assessed = False
    world.file.not_assessed_reason = "Mới thành lập"
    refresh_totals(world.file)
    world.file.save()

    assert "Mới thành lập" in text_of(client.get(address(world.file)))


# --- lines are remembered, rights and tokens are not ------------------------------------


def test_a_remembered_line_brings_no_inputs_to_who_only_reads(client, world, officer):
    post(client, world.file, "1.1", **{"d-option": "1"})
    assert "d-option" in text_of(client.get(address(world.file)))

    client.force_login(world.inspector())

    assert "d-option" not in text_of(client.get(address(world.file)))


def test_every_form_carries_the_token_of_its_own_page(client, world, officer):
    pages = [text_of(client.get(address(world.file))) for _ in range(2)]

    tokens = [set(TOKEN.findall(page)) for page in pages]
    assert all(len(found) == 1 for found in tokens)
    assert tokens[0] != tokens[1]
    assert pages[0].count("csrfmiddlewaretoken") > 5


def test_a_remembered_line_follows_what_changes(client, world, officer):
    colleague = world.officer(world.files[0])
    post(client, world.file, "1.1", **{"d-option": "1"}, reason="Lần đầu")
    client.get(address(world.file))
    post(client, world.file, "1.1", version="1", **{"d-option": "1"}, reason="Lần sau")

    client.force_login(colleague)
    page = text_of(client.get(address(world.file)))

    assert "Lần sau" in page
    assert "Lần đầu" not in page
    assert 'id="version-1-1" value="2"' in page
