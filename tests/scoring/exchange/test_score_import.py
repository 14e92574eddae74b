"""Scores from a workbook: every fault at its cell, and what a sound one would change."""

from decimal import Decimal

import pytest
from django.utils import translation

from scoring.actions.imports import save_scores
from scoring.exchange.import_templates import score_template
from scoring.exchange.reader import read_workbook
from scoring.exchange.score_import import changes_from_plain, read_scores
from scoring.labels import LedgerKind, PhaseName
from scoring.models import Cell, LedgerLine, RoundGroup
from scoring.refusals import NotAllowed, Refused
from scoring.states import FileState, GroupState
from tests.factories import World
from tests.scoring.exchange.sheets import with_macros, workbook
from tests.scoring.exchange.worlds import FREE, _row

pytestmark = pytest.mark.django_db

HEADS = ("agency", "criterion", "layer", "points", "data", "not_applicable", "reason")


@pytest.fixture
def world():
    return World(agencies=2)


def read(world, *rows, by=None):
    content = workbook([HEADS, *rows])
    with translation.override("en"):
        return read_scores(content, world.round, by=by or world.manager())


def row(
    world, code, points=None, data=None, na=None, reason=None, layer="self", file=0
):
    return (world.files[file].agency.code, code, layer, points, data, na, reason)


def save(world, plan, by):
    plain = [planned.to_plain() for planned in plan.rows]
    return save_scores(world.round, changes_from_plain(plain), by=by)


def test_points_data_and_na_are_read_and_the_rule_computes(world):
    by = world.manager()
    plan = read(
        world,
        row(world, "1.1", data='{"option": 2}'),
        row(world, "1.2", na="KAD", reason="không phát sinh"),
        row(world, "1.3", "0,5"),
        row(world, "9.1", data='{"count": 3}', file=1),
        by=by,
    )
    assert plan.faults == ()
    assert [difference.after for difference in plan.differences] == [
        '1 · {"option": 2}',
        "Not applicable, proposed · không phát sinh",
        "0.5",
        '1 · {"count": 3}',
    ]
    assert Cell.objects.count() == 0

    assert save(world, plan, by) == 4
    assert save(world, plan, by) == 0
    stored = {cell.criterion.code: cell for cell in Cell.objects.all()}
    assert stored["1.1"].points == Decimal(1)
    assert stored["1.2"].not_applicable == "proposed"
    assert {line.kind for line in LedgerLine.objects.all()} == {LedgerKind.IMPORTED}
    assert world.reload().totals["self"]["not_scored"] == 1


@pytest.mark.parametrize(
    ("line", "cell", "told"),
    [
        (("khong-co", "1.3", "self", 1), "A2", "khong-co"),
        ((None, "1.3", "self", 1), "A2", "missing"),
        (("{agency}", "7.7", "self", 1), "B2", "7.7"),
        (("{agency}", "1", "self", 1), "B2", "takes no points"),
        (("{agency}", None, "self", 1), "B2", "missing"),
        (("{agency}", "1.3", "nobody", 1), "C2", "nobody"),
        (("{agency}", "1.3", None, 1), "C2", "unknown"),
        (("{agency}", "1.3", "self", "một"), "D2", "not a number"),
        (("{agency}", "1.3", "self", "1.234"), "D2", "1234"),
        (("{agency}", "1.3", "self", 0.12345), "D2", "decimals"),
        (("{agency}", "1.3", "self", 1.75), "D2", "1.75"),
        (("{agency}", "1.3", "self", -1), "D2", "-1|−1"),
        (("{agency}", "2.1", "self", 1), "D2", "survey"),
        (("{agency}", "1.1", "self", None, "{"), "E2", "JSON"),
        (("{agency}", "1.1", "self", None, '{"option": 9}'), "E2", "9"),
        (("{agency}", "1.1", "self", 1.5), "D2", "reason"),
        (("{agency}", "1.1", "self", None, None, "confirmed", "x"), "F2", ""),
        (("{agency}", "1.1", "self", None, None, "có", "x"), "F2", "có"),
        (("{agency}", "1.3", "self", None, None, None, "x"), "G2", "alone"),
        (("{agency}", "1.3", "council", 1), "A2", "yet"),
    ],
)
def test_each_fault_is_told_at_its_cell(world, line, cell, told):
    agency = world.file.agency.code
    plan = read(world, [agency if value == "{agency}" else value for value in line])

    assert [fault.cell for fault in plan.faults] == [cell]
    assert any(part in plan.faults[0].wrong for part in told.split("|"))


def test_all_faults_are_told_at_once_and_repeats_are_faults(world):
    plan = read(
        world,
        row(world, "1.3", 1),
        row(world, "1.3", 0.5),
        row(world, "1.1", 99, reason="x"),
        ("khong-co", "7.7", "self", "một"),
    )
    assert [fault.cell for fault in plan.faults] == ["D4", "A5", "D5", "B3"]
    assert "row 2" in plan.faults[-1].wrong


def test_a_number_that_may_be_two_codes_is_asked_about():
    world = World(agencies=1, rows=_rows_with("1.1", "1.10"))
    plan = read(world, row(world, 1.1, 1))
    assert [fault.cell for fault in plan.faults] == ["B2"]
    assert "1.1, 1.10" in plan.faults[0].wrong
    assert read(world, row(world, "1.10", 1)).faults == ()


def test_a_number_that_is_one_code_is_that_code():
    world = World(agencies=1, rows=_rows_with("1.2", "1.10"))
    assert [r.criterion for r in read(world, row(world, 1.1, 1)).rows] == ["1.10"]


def _rows_with(*codes):
    leaves = [_row(code, "1", "Tiêu chí", "1", "manual", FREE) for code in codes]
    return (_row("1", "", "Lĩnh vực"), *leaves)


def test_rows_left_blank_change_nothing(world):
    by = world.manager()
    save(world, read(world, row(world, "1.3", 1), by=by), by)
    plan = read(world, row(world, "1.3"), row(world, "1.1"), by=by)

    assert (plan.rows, plan.differences, plan.faults) == ((), (), ())


def test_appraised_points_come_by_the_manager_when_the_file_is_locked(world):
    by = world.manager()
    world.open_phase(PhaseName.APPRAISAL)
    world.files[0].state = FileState.LOCKED
    world.files[0].save()
    world.files[1].__class__.objects.filter(pk=world.files[1].pk).update(
        state=FileState.SCORING
    )
    good = row(world, "1.3", 0.5, reason="thiếu hồ sơ", layer="thẩm định")
    silent = row(world, "1.1", data='{"option": 1}', layer="appraised")
    plan = read(world, good, silent, by=by)
    assert [fault.cell for fault in plan.faults] == ["G3"]
    assert "1.1" in plan.faults[0].wrong

    plan = read(world, good, by=by)
    assert plan.faults == ()
    assert save(world, plan, by) == 1


def test_the_manager_never_judges_the_own_agency(world):
    world.open_phase(PhaseName.APPRAISAL)
    world.files[0].state = FileState.LOCKED
    world.files[0].save()
    by = world.person("manager", agency=world.files[0].agency)
    line = row(world, "1.3", 1, reason="x", layer="appraised")

    plan = read(world, line, by=by)
    assert [fault.cell for fault in plan.faults] == ["A2"]
    with pytest.raises(Refused):
        save(world, read(world, line), by)
    assert Cell.objects.count() == 0


def test_an_adopted_group_takes_no_scores(world):
    RoundGroup.objects.update(state=GroupState.ADOPTED)
    plan = read(world, row(world, "1.3", 1))
    assert [fault.cell for fault in plan.faults] == ["A2"]


def test_one_refused_file_keeps_all_others_out(world):
    by = world.manager()
    plan = read(world, row(world, "1.3", 1), row(world, "1.3", 1, file=1), by=by)
    world.files[1].state = FileState.WITH_LEADER
    world.files[1].save()

    with pytest.raises(Refused):
        save(world, plan, by)
    assert Cell.objects.count() == LedgerLine.objects.count() == 0


@pytest.mark.parametrize("who", ["officer", "appraiser", "inspector"])
def test_only_the_manager_imports(world, who):
    plan = read(world, row(world, "1.3", 1))
    with pytest.raises(NotAllowed):
        save(world, plan, getattr(world, who)())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_faults_speak_the_reader_s_language(world, language):
    content = workbook([HEADS, row(world, "1.3", "một")])
    with translation.override(language):
        (fault,) = read_scores(content, world.round, by=world.manager()).faults
        assert "Trang 1" in str(fault)
        assert "D2" in str(fault)


def test_the_template_is_read_back_without_a_fault_and_its_codes_are_text(world):
    content = score_template(world.round, "self")
    assert read_workbook(content)[0].cell(2, 3).value == "1.1"
    plan = read_scores(content, world.round, by=world.manager())
    assert (plan.rows, plan.faults) == ((), ())


@pytest.mark.parametrize("agencies", [1, 3])
def test_reading_asks_the_database_a_fixed_number_of_times_per_file(
    agencies, django_assert_max_num_queries
):
    world = World(agencies=agencies)
    by = world.manager()
    lines = [
        row(world, code, 1, reason="x", file=n)
        for n in range(agencies)
        for code in ("1.1", "1.3")
    ]
    read(world, *lines, by=by)
    with django_assert_max_num_queries(8):
        read(world, *lines, by=by)


def test_a_workbook_with_macros_is_refused(world):
    by = world.manager()
    content = workbook([HEADS, row(world, "1.3", "0,5")])
    assert read_scores(content, world.round, by=by).faults == ()

    with translation.override("en"):
        plan = read_scores(with_macros(content), world.round, by=by)

    assert plan.rows == ()
    assert ["macros" in str(fault) for fault in plan.faults] == [True]
