"""The appraiser's list and sheet: who sees them, what is stored, what is refused."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from scoring.actions import cells, evidence
from scoring.labels import Layer, LedgerKind, PhaseName
from scoring.models import Cell, Exemption, LedgerLine, RoundGroup
from scoring.queries.criteria import tree_of
from scoring.states import GroupState
from tests.factories import World
from tests.scoring.appraisal_worlds import (
    PROPOSED_ONE,
    SCORED,
    appraising,
    judged,
    own,
    score_and_lock,
    survey,
)

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
QUERIES_OF_LIST = 10
QUERIES_OF_SHEET = 9


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def world():
    return appraising()


def address(world, name="appraisal-detail", *args, file=None):
    agency = (file or world.file).agency.code
    return reverse(f"scoring:{name}", args=[world.round.year, agency, *args])


def list_address(world):
    return reverse("scoring:appraisal-list", args=[world.round.year])


def save(client, world, code="1.1", **posted):
    posted = {"expected_version": "0", "reason": ""} | {
        name.replace("__", "-"): value for name, value in posted.items()
    }
    headers = posted.pop("headers", {})
    return client.post(address(world, "appraisal-save", code), posted, headers=headers)


def appraised_cell(code="1.1", layer=Layer.APPRAISED):
    return Cell.objects.filter(criterion__code=code, layer=layer).first()


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


# --- who sees what ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "on_list", "on_sheet", "on_save"),
    [
        ("appraiser", 200, 200, 302),
        ("manager", 200, 200, 403),
        ("inspector", 200, 200, 403),
        ("officer", 404, 404, 404),
        ("leader", 404, 404, 404),
        ("stranger", 404, 404, 404),
    ],
)
def test_each_role_meets_its_answer(client, world, who, on_list, on_sheet, on_save):
    user = World().manager() if who == "stranger" else getattr(world, who)()
    client.force_login(user)

    assert client.get(list_address(world)).status_code == on_list
    assert client.get(address(world)).status_code == on_sheet
    assert save(client, world, accept="0").status_code == on_save
    rest = client.post(address(world, "appraisal-accept-rest"))
    assert rest.status_code == on_save
    assert (appraised_cell() is not None) == (who == "appraiser")


def test_anonymous_people_sign_in_first(client, world):
    for url in (list_address(world), address(world)):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("login"))


def test_the_own_agency_s_file_does_not_exist_for_its_appraiser(client, world):
    client.force_login(world.person("appraiser", agency=world.file.agency))

    assert client.get(address(world)).status_code == 404
    assert save(client, world, accept="0").status_code == 404
    page = text_of(client.get(list_address(world)))
    assert world.files[1].name_vi in page
    assert world.file.name_vi not in page


def test_an_officer_who_also_appraises_sees_no_appraisal_of_the_own_agency(client):
    world = appraising()
    change = judged("1.1", data={"option": 3}, reason="Bí mật của tổ thẩm định")
    cells.save(world.file, [change], by=world.appraiser())
    both = world.officer()
    both.roles.create(name="appraiser", round=world.round)
    client.force_login(both)

    assert client.get(address(world)).status_code == 404
    assert client.get(address(world, "appraisal-save", "1.1")).status_code == 404
    assert client.get(address(world, file=world.files[1])).status_code == 200


def test_an_appraiser_of_one_agency_does_not_see_another(client, world):
    client.force_login(world.appraiser(world.files[1].agency))

    assert client.get(address(world)).status_code == 404
    assert world.file.name_vi not in text_of(client.get(list_address(world)))


def test_published_appraisals_are_read_by_their_agency_and_changed_by_nobody(client):
    world = appraising()
    world.round.decision_number, world.round.decided_on = "1/QĐ", "2026-01-09"
    world.round.state, world.round.published_at = "published", "2026-01-09T00:00Z"
    world.round.save()
    RoundGroup.objects.update(state=GroupState.ADOPTED)
    client.force_login(world.officer())

    page = client.get(address(world))

    assert page.status_code == 200
    assert "accept-rest" not in text_of(page)
    assert client.get(address(world, file=world.files[1])).status_code == 404
    assert save(client, world, accept="0").status_code == 403


# --- the list -----------------------------------------------------------------------


def test_the_list_shows_progress_and_filters_by_group_and_name(client):
    world = appraising(groups=2, agencies=1)
    first, second = world.files
    cells.save(first, [judged("1.1", data={"option": 1})], by=world.appraiser())
    client.force_login(world.appraiser())

    assert "1 / 3" in text_of(client.get(list_address(world)))
    by_group = text_of(
        client.get(list_address(world), {"group": second.group.group.code})
    )
    assert first.name_vi not in by_group
    assert second.name_vi in by_group
    by_name = text_of(client.get(list_address(world), {"q": "CO QUAN"}))
    assert first.name_vi in by_name


@pytest.mark.parametrize("agencies", [1, 3])
def test_the_list_asks_the_database_a_fixed_number_of_times(
    client, agencies, django_assert_num_queries
):
    world = appraising(agencies=agencies)
    client.force_login(world.appraiser())
    client.get(list_address(world))

    with django_assert_num_queries(QUERIES_OF_LIST):
        response = client.get(list_address(world))

    assert response.content.decode().count('<th scope="row">') == agencies


# --- the sheet ----------------------------------------------------------------------


def test_the_sheet_shows_all_that_a_judgement_needs(client):
    world = World()
    evidence.attach(
        world.file,
        "1.1",
        document={
            "title": "Kế hoạch CCHC",
            "number": "12/KH-UBND",
            "link": "https://example.vn/12",
            "page": "tr. 3",
        },
        by=world.officer(),
    )
    score_and_lock(world)
    survey(world)
    world.open_phase(PhaseName.APPRAISAL)
    client.force_login(world.appraiser())

    page = text_of(client.get(address(world), {"open": "1.1"}))

    assert "Kế hoạch CCHC (12/KH-UBND)" in page
    assert "tr. 3" in page
    assert 'href="https://example.vn/12"' in page
    assert "Kịp thời" in page  # declared data
    assert "One result out of these" in page  # the rule's sentence
    assert "87.00" in page  # the engine's self-assessed index
    assert "survey: 1.6" in page


def test_not_scored_zero_and_not_applicable_look_different(client):
    world = appraising(
        changes=[
            own("1.1", data={"option": 3}),
            own("1.2", data={"numerator": 0, "denominator": 0}),
        ]
    )
    client.force_login(world.appraiser())

    page = text_of(client.get(address(world)))

    assert 'data-label="Self-assessed">0</td>' in page
    assert 'data-label="Self-assessed"><abbr title="not applicable">N/A</abbr>' in page
    assert 'data-label="Self-assessed"><span class="not-scored"' in page


@pytest.mark.parametrize(
    ("show", "codes"),
    [
        ("waiting", ["1.2", "1.3", "9.1", "9.2"]),
        ("different", ["1.1"]),
        ("decision", ["1.2"]),
        ("evidence", ["1.1", "9.1"]),
        ("nonsense", ["1.1", "1.2", "1.3", "2.1", "2.2", "9.1", "9.2"]),
    ],
)
def test_filters_keep_the_criteria_that_match(client, show, codes):
    world = appraising(changes=PROPOSED_ONE)
    change = judged("1.1", data={"option": 2}, reason="Chậm")
    cells.save(world.file, [change], by=world.appraiser())
    client.force_login(world.appraiser())

    page = client.get(address(world), {"show": show}).content.decode()

    assert [
        anchor.replace("-", ".")
        for anchor in re.findall(r'row-group" id="leaf-([\d-]+)"', page)
    ] == codes


def test_exempted_criteria_and_surveys_are_not_judged(client, world):
    Exemption.objects.create(
        assessment=world.file, criterion_id=tree_of(world.set).ids["1.3"], document="1"
    )
    client.force_login(world.appraiser())

    assert "exempted" in text_of(client.get(address(world)))
    assert save(client, world, "1.3", points="1").status_code == 404
    assert save(client, world, "2.1", points="1").status_code == 404
    assert save(client, world, "1", points="1").status_code == 404
    assert not Cell.objects.filter(layer=Layer.APPRAISED).exists()


@pytest.mark.parametrize("changes", [SCORED[:1], SCORED])
def test_the_sheet_asks_the_database_a_fixed_number_of_times(
    client, changes, django_assert_num_queries
):
    world = appraising(changes=changes)
    client.force_login(world.appraiser())
    client.get(address(world))

    with django_assert_num_queries(QUERIES_OF_SHEET):
        response = client.get(address(world), {"open": "1.1"})

    assert response.status_code == 200


# --- judging ------------------------------------------------------------------------


def test_corrected_data_give_the_points_by_the_rule(client, world):
    client.force_login(world.appraiser())

    response = save(
        client,
        world,
        "1.2",
        data__numerator="30",
        data__denominator="50",
        reason="Chỉ 30 hồ sơ có phiếu hẹn",
    )

    assert response.status_code == 302
    assert response["Location"].endswith("#leaf-1-2")
    cell = appraised_cell("1.2")
    assert cell.points == Decimal("1.8")
    assert cell.data == '{"denominator": 50, "numerator": 30}'
    assert LedgerLine.objects.latest("pk").reason == "Chỉ 30 hồ sơ có phiếu hẹn"


@pytest.mark.parametrize("typed", ["0,5", "0.5", " 0,50 "])
def test_points_are_read_with_comma_and_with_dot(client, world, typed):
    client.force_login(world.appraiser())

    save(client, world, "1.3", points=typed, reason="Phạm vi hẹp")

    assert appraised_cell("1.3").points == Decimal("0.5")


def test_what_the_form_shows_is_accepted_back(client, world):
    """Opened and saved untouched, a criterion keeps the agency's value."""
    client.force_login(world.appraiser())
    for code in ("1.1", "1.2", "1.3", "9.1", "9.2"):
        opened = client.get(address(world), {"open": code})
        form = opened.context["form"]
        posted = {
            name: value
            for name, value in form.initial.items()
            if value is not None and value is not False
        }
        response = client.post(address(world, "appraisal-save", code), posted)
        assert response.status_code == 302, code
        stored, self_cell = appraised_cell(code), appraised_cell(code, Layer.SELF)
        assert (stored.points, stored.data) == (self_cell.points, self_cell.data)


@pytest.mark.parametrize(
    ("code", "posted", "words"),
    [
        ("1.1", {"data-option": "3"}, "give the reason why the points differ"),
        ("1.3", {"points": "1,5", "reason": "x"}, "exceed the maximum 1 of criterion"),
        ("1.3", {"points": "1.234", "reason": "x"}, "Is “1.234” 1234 or 1,234?"),
        ("1.3", {"points": "ba", "reason": "x"}, "“ba” is not a number"),
        ("1.1", {"data-option": "9", "reason": "x"}, "Select a valid choice"),
        (
            "1.2",
            {"data-numerator": "60", "data-denominator": "50", "reason": "x"},
            "60",
        ),
        ("1.2", {"data-numerator": "60", "reason": "x"}, "needed"),
        ("9.2", {"points": "-2", "reason": "x"}, "below -1"),
    ],
)
def test_what_is_refused_stays_typed_beside_its_sentence(
    client, world, code, posted, words
):
    client.force_login(world.appraiser())
    url = address(world, "appraisal-save", code)

    fragment = client.post(url, {"expected_version": "0", **posted}, headers=FRAGMENT)
    page = client.post(url, {"expected_version": "0", **posted})

    assert (fragment.status_code, page.status_code) == (422, 422)
    for response in (fragment, page):
        assert words in text_of(response).replace("−", "-")
        form = response.context["form"]
        assert {name: form.data[name] for name in posted} == posted
    assert "<html" not in fragment.content.decode()
    assert appraised_cell(code) is None


def test_a_proposal_is_confirmed_or_refused_with_a_reason(client):
    world = appraising(changes=PROPOSED_ONE)
    client.force_login(world.appraiser())

    bare = save(client, world, "1.2", not_applicable="on")
    assert bare.status_code == 422
    save(client, world, "1.2", not_applicable="on", reason="Không phát sinh hồ sơ")
    assert appraised_cell("1.2").not_applicable == "confirmed"
    save(
        client,
        world,
        "1.2",
        data__numerator="0",
        data__denominator="4",
        reason="Có bốn hồ sơ",
        expected_version="1",
    )

    assert appraised_cell("1.2").points == 0
    assert appraised_cell("1.2").not_applicable == ""


def test_after_explanation_the_second_layer_is_written(client, world):
    cells.save(
        world.file,
        [judged("1.1", data={"option": 3}, reason="Chưa có văn bản")],
        by=world.appraiser(),
    )
    world.open_phase(PhaseName.SECOND_APPRAISAL)
    client.force_login(world.appraiser())

    assert "After explanation" in text_of(client.get(address(world)))
    without_reason = save(client, world, data__option="2")
    save(client, world, data__option="2", reason="Đã bổ sung, chậm")

    assert without_reason.status_code == 422
    assert appraised_cell("1.1", Layer.EXPLAINED).points == Decimal(1)
    assert appraised_cell("1.1").points == Decimal(0)


def test_a_double_click_stores_once(client, world):
    client.force_login(world.appraiser())
    for _twice in range(2):
        response = save(client, world, data__option="2", reason="Chậm")
        assert response.status_code == 302

    assert appraised_cell().version == 1
    assert LedgerLine.objects.filter(layer=Layer.APPRAISED).count() == 1


def test_two_appraisers_on_one_criterion_see_both_values(client, world):
    first, second = world.appraiser(), world.appraiser()
    client.force_login(first)
    save(client, world, data__option="2", reason="Ban hành chậm")
    client.force_login(second)

    late = save(client, world, data__option="3", reason="Không có kế hoạch")

    assert late.status_code == 409
    page = text_of(late)
    assert first.full_name in page
    assert "Ban hành chậm" in page
    assert "Không có kế hoạch" in page
    assert appraised_cell().points == Decimal(1)
    kept = save(
        client,
        world,
        data__option="3",
        reason="Không có kế hoạch",
        expected_version=late.context["form"].data["expected_version"],
    )
    assert kept.status_code == 302
    assert appraised_cell().points == Decimal(0)


def test_the_row_alone_shows_both_values_too(client, world):
    first, second = world.appraiser(), world.appraiser()
    client.force_login(first)
    save(client, world, data__option="2", reason="Ban hành chậm")
    client.force_login(second)

    row = save(client, world, data__option="3", reason="Không có", headers=FRAGMENT)
    accepted = save(client, world, accept="0", headers=FRAGMENT)

    assert (row.status_code, accepted.status_code) == (409, 409)
    assert "Ban hành chậm" in text_of(row)
    assert "Không có" in text_of(row)
    assert 'name="expected_version" value="1"' in text_of(row)
    assert accepted["HX-Retarget"] == "#alerts"
    assert appraised_cell().points == Decimal(1)


def test_a_judgement_is_withdrawn_by_emptying_it(client, world):
    client.force_login(world.appraiser())
    save(client, world, data__option="2", reason="Chậm")

    save(client, world, expected_version="1")

    assert appraised_cell().is_blank
    assert LedgerLine.objects.latest("pk").kind == LedgerKind.WITHDRAWN


# --- accepting ----------------------------------------------------------------------


def test_one_click_accepts_one_criterion(client, world):
    client.force_login(world.appraiser())

    response = save(client, world, accept="0", headers=FRAGMENT)

    assert response.status_code == 200
    page = text_of(response)
    assert "Saved" in page
    assert 'id="appraisal-totals" hx-swap-oob="true"' in page
    assert appraised_cell().points == Decimal(2)


def test_save_and_next_opens_the_next_criterion_that_waits(client, world):
    client.force_login(world.appraiser())

    fragment = save(client, world, accept="0", next="1", headers=FRAGMENT)
    page = save(client, world, "1.2", accept="0", next="1")

    assert 'id="leaf-1-2" hx-swap-oob="true"' in text_of(fragment)
    assert page["Location"].endswith("?open=1.3#leaf-1-3")


def test_the_rest_is_accepted_and_counted(client):
    world = appraising(changes=PROPOSED_ONE)
    client.force_login(world.appraiser())

    page = client.post(address(world, "appraisal-accept-rest"), follow=True)

    assert "4 criteria accepted as self-assessed." in text_of(page)
    assert Cell.objects.filter(layer=Layer.APPRAISED).count() == 4
    assert appraised_cell("1.2") is None
    again = client.post(address(world, "appraisal-accept-rest"), follow=True)
    assert "0 criteria accepted as self-assessed." in text_of(again)


# --- the clock ----------------------------------------------------------------------


@pytest.mark.parametrize("phase", [PhaseName.CONSULTATION, PhaseName.COUNCIL])
def test_outside_the_phases_the_sheet_is_read_only_and_says_why(client, phase):
    world = appraising(phase=phase)
    client.force_login(world.appraiser())

    page = text_of(client.get(address(world), {"open": "1.1"}))
    refused = save(client, world, data__option="1", headers=FRAGMENT)
    plain = save(client, world, data__option="1")

    assert "Read-only" in page
    assert 'name="reason"' not in page
    assert refused.status_code == 403
    assert "closed at" in text_of(refused)
    assert plain.status_code == 302
    assert appraised_cell() is None


def test_an_unlocked_file_is_not_judged_yet(client):
    world = World(agencies=1, phase=PhaseName.APPRAISAL)
    world.file.__class__.objects.update(
        state="scoring",
        extended_until=world.round.phase(PhaseName.DECISION).ends_at,
        extension_reason="Bổ sung",
        extension_document="1/SNV",
    )
    client.force_login(world.appraiser())

    refused = save(client, world, data__option="1", reason="x", headers=FRAGMENT)

    assert refused.status_code == 422
    assert "has not locked its self-assessment" in text_of(refused)
    assert appraised_cell() is None


def test_only_the_right_methods_answer(client, world):
    client.force_login(world.appraiser())

    assert client.post(address(world)).status_code == 405
    assert client.post(list_address(world)).status_code == 405
    assert client.get(address(world, "appraisal-accept-rest")).status_code == 405
    assert client.put(address(world, "appraisal-save", "1.1")).status_code == 405
