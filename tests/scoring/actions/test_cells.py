"""The one door: what enters, what is refused, what the ledger says of it."""

import json
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from scoring.actions import assessments, cells
from scoring.actions.cells import CellChange
from scoring.labels import LedgerKind, PhaseName
from scoring.models import Cell, LedgerLine, RoundGroup
from scoring.queries.criteria import tree_of
from scoring.queries.results import computed_results, stored_results
from scoring.refusals import Conflict, Late, ManyRefused, NotAllowed, Refused
from scoring.states import FileState, GroupState
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def appraising():
    """A locked file in the appraisal phase, with one self-assessed leaf."""
    world = World()
    cells.save(world.file, [choice(1, reason="Theo kế hoạch")], by=world.officer())
    lock(world)
    world.open_phase(PhaseName.APPRAISAL)
    return world


def lock(world, file=None):
    assessments.hand_over(file or world.file, by=world.officer(file))
    assessments.lock(file or world.file, by=world.leader(file))


def choice(option, **options):
    return CellChange("1.1", "self", data={"option": option}, **options)


def appraised(code="1.1", **options):
    return CellChange(code, "appraised", **options)


def only_cell():
    return Cell.objects.get()


def test_the_rule_computes_points_from_declared_data(world):
    cells.save(world.file, [choice(2)], by=world.officer())

    assert only_cell().points == Decimal(1)
    assert only_cell().data == '{"option": 2}'
    assert only_cell().version == 1


def test_the_first_save_starts_the_file(world):
    cells.save(world.file, [choice(2)], by=world.officer())

    assert world.reload().state == FileState.SCORING


def test_a_save_writes_one_ledger_line_that_tells_who_when_what_and_by_which_rules(
    world,
):
    officer = world.officer()
    at = timezone.now()
    cells.save(world.file, [choice(2)], by=officer, at=at)

    line = LedgerLine.objects.get()
    assert (line.actor, line.actor_name, line.actor_post) == (
        officer.username,
        officer.full_name,
        officer.post,
    )
    assert (line.at, line.kind, line.layer) == (at, LedgerKind.SAVED, "self")
    assert (line.agency_code, line.criterion_code) == (world.file.agency.code, "1.1")
    assert line.before == ""
    assert json.loads(line.after)["points"] == "1"
    assert line.rule_version == world.set.rule_version
    assert (line.sequence, line.previous_hash) == (1, "")
    assert line.hash == line.computed_hash() == world.reload().ledger_head


def test_lines_of_one_file_form_a_chain(world):
    officer = world.officer()
    for option in (1, 2, 3):
        cells.save(world.file, [choice(option)], by=officer)

    lines = list(LedgerLine.objects.order_by("sequence"))
    assert [line.sequence for line in lines] == [1, 2, 3]
    assert [line.previous_hash for line in lines] == ["", lines[0].hash, lines[1].hash]
    assert lines[1].before == lines[0].after


def test_repeating_a_save_changes_nothing(world):
    officer = world.officer()
    cells.save(world.file, [choice(2, expected_version=0)], by=officer)
    cells.save(world.file, [choice(2, expected_version=0)], by=officer)

    assert only_cell().version == 1
    assert LedgerLine.objects.count() == 1


def test_a_save_based_on_an_older_version_is_a_conflict_with_both_values(world):
    officer = world.officer()
    cells.save(world.file, [choice(2)], by=officer)

    with pytest.raises(Conflict) as refusal:
        cells.save(world.file, [choice(3, expected_version=0)], by=officer)

    assert refusal.value.details["stored"]["points"] == "1"
    assert refusal.value.details["version"] == 1
    assert only_cell().points == Decimal(1)


def test_emptying_a_cell_is_a_withdrawal_and_no_value(world):
    officer = world.officer()
    cells.save(world.file, [choice(2)], by=officer)
    cells.save(world.file, [CellChange("1.1", "self")], by=officer)

    assert only_cell().is_blank
    assert LedgerLine.objects.last().kind == LedgerKind.WITHDRAWN
    (group,) = stored_results(world.round, "self")
    assert group.rows[0].totals.not_scored == 3


def test_several_faults_are_all_named_and_nothing_is_saved(world):
    changes = [
        choice(1),
        CellChange("1.2", "self", data={"numerator": 5, "denominator": 4}),
        CellChange("1.3", "self", points=Decimal("1.5")),
        CellChange("7.7", "self", points=Decimal(1)),
    ]

    with pytest.raises(ManyRefused) as refusal:
        cells.save(world.file, changes, by=world.officer())

    assert len(refusal.value.errors) == 3
    assert not Cell.objects.exists()
    assert not LedgerLine.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            CellChange("1.3", "self", points=Decimal("1.5")), "1.3", id="above maximum"
        ),
        pytest.param(
            CellChange("1.3", "self", points=Decimal("0.00001")),
            "0.00001".replace(".", ","),
            id="fifth decimal",
        ),
        pytest.param(
            CellChange("1.1", "self", points=Decimal(2)),
            "1.1",
            id="override, no reason",
        ),
        pytest.param(
            CellChange("2.1", "self", points=Decimal(1)), "2.1", id="survey leaf"
        ),
        pytest.param(
            CellChange("1.1", "self", not_applicable="proposed", reason="x"),
            "1.1",
            id="N/A where everybody is measured",
        ),
    ],
)
def test_what_the_rules_refuse_is_refused_with_a_sentence(world, change, words):
    with pytest.raises(Refused, match=words):
        cells.save(world.file, [change], by=world.officer())

    assert not Cell.objects.exists()


def test_only_the_own_officer_writes_the_self_assessment(world):
    strangers = [
        world.officer(world.files[1]),
        world.leader(),
        world.appraiser(),
        world.manager(),
        world.inspector(),
    ]
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            cells.save(world.file, [choice(1)], by=stranger)

    assert not Cell.objects.exists()


def test_after_the_deadline_the_self_assessment_is_closed(world):
    officer = world.officer()
    late = world.round.phase(PhaseName.SELF_ASSESSMENT).ends_at

    cells.save(world.file, [choice(1)], by=officer, at=late - timedelta(seconds=1))
    with pytest.raises(Late):
        cells.save(world.file, [choice(2)], by=officer, at=late)

    assert only_cell().points == Decimal(2)


def test_an_extension_opens_writing_for_one_agency_alone(world):
    late = world.round.phase(PhaseName.SELF_ASSESSMENT).ends_at + timedelta(hours=1)
    assessments.extend(
        world.file,
        until=late + timedelta(days=1),
        reason="Bão",
        document="12/SNV",
        by=world.manager(),
    )

    cells.save(world.file, [choice(1)], by=world.officer(), at=late)
    with pytest.raises(Late):
        cells.save(
            world.files[1], [choice(1)], by=world.officer(world.files[1]), at=late
        )


def test_a_file_with_the_leader_is_not_edited(world):
    officer = world.officer()
    assessments.hand_over(world.file, by=officer)

    with pytest.raises(NotAllowed):
        cells.save(world.file, [choice(1)], by=officer)


def test_an_appraiser_who_differs_gives_a_reason(appraising):
    appraiser = appraising.appraiser()

    with pytest.raises(Refused, match=r"1\.1"):
        cells.save(appraising.file, [appraised(data={"option": 2})], by=appraiser)
    cells.save(
        appraising.file,
        [appraised(data={"option": 2}, reason="Ban hành ngày 20/2")],
        by=appraiser,
    )

    assert Cell.objects.get(layer="appraised").points == Decimal(1)


def test_an_appraiser_who_agrees_needs_no_reason(appraising):
    cells.save(
        appraising.file, [appraised(data={"option": 1})], by=appraising.appraiser()
    )

    assert Cell.objects.get(layer="appraised").points == Decimal(2)


def test_nobody_appraises_the_own_agency_whatever_other_role_the_person_holds(
    appraising,
):
    appraiser = appraising.person("appraiser", agency=appraising.file.agency)

    with pytest.raises(NotAllowed):
        cells.save(appraising.file, [appraised(data={"option": 1})], by=appraiser)


def test_a_manager_does_not_settle_points_of_the_own_agency():
    world = World(phase=PhaseName.COUNCIL)
    manager = world.person("manager", agency=world.file.agency)
    change = CellChange("1.3", "council", points=Decimal(1))

    with pytest.raises(NotAllowed):
        cells.save(world.file, [change], by=manager)
    cells.save(world.files[1], [change], by=manager)

    assert only_cell().assessment == world.files[1]


def test_a_file_that_is_still_open_is_not_appraised():
    world = World()
    world.open_phase(PhaseName.APPRAISAL)
    assessments.extend(
        world.file,
        until=timezone.now() + timedelta(days=1),
        reason="x",
        document="1/SNV",
        by=world.manager(),
    )

    with pytest.raises(Refused, match=r"khóa|chốt|locked"):
        cells.save(world.file, [appraised(data={"option": 1})], by=world.appraiser())


@pytest.mark.parametrize("layer", ["appraised", "explained", "council"])
def test_no_layer_is_written_outside_its_phase(world, layer):
    change = CellChange("1.3", layer, points=Decimal(1), reason="x")

    with pytest.raises(Late):
        cells.save(world.file, [change], by=world.appraiser())


def test_after_adoption_nothing_is_written(appraising):
    RoundGroup.objects.update(state=GroupState.ADOPTED)

    with pytest.raises(Refused):
        cells.save(
            appraising.file, [appraised(data={"option": 1})], by=appraising.appraiser()
        )


def test_stored_totals_are_what_the_cells_give(appraising):
    cells.save(
        appraising.file, [appraised(data={"option": 1})], by=appraising.appraiser()
    )

    for view in ("self", "appraised", "explained", "final"):
        stored = stored_results(appraising.round, view)
        computed = computed_results(appraising.round, view)
        assert [[r.totals for r in g.rows] for g in stored] == [
            [r.totals for r in g.rows] for g in computed
        ]
        assert stored[0].rows[0].totals.appraised_points in (Decimal(2), Decimal(0))


@pytest.mark.parametrize("leaves", [1, 3])
def test_a_save_asks_the_database_a_fixed_number_of_times(
    world, leaves, django_assert_num_queries
):
    officer = world.officer()
    changes = [
        choice(1),
        CellChange("1.2", "self", data={"numerator": 4, "denominator": 5}),
        CellChange("1.3", "self", points=Decimal(1)),
    ]
    tree_of(world.set)

    # With the two of the savepoint that stands for the transaction.
    with django_assert_num_queries(12):
        cells.save(world.file, changes[:leaves], by=officer)


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_first_saves_give_one_row_and_one_line(world):
    """On both databases: SQLite queues them, PostgreSQL locks the file's row."""
    officer = world.officer()
    faults = []

    def save():
        try:
            cells.save(world.file, [choice(2)], by=officer)
        except Refused as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=save) for __ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert only_cell().version == 1
    assert LedgerLine.objects.count() == 1
