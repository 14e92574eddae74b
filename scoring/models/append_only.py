"""Database triggers that refuse UPDATE and DELETE on tables that only grow.

Laid after every migration, from here alone: on SQLite a later change of a table
rebuilds it and silently drops its triggers. On PostgreSQL TRUNCATE is a matter
of privileges (docs/operating.md).
"""

from contextlib import contextmanager

from django.core import checks
from django.db import DatabaseError, connections

TABLES = ("scoring_ledgerline", "scoring_freeze", "scoring_frozenresult")

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION par_index_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % of %', TG_OP, TG_TABLE_NAME;
END
$$ LANGUAGE plpgsql
"""


def trigger_name(table, event):
    return f"{table}_no_{event.lower()}"


def lay(connection):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table in TABLES:
            for event in ("UPDATE", "DELETE"):
                _lay_one(connection.vendor, cursor, table, event)


def _lay_one(vendor, cursor, table, event):
    name = trigger_name(table, event)
    if vendor == "postgresql":
        cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION par_index_append_only()"
        )
    else:
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'append-only: {event} of {table}'); END"
        )


def remove(connection):
    with connection.cursor() as cursor:
        for table in TABLES:
            for event in ("UPDATE", "DELETE"):
                name = trigger_name(table, event)
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


@contextmanager
def lifted(connection):
    """Without the triggers, for tests that must flush or tamper. Never in the product."""
    remove(connection)
    try:
        yield
    finally:
        lay(connection)


def missing(connection):
    """Names of triggers that should stand in the database and do not."""
    if connection.vendor == "postgresql":
        query = (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled<>'D'"
        )
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
        tables = set(connection.introspection.table_names(cursor))
    wanted = {
        trigger_name(table, event)
        for table in TABLES
        if table in tables
        for event in ("UPDATE", "DELETE")
    }
    return sorted(wanted - present)


def lay_after_migrate(sender, using, **kwargs):
    """``post_migrate`` handler. A partial migration may not have all tables yet."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    if present.issuperset(TABLES):
        lay(connection)


def check_triggers(app_configs, databases, **kwargs):
    """System check (tag ``database``): without its triggers the site does not start."""
    errors = []
    for alias in databases or []:
        try:
            lacking = missing(connections[alias])
        except DatabaseError as unreachable:
            errors.append(checks.Error(str(unreachable), id="scoring.E002"))
            continue
        if lacking:
            errors.append(
                checks.Error(
                    "The ledger is not protected: triggers are missing: "
                    + ", ".join(lacking),
                    hint="Run: manage.py migrate",
                    id="scoring.E001",
                )
            )
    return errors
