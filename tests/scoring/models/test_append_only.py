"""The ledger only grows: the model refuses, the database refuses, the site checks."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from scoring.actions import cells
from scoring.actions.cells import CellChange
from scoring.models import LedgerIsAppendOnly, LedgerLine, append_only
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    world = World()
    cells.save(
        world.file, [CellChange("1.1", "self", data={"option": 1})], by=world.officer()
    )
    return LedgerLine.objects.get()


def test_the_model_refuses(line):
    line.reason = "another"
    with pytest.raises(LedgerIsAppendOnly):
        line.save()
    with pytest.raises(LedgerIsAppendOnly):
        line.delete()
    with pytest.raises(LedgerIsAppendOnly):
        LedgerLine.objects.update(reason="another")
    with pytest.raises(LedgerIsAppendOnly):
        LedgerLine.objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE scoring_ledgerline SET reason = 'x'", "DELETE FROM scoring_ledgerline"],
)
def test_the_database_refuses(line, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert LedgerLine.objects.get().reason == line.reason


def test_the_check_names_missing_triggers():
    assert append_only.check_triggers(None, ["default"]) == []

    with append_only.lifted(connection):
        (error,) = append_only.check_triggers(None, ["default"])
        assert "scoring_ledgerline_no_update" in error.msg

    assert append_only.check_triggers(None, ["default"]) == []


def test_migrating_lays_missing_triggers_again():
    append_only.remove(connection)

    call_command("migrate", verbosity=0)

    assert append_only.missing(connection) == []
