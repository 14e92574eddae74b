"""The admin: accounts, agencies, sets, rounds; no power over points."""

import io
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from scoring.actions import criteria as criteria_actions
from scoring.labels import LedgerKind, PhaseName
from scoring.models import (
    Agency,
    AgencyGroup,
    Assessment,
    Cell,
    CriteriaSet,
    Criterion,
    CriterionMapping,
    Exemption,
    LedgerLine,
    Phase,
    Role,
    Round,
    RoundGroup,
    SurveyResult,
    User,
)
from scoring.states import GroupState
from tests.factories import CRITERIA, META, AgencyFactory, UserFactory, World
from tests.scoring.exchange.sheets import workbook
from tests.scoring.exchange.worlds import write_points

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def url(model, page, *args):
    return reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args
    )


# --- seen, never touched ---------------------------------------------------------------

UNTOUCHED = [Cell, SurveyResult, LedgerLine, Exemption, Criterion]


@pytest.mark.parametrize("model", UNTOUCHED)
def test_points_results_and_ledger_are_read_only_even_for_superusers(
    client, administrator, model
):
    world = World(agencies=1)
    write_points(world.file, {"1.3": "0.5"})
    row = model.objects.first()

    assert client.get(url(model, "changelist")).status_code == 200
    assert client.get(url(model, "add")).status_code == 403
    if row is not None:
        page = url(model, "change", row.pk)
        assert client.get(page).status_code == 200
        assert b'name="_save"' not in client.get(page).content
        assert client.post(page, {"points": "1", "reason": "x"}).status_code == 403
        assert (
            client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code
            == 403
        )
    count = model.objects.count()
    client.post(
        url(model, "changelist"),
        {
            "action": "delete_selected",
            "_selected_action": [row.pk if row else 0],
            "post": "yes",
        },
    )
    assert model.objects.count() == count


def test_the_ledger_is_searched_by_agency_and_person(client, administrator):
    world = World(agencies=2)
    for file in world.files:
        write_points(file, {"1.3": "0.5"})
    code = world.files[1].agency.code
    page = client.get(url(LedgerLine, "changelist"), {"q": code}).content.decode()

    assert f">{code}<" in page
    assert f">{world.files[0].agency.code}<" not in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_list_and_form_of_the_admin_opens(client, administrator, language):
    World(agencies=1)
    client.cookies["django_language"] = language
    assert client.get(reverse("admin:index")).status_code == 200
    for model, model_admin in admin.site._registry.items():
        page = client.get(url(model, "changelist"))
        assert page.status_code == 200, model
        request = page.wsgi_request
        status = 200 if model_admin.has_add_permission(request) else 403
        assert client.get(url(model, "add")).status_code == status, model
    assert any(m._meta.app_label == "axes" for m in admin.site._registry)


def test_who_is_no_staff_sees_nothing(client):
    client.force_login(World(agencies=1).manager())
    answer = client.get(url(Cell, "changelist"))

    assert answer.status_code == 302
    assert "login" in answer["Location"]


# --- import and export -------------------------------------------------------------------


def bring(client, model, rows):
    """Upload, look at the preview, confirm; returns the last answer."""
    preview = client.post(
        url(model, "import"),
        {
            "import_file": SimpleUploadedFile("tep.xlsx", workbook(rows)),
            "format": "0",
            "resource": "",
        },
    )
    form = preview.context.get("confirm_form")
    if form is None:
        return preview
    return client.post(url(model, "process_import"), form.initial, follow=True)


def test_agencies_come_and_go_by_excel(client, administrator):
    AgencyGroup.objects.create(code="so", name_vi="Khối sở")
    AgencyFactory(code="so-cu", name_vi="Sở cũ")
    heads = ("code", "name_vi", "name_en", "group", "valid_from", "predecessors")
    bring(
        client,
        Agency,
        [heads, ("so-moi", "Đở mới", "", "so", "2025-07-01", "so-cu")],
    )
    agency = Agency.objects.get(code="so-moi")
    assert (agency.group.code, str(agency.valid_from)) == ("so", "2025-07-01")
    assert [old.code for old in agency.predecessors.all()] == ["so-cu"]
    assert agency.search_text == "do moi"

    answer = client.post(
        url(Agency, "export"),
        {"format": "0", "resource": "", **every_field("agency")},
    )
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = {row[0]: row for row in sheet.values}
    assert rows["so-moi"][:2] == ("so-moi", "Đở mới")


def every_field(prefix):
    names = ["code", "name_vi", "name_en", "group", "valid_from", "valid_to"]
    return {f"{prefix}sheet_{name}": "on" for name in [*names, "predecessors"]}


def test_an_import_with_a_fault_changes_nothing(client, administrator):
    heads = ("code", "name_vi", "group")
    answer = bring(
        client, Agency, [heads, ("mot", "Một", ""), ("hai", "Hai", "khong-co")]
    )
    assert answer.context["result"].has_errors()
    assert Agency.objects.count() == 0


def test_exported_text_is_inert(client, administrator):
    AgencyFactory(code="xau", name_vi="=1+1")
    answer = client.post(
        url(Agency, "export"), {"format": "0", "resource": "", **every_field("agency")}
    )
    cells = {
        cell.value: cell
        for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()
        for cell in row
    }
    assert cells["=1+1"].quotePrefix
    computed = load_workbook(io.BytesIO(answer.content), data_only=True).active
    assert "=1+1" in {cell for row in computed.values for cell in row}


def test_people_and_their_roles_come_by_excel_without_a_known_password(
    client, administrator
):
    world = World(agencies=1)
    heads = ("username", "full_name", "post", "email", "agency", "is_active")
    code = world.file.agency.code
    bring(client, User, [heads, ("canbo", "Cán bộ", "Chuyên viên", "a@b.vn", code, 1)])
    person = User.objects.get(username="canbo")
    assert person.agency == world.file.agency
    # Nobody knows it, and it can be asked for by e-mail.
    assert person.has_usable_password()
    assert not person.check_password("")
    assert not person.is_staff
    assert not person.is_superuser

    bring(
        client,
        Role,
        [
            ("user", "role", "year", "agency"),
            ("canbo", "officer", world.round.year, code),
            ("canbo", "inspector", None, None),
        ],
    )
    assert {(r.name, r.round_id) for r in person.roles.all()} == {
        ("officer", world.round.pk),
        ("inspector", None),
    }


@pytest.mark.parametrize(
    "row",
    [
        ("khong-co", "officer", None, None),
        ("user", "khong-co", None, None),
        ("user", "officer", None, None),
    ],
)
def test_a_role_that_cannot_stand_is_refused(client, administrator, row):
    UserFactory(username="user")
    answer = bring(client, Role, [("user", "role", "year", "agency"), row])

    result = answer.context["result"]
    assert result.has_errors() or result.has_validation_errors()
    assert Role.objects.count() == 0


# --- criteria sets ---------------------------------------------------------------------


def draft():
    return criteria_actions.create_version(
        year=2040, code="nhap", rows=CRITERIA, meta=META
    )


def set_form(criteria_set, **changed):
    """What the browser sends of a set's form, with ``{prefix-field: value}`` changed."""
    rows = list(criteria_set.criteria.select_related("parent").order_by("position"))
    data = {
        "year": criteria_set.year,
        "code": criteria_set.code,
        "name_vi": criteria_set.name_vi,
        "name_en": criteria_set.name_en,
        "decision": "",
        "points_decimals": 4,
        "cap_at_100": "on",
        "reason": "",
        "criteria-TOTAL_FORMS": len(rows),
        "criteria-INITIAL_FORMS": len(rows),
    }
    for place, row in enumerate(rows):
        data |= {
            f"criteria-{place}-id": row.pk,
            f"criteria-{place}-criteria_set": criteria_set.pk,
            f"criteria-{place}-position": row.position,
            f"criteria-{place}-code": row.code,
            f"criteria-{place}-parent_code": row.parent.code if row.parent else "",
            f"criteria-{place}-name_vi": row.name_vi,
            f"criteria-{place}-name_en": row.name_en,
            f"criteria-{place}-max_points": ""
            if row.max_points is None
            else str(row.max_points.normalize()).replace(".", ","),
            f"criteria-{place}-rule": row.rule,
            f"criteria-{place}-parameters": row.parameters,
        }
    return {**data, **changed}


def test_a_draft_set_is_edited_as_a_whole(client, administrator):
    criteria_set = draft()
    before = criteria_set.content_hash
    swapped = {"criteria-1-position": 4, "criteria-3-position": 2}
    answer = client.post(
        url(CriteriaSet, "change", criteria_set.pk),
        set_form(criteria_set, **swapped, **{"criteria-3-name_vi": "Tên mới"}),
    )
    assert answer.status_code == 302, answer.context["errors"]
    codes = list(
        criteria_set.criteria.order_by("position").values_list("code", "name_vi")
    )
    assert codes[1] == ("1.3", "Tên mới")
    assert [code for code, __ in codes[:4]] == ["1", "1.3", "1.2", "1.1"]
    criteria_set.refresh_from_db()
    assert criteria_set.content_hash != before


def test_all_faults_of_a_set_are_shown_and_nothing_is_stored(client, administrator):
    criteria_set = draft()
    answer = client.post(
        url(CriteriaSet, "change", criteria_set.pk),
        set_form(
            criteria_set,
            **{
                "criteria-1-parameters": '{"options": []}',
                "criteria-2-max_points": "-1",
                "criteria-3-parent_code": "8",
            },
        ),
    )
    page = answer.content.decode()

    assert answer.status_code == 200
    for code in ("1.1 ·", "1.2 ·", "1.3 ·"):
        assert code in page
    assert criteria_set.criteria.get(code="1.3").parent.code == "1"


def test_a_set_that_a_round_uses_is_shown_and_not_changed(client, administrator):
    world = World(agencies=1)
    page = url(CriteriaSet, "change", world.set.pk)
    shown = client.get(page)
    assert shown.status_code == 200
    assert b'name="_save"' not in shown.content
    assert client.post(page, set_form(world.set)).status_code == 403
    assert (
        client.post(
            url(CriteriaSet, "delete", world.set.pk), {"post": "yes"}
        ).status_code
        == 403
    )


def test_a_second_version_needs_its_reason(client, administrator):
    draft()
    data = {
        "year": 2040,
        "code": "nhap",
        "name_vi": "Bộ tiêu chí",
        "points_decimals": 4,
        "criteria-TOTAL_FORMS": 1,
        "criteria-INITIAL_FORMS": 0,
        "criteria-0-position": 1,
        "criteria-0-code": "1",
        "criteria-0-name_vi": "Một",
        "criteria-0-max_points": "1",
        "criteria-0-rule": "manual",
        "criteria-0-parameters": "{}",
    }
    refused = client.post(url(CriteriaSet, "add"), data)
    assert refused.status_code == 200
    assert CriteriaSet.objects.count() == 1

    client.post(url(CriteriaSet, "add"), {**data, "reason": "Sửa theo góp ý"})
    second = CriteriaSet.objects.get(version=2)
    assert second.criteria.get().code == "1"
    assert second.content_hash


# --- rounds ------------------------------------------------------------------------------


def round_form(round_=None, *, shift=None, **changed):
    """What the browser sends of a round's form."""
    phases = list(round_.phase_rows) if round_ else []
    groups = list(round_.groups.all()) if round_ else []
    start = timezone.localtime() + timedelta(days=1)
    data = {
        "year": round_.year if round_ else 2050,
        "name_vi": "Chỉ số CCHC",
        "name_en": "",
        "tie_breakers": "appraised, satisfaction, penalty",
        "bands": "xuat-sac; Xuất sắc; Excellent; 90\ntot; Tốt; Good; 80,5",
        "not_scored": "wait",
        "missing_survey": "wait",
        "phases-TOTAL_FORMS": 7,
        "phases-INITIAL_FORMS": len(phases),
        "groups-TOTAL_FORMS": len(groups),
        "groups-INITIAL_FORMS": len(groups),
    }
    for place, name in enumerate(PhaseName.values):
        begins = start + timedelta(days=10 * place)
        if shift == place:
            begins -= timedelta(days=1)
        ends = start + timedelta(days=10 * (place + 1))
        data |= {
            f"phases-{place}-name": name,
            f"phases-{place}-starts_at_0": begins.strftime("%d/%m/%Y"),
            f"phases-{place}-starts_at_1": begins.strftime("%H:%M"),
            f"phases-{place}-ends_at_0": ends.strftime("%d/%m/%Y"),
            f"phases-{place}-ends_at_1": ends.strftime("%H:%M"),
        }
        if phases:
            data[f"phases-{place}-id"] = phases[place].pk
            data[f"phases-{place}-round"] = round_.pk
    for place, group in enumerate(groups):
        data |= {
            f"groups-{place}-id": group.pk,
            f"groups-{place}-round": round_.pk,
            f"groups-{place}-group": group.group_id,
            f"groups-{place}-criteria_set": group.criteria_set_id,
            f"groups-{place}-name_vi": group.name_vi,
            f"groups-{place}-position": group.position,
        }
    return {**data, **changed}


def test_a_round_is_opened_with_its_phases_and_its_set_is_frozen(client, administrator):
    criteria_set = draft()
    group = AgencyGroup.objects.create(code="so", name_vi="Khối sở")
    shown = client.get(url(Round, "add")).content.decode()
    assert "appraised, satisfaction, penalty" in shown
    answer = client.post(
        url(Round, "add"),
        round_form(
            **{
                "groups-TOTAL_FORMS": 1,
                "groups-0-group": group.pk,
                "groups-0-criteria_set": criteria_set.pk,
                "groups-0-name_vi": "Khối sở",
                "groups-0-position": 0,
            }
        ),
    )
    assert answer.status_code == 302, answer.context["errors"]
    round_ = Round.objects.get()
    assert round_.phases.count() == 7
    assert [band["from_percent"] for band in round_.bands] == ["90", "80.5"]
    assert round_.tie_breakers == ["appraised", "satisfaction", "penalty"]
    criteria_set.refresh_from_db()
    assert criteria_set.frozen_at


@pytest.mark.parametrize(
    "changed",
    [
        {"shift": 3},
        {"phases-2-name": "appraisal"},
        {"phases-TOTAL_FORMS": 6},
        {"tie_breakers": "luck"},
        {"bands": "a; A; A; 80\nb; B; B; 90"},
        {"bands": "a; A; 80"},
        {"bands": "a; A; A; nhiều"},
    ],
)
def test_a_round_that_cannot_stand_is_refused(client, administrator, changed):
    answer = client.post(url(Round, "add"), round_form(**changed))

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not Round.objects.exists()
    assert not Phase.objects.exists()


def test_changed_rules_of_a_round_reach_every_stored_figure(client, administrator):
    world = World(agencies=1)
    write_points(world.file, {"1.1": "2"})
    assert not world.reload().totals["final"]["complete"]
    answer = client.post(
        url(Round, "change", world.round.pk),
        round_form(world.round, not_scored="zero", missing_survey="rescale"),
    )
    assert answer.status_code == 302, answer.context["errors"]
    assert world.reload().totals["final"]["complete"]


def test_rules_stay_once_a_group_is_adopted(client, administrator):
    world = World(agencies=1)
    RoundGroup.objects.update(state=GroupState.ADOPTED)
    answer = client.post(
        url(Round, "change", world.round.pk),
        round_form(world.round, not_scored="zero"),
    )
    assert answer.status_code == 200
    assert answer.context["errors"]
    world.round.refresh_from_db()
    assert world.round.not_scored == "wait"


def test_a_group_with_scores_keeps_its_set(client, administrator):
    world = World(agencies=1)
    write_points(world.file, {"1.1": "2"})
    other = criteria_actions.create_version(
        year=2040, code="khac", rows=CRITERIA, meta=META
    )
    answer = client.post(
        url(Round, "change", world.round.pk),
        round_form(world.round, **{"groups-0-criteria_set": other.pk}),
    )
    assert answer.status_code == 200
    world.group.refresh_from_db()
    assert world.group.criteria_set == world.set


def test_the_round_s_page_links_to_the_imports(client, administrator):
    world = World(agencies=1)
    page = client.get(url(Round, "change", world.round.pk)).content.decode()

    address = reverse("scoring:import-scores", args=[world.round.year])
    assert address in page
    assert client.get(address).status_code == 403


# --- which agencies ----------------------------------------------------------------------


def membership(file, **changed):
    return {
        "group": file.group_id,
        "name_vi": file.name_vi,
        "position": file.position,
        "is_assessed": "on",
        "not_assessed_reason": "",
        **changed,
    }


def test_an_agency_joins_a_round(client, administrator):
    world = World(agencies=0)
    agency = AgencyFactory()
    answer = client.post(
        url(Assessment, "add"),
        {
            "round": world.round.pk,
            "agency": agency.pk,
            "group": world.group.pk,
            "name_vi": "Tên in",
            "position": 1,
            "is_assessed": "on",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    assert Assessment.objects.get().totals["self"]["not_scored"] == 3


def test_leaving_an_agency_out_needs_a_reason_and_leaves_a_line(client, administrator):
    world = World(agencies=1)
    page = url(Assessment, "change", world.file.pk)
    data = membership(world.file)
    del data["is_assessed"]
    assert client.post(page, data).status_code == 200
    assert world.reload().is_assessed

    client.post(page, {**data, "not_assessed_reason": "Mới thành lập"})
    assert not world.reload().is_assessed
    assert not world.reload().totals["final"]["assessed"]
    line = LedgerLine.objects.get()
    assert (line.kind, line.actor) == (LedgerKind.MOVED, administrator.username)
    assert "Mới thành lập" in line.after


def test_a_file_with_scores_is_not_deleted(client, administrator):
    world = World(agencies=2)
    write_points(world.file, {"1.1": "2"})
    for file, status in zip(world.files, [403, 302], strict=True):
        answer = client.post(url(Assessment, "delete", file.pk), {"post": "yes"})
        assert answer.status_code == status
    assert list(Assessment.objects.all()) == [world.file]
    assert (
        client.post(url(Round, "delete", world.round.pk), {"post": "yes"}).status_code
        == 403
    )


@pytest.mark.parametrize("agencies", [1, 3])
@pytest.mark.parametrize("model", [Assessment, Agency, Cell])
def test_lists_ask_the_database_a_fixed_number_of_times(
    client, administrator, agencies, model, django_assert_max_num_queries
):
    world = World(agencies=agencies)
    for file in world.files:
        write_points(file, {"1.1": "2", "1.3": "1"})
    with django_assert_max_num_queries(16):
        client.get(url(model, "changelist"))


def test_the_preview_of_an_import_marks_changes_without_inline_styles(
    client, administrator
):
    AgencyFactory(code="so-cu", name_vi="Sở <cũ>")
    file = SimpleUploadedFile(
        "a.xlsx", workbook([("code", "name_vi"), ("so-cu", "Sở <mới>")])
    )

    page = client.post(
        url(Agency, "import"), {"format": "0", "resource": "0", "import_file": file}
    ).content.decode()

    assert "<del>cũ</del><ins>mới</ins>" in page
    assert "&lt;" in page
    assert "style=" not in page


def test_the_export_form_has_no_inline_script(client, administrator):
    AgencyFactory()

    page = client.get(url(Agency, "export")).content.decode()

    assert "onchange" not in page
    assert "style=" not in page


def test_criteria_are_paired_with_earlier_ones_by_excel(client, administrator):
    now = World(agencies=1)
    then = criteria_actions.create_version(
        year=now.round.year - 1, code="bo-cu", rows=CRITERIA, meta=META, freeze=True
    )
    heads = (
        *("year", "set", "version", "code"),
        *("previous_year", "previous_set", "previous_version", "previous_code"),
    )
    here = (now.round.year, now.set.code, 1)
    there = (then.year, then.code, 1)
    answer = bring(client, CriterionMapping, [heads, (*here, "1.3", *there, "1.1")])

    pair = CriterionMapping.objects.get()
    assert answer.status_code == 200
    assert (pair.criterion.criteria_set, pair.criterion.code) == (now.set, "1.3")
    assert (pair.previous.criteria_set, pair.previous.code) == (then, "1.1")
    bring(client, CriterionMapping, [heads, (*here, "1.3", *there, "1.3")])
    assert CriterionMapping.objects.get().previous.code == "1.3"


def test_a_pair_of_a_criterion_that_is_not_there_is_refused(client, administrator):
    now = World(agencies=1)
    heads = (
        *("year", "set", "version", "code"),
        *("previous_year", "previous_set", "previous_version", "previous_code"),
    )
    here = (now.round.year, now.set.code, 1)
    answer = bring(
        client, CriterionMapping, [heads, (*here, "1.3", 1999, "khong-co", 1, "1.1")]
    )

    assert "1.1" in answer.content.decode()
    assert not CriterionMapping.objects.exists()
