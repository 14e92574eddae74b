"""The private PostgreSQL server of a test run: closed to others, gone afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.tools import postgres

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds; what is waited for usually takes one

# A run as pytest makes it: starts a server, says where, and works on. It takes Ctrl+C
# even where these tests run in a shell's background, which ignores it.
RUN = """
import signal, time
from tests.tools import postgres
signal.signal(signal.SIGINT, signal.default_int_handler)
server = postgres.start()
print(server.address, server.directory, server.keeper.pid, flush=True)
try:
    time.sleep(600)
finally:
    server.stop()
"""

pytestmark = pytest.mark.skipif(
    not postgres.installed(), reason="no PostgreSQL server programs"
)


def within_patience(condition):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_reachable(address):
    try:
        psycopg2.connect(f"{address}/postgres", connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


@pytest.fixture
def run():
    """A process that holds a server: (process, address, directory, keeper's pid)."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with process:
        address, directory, keeper = process.stdout.readline().split()
        yield process, address, Path(directory), int(keeper)
        process.kill()


@pytest.mark.parametrize(
    "programs", postgres.installed(), ids=lambda path: path.parts[-2]
)
def test_server_answers_and_leaves_nothing(programs):
    with postgres.private_server(programs) as server:
        assert server.url("bench") == f"{server.address}/bench"
        connection = psycopg2.connect(server.url())
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('fsync'), 'đ' < 'z'")
            assert cursor.fetchone() == ("off", False)  # the poorest collation
        connection.close()
        assert server.directory.exists()

    assert not is_reachable(server.address)
    assert not server.directory.exists()


def test_server_asks_for_its_password():
    with postgres.private_server() as server:
        parts = urlsplit(server.address)
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(
                host=parts.hostname, port=parts.port, user="tests", password="guess"
            )


def test_two_servers_stand_side_by_side():
    with postgres.private_server() as one, postgres.private_server() as other:
        assert one.address != other.address
        assert is_reachable(one.address)
        assert is_reachable(other.address)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_server_is_gone_when_its_run_is_ended(run, ending):
    process, address, directory, _keeper = run
    assert is_reachable(address)

    process.send_signal(ending)

    assert within_patience(lambda: not directory.exists())
    assert not is_reachable(address)


def test_server_is_gone_when_the_whole_process_group_is_killed(run):
    process, address, directory, _keeper = run

    os.killpg(process.pid, signal.SIGKILL)

    assert within_patience(lambda: not directory.exists())
    assert not is_reachable(address)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_server_is_gone_even_when_its_keeper_is_killed(run):
    _process, address, directory, keeper = run

    os.kill(keeper, signal.SIGKILL)

    assert within_patience(lambda: not (directory / "data/postmaster.pid").exists())
    assert not is_reachable(address)
    shutil.rmtree(directory)  # all that nobody is left to remove


def test_programs_that_cannot_start_are_refused_with_the_reason(tmp_path):
    programs = tmp_path / "server" / "bin"
    programs.mkdir(parents=True)
    (programs / "initdb").write_text("#!/bin/sh\necho out of order >&2\nexit 1\n")
    (programs / "initdb").chmod(0o755)

    with pytest.raises(postgres.PostgresUnavailable, match="out of order"):
        postgres.start(programs)
