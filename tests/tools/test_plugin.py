"""The database and the surroundings that every test gets."""

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection

from scoring.models import User
from tests import plugin

WRITERS = 8


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_is_a_file_of_this_process_with_the_journal_of_production():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    assert Path(connection.settings_dict["NAME"]).is_file()


@pytest.mark.parametrize("attempt", ["once", "again, with the tables emptied between"])
@pytest.mark.django_db(transaction=True)
def test_threads_write_through_connections_of_their_own(attempt):
    assert not User.objects.exists()

    def write(name):
        User.objects.create_user(name)
        connection.close()

    writers = [
        threading.Thread(target=write, args=(f"user{n}",)) for n in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert User.objects.count() == WRITERS


def test_nothing_of_the_machine_is_met():
    assert settings.DATABASES["default"]["NAME"] != settings.BASE_DIR / "db.sqlite3"
    assert not Path(settings.MEDIA_ROOT).is_relative_to(settings.BASE_DIR)
    assert settings.EMAIL_BACKEND.endswith("locmem.EmailBackend")
    assert mail.outbox == []
    assert not settings.DEBUG


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("scoring/models/test_fields.py", True),
        ("councils/test_actions.py", True),
        ("scoring/commands/test_load_round.py", True),
        ("journeys/test_year.py", True),
        ("scoring/index/test_rollup.py", False),
        ("scoring/views/test_sheet.py", False),
        ("browser/test_journey.py", False),
        ("tools/test_messages.py", False),
    ],
)
def test_what_concerns_data_runs_on_both_databases(path, expected):
    assert plugin.concerns_data(plugin.TESTS / path) is expected


def test_counts_take_an_error_for_a_failure():
    failed, in_error = SimpleNamespace(nodeid="a::b"), SimpleNamespace(nodeid="c::d")
    stats = {
        "passed": [1, 2],
        "failed": [failed],
        "error": [in_error],
        "skipped": [5],
        "": [6],
    }

    assert plugin.counts(stats) == {
        "passed": 2,
        "failed": ["a::b", "c::d"],
        "skipped": 1,
    }
