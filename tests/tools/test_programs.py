"""A missing program is one clear line, and an error only where all are required."""

import pytest

from tests.tools import programs, run


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """No program on the PATH, no PostgreSQL server either."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(programs.postgres, "installed", list)
    monkeypatch.setattr(programs, "UNO_MODULE", tmp_path / "uno.py")
    monkeypatch.setattr("sys.argv", ["programs"])
    return tmp_path


@pytest.mark.parametrize(
    ("required", "status", "consequence"),
    [("0", 0, "its tests are skipped"), ("1", 1, "required")],
)
def test_each_missing_program_is_one_line(
    bare_machine, monkeypatch, capsys, required, status, consequence
):
    monkeypatch.setenv("REQUIRE_ALL", required)

    assert programs.main() == status

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" is missing ")[0] for line in lines] == [
        "Chromium",
        "LibreOffice",
        "Python-UNO",
        "pdftoppm",
        "PostgreSQL",
    ]
    assert all(f"({consequence}): apt-get install" in line for line in lines)


def test_a_program_is_found_under_any_of_its_names(bare_machine):
    program = bare_machine / "chromium-browser"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)

    assert programs.CHROMIUM.path() == program
    assert "Chromium" not in programs.missing()


def test_without_postgresql_everything_runs_on_sqlite(bare_machine, monkeypatch):
    assert run.selections() == [["--database=sqlite"]]

    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://somewhere/else")
    assert run.selections()[0] == ["--database=postgresql"]
