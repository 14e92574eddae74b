"""The answer to a save, filled into its layout, is what the template prints in full."""

import pytest
from django.utils import timezone, translation

from scoring.labels import Layer
from scoring.models import Cell, Remark
from scoring.queries.sheets import sheet_of
from scoring.templatetags import sheets
from scoring.views.assessments import sheet_words
from tests.factories import World
from tests.scoring.templatetags.test_sheets import FORGED, HOSTILE, STATES

pytestmark = pytest.mark.django_db

BASE = '/rounds/2026/files/a&b"/'


@pytest.fixture
def world():
    return World()


@pytest.fixture(autouse=True)
def _nothing_laid_out():
    sheets._saved_layouts.cache_clear()


def pairs(world):
    """``[(filled, printed in full)]`` of each leaf that can be saved."""
    sheet = sheet_of(world.file)
    found = []
    for row in sheet.rows:
        if row.kind == "leaf":
            row.is_open = True
            page = {"words": sheet_words(), "columns": sheet.columns, "base": BASE}
            pieces = (row, sheet.totals, sheet.field_of(row))
            found.append(
                (
                    sheets.saved_row(row, sheet, BASE, sheet_words()),
                    sheets._print_saved(page, pieces),
                )
            )
    return found


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_filled_answer_is_that_of_the_template(world, state, language):
    state(world)
    with translation.override(language):
        for filled, in_full in pairs(world) * 2:
            assert filled == in_full


def test_one_layout_serves_what_differs_in_texts_alone(world):
    STATES[1](world)
    first, second = sheet_of(world.file), sheet_of(world.file)
    second.row("1.3").reason, second.row("1.3").version = f"{HOSTILE}{FORGED}", 4321
    printed = [
        sheets.saved_row(sheet.row("1.3"), sheet, BASE, sheet_words())
        for sheet in (first, second)
    ]

    layouts = sheets._saved_layouts(tuple(sheet_words().items()), first.columns)
    assert layouts.cache_info()[:2] == (1, 1)
    assert 'value="4321"' in printed[1]
    assert "<script>" not in printed[1]
    assert FORGED in printed[1]
    assert "4321" not in printed[0]


def test_a_field_that_is_done_and_one_that_is_not_are_told_apart(world):
    STATES[1](world)
    done, __ = pairs(world)[0]
    Cell.objects.filter(layer=Layer.SELF, criterion__code="1.3").delete()
    still, in_full = pairs(world)[0]

    assert "is-done" in done
    assert "is-done" not in still
    assert still == in_full


def test_remarks_are_printed(world):
    Remark.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code="1.3"),
        text=HOSTILE,
        at=timezone.now(),
        by=world.leader(),
    )
    (answer,) = (filled for filled, __ in pairs(world) if 'id="row-1-3"' in filled)

    assert "state-returned" in answer
