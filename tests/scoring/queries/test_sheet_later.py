"""The columns beside the agency's own part: later layers and lost points."""

from decimal import Decimal

import pytest
from django.utils import timezone

from scoring.actions.cells import CellChange, save
from scoring.labels import Layer
from scoring.models import Assessment, Cell
from scoring.queries.criteria import tree_of
from scoring.queries.sheets import sheet_of
from tests.factories import World

pytestmark = pytest.mark.django_db

LATER = (Layer.APPRAISED, Layer.EXPLAINED, Layer.COUNCIL)


@pytest.fixture
def world():
    """1.1 judged twice, 1.2 not applicable, 1.3 not judged, 9.2 a penalty, 2.1 measured."""
    world = World()
    save(
        world.file,
        [
            CellChange("1.1", Layer.SELF, data={"option": 1}),
            CellChange("1.3", Layer.SELF, points=Decimal(1)),
        ],
        by=world.officer(),
    )
    judged(world, "1.1", Layer.APPRAISED, points="0.5")
    judged(world, "1.1", Layer.EXPLAINED, points="1.75")
    judged(world, "1.2", Layer.APPRAISED, not_applicable="confirmed", reason="Không có")
    judged(world, "9.1", Layer.APPRAISED, points="0.25")
    judged(world, "9.2", Layer.APPRAISED, points="-0.5")
    return world


def judged(world, code, layer, points=None, **values):
    leaf = tree_of(world.set).leaf(code)
    Cell.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code=code),
        layer=layer,
        low_points=leaf.low,
        high_points=leaf.high,
        points=None if points is None else Decimal(points),
        updated_at=timezone.now(),
        updated_by=world.manager(),
        **values,
    )


def sheet(world, layers):
    stored = Assessment.objects.select_related(
        "round", "agency", "group__criteria_set"
    ).get(pk=world.file.pk)
    return sheet_of(stored, layers)


def said(row):
    return [(one.layer, one.points, one.is_not_applicable) for one in row.later]


def test_without_layers_nothing_stands_beside_the_agencys_own(world):
    shown = sheet(world, ())

    assert (shown.columns.later, shown.columns.all) == (0, 7)
    assert {(tuple(row.later), row.lost) for row in shown.rows} == {((), "")}


def test_each_layer_says_its_own_and_only_leaves_have_them(world):
    shown = sheet(world, LATER[:2])

    assert said(shown.row("1.1")) == [
        ("appraised", "0,5", False),
        ("explained", "1,75", False),
    ]
    assert said(shown.row("1.2")) == [
        ("appraised", "", True),
        ("explained", "", False),
    ]
    assert said(shown.row("1")) == []
    assert said(shown.row("2.1")) == []


def test_lost_points_are_those_of_the_last_layer_that_is_shown(world):
    first, both = sheet(world, LATER[:1]), sheet(world, LATER[:2])

    lost = {row.text.code: row.lost for row in both.rows if row.lost}

    assert first.row("1.1").lost == "1,5"
    # What is not judged, not applicable, a bonus or measured has lost nothing.
    assert lost == {"1.1": "0,25", "9.2": "0,5"}


def test_a_later_column_comes_when_somebody_wrote_in_it(world):
    assert [layer for layer, __ in sheet(world, LATER).columns.layers] == [
        "appraised",
        "explained",
    ]
    Cell.objects.exclude(layer=Layer.SELF).delete()
    shown = sheet(world, LATER)
    assert [layer for layer, __ in shown.columns.layers] == ["appraised"]
    assert (shown.columns.all, shown.columns.after_maximum) == (9, 6)


def test_later_layers_leave_the_agencys_own_figures_alone(world):
    own, beside = sheet(world, ()), sheet(world, LATER)

    assert own.totals == beside.totals
    assert [(row.points, row.version) for row in own.rows] == [
        (row.points, row.version) for row in beside.rows
    ]
