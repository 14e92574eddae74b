"""The derivation from stored rows ends where the stored totals stand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.actions import appraisals, cells
from scoring.actions.cells import CellChange
from scoring.labels import Layer, PhaseName, View
from scoring.models import Exemption
from scoring.queries.criteria import tree_of
from scoring.queries.derivations import cell_texts, derivation_of, derivation_rows
from scoring.queries.totals import totals_from_json
from tests.scoring.appraisal_worlds import (
    INDEX,
    PROPOSED_ONE,
    appraising,
    judged,
    survey,
)

pytestmark = pytest.mark.django_db


def judged_twice():
    """1.1 is 2 for the agency, 0 when appraised, 1 after explanation."""
    world = appraising()
    survey(world)
    by = world.appraiser()
    change = judged("1.1", data={"option": 3}, reason="Chưa có văn bản")
    cells.save(world.file, [change], by=by)
    appraisals.accept_rest(world.file, by=by)
    world.open_phase(PhaseName.SECOND_APPRAISAL)
    change = CellChange(
        "1.1", Layer.EXPLAINED, data={"option": 2}, reason="Đã bổ sung văn bản"
    )
    cells.save(world.file, [change], by=by)
    return world


@pytest.mark.parametrize(
    ("view", "index", "layer"),
    [
        (View.SELF, INDEX, "self"),
        (View.APPRAISED, Decimal("67.00"), "appraised"),
        (View.EXPLAINED, Decimal("77.00"), "explained"),
        (View.FINAL, Decimal("77.00"), "explained"),
    ],
)
def test_each_view_derives_its_index_from_the_last_layer_that_counts(
    view, index, layer
):
    world = judged_twice()

    derivation = derivation_of(world.file, view)

    assert derivation.index_2 == index
    assert derivation.index == Fraction(index)
    stored = totals_from_json(world.reload().totals, view)
    assert (derivation.index, derivation.points) == (stored.index, stored.points)
    assert cell_texts(world.file, view)["1.1"][2] == layer


def test_the_reason_and_the_data_are_those_of_the_value_that_counts():
    world = judged_twice()

    assert cell_texts(world.file, View.FINAL)["1.1"] == (
        '{"option": 2}',
        "Đã bổ sung văn bản",
        "explained",
    )
    assert cell_texts(world.file, View.SELF)["1.1"] == (
        '{"option": 1}',
        "Theo kế hoạch",
        "self",
    )


def test_rows_come_in_the_set_s_order_with_branches_above_their_leaves():
    world = judged_twice()
    derivation = derivation_of(world.file, View.FINAL)

    rows = derivation_rows(world.file, derivation, "vi")

    assert [(row.level, row.code) for row in rows] == [
        (0, "1"),
        (1, "1.1"),
        (1, "1.2"),
        (1, "1.3"),
        (0, "2"),
        (1, "2.1"),
        (1, "2.2"),
        (0, "9"),
        (1, "9.1"),
        (1, "9.2"),
    ]
    ratio = rows[2]
    assert ratio.data == (("hồ sơ đúng hạn", "45"), ("hồ sơ đã giải quyết", "50"))
    assert "45 / 50 × 3 = 2,7" in ratio.steps
    assert (ratio.points, ratio.maximum, ratio.lost) == ("2,7", "3", "0,3")
    assert (rows[0].points, rows[0].maximum, rows[0].lost) == ("4,45", "6", "1,55")


def test_names_come_in_the_reader_s_language():
    world = appraising()
    derivation = derivation_of(world.file, View.SELF)

    assert derivation_rows(world.file, derivation, "vi")[1].name == "Ban hành kế hoạch"
    english = derivation_rows(world.file, derivation, "en")[1].name
    assert english == "Ban hành kế hoạch (en)"


def test_an_exempted_criterion_and_a_proposal_lose_nothing():
    world = appraising(changes=PROPOSED_ONE)
    Exemption.objects.create(
        assessment=world.file, criterion_id=tree_of(world.set).ids["1.1"], document="1"
    )

    derivation = derivation_of(world.file, View.SELF)
    rows = {row.code: row for row in derivation_rows(world.file, derivation, "vi")}

    assert (rows["1.1"].status, rows["1.1"].lost) == ("exempted", "")
    assert (rows["1.2"].status, rows["1.2"].lost) == ("not_scored", "")
    assert rows["1"].lost == "0,25"


@pytest.mark.parametrize("agencies", [1, 3])
def test_one_file_alone_is_read(agencies, django_assert_num_queries):
    world = appraising(agencies=agencies)
    derivation_of(world.file, View.FINAL)
    file = (
        type(world.file)
        .objects.select_related("round", "group__criteria_set")
        .get(pk=world.file.pk)
    )

    with django_assert_num_queries(2):
        derivation_of(file, View.FINAL)
