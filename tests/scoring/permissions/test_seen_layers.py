"""Nobody reads a draft: which layers stand beside the agency's own, for whom, when."""

import pytest
from django.utils import timezone

from scoring.labels import PhaseName, RoleName
from scoring.models import Round
from scoring.permissions import assessment_rights, seen_layers
from scoring.states import FileState, RoundState
from tests.factories import World

pytestmark = pytest.mark.django_db

ALL = ["appraised", "explained", "council"]


@pytest.fixture
def world():
    return World()


def seen(world, user):
    file = world.reload()
    return list(map(str, seen_layers(assessment_rights(user, file), file)))


def put(world, state, phase):
    world.open_phase(phase)
    file = world.file
    file.state = state
    file.save(update_fields=["state"])


@pytest.mark.parametrize(
    ("phase", "count"),
    [
        (PhaseName.SELF_ASSESSMENT, 0),
        (PhaseName.APPRAISAL, 1),
        (PhaseName.CONSULTATION, 1),
        (PhaseName.SECOND_APPRAISAL, 2),
        (PhaseName.COUNCIL, 3),
        (PhaseName.RECHECK, 3),
    ],
)
@pytest.mark.parametrize(
    "role", [RoleName.MANAGER, RoleName.INSPECTOR, RoleName.APPRAISER]
)
def test_readers_see_a_layer_from_its_phase_on(world, role, phase, count):
    put(world, FileState.LOCKED, phase)

    assert seen(world, world.person(role)) == ALL[:count]


@pytest.mark.parametrize("who", ["officer", "leader"])
@pytest.mark.parametrize("phase", [name for name in PhaseName if name != "decision"])
def test_a_phase_alone_shows_the_agency_no_draft(world, who, phase):
    put(world, FileState.LOCKED, phase)

    assert seen(world, getattr(world, who)()) == []


@pytest.mark.parametrize("state", [FileState.EXPLAINING, FileState.EXPLANATION_LOCKED])
@pytest.mark.parametrize(
    "phase", [PhaseName.CONSULTATION, PhaseName.SECOND_APPRAISAL, PhaseName.COUNCIL]
)
def test_a_consulted_agency_sees_how_it_was_appraised_and_no_more(world, state, phase):
    put(world, state, phase)

    assert seen(world, world.officer()) == ["appraised"]


def test_the_consultation_of_one_agency_shows_nothing_to_another(world):
    put(world, FileState.EXPLAINING, PhaseName.CONSULTATION)

    assert seen(world, world.officer(world.files[1])) == []


def test_published_results_are_seen_by_the_agency(world):
    put(world, FileState.LOCKED, PhaseName.DECISION)
    Round.objects.update(
        state=RoundState.PUBLISHED,
        decision_number="7/QĐ",
        decided_on="2030-03-20",
        published_at=timezone.now(),
    )

    assert seen(world, world.officer()) == ALL
