"""Which lines a filter and a search leave, with the counts beside the filters."""

from decimal import Decimal

import pytest

from scoring.actions.cells import CellChange, save
from scoring.labels import Layer, SheetMark
from scoring.models import Assessment, Cell, Remark
from scoring.queries.sheet_filters import filters_of, narrow
from scoring.queries.sheets import sheet_of
from tests import papers
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """1.1 proved, 1.2 proposed as not applicable, 9.1 without evidence; a remark at 1.3."""
    world = World()
    user = world.officer()
    changes = [
        CellChange("1.1", Layer.SELF, data={"option": 1}),
        CellChange("1.2", Layer.SELF, not_applicable="proposed", reason="Không có"),
        CellChange("9.1", Layer.SELF, data={"count": 1}),
    ]
    save(world.file, changes, by=user)
    criteria = {row.code: row for row in world.set.criteria.all()}
    papers.document(
        world.file, "Kế hoạch", by=user, link="https://example.vn/"
    ).links.create(criterion=criteria["1.1"])
    leader = world.leader()
    Remark.objects.create(
        assessment=world.file,
        criterion=criteria["1.3"],
        text="Nêu rõ số quyết định",
        by=leader,
        at=world.round.phase_rows[0].starts_at,
    )
    return world


def sheet(world, layers=()):
    stored = Assessment.objects.select_related(
        "round", "agency", "group__criteria_set"
    ).get(pk=world.file.pk)
    return sheet_of(stored, layers)


def left(shown):
    return [row.text.code for row in shown.rows if not row.is_hidden]


@pytest.mark.parametrize(
    ("show", "codes"),
    [
        pytest.param("", None, id="no filter"),
        pytest.param("nonsense", None, id="no such filter"),
        pytest.param("not_scored", ["1", "1.3"], id="a bonus is owed by nobody"),
        pytest.param("no_evidence", ["9", "9.1"], id="asked for and not there"),
        pytest.param("remarked", ["1", "1.3"], id="remarked"),
        pytest.param("na", ["1", "1.2"], id="proposed as not applicable"),
        pytest.param("unsaved", [], id="nothing is typed"),
    ],
)
def test_a_filter_leaves_its_lines_below_their_fields(world, show, codes):
    shown = sheet(world)
    everything = [row.text.code for row in shown.rows]

    found = narrow(shown, show=show)

    assert left(shown) == (everything if codes is None else codes)
    assert found == sum(row.kind != "branch" for row in shown.rows if not row.is_hidden)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ke hoach", ["1", "1.1"]),
        ("KẾ HOẠCH", ["1", "1.1"]),
        (" dieu tra ", ["2", "2.1"]),
        ("điều tra", ["2", "2.1"]),
        ("9.2", ["9", "9.2"]),
        ("không có gì như thế", []),
    ],
)
def test_search_needs_no_diacritics(world, text, codes):
    shown = sheet(world)

    narrow(shown, text=text)

    assert left(shown) == codes


def test_filter_and_search_hold_together(world):
    shown = sheet(world)

    narrow(shown, show="na", text="ke hoach")

    assert left(shown) == []


def test_an_opened_line_stays_whatever_the_filter(world):
    shown = sheet(world)
    shown.row("1.1").is_open = True

    found = narrow(shown, show="na")

    assert left(shown) == ["1", "1.1", "1.2"]
    assert found == 1


def test_an_exempted_line_is_found_as_not_applicable(world):
    world.file.exemptions.create(
        criterion=world.set.criteria.get(code="9.2"), document="QĐ 7"
    )
    shown = sheet(world)

    narrow(shown, show="na")

    assert left(shown) == ["1", "1.2", "9", "9.2"]


def test_a_done_remark_is_found_no_more(world):
    Remark.objects.update(
        resolved_at=world.round.phase_rows[0].starts_at, resolved_by=world.officer()
    )
    shown = sheet(world)

    narrow(shown, show="remarked")

    assert left(shown) == []
    assert len(shown.row("1.3").remarks) == 1


def test_counts_are_those_of_the_lines_that_a_filter_leaves(world):
    counts = {one.key: one.count for one in filters_of(sheet(world), show="na")}

    for key, count in counts.items():
        assert narrow(sheet(world), show=key) == count, key
    assert counts == {
        "": 7,
        "not_scored": 1,
        "no_evidence": 1,
        "remarked": 1,
        "na": 1,
        "unsaved": 0,
    }


def test_filters_say_which_is_set_and_keep_the_search(world):
    filters = filters_of(sheet(world), show="na", text="kế")

    assert [one.key for one in filters if one.is_current] == ["na"]
    assert {one.key: one.query for one in filters}[""] == "?q=k%E1%BA%BF"
    assert {one.key: one.query for one in filters}["na"] == "?show=na&q=k%E1%BA%BF"


def test_lost_points_are_a_filter_only_where_appraised_points_are_seen(world):
    Cell.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code="1.1"),
        layer=Layer.APPRAISED,
        low_points=Decimal(0),
        high_points=Decimal(2),
        points=Decimal("1.25"),
        updated_at=world.round.phase_rows[0].starts_at,
        updated_by=world.manager(),
    )
    own, readers = sheet(world), sheet(world, [Layer.APPRAISED])

    narrow(own, show=SheetMark.LOST)
    narrow(readers, show=SheetMark.LOST)

    assert SheetMark.LOST not in {one.key for one in filters_of(own)}
    assert {one.key: one.count for one in filters_of(readers)}[SheetMark.LOST] == 1
    assert left(readers) == ["1", "1.1"]
    assert len(left(own)) == len(own.rows)
