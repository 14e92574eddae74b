"""``manage.py export_results YEAR FILE.xlsx``."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import load_workbook

from scoring.exchange.results_workbook import results_workbook
from tests.scoring.exchange.worlds import results_world

pytestmark = pytest.mark.django_db


def test_it_writes_the_very_workbook_whatever_the_language(tmp_path):
    world, file = results_world(), tmp_path / "kết quả.xlsx"
    with translation.override("en"):
        call_command("export_results", str(world.round.year), str(file))

    assert file.read_bytes() == results_workbook(world.round)
    assert load_workbook(file).worksheets[0]["A4"].value.startswith("PHỤ LỤC 1.")


def test_an_unknown_year_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(CommandError, match="1999"):
        call_command("export_results", "1999", str(tmp_path / "x.xlsx"))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    world, file = results_world(), tmp_path / "missing" / "x.xlsx"
    with pytest.raises(CommandError, match="missing"):
        call_command("export_results", str(world.round.year), str(file))
