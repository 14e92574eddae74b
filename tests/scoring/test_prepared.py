"""A prepared query set gives what the query set itself gives."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.db.transaction import TransactionManagementError

from scoring.models import Assessment, Cell, Role, Round
from scoring.prepared import Prepared
from scoring.queries.files import LOCKED_FILES, file_at
from tests.factories import World

pytestmark = pytest.mark.django_db

ROLES = Prepared(
    lambda user, name: (
        Role.objects.filter(user=user, name=name)
        .select_related("agency", "round")
        .order_by("pk")
    ),
    -1,
    "name",
)


@pytest.fixture
def world():
    return World(agencies=2)


def facts(instance):
    return {
        field.attname: getattr(instance, field.attname)
        for field in instance._meta.concrete_fields
    }


def test_rows_and_what_they_are_joined_to_are_those_of_the_query_set(world):
    officer, other = world.officer(), world.officer(world.files[1])
    for user in (officer, other, officer):
        (role,) = ROLES(user.pk, "officer")
        (expected,) = user.roles.select_related("agency", "round")

        assert facts(role) == facts(expected)
        assert facts(role.agency) == facts(expected.agency)
        assert role.round == expected.round
    assert ROLES(officer.pk, "leader") == []


def test_it_asks_once_and_what_is_joined_no_more(world, django_assert_num_queries):
    officer = world.officer()
    with django_assert_num_queries(1):
        (role,) = ROLES(officer.pk, "officer")
        assert role.agency.name_vi
    with django_assert_num_queries(1):
        ROLES(officer.pk, "officer")


def test_it_reads_as_the_database_stands_now(world):
    officer = world.officer()
    (role,) = ROLES(officer.pk, "officer")
    Role.objects.filter(pk=role.pk).delete()

    assert ROLES(officer.pk, "officer") == []


def test_columns_left_out_are_read_when_they_are_asked_for(
    world, django_assert_num_queries
):
    Assessment.objects.filter(pk=world.file.pk).update(totals={"self": {}})
    with transaction.atomic():
        file = LOCKED_FILES.one(world.file.pk)

    assert "totals" in file.get_deferred_fields()
    with django_assert_num_queries(1):
        assert file.totals == {"self": {}}


def test_nothing_found_is_refused_as_the_query_set_does():
    with pytest.raises(Assessment.DoesNotExist), transaction.atomic():
        LOCKED_FILES.one(0)


def test_a_stand_in_that_the_query_has_twice_is_refused():
    twice = Prepared(lambda year: Round.objects.filter(Q(year=year) | Q(pk=7)), 7)
    with pytest.raises(ValueError, match="stand-in"):
        twice(2026)


@pytest.mark.django_db(transaction=True)
def test_no_lock_is_taken_outside_of_a_transaction(world):
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite locks whole")
    with pytest.raises(TransactionManagementError):
        LOCKED_FILES(world.file.pk)
    with transaction.atomic():
        LOCKED_FILES(world.file.pk)
    with pytest.raises(TransactionManagementError):
        LOCKED_FILES(world.file.pk)


def test_each_thread_has_its_own(world):
    made = []

    def build(pk):
        made.append(threading.get_ident())
        return Cell.objects.filter(pk=pk)

    prepared = Prepared(build, -1)
    prepared(1)
    prepared(2)
    thread = threading.Thread(target=lambda: _once(prepared))
    thread.start()
    thread.join()

    assert len(made) == len(set(made)) == 2


def _once(prepared):
    try:
        prepared._query()
    finally:
        connection.close()


@pytest.mark.parametrize("year", [0, 32_768, 2**70, -1])
def test_no_file_of_a_year_that_no_round_can_have(world, year):
    assert file_at(year, world.file.agency.code) is None


def test_a_file_comes_with_all_that_a_save_asks(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        file = file_at(world.round.year, world.file.agency.code)
        assert file.group.criteria_set.content_hash
        assert file.group.round is file.round
        assert file.group.group.code

    expected = Assessment.objects.get(pk=world.file.pk)
    assert facts(file) == facts(expected)
