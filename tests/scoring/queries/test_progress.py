"""Counts of what is done, missing and late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scoring.actions import assessments, cells, evidence
from scoring.labels import PhaseName
from scoring.models import Assessment, Exemption
from scoring.permissions import visible_assessments
from scoring.queries.criteria import tree_of
from scoring.queries.progress import (
    counts_by_group,
    filtered,
    progress_of,
    round_files,
)
from scoring.states import FileState
from tests.factories import World
from tests.scoring.appraisal_worlds import (
    PROPOSED_ONE,
    SCORED,
    appraising,
    judged,
    own,
    score_and_lock,
)

pytestmark = pytest.mark.django_db


def progress(world, now=None):
    files = round_files(world.round, visible_assessments(world.manager()))
    return progress_of(files, now)


def exempt(world, code, file=None):
    Exemption.objects.create(
        assessment=file or world.file,
        criterion_id=tree_of(world.set).ids[code],
        document="12/QĐ-UBND",
    )


def test_a_fresh_file_has_everything_before_it():
    (row, _other) = progress(World())

    assert row.state == FileState.NOT_STARTED
    assert (row.to_score, row.self_scored, row.appraised) == (3, 0, 0)
    assert (row.evidence_missing, row.is_late) == (0, False)


def test_surveys_bonus_and_penalty_are_not_counted_and_a_proposal_is_not_scored():
    world = appraising(changes=PROPOSED_ONE)

    row = progress(world)[0]

    assert (row.to_score, row.self_scored) == (3, 2)


def test_not_applicable_by_the_rule_counts_as_scored():
    world = World()
    change = own("1.2", data={"numerator": 0, "denominator": 0})
    cells.save(world.file, [change], by=world.officer())

    assert progress(world)[0].self_scored == 1


def test_exempted_criteria_are_not_to_be_scored():
    world = World()
    exempt(world, "1")
    exempt(world, "1.3", world.files[1])

    assert [row.to_score for row in progress(world)] == [0, 2]


def test_appraised_criteria_are_counted_apart():
    world = appraising()
    change = judged("1.1", data={"option": 1})
    cells.save(world.file, [change], by=world.appraiser())

    assert [(row.self_scored, row.appraised) for row in progress(world)] == [
        (3, 1),
        (3, 0),
    ]


@pytest.mark.parametrize(
    ("changes", "linked", "missing"),
    [
        pytest.param(SCORED, [], 3, id="1.1, 1.2 and 9.1; 1.3 asks for none"),
        pytest.param(SCORED, ["1.1"], 2, id="a link is evidence"),
        pytest.param([own("1.1", data={"option": 3})], [], 0, id="zero needs none"),
    ],
)
def test_evidence_is_missing_where_points_stand_without_it(changes, linked, missing):
    world = World()
    officer = world.officer()
    cells.save(world.file, list(changes), by=officer)
    for code in linked:
        document = {"title": "Báo cáo", "link": "https://example.vn/1"}
        evidence.attach(world.file, code, document=document, by=officer)

    assert [row.evidence_missing for row in progress(world)] == [missing, 0]


def test_the_clock_makes_a_file_late_and_an_extension_takes_it_back():
    world = World()
    manager = world.manager()
    world.open_phase(PhaseName.APPRAISAL)
    assert [row.is_late for row in progress(world)] == [True, True]

    assessments.extend(
        world.file,
        until=timezone.now() + timedelta(days=3),
        reason="Sáp nhập",
        document="1/SNV",
        by=manager,
    )

    assert [(row.state, row.is_late) for row in progress(world)] == [
        (FileState.NOT_STARTED, False),
        (FileState.LOCKED_BY_CLOCK, True),
    ]


def test_a_locked_file_is_never_late():
    world = World(agencies=1)
    score_and_lock(world)
    world.open_phase(PhaseName.APPRAISAL)

    assert progress(world)[0].is_late is False


def test_an_agency_that_is_not_assessed_has_nothing_to_do_and_is_not_late():
    world = World(agencies=1)
    Assessment.objects.update(is_assessed=False, not_assessed_reason="Mới lập")
    world.open_phase(PhaseName.APPRAISAL)

    (row,) = progress(world)

    assert (row.to_score, row.self_scored, row.is_late) == (0, 0, False)


def test_rows_are_counted_by_group_and_state():
    world = World(groups=2, agencies=2)
    score_and_lock(world)

    (first, states, late), (second, others, _late) = counts_by_group(progress(world))

    assert (first.pk, second.pk) == (world.groups[0].pk, world.groups[1].pk)
    assert (states["locked"], states["not_started"], late) == (1, 1, 0)
    assert (others["locked"], others["not_started"]) == (0, 2)


def test_names_are_found_without_marks_and_by_code():
    world = World()
    Assessment.objects.filter(pk=world.file.pk).update(name_vi="Phường Hồng Bàng")
    rows = progress(world)

    for query in ("hong bang", "HỒNG", " Bàng ", world.file.agency.code):
        assert [row.assessment.pk for row in filtered(rows, query=query)] == [
            world.file.pk
        ]


@pytest.mark.parametrize("agencies", [1, 3])
def test_progress_asks_the_database_a_fixed_number_of_times(
    agencies, django_assert_num_queries
):
    world = World(agencies=agencies)
    manager = world.manager()
    assert len(manager.role_rows) == 1

    with django_assert_num_queries(5):
        files = round_files(world.round, visible_assessments(manager))
        rows = progress_of(files)

    assert len(rows) == agencies
