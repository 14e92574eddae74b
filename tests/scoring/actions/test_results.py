from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from scoring.actions import cells, results, surveys
from scoring.actions.cells import CellChange
from scoring.actions.surveys import SurveyFigure
from scoring.labels import LedgerKind, PhaseName, RoleName
from scoring.models import Assessment, Freeze, FrozenResult, LedgerLine
from scoring.refusals import NotAllowed, Refused
from scoring.states import GroupState, MoveRefused
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two files, complete: 8.5 and 7 of 10 points."""
    world = World()
    world.open_phase(PhaseName.COUNCIL)
    manager = world.manager()
    for file, points in zip(world.files, ("1", "0.5"), strict=True):
        changes = [
            CellChange("1.1", "council", data={"option": 1}),
            CellChange("1.2", "council", data={"numerator": 9, "denominator": 10}),
            CellChange("1.3", "council", points=Decimal(points)),
        ]
        cells.save(file, changes, by=manager)
    fill_surveys(world, world.files, manager)
    return world


def fill_surveys(world, files, manager):
    surveys.save(
        world.round,
        [
            SurveyFigure(file.agency.code, code, 100, Decimal(70 + 5 * place))
            for place, file in enumerate(files)
            for code in ("2.1", "2.2")
        ],
        by=manager,
    )


def chair(world):
    return world.person(RoleName.CHAIR)


def test_adoption_freezes_figures_and_names_the_ledger_heads(world):
    results.adopt(world.group, by=chair(world))

    world.group.refresh_from_db()
    assert world.group.state == GroupState.ADOPTED
    first, second = FrozenResult.objects.order_by("rank")
    assert (first.index, first.index_exact, first.rank) == (
        Decimal("85"),
        "85/1",
        1,
    )
    assert (second.index, second.rank, second.band) == (Decimal("82"), 2, "tot")
    assert len(Freeze.objects.get().ledger_manifest) == 64
    adopted = LedgerLine.objects.filter(kind=LedgerKind.ADOPTED)
    assert adopted.count() == 2


def test_adopting_twice_is_refused_and_freezes_once(world):
    by = chair(world)
    results.adopt(world.group, by=by)

    with pytest.raises(MoveRefused):
        results.adopt(world.group, by=by)

    assert Freeze.objects.count() == 1


def test_only_the_chair_adopts(world):
    for stranger in (
        world.manager(),
        world.person(RoleName.SECRETARY),
        world.person(RoleName.MEMBER),
        world.person(RoleName.APPROVER),
    ):
        with pytest.raises(NotAllowed):
            results.adopt(world.group, by=stranger)


def test_a_group_with_an_incomplete_agency_is_not_adopted():
    world = World(phase=PhaseName.COUNCIL)

    with pytest.raises(Refused, match=world.files[1].name_vi):
        results.adopt(world.group, by=chair(world))

    world.group.refresh_from_db()
    assert world.group.state == GroupState.OPEN


def test_an_agency_that_is_not_assessed_does_not_hinder_adoption(world):
    other = world.files[1]
    Assessment.objects.filter(pk=other.pk).update(is_assessed=False)

    results.adopt(world.group, by=chair(world))

    frozen = FrozenResult.objects.get(agency_code=other.agency.code)
    assert (frozen.rank, frozen.index, frozen.status) == (None, None, "not_assessed")


def test_scores_and_surveys_are_closed_after_adoption(world):
    results.adopt(world.group, by=chair(world))

    with pytest.raises(Refused):
        cells.save(
            world.file,
            [CellChange("1.3", "council", points=Decimal(0), reason="x")],
            by=world.manager(),
        )
    with pytest.raises(Refused):
        fill_surveys(world, world.files[::-1], world.manager())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM scoring_frozenresult",
        "UPDATE scoring_frozenresult SET rank = 1",
        "DELETE FROM scoring_freeze",
        "UPDATE scoring_freeze SET reason = 'x'",
    ],
)
def test_frozen_figures_are_never_changed_even_by_sql(world, statement):
    results.adopt(world.group, by=chair(world))

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
