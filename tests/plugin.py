"""The pytest plugin that gives every run its database; loaded by pyproject.toml.

    pytest                          SQLite in a temporary file
    pytest --database postgresql    a private PostgreSQL server, or the one that
                                    TEST_DATABASE_URL names

A plugin and not a conftest.py, since pytest-django loads the settings before
any conftest.py is read, and the settings read the database from the
environment. With pytest-xdist the controller starts the server, and the
workers inherit its address.
"""

import json
import os
from pathlib import Path

import pytest

from .tools import postgres, programs

TESTS = Path(__file__).resolve().parent
SERVER = pytest.StashKey[postgres.Server]()

# The folders (or single files) whose tests concern data: they run on both databases.
DATA = {"models", "actions", "queries", "exchange", "commands", "journeys"}

# Whatever the developer's shell holds, the tests must meet none of it.
ENVIRONMENT = {
    "SECRET_KEY": "for tests only, long enough to be no warning of Django's checks",
    "DEBUG": "0",
    "DEMO": "0",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "PLAIN_HTTP": "1",
    "MEDIA_ROOT": "/nonexistent/every-test-has-its-own",
}
# fixtures.py names the file of each process; whatever opens this one instead fails.
# Not ":memory:": live servers would lend their threads one and the same connection.
UNUSED_SQLITE = "sqlite:////nonexistent/every-process-has-its-own.sqlite3"
FOREIGN = (
    "DEFAULT_FROM_EMAIL",
    "ISSUING_BODY",
    "UPLOAD_MAX_MEGABYTES",
    "BEHIND_PROXY",
    "CSRF_TRUSTED_ORIGINS",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
    "EVIDENCE_EXTENSIONS",
    "EVIDENCE_MAX_MEGABYTES",
    "EVIDENCE_MAX_MEGAPIXELS",
    "EVIDENCE_MAX_PARTS",
    "EVIDENCE_MAX_UNPACKED_MEGABYTES",
    "EVIDENCE_S3_ACCESS_KEY",
    "EVIDENCE_S3_ADDRESSING",
    "EVIDENCE_S3_BUCKET",
    "EVIDENCE_S3_ENDPOINT",
    "EVIDENCE_S3_FOLDER",
    "EVIDENCE_S3_REGION",
    "EVIDENCE_S3_SECRET_KEY",
    "LOGIN_FAILURE_LIMIT",
    "SITE_URL",
)


def pytest_addoption(parser):
    group = parser.getgroup("database")
    group.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="where the tests store their data (default: sqlite)",
    )
    group.addoption(
        "--data-only",
        action="store_true",
        help=f"run only the tests that concern data: {', '.join(sorted(DATA))}",
    )
    group.addoption(
        "--write-counts",
        type=Path,
        metavar="FILE",
        help="write how many tests passed and were skipped, and which failed, as JSON",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Before pytest-django reads the settings: wrappers run first of all."""
    options = early_config.known_args_namespace
    if not (is_xdist_worker() or options.help or options.version):
        prepare_environment(early_config, options.database)
    result = yield
    if early_config.pluginmanager.hasplugin("django"):
        early_config.pluginmanager.import_plugin("tests.fixtures")
    return result


def prepare_environment(config, database):
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(ENVIRONMENT)
    os.environ["DATABASE_URL"] = database_url(config, database)


def database_url(config, database):
    if database == "sqlite":
        return UNUSED_SQLITE
    if named := os.environ.get("TEST_DATABASE_URL"):
        return named
    try:
        server = postgres.start()
    except postgres.PostgresUnavailable as error:
        raise pytest.UsageError(f"PostgreSQL: {error}") from error
    config.stash[SERVER] = server
    return server.url()


def is_xdist_worker():
    return "PYTEST_XDIST_WORKER" in os.environ


def pytest_unconfigure(config):
    if SERVER in config.stash:
        config.stash[SERVER].stop()


def pytest_report_header(config):
    return f"database: {config.getoption('database')}"


def pytest_terminal_summary(terminalreporter, config):
    if file := config.getoption("write_counts"):
        file.write_text(json.dumps(counts(terminalreporter.stats)), encoding="utf-8")


def counts(stats):
    """Of pytest's outcomes, by what they mean: an error is a failure, too."""
    numbers = {outcome: len(reports) for outcome, reports in stats.items()}
    return {
        "passed": numbers.get("passed", 0) + numbers.get("xpassed", 0),
        "failed": [
            report.nodeid
            for outcome in ("failed", "error")
            for report in stats.get(outcome, ())
        ],
        "skipped": numbers.get("skipped", 0) + numbers.get("xfailed", 0),
    }


def pytest_configure(config):
    for line in (
        "browser: drives the machine's Chromium; skipped where there is none",
        "office: recalculates in LibreOffice; skipped where there is none",
        "uno: fills in workbooks in LibreOffice; skipped where there is none",
        "postgresql: tells something of PostgreSQL alone; skipped on SQLite",
        "sqlite: tells something of SQLite alone; skipped on PostgreSQL",
    ):
        config.addinivalue_line("markers", line)


def pytest_collection_modifyitems(config, items):
    if not config.getoption("data_only"):
        return
    others = [item for item in items if not belongs_to_data_run(item)]
    items[:] = [item for item in items if belongs_to_data_run(item)]
    config.hook.pytest_deselected(items=others)


def belongs_to_data_run(item):
    """What tells something of SQLite alone runs here or nowhere."""
    return concerns_data(item.path) or item.get_closest_marker("sqlite") is not None


def concerns_data(path):
    """``tests/scoring/models/test_x.py`` and ``tests/councils/test_models.py`` do."""
    below = path.relative_to(TESTS)
    return not DATA.isdisjoint({*below.parent.parts, below.stem.removeprefix("test_")})


def pytest_runtest_setup(item):
    require(item, "browser", programs.CHROMIUM)
    require(item, "office", programs.LIBREOFFICE)
    require(item, "uno", programs.LIBREOFFICE)
    require(item, "uno", programs.UNO)
    database = item.config.getoption("database")
    for other in {"sqlite", "postgresql"} - {database}:
        if item.get_closest_marker(other):
            pytest.skip(f"tells something of {other} alone")


def require(item, marker, program):
    if item.get_closest_marker(marker) is None or program.path():
        return
    reason = f"{program.title} is missing: apt-get install {program.package}"
    if programs.is_all_required():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
