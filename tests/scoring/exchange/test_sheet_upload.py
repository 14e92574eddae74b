"""A filled workbook of the own sheet: what it changes, and every fault at its cell."""

import io
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.utils import translation

from scoring.actions import assessments, files
from scoring.actions.offline import save_sheet
from scoring.exchange.reader import MOST_BYTES
from scoring.exchange.sheet_differences import differences, row_from_plain
from scoring.exchange.sheet_stamp import SHEET_NAME
from scoring.exchange.sheet_upload import read_sheet_workbook
from scoring.labels import Layer, LedgerKind, PhaseName
from scoring.models import Cell, LedgerLine
from scoring.refusals import Conflict, NotAllowed, Refused
from tests.factories import World
from tests.scoring.exchange.sheet_forms import (
    Form,
    declare,
    fresh,
    handed_out,
    save,
    world_of,
)
from tests.scoring.exchange.test_sheet_workbook import FIGURES, filled_world
from tests.tools.office import filled, recalculated

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World(agencies=2)


@pytest.fixture
def officer(world):
    return world.officer()


def plan(world, officer, content, file=None):
    return read_sheet_workbook(content, fresh(world, file), by=officer)


def rows(world, officer, content):
    """``{code: (points, data, N/A, reason)}`` of a workbook without faults."""
    read = plan(world, officer, content)
    assert read.faults == ()
    return {
        row.code: (row.points, row.data, row.not_applicable, row.reason)
        for row in read.rows
    }


def faults(world, officer, content):
    """``{address: what is wrong}`` of a workbook that is refused."""
    read = plan(world, officer, content)
    assert read.rows == ()
    return {fault.cell: fault.wrong for fault in read.faults}


def put(world, *entries):
    """A fresh workbook with values typed in: ``(code, what, value[, line])``."""
    form = Form(handed_out(world))
    addresses = [form.put(*entry) for entry in entries]
    return form.saved(), addresses


# --- untouched ------------------------------------------------------------------------


def stored_texts(world, officer):
    """Cells with everything that a round trip could spoil."""
    declare(
        world,
        officer,
        {
            "1.1": {"option": 2},
            "1.2": {"numerator": "0.1", "denominator": "1234567890123456789.25"},
            "9.2": {"count": 1},
        },
    )
    reason = "  =1+1\r\n\n“dòng hai”\t_x0041_ & <b> ệ\u00a0ữ  "
    save(world, officer, "1.3", points=Decimal("0.3333"), reason=reason)
    save(
        world,
        officer,
        "9.1",
        data={"count": 3},
        points=Decimal("0.25"),
        reason="x" * 31_000,
    )


def test_an_untouched_workbook_changes_nothing(world, officer):
    stored_texts(world, officer)
    lines = LedgerLine.objects.count()

    assert rows(world, officer, handed_out(world)) == {}
    assert LedgerLine.objects.count() == lines


@pytest.mark.office
def test_saved_untouched_by_libreoffice_it_changes_nothing(world, officer, tmp_path):
    stored_texts(world, officer)

    assert rows(world, officer, recalculated(handed_out(world), tmp_path)) == {}


@pytest.mark.office
def test_saved_untouched_by_libreoffice_no_rule_changes_anything(tmp_path):
    world, __ = filled_world(FIGURES)

    content = recalculated(handed_out(world), tmp_path)
    assert rows(world, world.officer(), content) == {}


@pytest.mark.parametrize("languages", [("vi", "en"), ("en", "vi")])
def test_the_languages_of_handing_out_and_of_sending_need_not_agree(
    world, officer, languages
):
    declare(world, officer, {"1.1": {"option": 2}})
    save(world, officer, "1.2", not_applicable="proposed", reason="không có hồ sơ")
    with translation.override(languages[0]):
        content = handed_out(world)

    with translation.override(languages[1]):
        assert rows(world, officer, content) == {}


def test_what_changed_on_line_is_not_undone_by_untouched_cells(world, officer):
    content = handed_out(world)
    save(world, officer, "1.3", points=Decimal("0.5"))

    assert rows(world, officer, content) == {}


# --- what is entered ------------------------------------------------------------------


def test_entries_become_cells_with_the_engine_s_points(world, officer):
    content, __ = put(
        world,
        ("1.1", "value", "2. Chậm (1 points)", "option"),
        ("1.2", "value", 45, "numerator"),
        ("1.2", "value", 50, "denominator"),
        ("1.2", "reason", "Báo cáo số 12"),
        ("1.3", "given", 0.25),
        ("9.2", "value", 1, "count"),
    )

    assert rows(world, officer, content) == {
        "1.1": (1, '{"option": 2}', "", ""),
        "1.2": (
            Decimal("2.7"),
            '{"denominator": 50, "numerator": 45}',
            "",
            "Báo cáo số 12",
        ),
        "1.3": (Decimal("0.25"), "", "", ""),
        "9.2": (Decimal("-0.5"), '{"count": 1}', "", ""),
    }


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        (0.1 + 0.2, "0.3"),
        (0.7 + 0.1, "0.8"),
        ("0,5", "0.5"),
        ("0.5", "0.5"),
        (" 0,25 ", "0.25"),
        (1, "1"),
    ],
)
def test_figures_are_those_that_a_person_sees(world, officer, typed, points):
    content, __ = put(world, ("1.3", "given", typed))

    assert rows(world, officer, content)["1.3"][0] == Decimal(points)


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("3. Không (0 điểm)", 3),
        ("3. Không", 3),
        ("Kịp thời", 1),
        ("kịp  thời", 1),
        (2, 2),
        ("2", 2),
    ],
)
def test_an_option_is_known_by_its_number_or_its_words(world, officer, typed, option):
    content, __ = put(world, ("1.1", "value", typed, "option"))

    assert rows(world, officer, content)["1.1"][1] == f'{{"option": {option}}}'


def test_a_proposal_and_points_beside_the_rule_s_need_a_reason(world, officer):
    content, __ = put(world, ("1.2", "proposal", "KAD"), ("9.2", "given", -0.25))
    form = Form(content)
    expected = {
        form.cell("1.2", "reason").coordinate,
        form.cell("9.2", "reason").coordinate,
    }

    assert set(faults(world, officer, content)) == expected
    form.put("1.2", "reason", "không phát sinh")
    form.put("9.2", "reason", "theo biên bản")
    assert rows(world, officer, form.saved()) == {
        "1.2": (None, "", "proposed", "không phát sinh"),
        "9.2": (Decimal("-0.25"), "", "", "theo biên bản"),
    }


def test_cleared_cells_take_the_value_away(world, officer):
    declare(world, officer, {"9.1": {"count": 1}})
    content, __ = put(world, ("9.1", "value", None, "count"))

    assert rows(world, officer, content) == {"9.1": (None, "", "", "")}
    save_sheet(
        fresh(world),
        [row.change() for row in plan(world, officer, content).rows],
        by=officer,
    )
    assert Cell.objects.get().is_blank
    assert LedgerLine.objects.order_by("pk").last().kind == LedgerKind.WITHDRAWN


CHECKLIST = ("checklist", {"items": [{"label": n, "points": 1} for n in "abc"]}, "3")


@pytest.mark.parametrize(
    ("answers", "data"),
    [
        (("Có", None, "Có"), '{"ticked": [1, 3]}'),
        (("Yes", "No", None), '{"ticked": [1]}'),
        (("Không", "Không", "Không"), '{"ticked": []}'),
        ((None, True, None), '{"ticked": [2]}'),
    ],
)
def test_parts_of_a_checklist(answers, data):
    world = world_of([CHECKLIST])
    content, __ = put(
        world, *(("1.1", "value", a, f"ticked-{n}") for n, a in enumerate(answers, 1))
    )

    assert rows(world, world.officer(), content)["1.1"][1] == data


def test_none_of_the_parts_has_to_be_said_of_each():
    world = world_of([CHECKLIST])
    form = Form(handed_out(world))
    form.put("1.1", "value", "Không", "ticked-1")

    assert list(faults(world, world.officer(), form.saved())) == [
        form.cell("1.1", "value", "ticked-2").coordinate
    ]


def test_rows_that_were_sorted_moved_or_deleted_are_still_known(world, officer):
    form = Form(handed_out(world))
    form.put("1.1", "value", 1, "option")
    form.put("1.2", "value", 40, "numerator")
    form.put("1.2", "value", 50, "denominator")
    form.put("9.1", "value", 1, "count")
    sheet = form.sheet
    first, last = min(form.rows.values()), max(form.rows.values())
    cells = [
        [sheet.cell(row, column).value for column in range(1, 15)]
        for row in range(first, last + 1)
    ]
    for row, values in zip(range(first, last + 1), reversed(cells), strict=True):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column).value = value
    gone = next(
        row
        for row in range(first, last + 1)
        if sheet.cell(row, 13).value == "line:9.1|count"
    )
    sheet.delete_rows(gone)
    sheet.insert_cols(3)

    assert rows(world, officer, form.saved()) == {
        "1.1": (2, '{"option": 1}', "", ""),
        "1.2": (Decimal("2.4"), '{"denominator": 50, "numerator": 40}', "", ""),
    }


# --- conflicts ------------------------------------------------------------------------


def test_only_what_changed_on_both_sides_is_a_conflict(world, officer):
    declare(world, officer, {"9.1": {"count": 1}})
    content, __ = put(
        world,
        ("1.1", "value", 1, "option"),
        ("1.3", "given", 1),
        ("9.1", "value", 0, "count"),
    )
    declare(
        world,
        officer,
        {"1.1": {"option": 3}, "1.2": {"numerator": 1, "denominator": 1}},
    )
    save(world, officer, "1.3", points=Decimal(1))

    read = plan(world, officer, content)
    # 1.2 stands as it was handed out; 1.3 says the same on both sides.
    assert [(row.code, row.is_conflict) for row in read.rows] == [
        ("1.1", True),
        ("9.1", False),
    ]
    first, second = differences(fresh(world), read.rows)
    assert (first.before.points, first.after.points) == ("0", "2")
    assert (first.before.data, first.after.data) == ("Không", "Kịp thời")
    assert (second.before.points, second.after.points) == ("1", "0")


def test_a_change_after_the_preview_is_refused_whole(world, officer):
    content, __ = put(world, ("1.3", "given", 1), ("9.1", "value", 1, "count"))
    read = plan(world, officer, content)
    save(world, officer, "9.1", data={"count": 0})

    with pytest.raises(Conflict):
        save_sheet(fresh(world), [row.change() for row in read.rows], by=officer)
    assert not Cell.objects.filter(criterion__code="1.3").exists()


def test_saving_is_one_import_and_a_repeat_changes_nothing(world, officer):
    content, __ = put(world, ("1.3", "given", 1), ("9.1", "value", 1, "count"))
    read = plan(world, officer, content)
    changes = [row_from_plain(row.to_plain()).change() for row in read.rows]

    assert save_sheet(fresh(world), changes, by=officer) == 2
    assert save_sheet(fresh(world), changes, by=officer) == 0
    lines = LedgerLine.objects.filter(layer=Layer.SELF)
    assert {line.kind for line in lines} == {LedgerKind.IMPORTED}
    assert lines.count() == 2
    assert rows(world, officer, content) == {}


def test_only_the_agency_s_officer_brings_a_sheet(world, officer):
    content, __ = put(world, ("1.3", "given", 1))
    changes = [row.change() for row in plan(world, officer, content).rows]

    for other in (world.manager(), world.leader(), world.officer(world.files[1])):
        with pytest.raises(NotAllowed):
            save_sheet(fresh(world), changes, by=other)
    assert Cell.objects.count() == 0


# --- faults ---------------------------------------------------------------------------


def test_all_faults_are_told_at_their_cells_and_nothing_is_read(world, officer):
    content, addresses = put(
        world,
        ("1.1", "value", "Rất nhanh", "option"),
        ("1.2", "value", "1.234", "numerator"),
        ("1.2", "given", 9),
        ("1.3", "given", 0.33333),
        ("1.3", "proposal", "có lẽ"),
        ("9.1", "value", 1.5, "count"),
        ("9.2", "given", 1),
    )
    told = faults(world, officer, content)
    option, doubtful, __, fifth, proposal, whole, above = addresses

    assert set(told) == {option, doubtful, fifth, proposal, whole, above}
    assert "1234" in told[doubtful]
    assert "1,234" in told[doubtful]
    assert "0.33333" in told[fifth]


@pytest.mark.parametrize(
    ("entries", "at"),
    [
        pytest.param(
            [("1.2", "value", 5, "numerator")],
            ("1.2", "value", "denominator"),
            id="half a share",
        ),
        pytest.param(
            [("1.2", "value", 6, "numerator"), ("1.2", "value", 5, "denominator")],
            ("1.2", "value", "numerator"),
            id="part above the whole",
        ),
        pytest.param([("1.3", "given", 1.5)], ("1.3", "given"), id="above the maximum"),
        pytest.param(
            [("1.3", "reason", "chỉ có lời")], ("1.3", "reason"), id="a reason alone"
        ),
        pytest.param(
            [("1.1", "proposal", "KAD"), ("1.1", "reason", "x")],
            ("1.1", "proposal"),
            id="n/a where everybody is meant",
        ),
        pytest.param(
            [("9.1", "value", -1, "count")], ("9.1", "value", "count"), id="below zero"
        ),
    ],
)
def test_what_the_rules_refuse_is_told_at_its_cell(world, officer, entries, at):
    content, __ = put(world, *entries)

    assert list(faults(world, officer, content)) == [Form(content).cell(*at).coordinate]


def test_the_fault_of_a_count_is_told_at_that_count():
    deduction = {
        "start": 1,
        "floor": 0,
        "faults": [{"label": "a", "points": 1}, {"label": "b", "points": 1}],
    }
    world = world_of([("deduction", deduction, "1")])
    content, addresses = put(
        world, ("1.1", "value", 0, "counts-1"), ("1.1", "value", 0.5, "counts-2")
    )

    assert list(faults(world, world.officer(), content)) == [addresses[1]]


def test_what_stands_beside_the_form_is_told_not_lost(world, officer):
    form = Form(handed_out(world))
    below = max(form.rows.values()) + 20
    form.sheet.cell(below, form.cell("1.3", "reason").column).value = "lạc chỗ"
    branch = form.rows["leaf:1.1"] - 1
    form.sheet.cell(branch, form.cell("1.3", "given").column).value = 1
    # By judgement: there is no declared data, so a figure there would be lost.
    form.put("1.3", "value", "0,5")

    assert len(faults(world, officer, form.saved())) == 3


def test_a_row_copied_below_is_a_fault(world, officer):
    form = Form(handed_out(world))
    row, below = form.rows["leaf:1.3"], form.sheet.max_row + 1
    for column in range(1, 15):
        form.sheet.cell(below, column).value = form.sheet.cell(row, column).value

    (wrong,) = faults(world, officer, form.saved()).values()
    assert str(row) in wrong


# --- the wrong file -------------------------------------------------------------------


def only_fault(world, officer, content, file=None):
    read = plan(world, officer, content, file)
    assert read.rows == ()
    (fault,) = read.faults
    return fault.wrong


def in_english(*given):
    with translation.override("en"):
        return only_fault(*given)


def test_the_workbook_of_another_agency_is_refused(world):
    other = world.files[1]
    content = handed_out(world, other)

    assert other.agency.code in in_english(world, world.officer(), content)


def test_the_workbook_of_another_round_is_refused(world):
    earlier = World(agencies=1)
    sentence = in_english(world, world.officer(), handed_out(earlier))

    assert str(earlier.round.year) in sentence
    assert str(world.round.year) in sentence


def test_the_workbook_of_an_older_set_is_refused(world, officer):
    content = handed_out(world)
    type(world.set).objects.filter(pk=world.set.pk).update(version=2, reason="sửa")

    assert "corrected" in in_english(world, officer, content)


def without(content, change):
    form = Form(content)
    change(form)
    return form.saved()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            lambda form: form.book.remove(form.book[SHEET_NAME]),
            "not a workbook of a score sheet",
            id="hidden sheet gone",
        ),
        pytest.param(
            lambda form: setattr(form.book[SHEET_NAME]["B7"], "value", "abc"),
            "has been changed",
            id="seal forged",
        ),
        pytest.param(
            lambda form: form.sheet.delete_rows(min(form.rows.values()) - 3, 3),
            "hidden row is missing",
            id="marks gone",
        ),
        pytest.param(
            lambda form: form.sheet.delete_cols(10),
            "Explanation",
            id="a column gone",
        ),
    ],
)
def test_a_form_taken_apart_is_refused_with_what_is_missing(
    world, officer, change, words
):
    assert words in in_english(world, officer, without(handed_out(world), change))


def with_member(content, name):
    out = io.BytesIO(content)
    with ZipFile(out, "a") as members:
        members.writestr(name, b"code")
    return out.getvalue()


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused(world, officer, name):
    assert "macros" in in_english(world, officer, with_member(handed_out(world), name))


def test_what_unpacks_without_reason_is_refused(world, officer):
    out = io.BytesIO(handed_out(world))
    with ZipFile(out, "a", compression=8) as members:
        members.writestr("xl/bomb.bin", bytes(160 * 1024 * 1024))

    assert "unreasonable" in in_english(world, officer, out.getvalue())


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4", b"PK\x03\x04", b"x" * (MOST_BYTES + 1)]
)
def test_what_is_no_workbook_is_refused(world, officer, content):
    assert in_english(world, officer, content)


def test_after_the_deadline_or_with_the_leader_nothing_is_read(world, officer):
    save(world, officer, "1.3", points=Decimal(1))
    content, __ = put(world, ("9.1", "value", 1, "count"))
    assessments.hand_over(fresh(world), by=officer)
    assert "leader" in in_english(world, officer, content)

    world.open_phase(PhaseName.APPRAISAL)
    file = fresh(world)
    with translation.override("en"):
        assert files.late_sentence(file) == only_fault(world, officer, content)


def test_the_clock_is_asked_again_when_it_is_stored(world, officer):
    content, __ = put(world, ("9.1", "value", 1, "count"))
    changes = [row.change() for row in plan(world, officer, content).rows]
    world.open_phase(PhaseName.APPRAISAL)

    with pytest.raises(Refused):
        save_sheet(fresh(world), changes, by=officer)
    assert Cell.objects.count() == 0


@pytest.mark.uno
def test_filled_in_libreoffice_every_value_arrives(world, officer, tmp_path):
    content = handed_out(world)
    form = Form(content)
    sheet = form.sheet.title

    def at(*place):
        return sheet, form.cell(*place).coordinate

    done = filled(
        content,
        tmp_path,
        {
            at("1.1", "value", "option"): form.book["_lists"]["A2"].value,
            at("1.2", "value", "numerator"): "=40.1+0.2",
            at("1.2", "value", "denominator"): "50",
            at("1.2", "reason"): "Hai dòng\n=không phải công thức & <b>",
            at("1.3", "given"): "0.1234",
            at("9.2", "value", "count"): "1",
        },
    )

    assert rows(world, officer, done) == {
        "1.1": (1, '{"option": 2}', "", ""),
        "1.2": (
            Decimal("2.418"),
            '{"denominator": 50, "numerator": 40.3}',
            "",
            "Hai dòng\n=không phải công thức & <b>",
        ),
        "1.3": (Decimal("0.1234"), "", "", ""),
        "9.2": (Decimal("-0.5"), '{"count": 1}', "", ""),
    }
    live = Form(done, data_only=True)
    assert live.cell("1.2", "points").value == pytest.approx(2.418)
    assert live.cell("1.1", "points").value == 1


@pytest.mark.uno
def test_what_is_closed_stays_closed_in_libreoffice(world, tmp_path):
    content = handed_out(world)
    form = Form(content)
    closed = form.sheet.title, form.cell("1.3", "points").coordinate

    with pytest.raises(Exception, match="returned non-zero"):
        filled(content, tmp_path, {closed: "1"})
