import pytest
from django.utils import timezone

from scoring.actions import assessments
from scoring.actions.cells import CellChange, save
from scoring.labels import Layer, PhaseName, RoleName
from scoring.models import Role
from scoring.queries.work import work_of
from scoring.states import FileState, RoundState
from tests.factories import World

pytestmark = pytest.mark.django_db


def kinds(user):
    return [(work.kind, work.is_due) for work in work_of(user)]


def test_the_officers_work_counts_what_is_left():
    world = World()
    officer = world.officer()
    save(world.file, [CellChange("1.1", Layer.SELF, data={"option": 1})], by=officer)

    (work,) = work_of(officer)

    assert (work.kind, work.is_due) == ("fill", True)
    assert (work.file.to_score, work.file.self_scored) == (3, 1)
    assert work.until == world.round.phase(PhaseName.SELF_ASSESSMENT).ends_at


def test_the_file_passes_from_hand_to_hand():
    world = World()
    officer, leader = world.officer(), world.leader()
    assert (kinds(officer), kinds(leader)) == ([("fill", True)], [("wait", False)])

    assessments.hand_over(world.file, by=officer)
    assert (kinds(officer), kinds(leader)) == ([("wait", False)], [("approve", True)])

    assessments.lock(world.file, by=leader)
    assert (kinds(officer), kinds(leader)) == (
        [("locked", False)],
        [("locked", False)],
    )


def test_after_the_deadline_nothing_is_due():
    world = World()
    officer = world.officer()
    world.open_phase(PhaseName.APPRAISAL)

    assert kinds(officer) == [("late", False)]


def test_an_agency_that_is_not_assessed_has_no_work():
    world = World()
    officer = world.officer()
    world.file.is_assessed = False
    world.file.save()

    assert kinds(officer) == []


def test_the_appraiser_never_counts_the_own_agency():
    world = World(agencies=3, phase=PhaseName.APPRAISAL)
    everybodys = world.appraiser()
    own = world.officer()
    Role.objects.create(user=own, name=RoleName.APPRAISER, round=world.round)

    (work,) = work_of(everybodys)
    of_own = next(work for work in work_of(own) if work.kind == "appraise")

    assert (work.is_due, work.done, work.total) == (True, 0, 3)
    assert of_own.total == 2


def test_the_manager_counts_files_by_state():
    world = World(agencies=3)
    assessments.hand_over(world.file, by=world.officer())

    (work,) = work_of(world.manager())

    assert work.states == ((FileState.NOT_STARTED, 2), (FileState.WITH_LEADER, 1))
    assert (work.late, work.total) == (0, 3)


def test_what_is_due_comes_first():
    world = World()
    user = world.manager()
    agency = world.file.agency
    Role.objects.create(
        user=user, name=RoleName.OFFICER, round=world.round, agency=agency
    )

    assert kinds(user) == [("fill", True), ("follow", False)]


def test_a_published_round_asks_for_nothing():
    world = World()
    world.round.state = RoundState.PUBLISHED
    world.round.decision_number = "99/QĐ-UBND"
    world.round.decided_on = timezone.now().date()
    world.round.published_at = timezone.now()
    world.round.save()

    assert work_of(world.manager()) == []


@pytest.mark.parametrize("agencies", [1, 3])
def test_work_is_found_in_six_queries(django_assert_num_queries, agencies):
    world = World(agencies=agencies, phase=PhaseName.APPRAISAL)
    user = world.appraiser()
    work_of(user)

    with django_assert_num_queries(6):
        work_of(user)
