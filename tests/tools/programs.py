"""The machine's programs that some tests drive, and how to get them.

    python -m tests.tools.programs              say what is missing
    python -m tests.tools.programs --install    install it where that is possible

Where the tests may skip (``REQUIRE_ALL`` is not set), a missing program is one
clear line and never an error. With ``REQUIRE_ALL=1`` it is an error.
"""

import argparse
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import postgres


@dataclass(frozen=True, slots=True)
class Program:
    """A program under any of ``names``, from the Debian package ``package``."""

    title: str
    names: tuple[str, ...]
    package: str

    def path(self) -> Path | None:
        found = (shutil.which(name) for name in self.names)
        return next((Path(path) for path in found if path), None)


CHROMIUM = Program(
    "Chromium", ("chromium", "chromium-browser", "google-chrome"), "chromium"
)
LIBREOFFICE = Program("LibreOffice", ("soffice", "libreoffice"), "libreoffice-calc")
PDFTOPPM = Program("pdftoppm", ("pdftoppm",), "poppler-utils")


@dataclass(frozen=True, slots=True)
class PythonOfOffice(Program):
    """The system's Python, when it can speak with LibreOffice (the module uno)."""

    def path(self) -> Path | None:
        return Program.path(self) if UNO_MODULE.exists() else None


# Debian's Python alone finds the module; the tests' own environment does not.
UNO_MODULE = Path("/usr/lib/python3/dist-packages/uno.py")
UNO = PythonOfOffice("Python-UNO", ("/usr/bin/python3",), "python3-uno")
PROGRAMS = (CHROMIUM, LIBREOFFICE, UNO, PDFTOPPM)

POSTGRESQL_PACKAGE = "postgresql"


def is_all_required() -> bool:
    return os.environ.get("REQUIRE_ALL", "") not in {"", "0"}


def has_postgresql() -> bool:
    return bool(os.environ.get("TEST_DATABASE_URL") or postgres.installed())


def missing() -> dict[str, str]:
    """What is not on this machine: title -> Debian package."""
    lacking = {
        program.title: program.package for program in PROGRAMS if program.path() is None
    }
    if not has_postgresql():
        lacking["PostgreSQL"] = POSTGRESQL_PACKAGE
    return lacking


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages):
    """Install Debian packages; a failure shows in what is still missing afterwards."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "-y", "install", "--no-install-recommends", *packages],
    ):
        print(" ".join(command), flush=True)
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)


def main():
    parser = argparse.ArgumentParser(description="Programs that the tests need.")
    parser.add_argument(
        "--install", action="store_true", help="install what is missing, if possible"
    )
    if parser.parse_args().install and (lacking := missing()) and can_install():
        install(sorted(lacking.values()))
    for title, package in missing().items():
        consequence = "required" if is_all_required() else "its tests are skipped"
        print(f"{title} is missing ({consequence}): apt-get install {package}")
    return 1 if is_all_required() and missing() else 0


if __name__ == "__main__":
    sys.exit(main())
