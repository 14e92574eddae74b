"""What computes stands on the standard library alone: no Django, database or clock.

Who may import whom among the packages is checked by import-linter (pyproject.toml),
which `make lint` and `make test` run.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PURE = sorted(
    [*(ROOT / "scoring/index").rglob("*.py"), *(ROOT / "councils").glob("tally.py")]
)
# Of the standard library, what looks outside: clock, chance, files, network, processes.
OUTSIDE = {
    *("datetime", "time", "calendar", "zoneinfo"),
    *("random", "secrets", "uuid"),
    *("os", "io", "pathlib", "shutil", "tempfile", "sqlite3", "urllib", "http"),
    *("socket", "subprocess", "threading", "multiprocessing", "asyncio", "logging"),
}
PURE_ONLY = """
import sys
import {module}
foreign = {{"django", "psycopg2", "openpyxl", "sqlite3"}} & set(sys.modules)
sys.exit(f"{module} brought in {{foreign}}" if foreign else 0)
"""


def imported_names(path):
    """Top-level names of absolute imports, relative ones as ``.``-paths resolved."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def is_allowed(name):
    package = name.split(".")[0]
    if name == "scoring.index" or name.startswith("scoring.index."):
        return True
    return package in sys.stdlib_module_names and package not in OUTSIDE


def test_the_pure_parts_are_there():
    assert ROOT / "scoring/index/__init__.py" in PURE


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_modules_import_the_pure_standard_library_alone(path):
    assert [name for name in imported_names(path) if not is_allowed(name)] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("decimal", True),
        ("scoring.index.values", True),
        ("scoring.models", False),
        ("django.utils.translation", False),
        ("datetime", False),
    ],
)
def test_the_check_itself_can_fail(name, expected):
    assert is_allowed(name) is expected


def test_the_engine_loads_without_django():
    loaded = subprocess.run(
        [sys.executable, "-c", PURE_ONLY.format(module="scoring.index.values")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_float_stands_in_what_computes(path):
    floats = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
        )
    ]
    assert floats == []
