"""Measure on the one database that the environment names; one JSON line per promise.

Started by ``__main__``, which lays out the environment before Django reads it.
"""

import argparse
import io
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.management import call_command
from django.test.utils import override_settings

django.setup()

from scoring.labels import RoleName  # noqa: E402
from scoring.models import Assessment, Role, Round, User  # noqa: E402
from scoring.states import FileState  # noqa: E402

from . import autosave, deadline_hour, indices, one_cell, sheet, workbook  # noqa: E402
from . import city as cities  # noqa: E402

BENCHES = {
    "indices_from_cells": indices.measure,
    "one_changed_cell": one_cell.measure,
    "score_sheet": sheet.measure,
    "export_results": workbook.measure_export,
    "against_libreoffice": workbook.measure_office,
    # Last, for they leave a city that many hands have changed.
    "autosave": autosave.measure,
    "deadline_hour": deadline_hour.measure,
}
PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
LOCAL_FILES = {"BACKEND": "django.core.files.storage.FileSystemStorage"}


@dataclass(slots=True)
class City:
    """A round that has been loaded, its files, and the officer of each file."""

    round: Round
    files: list
    officers: list
    small: object = None

    @property
    def file(self):
        return self.files[0]

    @property
    def officer(self):
        return self.officers[0]


def build():
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory(prefix="par-index-bench-") as folder:
        large, small = Path(folder, "c"), Path(folder, "small")
        cities.write_bundle(large, cities.YEAR, cities.GROUPS_OF_C, cities.FIELDS_OF_C)
        cities.write_bundle(small, cities.SMALL_YEAR, cities.SMALL_GROUPS, 1)
        for path in (large, small):
            call_command("load_round", str(path), stdout=io.StringIO())
    city = _city(cities.YEAR)
    city.small = _city(cities.SMALL_YEAR)
    return city


def _city(year):
    round_ = Round.objects.get(year=year)
    # Judged already, but open to the agencies: both kinds of work are measured.
    Assessment.objects.filter(round=round_).update(state=FileState.SCORING)
    files = list(
        Assessment.objects.filter(round=round_)
        .select_related("round", "agency", "group__criteria_set")
        .order_by("group__position", "position")
    )
    return City(round_, files, [_officer(file) for file in files])


def _officer(file):
    user = User.objects.create(
        username=f"{file.round.year}-{file.agency.code}", full_name="Cán bộ đầu mối"
    )
    Role.objects.create(user=user, name=RoleName.OFFICER, agency=file.agency)
    return user


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=BENCHES)
    only = parser.parse_args().only
    with (
        tempfile.TemporaryDirectory(prefix="par-index-bench-") as folder,
        override_settings(
            STORAGES={"default": LOCAL_FILES, "staticfiles": PLAIN_FILES},
            STATIC_ROOT=folder,
        ),
    ):
        city = build()
        for name, measure in BENCHES.items():
            if only in (None, name):
                for result in measure(city):
                    line = {**result.facts(), "note": result.note}
                    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
