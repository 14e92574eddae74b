"""Survey results from a workbook: every fault at its cell, differences, one act."""

from decimal import Decimal

import pytest
from django.utils import translation

from scoring.actions import surveys
from scoring.exchange.import_templates import survey_template
from scoring.exchange.survey_import import figures_from_plain, read_surveys
from scoring.models import RoundGroup, SurveyResult
from scoring.states import GroupState
from tests.factories import World
from tests.scoring.exchange.sheets import with_macros, workbook

pytestmark = pytest.mark.django_db

HEADS = ("Mã cơ quan", "Mã tiêu chí", "Số phiếu", "Tỷ lệ %", "Độ lệch chuẩn")


@pytest.fixture
def world():
    return World(agencies=2)


def read(world, *rows):
    with translation.override("en"):
        return read_surveys(workbook([HEADS, *rows]), world.round)


def test_figures_are_read_compared_and_stored_as_previewed(world):
    by, code = world.manager(), world.file.agency.code
    plan = read(world, (code, "2.1", 150, "82,3333", 12.5), (code, "2.2", 99, 90, None))
    assert plan.faults == ()
    assert [d.after for d in plan.differences] == [
        "82.3333% from 150 answers, ± 12.5",
        "90% from 99 answers",
    ]
    plain = [row.to_plain() for row in plan.rows]
    assert surveys.save(world.round, figures_from_plain(plain), by=by) == 2
    assert surveys.save(world.round, figures_from_plain(plain), by=by) == 0
    stored = SurveyResult.objects.order_by("criterion__code").first()
    assert stored.mean_percent == Decimal("82.3333")
    assert stored.standard_deviation == Decimal("12.5")

    again = read(
        world, (code, "2.1", 151, "82,3333", 12.5), (code, "2.2", 99, 90, None)
    )
    assert [(d.criterion, d.before) for d in again.differences] == [
        ("2.1", "82.3333% from 150 answers, ± 12.5")
    ]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        (("khong-co", "2.1", 1, 1), ["A2"]),
        (("{agency}", "1.1", 1, 1), ["B2"]),
        (("{agency}", "2", 1, 1), ["B2"]),
        (("{agency}", "2.1", None, 1), ["C2"]),
        (("{agency}", "2.1", 1.5, 1), ["C2"]),
        (("{agency}", "2.1", -1, 1), ["C2"]),
        (("{agency}", "2.1", 9_999_999_999, 1), ["C2"]),
        (("{agency}", "2.1", 1, None), ["D2"]),
        (("{agency}", "2.1", 1, 100.0001), ["D2"]),
        (("{agency}", "2.1", 1, -0.1), ["D2"]),
        (("{agency}", "2.1", 1, 1.23456), ["D2"]),
        (("{agency}", "2.1", 1, True), ["D2"]),
        (("{agency}", "2.1", 1, 1, -1), ["E2"]),
        (("khong-co", "2.1", "nhiều", 101, "x"), ["A2", "C2", "D2", "E2"]),
    ],
)
def test_each_fault_is_told_at_its_cell(world, line, cells):
    agency = world.file.agency.code
    plan = read(world, [agency if value == "{agency}" else value for value in line])

    assert [fault.cell for fault in plan.faults] == cells
    assert plan.rows == ()


def test_repeats_and_adopted_groups_are_faults(world):
    code = world.file.agency.code
    plan = read(world, (code, "2.1", 1, 1), (code, "2.1", 1, 2))
    assert [fault.cell for fault in plan.faults] == ["B3"]

    RoundGroup.objects.update(state=GroupState.ADOPTED)
    assert [f.cell for f in read(world, (code, "2.1", 1, 1)).faults] == ["A2"]


def test_the_template_lists_each_survey_leaf_and_comes_back_without_a_fault(world):
    content = survey_template(world.round)
    plan = read_surveys(content, world.round)
    assert (plan.rows, plan.faults) == ((), ())
    assert content == survey_template(world.round)


def test_a_workbook_with_macros_is_refused(world):
    content = workbook([HEADS, (world.file.agency.code, "2.1", 150, 80, None)])
    assert read_surveys(content, world.round).faults == ()

    with translation.override("en"):
        plan = read_surveys(with_macros(content), world.round)

    assert plan.rows == ()
    assert ["macros" in str(fault) for fault in plan.faults] == [True]
