"""`make test`: the contracts of imports, then the tests on each database.

    python -m tests.tools.run [arguments for pytest]

Everything runs on PostgreSQL; what concerns data runs on SQLite too. Both runs
are made even when the first fails, so that one look shows everything. The last
lines name what failed and sum them up.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import programs

ROOT = Path(__file__).resolve().parents[2]
WORKERS = os.environ.get("TEST_WORKERS", "2")


def main(arguments):
    started = time.monotonic()
    prepared = subprocess.run(
        [sys.executable, "-m", "tests.tools.programs", "--install"],
        cwd=ROOT,
        check=False,
    )
    if prepared.returncode:
        return prepared.returncode
    contracts_hold = check_contracts()
    with tempfile.TemporaryDirectory(prefix="par-index-counts-") as directory:
        files = [Path(directory) / f"{number}.json" for number in range(2)]
        statuses = [
            run_pytest(selection, file, arguments)
            for selection, file in zip(selections(), files, strict=False)
        ]
        numbers = sum_up(files)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"\nimports: {'as agreed' if contracts_hold else 'NOT as agreed'}")
    print(f"time: {minutes} min {seconds} s")
    for name in numbers["failed"]:
        print(f"failed: {name}")
    print(
        f"tests: {numbers['passed']} passed, {len(numbers['failed'])} failed, "
        f"{numbers['skipped']} skipped",
        flush=True,
    )
    return 0 if contracts_hold and not any(statuses) else 1


def check_contracts():
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def selections():
    """Arguments of each run of pytest: which database, which tests."""
    if programs.has_postgresql():
        return [
            ["--database=postgresql"],
            ["--database=sqlite", "--data-only"],
        ]
    return [["--database=sqlite"]]


def run_pytest(selection, counts_file, arguments):
    """The exit status of one run; to run no test at all is a failure (status 5)
    unless the caller's own arguments chose the tests."""
    print(f"\n--- tests: {' '.join(selection)}", flush=True)
    status = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", *selection),
            *("-q", f"--numprocesses={WORKERS}", "--dist=worksteal"),
            f"--write-counts={counts_file}",
            *arguments,
        ],
        cwd=ROOT,
        check=False,
    ).returncode
    return 0 if status == 5 and arguments else status


def sum_up(files):
    """How many passed and were skipped, and the names of those that failed."""
    numbers = {"passed": 0, "failed": [], "skipped": 0}
    for file in files:
        if file.exists():
            for outcome, number in json.loads(file.read_text("utf-8")).items():
                numbers[outcome] += number
    return numbers


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
