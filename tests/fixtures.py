"""What every test that touches Django stands on; loaded by plugin.py.

Not in conftest.py: the pure parts are tested without Django too
(``pytest -p no:django tests/scoring/index``), and imports stand at the top.
"""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test.utils import override_settings
from django.utils import translation

from scoring.models import append_only
from scoring.queries.criteria import forget_trees


@pytest.fixture(scope="session", autouse=True)
def settings_of_tests(tmp_path_factory):
    """Files in a temporary directory, static files from their sources (nothing is
    collected), and a hasher that does not take a tenth of a second per sign-in."""
    with override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {
                "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
            },
        },
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, tmp_path_factory
):
    """SQLite in a file of this process, as in production: in memory, all threads
    would share one connection, and neither WAL nor IMMEDIATE would mean anything."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(file)


@pytest.fixture(scope="session", autouse=True)
def flush_may_empty_the_ledger():
    """Tests with real transactions empty all tables afterwards. SQLite does it by
    DELETE, which the triggers of the ledger refuse; PostgreSQL by TRUNCATE."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_without_triggers(operations, statements):
        with append_only.lifted(operations.connection):
            return flush(operations, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield


@pytest.fixture(autouse=True)
def nothing_left_by_the_test_before():
    """The language, the cache and the memo of criteria sets belong to the process, not
    to a test; after a rollback SQLite hands out the same keys again."""
    forget_trees()
    with translation.override(settings.LANGUAGE_CODE):
        yield
    cache.clear()
