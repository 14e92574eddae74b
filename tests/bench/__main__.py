"""``make bench``: measure on both databases, print a table, write bench-results.json."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.plugin import ENVIRONMENT, FOREIGN
from tests.tools import postgres, programs

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "bench-results.json"
SIZE = "C (127 × 90)"
COLUMNS = ("name", "database", "ratio", "promised", "holds", "note")


def main():
    only = _arguments().only
    results = []
    with contextlib.ExitStack() as stack:
        for database, url in _databases(stack):
            print(f"measuring on {database} …", flush=True)
            results += _measure(database, url, only)
    if programs.LIBREOFFICE.path() is None:
        print(f"LibreOffice is missing: apt-get install {programs.LIBREOFFICE.package}")
    _show(results)
    facts = [
        {key: result[key] for key in result if key != "note"} for result in results
    ]
    RESULTS.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", metavar="NAME", help="measure one promise alone")
    return parser.parse_args()


def _databases(stack):
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="par-index-bench-"))
    yield "sqlite", f"sqlite:///{folder}/bench.sqlite3"
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield "postgresql", named
        return
    try:
        server = stack.enter_context(postgres.private_server())
    except postgres.PostgresUnavailable as error:
        print(f"PostgreSQL is left out: {error}")
        return
    yield "postgresql", server.url()


def _measure(database, url, only):
    """Run one process for one database; its lines become results."""
    environment = {
        key: value for key, value in os.environ.items() if key not in FOREIGN
    }
    environment.update(ENVIRONMENT)
    environment.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="par_index.settings")
    command = [sys.executable, "-m", "tests.bench.measure"]
    run = subprocess.run(
        [*command, *(["--only", only] if only else [])],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if run.returncode:
        sys.exit(run.returncode)
    return [
        {"database": database, "size": SIZE, **json.loads(line)}
        for line in run.stdout.splitlines()
    ]


def _show(results):
    rows = [COLUMNS, *(_row(result) for result in results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    kept = sum(result["holds"] for result in results)
    print(f"{kept} of {len(results)} promises hold; written to {RESULTS.name}")


def _row(result):
    bound = "≤" if "at_most" in result else "≥"
    promised = result.get("at_most", result.get("at_least"))
    return (
        result["name"],
        result["database"],
        f"{result['ratio']:.2f}",
        f"{bound} {promised}",
        "yes" if result["holds"] else "NO",
        result["note"],
    )


if __name__ == "__main__":
    main()
