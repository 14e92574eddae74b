"""The results workbook: the engine's figures, live, for good, and the same bytes."""

import io
import re
from decimal import Decimal
from fractions import Fraction
from zipfile import ZipFile

import pytest
from django.utils import translation
from openpyxl import load_workbook

from scoring.exchange.results_workbook import results_workbook
from scoring.index.figures import round_half_up
from scoring.labels import PhaseName, View
from scoring.models import Assessment, Round
from scoring.queries.results import computed_results
from tests.factories import World
from tests.scoring.exchange.worlds import (
    FREE,
    ROWS,
    _row,
    results_world,
    write_points,
)
from tests.tools.office import recalculated

pytestmark = pytest.mark.django_db

HEADS = [
    "Hạng",
    "Cơ quan, đơn vị",
    "Điểm tự chấm",
    "Điểm thẩm định",
    "Điểm điều tra xã hội học",
    "Điểm khảo sát hài lòng",
    "Tổng điểm",
    "Điểm tối đa",
    "Điểm thưởng",
    "Điểm trừ",
    "Chỉ số CCHC (%)",
    "Xếp loại",
    "Chênh lệch thẩm định − tự chấm",
]


def opened(content, **options):
    return load_workbook(io.BytesIO(content), **options)


def table(sheet, first_head):
    """``{name: {head: value}}`` of the table below the row whose first cell is given."""
    rows = list(sheet.iter_rows(values_only=True))
    start = next(i for i, row in enumerate(rows) if row[0] == first_head)
    return {
        row[1]: dict(zip(rows[start], row, strict=True))
        for row in rows[start + 1 :]
        if row[1]
    }


def figures(workbook):
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def ranking(world):
    return table(
        opened(results_workbook(world.round), data_only=True).worksheets[0], "Hạng"
    )


def test_the_ranking_has_the_promised_columns_and_the_engine_s_figures():
    world = results_world()
    printed = ranking(world)
    (result,) = computed_results(world.round, View.FINAL)

    assert list(next(iter(printed.values()))) == HEADS
    for row in result.rows:
        line, totals = printed[row.assessment.name_vi], row.totals
        if row.status == "not_assessed":
            assert {line[head] for head in HEADS[2:11]} == {None}
            assert line["Xếp loại"] == "Không đánh giá"
            continue
        assert line["Hạng"] == (row.rank or "—")
        for head, value in {
            "Tổng điểm": totals.points,
            "Điểm tối đa": totals.max_points,
            "Điểm thưởng": totals.bonus_points,
            "Điểm trừ": totals.penalty_points,
            "Chỉ số CCHC (%)": totals.index,
        }.items():
            assert Decimal(str(line[head])) == round_half_up(value, 2), head


def test_ranks_ties_bonus_cap_and_what_is_missing_are_printed_as_they_are():
    world = results_world()
    printed = ranking(world)
    names = [file.name_vi for file in world.files]
    ranks = [printed[name]["Hạng"] for name in names]
    index = [printed[name]["Chỉ số CCHC (%)"] for name in names]

    assert ranks == [1, 3, 2, 5, "—", 3, None]
    assert index == [100, 80.13, 80.13, 71.9, 44.17, 80.13, None]
    # Two bonus leaves give 3, the branch holds them at 2, the cap holds the index.
    assert printed[names[0]]["Điểm thưởng"] == 2
    assert printed[names[3]]["Điểm tối đa"] == 80
    # Self-assessed 60.3333, appraised 62.125: the exact difference is rounded once.
    assert printed[names[1]]["Chênh lệch thẩm định − tự chấm"] == 1.79
    # Nothing self-assessed, and no satisfaction survey: not zero.
    assert printed[names[2]]["Điểm tự chấm"] == "—"
    assert printed[names[4]]["Điểm khảo sát hài lòng"] == "—"
    assert printed[names[4]]["Xếp loại"] == "Chưa đủ kết quả"
    assert printed["Trung bình khối"]["Chỉ số CCHC (%)"] == 82.46


def test_the_remarks_explain_equal_figures_and_absent_ranks():
    world = results_world()
    sheet = opened(results_workbook(world.round)).worksheets[0]
    text = "\n".join(str(value) for (value, *__) in sheet.values if value)
    second, third, fifth, sixth, seventh = (
        world.files[n].name_vi for n in (1, 2, 4, 5, 6)
    )

    assert (
        f"{third} và {second} cùng đạt 80,13: {third} xếp trên theo giá trị chưa làm "
        "tròn." in text
    )
    assert f"{second} và {sixth} cùng đạt 80,13: đồng hạng" in text
    assert f"{fifth}: chưa xếp hạng; tiêu chí chưa chấm: 1" in text
    assert f"{seventh}: không đánh giá trong năm (đặc khu mới thành lập)." in text


def test_a_tie_that_a_tie_breaker_decides_says_so():
    world = World(agencies=2, phase=PhaseName.RECHECK, rows=ROWS[:4])
    write_points(world.files[0], {"1.1": "30", "1.2": "10", "1.3": "4.5"})
    write_points(world.files[1], {"1.1": "30", "1.2": "10", "1.3": "4"})
    Round.objects.update(tie_breakers=["penalty"])
    world.round.refresh_from_db()
    write_points(world.files[1], {"1.3": "4.5"}, layer="council")
    sheet = opened(results_workbook(world.round)).worksheets[0]
    text = "\n".join(str(value) for (value, *__) in sheet.values if value)

    assert "đồng hạng" in text
    assert "xếp trên" not in text


def test_the_sheet_of_criteria_tells_apart_what_has_no_points():
    world = results_world()
    sheet = opened(results_workbook(world.round), data_only=True).worksheets[1]
    rows = {row[0]: row[4:11] for row in sheet.iter_rows(values_only=True) if row[0]}
    ranked = {name: place for place, name in enumerate(rows["Mã"])}
    place = [ranked[file.name_vi] for file in world.files]

    assert rows["1.1"][place[2]] == 50.1251
    assert rows["1.2"][place[3]] == "KAD"
    assert rows["1.3"][place[3]] == "MT"
    assert rows["1.3"][place[4]] == "—"
    assert rows["2.2"][place[4]] == "CKS"
    assert rows["2.1"][place[4]] == 6.6667
    assert {rows[code][place[6]] for code in ("1.1", "2.1", "9.1")} == {"KĐG"}
    assert 0 not in {value for code in ("1.2", "1.3", "2.2") for value in rows[code]}


@pytest.mark.office
@pytest.mark.parametrize("missing_survey", ["wait", "rescale"])
def test_libreoffice_computes_the_same_figures(tmp_path, missing_survey):
    world = results_world(missing_survey=missing_survey, not_scored="zero")
    content = results_workbook(world.round)
    before = figures(opened(content, data_only=True))
    after = figures(opened(recalculated(content, tmp_path), data_only=True))
    formulas = [
        where
        for where, value in figures(opened(content)).items()
        if str(value).startswith("=") and where in before and before[where] != "=1+1"
    ]

    assert len(formulas) > 100
    assert {where: after[where] for where in formulas} == {
        where: before[where] for where in formulas
    }
    assert after == before


@pytest.mark.office
def test_libreoffice_computes_at_all(tmp_path):
    """The control: wrong cached values are gone after the recalculation."""
    content = results_workbook(results_world().round)
    spoilt = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as given, ZipFile(spoilt, "w") as written:
        for name in given.namelist():
            text = given.read(name).decode()
            written.writestr(
                name, re.sub(r"</f><v>[-0-9.]+</v>", "</f><v>77.77</v>", text)
            )
    right = figures(opened(content, data_only=True))
    wrong = figures(opened(spoilt.getvalue(), data_only=True))

    assert sum(value == 77.77 for value in wrong.values()) > 50
    assert figures(
        opened(recalculated(spoilt.getvalue(), tmp_path), data_only=True)
    ) == (right)


@pytest.mark.office
def test_halves_at_the_third_decimal_survive_the_spreadsheet(tmp_path):
    """Exact halves and their nearest neighbours, where binary fractions go astray."""
    rows = (
        _row("1", "", "Thẩm định"),
        _row("1.1", "1", "Một", "60.1", "manual", FREE),
        _row("1.2", "1", "Hai", "19.95", "manual", FREE),
    )
    world = World(agencies=40, phase=PhaseName.RECHECK, rows=rows)
    maximum = Decimal("80.05")
    for number, file in enumerate(world.files):
        # The points whose share comes nearest to (k + 0.005) %: some hit it exactly.
        wanted = (Fraction(2 * (5000 + 97 * number) + 1, 200)) * Fraction(maximum) / 100
        points = round_half_up(wanted, 4) + Decimal("0.0001") * (number % 3 - 1)
        part = min(points, Decimal("60.1"))
        write_points(file, {"1.1": part, "1.2": points - part})
    content = results_workbook(world.round)
    before = figures(opened(content, data_only=True))
    after = figures(opened(recalculated(content, tmp_path), data_only=True))

    assert after == before
    (result,) = computed_results(world.round, View.FINAL)
    printed = table(opened(content, data_only=True).worksheets[0], "Hạng")
    for row in result.rows:
        shown = printed[row.assessment.name_vi]["Chỉ số CCHC (%)"]
        assert Decimal(str(shown)) == row.totals.index_2


def test_totals_and_index_are_formulas_and_ranks_are_values():
    world = results_world()
    sheet = opened(results_workbook(world.round)).worksheets[0]
    line = table(sheet, "Hạng")[world.files[1].name_vi]

    assert line["Hạng"] == 3
    for head in (*HEADS[2:11], "Chênh lệch thẩm định − tự chấm"):
        assert re.match(r"=ROUND\(.*,2\)$", line[head]), head


def test_the_bytes_depend_on_the_data_alone(monkeypatch):
    world = results_world()
    first = results_workbook(world.round)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    with translation.override("en"):
        again = results_workbook(Round.objects.get())
    assert again == first

    Assessment.objects.filter(pk=world.file.pk).update(name_vi="Tên khác")
    assert results_workbook(world.round) != first


def test_text_that_looks_like_a_formula_is_inert():
    world = results_world()
    evil = '=HYPERLINK("http://evil.example","x")'
    for place, name in enumerate([evil, "+84", "-1", "@SUM(1)", "\t=1"]):
        Assessment.objects.filter(pk=world.files[place].pk).update(name_vi=name)
    content = results_workbook(world.round)
    workbook = opened(content)
    found = [
        cell
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
        and cell.value.startswith((evil[:4], "+84", "-1", "@SUM", "\t=", "=1+1", "- K"))
    ]

    assert len(found) > 10
    for cell in found:
        assert cell.quotePrefix, cell.coordinate
    with ZipFile(io.BytesIO(content)) as members:
        for name in members.namelist():
            assert not re.search(r"<f>[^<]*evil", members.read(name).decode())


def test_paper_has_heading_notice_and_page_layout():
    world = results_world(is_simulated=True)
    workbook = opened(results_workbook(world.round))

    for sheet in workbook:
        texts = [cell for row in sheet.values for cell in row if isinstance(cell, str)]
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in texts
        assert "Độc lập - Tự do - Hạnh phúc" in texts
        assert "DỮ LIỆU MÔ PHỎNG" in texts
        assert "(Kết quả chưa được công bố)" in texts
        assert any("không phải văn bản chính thức" in text for text in texts)
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.print_title_rows
    assert workbook.worksheets[0].freeze_panes == "C10"
    assert workbook.worksheets[1].freeze_panes == "E10"
    assert workbook.worksheets[1].print_title_cols == "$A:$D"
    number = workbook.worksheets[0]["K10"]
    assert number.number_format == "0.00"


def test_real_data_bear_no_mark_of_simulation():
    world = results_world()
    workbook = opened(results_workbook(world.round))

    assert not any(
        cell == "DỮ LIỆU MÔ PHỎNG"
        for sheet in workbook
        for row in sheet.values
        for cell in row
    )


def test_a_published_round_names_its_decision():
    results_world()
    Round.objects.update(
        state="published",
        decision_number="99/QĐ-UBND",
        decided_on="2032-01-09",
        published_at="2032-01-09T00:00:00Z",
    )
    sheet = opened(results_workbook(Round.objects.get())).worksheets[0]
    texts = [row[0] for row in sheet.values]

    assert "(Kèm theo Quyết định số 99/QĐ-UBND ngày 9/1/2032)" in texts


def test_an_empty_round_and_group_names_that_no_sheet_may_bear():
    world = World(agencies=1, groups=2, phase=PhaseName.RECHECK)
    for group, name in zip(world.groups, ["Khối [a]/b: " + "x" * 40] * 2, strict=True):
        group.name_vi = name
        group.save()
    names = opened(results_workbook(world.round)).sheetnames

    assert len({name.casefold() for name in names}) == 5
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    world.round.assessments.all().delete()
    world.round.groups.all().delete()
    assert opened(results_workbook(world.round)).sheetnames == ["Cách tính và làm tròn"]


@pytest.mark.parametrize("agencies", [1, 3])
def test_the_number_of_queries_does_not_grow(agencies, django_assert_num_queries):
    world = World(agencies=agencies, phase=PhaseName.RECHECK)
    results_workbook(world.round)

    with django_assert_num_queries(3):
        results_workbook(world.round)
