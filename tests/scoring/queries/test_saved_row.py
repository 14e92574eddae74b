"""What a save brings to the page is what the whole sheet would say."""

import pytest
from django.utils import timezone

from scoring.actions.cells import CellChange, save
from scoring.labels import Layer
from scoring.models import Assessment, Cell, EvidenceLink, Exemption, Remark
from scoring.queries.checklist import points_of
from scoring.queries.criteria import tree_of
from scoring.queries.saved_row import sheet_after
from scoring.queries.sheets import sheet_of
from tests import papers
from tests.factories import World

pytestmark = pytest.mark.django_db

PROPOSED = {"not_applicable": "proposed", "reason": "Không có hồ sơ"}
SHARE = {"data": {"numerator": 45, "denominator": 50}}


@pytest.fixture
def world():
    return World(agencies=2)


@pytest.fixture
def officer(world):
    return world.officer()


def file_of(world):
    return Assessment.objects.select_related(
        "round", "agency", "group__group", "group__criteria_set"
    ).get(pk=world.file.pk)


def store(world, officer, code, **value):
    (cell,) = save(
        world.file, [CellChange(code=code, layer=Layer.SELF, **value)], by=officer
    )
    return cell


def attach(world, officer, code):
    EvidenceLink.objects.create(
        document=papers.document(world.file, "Quyết định 7", by=officer),
        criterion_id=tree_of(world.file.group.criteria_set).ids[code],
    )


def said(sheet):
    lines = [(point.what, point.places) for point in points_of(sheet)]
    return (sheet.fields, sheet.totals, lines)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        pytest.param("1.1", {"data": {"option": 1}}, id="an option"),
        pytest.param("1.2", SHARE, id="two figures"),
        pytest.param(
            "1.2", {**SHARE, "points": 2, "reason": "Trùng"}, id="other points"
        ),
        pytest.param("1.2", PROPOSED, id="a proposal"),
        pytest.param(
            "1.2", {"data": {"numerator": 0, "denominator": 0}}, id="no cases at all"
        ),
        pytest.param("1.3", {"points": 0}, id="no points"),
        pytest.param("9.1", {"data": {"count": 1}}, id="a bonus"),
        pytest.param("9.2", {"data": {"count": 1}}, id="a penalty"),
        pytest.param("1.1", {}, id="taken away again"),
    ],
)
def test_it_says_what_the_whole_sheet_says(world, officer, code, value):
    store(world, officer, "1.1", data={"option": 2}, reason="Chậm một tháng")
    store(world, officer, "1.3", points=1)
    attach(world, officer, "1.3")
    cell = store(world, officer, code, **value)
    file = file_of(world)
    after, whole = sheet_after(file, code, cell), sheet_of(file)

    assert said(after) == said(whole)
    assert after.row(code) == whole.row(code)


def test_evidence_and_remarks_of_the_row_are_there(world, officer):
    attach(world, officer, "1.3")
    remark = Remark.objects.create(
        assessment=world.file,
        criterion_id=tree_of(world.file.group.criteria_set).ids["1.3"],
        text="Ghi rõ số quyết định",
        at=timezone.now(),
        by=world.leader(),
    )
    cell = store(world, officer, "1.3", points=1)
    row = sheet_after(file_of(world), "1.3", cell).row("1.3")

    assert ["Quyết định 7" in item.title for item in row.evidence] == [True]
    assert row.remarks == [remark]


def test_the_checklist_knows_open_remarks_and_bare_proposals_of_other_rows(
    world, officer
):
    ids = tree_of(world.file.group.criteria_set).ids
    for code, settled in (("1.1", None), ("1.1", None), ("9.1", timezone.now())):
        Remark.objects.create(
            assessment=world.file,
            criterion_id=ids[code],
            text="Xem lại",
            at=timezone.now(),
            by=officer,
            resolved_at=settled,
            resolved_by=officer if settled else None,
        )
    store(world, officer, "1.2", **PROPOSED)
    Cell.objects.filter(criterion=ids["1.2"]).update(reason="")
    cell = store(world, officer, "1.3", points=1)
    file = file_of(world)
    after, whole = sheet_after(file, "1.3", cell), sheet_of(file)

    assert said(after) == said(whole)
    open_ones = {
        point.what: [code for code, __, __ in point.places]
        for point in points_of(after)
        if point.places
    }
    assert open_ones == {
        "na_unexplained": ["1.2"],
        "not_scored": ["1.1"],
        "remarked": ["1.1"],
    }


def test_what_is_exempted_does_not_count(world, officer):
    Exemption.objects.create(
        assessment=world.file,
        criterion_id=tree_of(world.file.group.criteria_set).ids["1.2"],
        document="Quyết định 5",
    )
    cell = store(world, officer, "1.3", points=1)
    file = file_of(world)
    after, whole = sheet_after(file, "1.3", cell), sheet_of(file)

    assert said(after) == said(whole)
    assert after.totals.to_score == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_one_question_whatever_the_sheet_holds(
    world, officer, rows, django_assert_num_queries
):
    for code in ("1.1", "1.2", "9.1")[:rows]:
        store(world, officer, code, **PROPOSED if code == "1.2" else _data(code))
    cell = store(world, officer, "1.3", points=1)
    file = file_of(world)
    sheet_of(file)

    with django_assert_num_queries(1):
        sheet_after(file, "1.3", cell)
    assert Cell.objects.filter(assessment=file).count() == rows + 1


def _data(code):
    return {"data": {"option": 1} if code == "1.1" else {"count": 1}}
