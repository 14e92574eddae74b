"""A line that is laid out once and filled is the line that the template prints."""

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from scoring.actions.cells import CellChange, save
from scoring.labels import Layer
from scoring.models import Assessment, Cell, EvidenceLink
from scoring.permissions import AssessmentRights
from scoring.queries.criteria import tree_of
from scoring.queries.sheet_filters import narrow
from scoring.queries.sheets import sheet_of
from scoring.templatetags import sheets
from scoring.views.assessments import sheet_words
from tests import papers
from tests.factories import World

pytestmark = pytest.mark.django_db

HOSTILE = """<script>alert("1")</script> & 'x' {{ base }} {% now "Y" %} \\1"""
FORGED = f"mark-{sheets.SECRET}-0- mark-{sheets.SECRET}-5-"


@pytest.fixture
def world():
    return World()


@pytest.fixture(autouse=True)
def _nothing_laid_out():
    sheets._layouts.cache_clear()


def change(code, **values):
    return CellChange(code, Layer.SELF, **values)


def link(file, code, title, user, address):
    document = papers.document(file, title, by=user, link=address)
    criterion = file.group.criteria_set.criteria.get(code=code)
    EvidenceLink.objects.create(
        document=document, criterion=criterion, section=HOSTILE, page="3"
    )


def nothing(world):
    pass


def scored(world):
    changes = [
        change("1.1", data={"option": 2}, points=Decimal(2), reason=HOSTILE),
        change("1.2", data={"numerator": 9, "denominator": 10}),
        change("1.3", points=Decimal(0), reason=FORGED),
        change("9.1", data={"count": 1}),
        change("9.2", data={"count": 2}),
    ]
    save(world.file, changes, by=world.officer())


def not_applicable(world):
    data = {"numerator": 0, "denominator": 0}
    changes = [change("1.2", data=data), change("1.1", data={"option": 1})]
    save(world.file, changes, by=world.officer())


def overridden_where_not_applicable(world):
    data = {"numerator": 0, "denominator": 0}
    changes = [change("1.2", data=data, points=Decimal(1), reason="Có văn bản")]
    save(world.file, changes, by=world.officer())


def proposed(world):
    changes = [change("1.2", not_applicable="proposed", reason=HOSTILE)]
    save(world.file, changes, by=world.officer())


def proved(world):
    user = world.officer()
    scored(world)
    link(world.file, "1.1", HOSTILE, user, 'https://example.vn/?a=1&b="2"')
    link(world.file, "1.1", FORGED, user, "https://example.vn/")
    papers.document(
        world.file,
        "Kế hoạch <b>",
        by=user,
        file="evidence/1.pdf",
        file_name="1.pdf",
        file_size=1,
        sha256="0" * 64,
        media_type="application/pdf",
    ).links.create(criterion=world.set.criteria.get(code="1.3"))


def judged(world):
    """By everybody that can: with points, without, not applicable."""
    scored(world)
    for code, layer, points in (
        ("1.1", Layer.APPRAISED, "1.5"),
        ("1.1", Layer.EXPLAINED, "2"),
        ("1.2", Layer.APPRAISED, None),
        ("9.2", Layer.COUNCIL, "-1"),
    ):
        leaf = tree_of(world.set).leaf(code)
        Cell.objects.create(
            assessment=world.file,
            criterion=world.set.criteria.get(code=code),
            layer=layer,
            low_points=leaf.low,
            high_points=leaf.high,
            points=None if points is None else Decimal(points),
            not_applicable="" if points else "confirmed",
            reason=HOSTILE,
            updated_at=timezone.now(),
            updated_by=world.manager(),
        )


def exempted(world):
    world.file.exemptions.create(
        criterion=world.set.criteria.get(code="1"), document=HOSTILE
    )


STATES = [
    nothing,
    scored,
    not_applicable,
    overridden_where_not_applicable,
    proposed,
    proved,
    exempted,
    judged,
]
LATER = (Layer.APPRAISED, Layer.EXPLAINED, Layer.COUNCIL)


def shown(world, may_edit, layers=()):
    """``(sheet, what its lines take)`` of the first file as it is stored now."""
    file = Assessment.objects.select_related(
        "round", "agency", "group__criteria_set"
    ).get(pk=world.file.pk)
    sheet = sheet_of(file, layers)
    return sheet, {
        "sheet": sheet,
        "columns": sheet.columns,
        "base": "/rounds/2026/files/a&b/",
        "rights": AssessmentRights(see=True, edit=may_edit),
        "words": sheet_words(),
        "csrf_token": "t0k3n",
    }


def filled(page):
    return Template("{% load sheets %}{% sheet_rows %}").render(Context(page))


def in_full(sheet, page):
    return "".join(sheets._print(row, page) for row in sheet.rows)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("may_edit", [True, False], ids=["edited", "read"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("layers", [(), LATER], ids=["own", "later"])
def test_filled_lines_are_those_of_the_template(
    world, state, may_edit, language, layers
):
    state(world)
    with translation.override(language):
        sheet, page = shown(world, may_edit, layers)
        sheet.row("1.1").is_open = True
        narrow(sheet, show="not_scored")

        assert filled(page) == in_full(sheet, page)


def test_later_columns_are_filled_for_each_agency_anew(world):
    judged(world)
    _sheet, page = shown(world, False, LATER)
    lines = filled(page)
    world.file = world.files[1]
    _sheet, page = shown(world, False, LATER)

    assert lines.count("layer-appraised") == 5
    assert ">1,5<" in lines
    assert filled(page).count("layer-appraised") == 5
    assert "layer-council" not in filled(page)
    assert ">1,5<" not in filled(page)


def test_lines_laid_out_for_one_agency_carry_nothing_of_it_to_another(world):
    proved(world)
    sheet, page = shown(world, may_edit=True)
    first = filled(page)
    world.file = world.files[1]
    sheet, page = shown(world, may_edit=True)
    page |= {"base": "/other/", "csrf_token": "another"}

    other = filled(page)

    assert 'value="9"' in first
    assert other == in_full(sheet, page)
    for foreign in ("t0k3n", "a&amp;b", "alert", 'value="9"', " checked", "1.pdf"):
        assert foreign not in other


def test_what_people_wrote_is_escaped_and_their_marks_stay_texts(world):
    proved(world)
    _sheet, page = shown(world, may_edit=True)

    lines = filled(page)

    assert "<script" not in lines
    assert "Kế hoạch <b>" not in lines
    assert 'b="2"' not in lines
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in lines
    # As the reason on the line, in the form, and twice where the document is named.
    assert lines.count(FORGED) >= 4
    assert lines.count(sheets.SECRET) == lines.count(FORGED) * 2


def test_a_row_with_something_typed_is_printed_in_full(world):
    sheet, page = shown(world, may_edit=True)
    row = sheet.row("1.1")
    row.errors, row.reason_typed = ("Sai <i>",), HOSTILE

    lines = filled(page)

    assert "Sai &lt;i&gt;" in lines
    assert lines == in_full(sheet, page)


def test_agencies_with_like_rows_share_their_layout(world, monkeypatch):
    printed = []
    in_full_ = sheets._print
    monkeypatch.setattr(
        sheets, "_print", lambda row, page: printed.append(row) or in_full_(row, page)
    )
    scored(world)
    filled(shown(world, may_edit=True)[1])
    first = len(printed)
    world.file = world.files[1]
    changes = [change("1.2", data={"numerator": 7, "denominator": 10})]
    save(world.file, changes, by=world.officer(world.file))

    filled(shown(world, may_edit=True)[1])

    # Those that are not scored here are of another shape; 1.2 is not.
    again = {row.text.code for row in printed[first:]}
    assert first == 10
    assert again == {"1.1", "1.3", "9.1", "9.2"}


@pytest.mark.parametrize("may_edit", [True, False])
def test_the_dialog_of_keys_speaks_the_readers_language(may_edit):
    """It is kept from one reader to the next, but for each language apart."""
    dialogs = set()
    for language in ("vi", "en", "vi"):
        with translation.override(language):
            dialogs.add(sheets.sheet_keys(may_edit))
            assert _("Shortcuts of the score sheet") in sheets.sheet_keys(may_edit)

    assert all(("<kbd>n</kbd>" in dialog) == may_edit for dialog in dialogs)
