"""Who may see and do what: the table that a security officer reads."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser

from scoring.actions import assessments
from scoring.labels import PhaseName, RoleName
from scoring.models import Assessment, Role, Round
from scoring.permissions import (
    AssessmentRights,
    RoundRights,
    assessment_rights,
    round_rights,
    visible_assessments,
    visible_rounds,
)
from scoring.states import FileState
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db

READERS = [
    RoleName.MANAGER,
    RoleName.CHAIR,
    RoleName.SECRETARY,
    RoleName.MEMBER,
    RoleName.APPROVER,
    RoleName.INSPECTOR,
]
OWN = AssessmentRights(see=True, see_evidence=True, see_remarks=True)
WRITES_REPORT = replace(OWN, write_report=True)
LOCKED = replace(OWN, attach_scan=True)
READ = AssessmentRights(see=True, see_evidence=True, see_appraisal=True)


@pytest.fixture
def world():
    return World()


def rights(world, user, state=FileState.NOT_STARTED):
    Assessment.objects.filter(pk=world.file.pk).update(state=state)
    return assessment_rights(user, world.reload())


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            FileState.SCORING,
            replace(WRITES_REPORT, edit=True, hand_over=True),
        ),
        (FileState.WITH_LEADER, replace(WRITES_REPORT, take_back=True)),
        (FileState.LOCKED, LOCKED),
    ],
)
def test_officer(world, state, expected):
    assert rights(world, world.officer(), state) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (FileState.SCORING, WRITES_REPORT),
        (
            FileState.WITH_LEADER,
            replace(WRITES_REPORT, hand_back=True, lock=True, remark=True),
        ),
        (FileState.LOCKED, replace(LOCKED, withdraw=True)),
    ],
)
def test_leader(world, state, expected):
    assert rights(world, world.leader(), state) == expected


@pytest.mark.parametrize("role", READERS)
def test_readers_read_and_never_write(world, role):
    got = rights(world, world.person(role), FileState.LOCKED)

    assert got == AssessmentRights(
        see=True,
        see_evidence=True,
        see_appraisal=True,
        manage=role == RoleName.MANAGER,
        see_remarks=role == RoleName.INSPECTOR,
    )


@pytest.mark.parametrize(
    ("phase", "layer"),
    [
        (PhaseName.SELF_ASSESSMENT, ""),
        (PhaseName.APPRAISAL, "appraised"),
        (PhaseName.CONSULTATION, ""),
        (PhaseName.SECOND_APPRAISAL, "explained"),
        (PhaseName.COUNCIL, ""),
    ],
)
def test_appraiser_writes_the_layer_that_the_clock_opens(world, phase, layer):
    world.open_phase(phase)
    got = rights(world, world.appraiser(), FileState.LOCKED)

    assert (got.appraise, got.appraised_layer) == (bool(layer), layer)
    assert got.see_appraisal
    assert not got.edit


def test_appraiser_waits_for_the_lock(world):
    world.open_phase(PhaseName.APPRAISAL)
    assessments.extend(
        world.file,
        until=world.round.phase(PhaseName.APPRAISAL).ends_at,
        reason="x",
        document="1",
        by=world.manager(),
    )

    assert not rights(world, world.appraiser(), FileState.SCORING).appraise


@pytest.mark.parametrize("how", ["works there", "is officer there", "led it before"])
def test_an_appraiser_never_sees_the_own_agency_as_appraiser(world, how):
    world.open_phase(PhaseName.APPRAISAL)
    user = world.appraiser()
    if how == "works there":
        user.agency = world.file.agency
        user.save()
    elif how == "is officer there":
        Role.objects.create(user=user, name=RoleName.OFFICER, agency=world.file.agency)
    else:
        other = World(agencies=0)
        Role.objects.create(
            user=user,
            name=RoleName.LEADER,
            agency=world.file.agency,
            round=other.round,
        )

    got = rights(world, user, FileState.LOCKED)
    assert not got.appraise
    assert not got.see_appraisal
    if how != "is officer there":
        assert world.file not in visible_assessments(user)


def test_a_manager_who_also_appraises_does_not_appraise_the_own_agency(world):
    world.open_phase(PhaseName.APPRAISAL)
    user = world.person(RoleName.MANAGER, agency=world.file.agency)
    Role.objects.create(user=user, name=RoleName.APPRAISER)

    got = rights(world, user, FileState.LOCKED)
    assert got.manage
    assert not got.appraise


def test_an_appraiser_of_one_agency_sees_that_one(world):
    user = world.appraiser(world.files[1].agency)

    assert list(visible_assessments(user)) == [world.files[1]]


def test_agencies_see_their_own_file_alone(world):
    assert list(visible_assessments(world.officer())) == [world.file]
    assert list(visible_assessments(world.leader(world.files[1]))) == [world.files[1]]


@pytest.mark.parametrize("role", READERS)
def test_readers_see_all_files_of_their_round_and_none_of_another(world, role):
    other = World()

    assert set(visible_assessments(world.person(role))) == set(world.files)
    assert not set(visible_assessments(world.person(role))) & set(other.files)


@pytest.mark.parametrize("kind", ["anonymous", "no role", "superuser", "inactive"])
def test_nobody_else_sees_a_file(world, kind):
    user = {
        "anonymous": AnonymousUser,
        "no role": UserFactory,
        "superuser": lambda: UserFactory(is_superuser=True, is_staff=True),
        "inactive": lambda: world.person(RoleName.MANAGER, is_active=False),
    }[kind]()

    assert not visible_assessments(user).exists()
    assert rights(world, user) == AssessmentRights()
    assert round_rights(user, world.round) == RoundRights()
    assert list(visible_rounds(user)) == []


def test_a_role_of_all_rounds_counts_in_each(world):
    user = UserFactory()
    Role.objects.create(user=user, name=RoleName.INSPECTOR)

    assert list(visible_rounds(user)) == [world.round]
    assert round_rights(user, world.round).see_all


def test_published_results_are_public_drafts_are_not(world):
    assert not round_rights(AnonymousUser(), world.round).see_results
    assert not round_rights(world.officer(), world.round).see_results

    Round.objects.update(
        state="published",
        decision_number="1/QĐ",
        decided_on="2026-01-09",
        published_at="2026-01-09T00:00Z",
    )
    world.round.refresh_from_db()

    assert round_rights(AnonymousUser(), world.round).see_results
    assert list(visible_rounds(AnonymousUser())) == [world.round]
    assert not visible_assessments(AnonymousUser()).exists()
