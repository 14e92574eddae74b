"""What the database itself refuses, whoever writes."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from scoring.models import (
    Agency,
    Assessment,
    Cell,
    CriteriaSet,
    Criterion,
    Phase,
    Role,
    Round,
    SurveyResult,
)
from scoring.states import FileState, RoundState
from tests import papers
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def refuse(name):
    return pytest.raises(IntegrityError, match=name)


def cell(world, **options):
    given = {
        "assessment": world.file,
        "criterion": Criterion.objects.get(code="1.1"),
        "layer": "self",
        "points": Decimal(1),
        "low_points": Decimal(0),
        "high_points": Decimal(2),
        "updated_at": timezone.now(),
        "updated_by": UserFactory(),
        **options,
    }
    return Cell.objects.create(**given)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"points": Decimal("2.0001")}, "points_within"),
        ({"points": Decimal("-0.0001")}, "points_within"),
        ({"not_applicable": "proposed"}, "not_applicable_has_no_points"),
        (
            {"not_applicable": "proposed", "points": None, "layer": "appraised"},
            "only_the_agency_proposes",
        ),
        (
            {"not_applicable": "confirmed", "points": None},
            "own_not_applicable_comes_from_data",
        ),
        ({"not_applicable": "perhaps", "points": None}, "not_applicable_has_no"),
        ({"layer": "other"}, "layer_known"),
        ({"low_points": Decimal(3), "points": None}, "cell_bounds"),
        ({"version": 0}, "version_from_1"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(world, wrong, constraint):
    with refuse(constraint), transaction.atomic():
        cell(world, **wrong)


def test_one_cell_per_file_leaf_and_layer(world):
    cell(world)

    with pytest.raises(IntegrityError), transaction.atomic():
        cell(world)


def test_an_update_out_of_range_is_refused_too(world):
    cell(world)

    with refuse("points_within"), transaction.atomic():
        Cell.objects.update(points=Decimal(5))


@pytest.mark.parametrize(
    ("model", "change", "constraint"),
    [
        (Assessment, {"state": "elsewhere"}, "file_state_known"),
        (Assessment, {"state": FileState.LOCKED_BY_CLOCK}, "file_state_known"),
        (Assessment, {"locked_at": timezone.now()}, "locked_at_and_by"),
        (Assessment, {"extended_until": timezone.now()}, "an_extension_has"),
        (Round, {"state": RoundState.DECIDED}, "a_decided_round"),
        (CriteriaSet, {"version": 2}, "a_later_version"),
        (CriteriaSet, {"points_decimals": 5}, "points_decimals"),
        (Criterion, {"rule": ""}, "points_need_a_rule"),
    ],
)
def test_facts_that_contradict_each_other_are_refused(world, model, change, constraint):
    with refuse(constraint), transaction.atomic():
        model.objects.update(**change)


def test_other_pairs_of_facts(world):
    with refuse("percent_0_to_100"), transaction.atomic():
        SurveyResult.objects.create(
            assessment=world.file,
            criterion=Criterion.objects.get(code="2.1"),
            answers=1,
            mean_percent=Decimal("100.0001"),
        )
    with refuse("officers_and_leaders"), transaction.atomic():
        Role.objects.create(user=UserFactory(), name="officer")
    with refuse("evidence_is_a_file_or_a_link"), transaction.atomic():
        papers.document(world.file, "x", by=UserFactory(), link="")
    with refuse("evidence_is_a_file_or_a_link"), transaction.atomic():
        named = {"file_name": "a", "sha256": "0", "media_type": "image/png"}
        papers.document(world.file, "x", by=UserFactory(), file="a", link="b", **named)
    with refuse("name_hash_and_kind"), transaction.atomic():
        papers.document(world.file, "x", by=UserFactory(), file="a", sha256="0")
    with refuse("who_removed_a_document_is_known"), transaction.atomic():
        document = papers.document(world.file, "x", by=UserFactory())
        document.removed_at = timezone.now()
        document.save()
    with refuse("agency_ends_after"), transaction.atomic():
        Agency.objects.update(valid_from="2025-07-01", valid_to="2025-06-30")
    phase = Phase.objects.first()
    with refuse("a_phase_ends_after"), transaction.atomic():
        Phase.objects.filter(pk=phase.pk).update(ends_at=phase.starts_at)


def test_one_role_once_also_where_round_and_agency_are_empty(world):
    user = UserFactory()
    Role.objects.create(user=user, name="manager")

    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(user=user, name="manager")
