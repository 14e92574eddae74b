"""The sheet with the ranking of one group."""

from itertools import pairwise

from scoring.exchange.paper import (
    FIGURE,
    MODELLED,
    lay_page,
    merge,
    write_national_heading,
    write_title,
)
from scoring.exchange.results_criteria import NONE, cached
from scoring.index.figures import round_half_up
from scoring.labels import LeafKind, Status
from scoring.wording import show_fixed

SLATE, BLUE, TEAL, GREEN, RED, INK = (
    "#475569",
    "#1a5bb0",
    "#0c6663",
    "#2a682d",
    "#9f3434",
    "#000000",
)
# Heading, width, colour of the layer that the figures come from.
COLUMNS = (
    ("Hạng", 9, INK),
    ("Cơ quan, đơn vị", 36, INK),
    ("Điểm tự chấm", 10, SLATE),
    ("Điểm thẩm định", 10, BLUE),
    ("Điểm điều tra xã hội học", 11, TEAL),
    ("Điểm khảo sát hài lòng", 11, TEAL),
    ("Tổng điểm", 10, INK),
    ("Điểm tối đa", 10, INK),
    ("Điểm thưởng", 9, GREEN),
    ("Điểm trừ", 9, RED),
    ("Chỉ số CCHC (%)", 11, INK),
    ("Xếp loại", 13, INK),
    ("Chênh lệch thẩm định − tự chấm", 12, INK),
)
RANK, NAME = 0, 1
FIGURES = range(2, 11)
INDEX, BAND, DIFFERENCE = 10, 11, 12
LAST = len(COLUMNS) - 1
# Rows below the criteria that the figures from self-assessed to penalty refer to.
SOURCES = (
    "own",
    "appraised",
    "sociological",
    "satisfaction",
    "points",
    "maximum",
    "bonus",
    "penalty",
    "index",
)
IN_WORDS = {Status.INCOMPLETE: "Chưa đủ kết quả", Status.NOT_ASSESSED: "Không đánh giá"}


def write_ranking(paper, group, round_, notes, number):
    sheet, export = group.ranking, group.export
    write_national_heading(paper, sheet, split=4, last=LAST)
    title = f"PHỤ LỤC {number}. KẾT QUẢ CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {round_.year}"
    name = (export.group.name_vi, {"bold": True, "font_size": 13})
    head = write_title(paper, sheet, 3, LAST, title, [name, *notes]) + 1
    _write_heads(paper, sheet, head)
    bands = {band["code"]: band["name_vi"] for band in round_.bands}
    for place, agency in enumerate(export.agencies):
        _write_agency(paper, group, head + 1 + place, place, agency, bands)
    below = head + 1 + len(export.agencies)
    _write_mean(paper, group, below)
    _write_remarks(paper, sheet, below + 2, [*remarks(export), MODELLED])
    sheet.freeze_panes(head + 1, NAME + 1)
    lay_page(sheet, heads=(head, head))
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()


def _write_heads(paper, sheet, row):
    sheet.set_row(row, 62)
    for column, (text, width, colour) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        form = paper.format(
            bold=True, border=1, align="center", text_wrap=True, font_color=colour
        )
        sheet.write_string(row, column, text, form)


def _write_agency(paper, group, row, place, agency, bands):
    sheet, form = group.ranking, paper.format(border=1, align="center", text_wrap=True)
    name = agency.assessment.name_vi
    paper.write_text(sheet, row, NAME, name, border=1, text_wrap=True)
    sheet.set_row(row, 20)
    if agency.status == Status.NOT_ASSESSED:
        for column in (RANK, *FIGURES, DIFFERENCE):
            sheet.write_blank(row, column, None, form)
        sheet.write_string(row, BAND, IN_WORDS[agency.status], form)
        return
    if agency.rank is None:
        sheet.write_string(row, RANK, NONE, form)
    else:
        sheet.write_number(row, RANK, agency.rank, form)
    _write_figures(paper, group, row, place, agency)
    words = bands.get(agency.band) or IN_WORDS.get(agency.status, NONE)
    paper.write_text(sheet, row, BAND, words, border=1, align="center", text_wrap=True)


def _write_figures(paper, group, row, place, agency):
    figure = paper.format(border=1, align="right", num_format=FIGURE)
    bold = paper.format(border=1, align="right", num_format=FIGURE, bold=True)
    for column, source, value in zip(FIGURES, SOURCES, figures(agency), strict=True):
        reference = group.criteria.reference(source, place)
        formula = f"=ROUND({reference},2)"
        if value is None:
            formula = f'=IF(ISNUMBER({reference}),ROUND({reference},2),"{NONE}")'
        group.ranking.write_formula(
            row, column, formula, bold if column == INDEX else figure, _published(value)
        )
    after = group.criteria.reference("appraised", place)
    before = group.criteria.reference("own", place)
    formula = f"ROUND(ROUND({after}-{before},4),2)"
    if agency.gained is None:
        formula = f'IF(COUNT({after},{before})=2,{formula},"{NONE}")'
    group.ranking.write_formula(
        row, DIFFERENCE, f"={formula}", figure, _published(agency.gained)
    )


def figures(agency):
    """The figures from self-assessed points to index, exact; None where none is."""
    totals = agency.final
    return (
        agency.own_points,
        agency.part(LeafKind.APPRAISED),
        agency.part(LeafKind.SOCIOLOGICAL),
        agency.part(LeafKind.SATISFACTION),
        totals.points,
        totals.max_points,
        totals.bonus_points,
        totals.penalty_points,
        totals.index,
    )


def _published(value):
    return NONE if value is None else cached(round_half_up(value, 2))


def _write_mean(paper, group, row):
    """The mean of the ranked agencies' exact indices, rounded once."""
    bold = paper.format(border=1, bold=True)
    for column in range(len(COLUMNS)):
        group.ranking.write_blank(row, column, None, bold)
    group.ranking.write_string(row, NAME, "Trung bình khối", bold)
    ranks, indices = (group.criteria.across(key) for key in ("rank", "index"))
    mean = f'AVERAGEIF({ranks},">0",{indices})'
    group.ranking.write_formula(
        row,
        INDEX,
        f'=IF(COUNT({ranks})=0,"{NONE}",ROUND(ROUND({mean},10),2))',
        paper.format(border=1, bold=True, align="right", num_format=FIGURE),
        _published(group.export.result.mean),
    )


def remarks(export):
    """What the table cannot say by itself: ties, what is missing, who is left out."""
    ranked = [agency for agency in export.agencies if agency.rank is not None]
    for first, second in pairwise(ranked):
        if first.final.index_2 == second.final.index_2:
            yield _tie(first, second)
    for agency in export.agencies:
        name, totals = agency.assessment.name_vi, agency.final
        if agency.status == Status.INCOMPLETE:
            yield (
                f"{name}: chưa xếp hạng; tiêu chí chưa chấm: {totals.not_scored}; "
                f"kết quả khảo sát chưa có: {totals.missing_surveys}."
            )
        elif agency.status == Status.NOT_ASSESSED:
            reason = agency.assessment.not_assessed_reason.strip() or "không nêu lý do"
            yield f"{name}: không đánh giá trong năm ({reason})."


def _tie(first, second):
    names = f"{first.assessment.name_vi} và {second.assessment.name_vi}"
    same = f"{names} cùng đạt {show_fixed(first.final.index_2)}"
    if first.rank == second.rank:
        return (
            f"{same}: đồng hạng, giá trị chưa làm tròn và các tiêu chí phụ bằng nhau."
        )
    above = f"{same}: {first.assessment.name_vi} xếp trên theo"
    if first.final.index != second.final.index:
        return f"{above} giá trị chưa làm tròn."
    return f"{above} tiêu chí phụ, giá trị chưa làm tròn bằng nhau."


def _write_remarks(paper, sheet, row, texts):
    sheet.write_string(row, 0, "Ghi chú:", paper.format(bold=True, font_size=10))
    for place, text in enumerate(texts, start=row + 1):
        merge(
            paper, sheet, place, (0, LAST), text, text_wrap=True, font_size=10, indent=1
        )
