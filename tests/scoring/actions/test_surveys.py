from decimal import Decimal

import pytest

from scoring.actions import surveys
from scoring.actions.surveys import SurveyFigure
from scoring.labels import LedgerKind
from scoring.models import LedgerLine, RoundGroup, SurveyResult
from scoring.queries.results import stored_results
from scoring.refusals import ManyRefused, NotAllowed
from scoring.states import GroupState
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def figure(world, percent="80.1234", **options):
    given = {
        "agency": world.file.agency.code,
        "criterion": "2.1",
        "answers": 120,
        "mean_percent": Decimal(percent),
        **options,
    }
    return SurveyFigure(**given)


def test_a_survey_figure_gives_points_to_its_leaf(world):
    surveys.save(world.round, [figure(world)], by=world.manager())

    (group,) = stored_results(world.round, "final")
    totals = {row.assessment.pk: row.totals for row in group.rows}[world.file.pk]
    assert totals.sociological_points == Decimal("1.6025")
    assert totals.missing_surveys == 1
    assert LedgerLine.objects.get().kind == LedgerKind.SURVEY


def test_the_same_figure_again_changes_nothing_another_replaces_it(world):
    manager = world.manager()
    assert surveys.save(world.round, [figure(world)], by=manager) == 1
    assert surveys.save(world.round, [figure(world)], by=manager) == 0
    assert surveys.save(world.round, [figure(world, "81")], by=manager) == 1

    assert SurveyResult.objects.get().mean_percent == Decimal(81)
    assert LedgerLine.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"agency": "nobody"}, id="unknown agency"),
        pytest.param({"criterion": "1.1"}, id="no survey leaf"),
        pytest.param({"criterion": "2"}, id="branch"),
        pytest.param({"mean_percent": Decimal("100.0001")}, id="above 100"),
        pytest.param({"mean_percent": Decimal("-1")}, id="below 0"),
        pytest.param({"answers": -1}, id="answers below 0"),
        pytest.param({"standard_deviation": Decimal("-0.1")}, id="deviation below 0"),
    ],
)
def test_one_wrong_figure_stores_nothing(world, wrong):
    figures = [figure(world), figure(world, **{"criterion": "2.2", **wrong})]

    with pytest.raises(ManyRefused) as refusal:
        surveys.save(world.round, figures, by=world.manager())

    assert len(refusal.value.errors) == 1
    assert not SurveyResult.objects.exists()


def test_only_the_manager_enters_surveys_and_only_before_adoption(world):
    for stranger in (world.officer(), world.appraiser(), world.inspector()):
        with pytest.raises(NotAllowed):
            surveys.save(world.round, [figure(world)], by=stranger)
    RoundGroup.objects.update(state=GroupState.ADOPTED)
    with pytest.raises(ManyRefused):
        surveys.save(world.round, [figure(world)], by=world.manager())

    assert not SurveyResult.objects.exists()


@pytest.mark.parametrize("agencies", [1, 3])
def test_queries_grow_with_the_changed_files_alone(
    agencies, django_assert_max_num_queries
):
    world = World(agencies=3)
    manager = world.manager()
    figures = [
        figure(world, agency=file.agency.code, criterion=code)
        for file in world.files[:agencies]
        for code in ("2.1", "2.2")
    ]

    with django_assert_max_num_queries(8 + 7 * agencies):
        surveys.save(world.round, figures, by=manager)
