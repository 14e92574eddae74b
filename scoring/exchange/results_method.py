"""The sheet that says how the figures came about, with the exact index of each agency."""

from decimal import Decimal

from scoring.exchange.paper import (
    FIGURE,
    MODELLED,
    lay_page,
    merge,
    write_national_heading,
    write_title,
)
from scoring.exchange.results_criteria import LEGEND, NONE
from scoring.exchange.results_ranking import IN_WORDS
from scoring.labels import MissingSurveyRule, NotScoredRule, Status, TieBreaker
from scoring.wording import show_number

LAST = 5
WIDTHS = (9, 40, 13, 15, 34, 30)
TIES = {
    TieBreaker.APPRAISED: "tỷ lệ điểm thẩm định (cao hơn xếp trên)",
    TieBreaker.SOCIOLOGICAL: "tỷ lệ điểm điều tra xã hội học (cao hơn xếp trên)",
    TieBreaker.SATISFACTION: "tỷ lệ điểm khảo sát hài lòng (cao hơn xếp trên)",
    TieBreaker.PENALTY: "điểm trừ (ít hơn xếp trên)",
}
NOT_SCORED = {
    NotScoredRule.WAIT: (
        "Tiêu chí chưa chấm tạm tính 0 điểm; cơ quan còn tiêu chí chưa chấm thì chưa "
        "được xếp hạng."
    ),
    NotScoredRule.ZERO: "Tiêu chí chưa chấm tính 0 điểm; cơ quan vẫn được xếp hạng.",
}
MISSING_SURVEY = {
    MissingSurveyRule.WAIT: (
        "Thiếu kết quả khảo sát: tạm tính 0 điểm, cơ quan chưa được xếp hạng."
    ),
    MissingSurveyRule.RESCALE: (
        "Thiếu kết quả khảo sát: tiêu chí đó không tính vào điểm và điểm tối đa."
    ),
}
HEADS = (
    "Hạng",
    "Cơ quan, đơn vị",
    "Chỉ số công bố (%)",
    "Tổng điểm / tối đa",
    "Chỉ số chính xác (phân số, %)",
    "Khối",
)


def write_method(paper, round_, groups, notes):
    sheet = paper.add_sheet("Cách tính và làm tròn")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    write_national_heading(paper, sheet, split=2, last=LAST)
    title = f"CÁCH TÍNH CHỈ SỐ VÀ LÀM TRÒN NĂM {round_.year}"
    row = write_title(paper, sheet, 3, LAST, title, notes) + 1
    for heading, sentences in _chapters(round_, groups):
        merge(paper, sheet, row, (0, LAST), heading, bold=True)
        for sentence in sentences:
            row += 1
            merge(paper, sheet, row, (0, LAST), sentence, text_wrap=True, indent=1)
            sheet.set_row(row, 15 * (1 + len(sentence) // 165))
        row += 2
    head = _write_exact(paper, sheet, row, groups)
    lay_page(sheet, heads=(head, head))
    sheet.fit_to_pages(1, 0)


def _chapters(round_, groups):
    yield "1. Chỉ số", _index_sentences(groups)
    yield (
        "2. Trường hợp không có điểm",
        [
            *(f"{sign}: {words}." for sign, words in LEGEND),
            "Tiêu chí không áp dụng và tiêu chí được miễn không tính vào điểm và điểm "
            "tối đa.",
            NOT_SCORED[round_.not_scored],
            MISSING_SURVEY[round_.missing_survey],
        ],
    )
    yield "3. Làm tròn", _rounding_sentences(groups)
    yield "4. Xếp hạng và xếp loại", _rank_sentences(round_)
    yield (
        "5. Tệp này",
        [
            "Tổng điểm và chỉ số là công thức, tính lại được từ trang tiêu chí của từng "
            "khối; ô hiển thị hai chữ số thập phân, giá trị trong ô đủ chữ số.",
            MODELLED,
        ],
    )


def _index_sentences(groups):
    yield (
        "Chỉ số = 100 × tổng điểm / điểm tối đa được tính + điểm thưởng + điểm trừ, "
        "không thấp hơn 0."
    )
    yield (
        "Tổng điểm gồm điểm thẩm định, điểm điều tra xã hội học và điểm khảo sát hài "
        "lòng; điểm thưởng và điểm trừ nằm ngoài điểm tối đa, mỗi loại có mức trần."
    )
    for group in groups:
        tree, name = group.export.tree, group.export.group.name_vi
        ceilings = (
            "không có điểm thưởng, điểm trừ"
            if tree.bonus_ceiling is None
            else f"điểm thưởng tối đa {show_number(tree.bonus_ceiling)}, "
            f"điểm trừ tối đa {show_number(tree.penalty_ceiling)}"
        )
        cap = "chỉ số không quá 100" if tree.cap_at_100 else "chỉ số có thể quá 100"
        yield f"{name}: {ceilings}; {cap}."


def _rounding_sentences(groups):
    places = sorted({group.export.tree.points_decimals for group in groups})
    decimals = ", ".join(map(str, places))
    yield (
        f"Điểm của mỗi tiêu chí làm tròn một lần đến {decimals} chữ số thập phân khi "
        "tính (nửa đơn vị làm tròn ra xa số 0); các phép cộng và chỉ số sau đó tính "
        "chính xác, không làm tròn."
    )
    yield (
        "Số công bố làm tròn đến hai chữ số thập phân, cùng cách, chỉ khi in. Số trung "
        "bình khối là trung bình cộng các chỉ số chính xác của cơ quan được xếp hạng."
    )


def _rank_sentences(round_):
    yield (
        "Xếp hạng trong từng khối theo chỉ số chính xác: hai cơ quan cùng chỉ số công bố "
        "thì xếp trên theo giá trị chưa làm tròn."
    )
    if round_.tie_breakers:
        ties = "; ".join(TIES[name] for name in round_.tie_breakers)
        yield (
            f"Chỉ số chính xác bằng nhau thì lần lượt xét: {ties}; vẫn bằng nhau thì "
            "đồng hạng, hạng kế tiếp bỏ trống."
        )
    else:
        yield "Chỉ số chính xác bằng nhau thì đồng hạng, hạng kế tiếp bỏ trống."
    if round_.bands:
        bands = "; ".join(
            f"{band['name_vi']} từ {show_number(Decimal(str(band['from_percent'])))}"
            for band in round_.bands
        )
        yield f"Xếp loại theo chỉ số đã làm tròn hai chữ số: {bands}."


def _write_exact(paper, sheet, row, groups):
    """Every agency's exact index beside the published one; returns the head's row."""
    merge(paper, sheet, row, (0, LAST), "6. Chỉ số chính xác", bold=True)
    head = row + 1
    form = paper.format(bold=True, border=1, align="center", text_wrap=True)
    for column, text in enumerate(HEADS):
        sheet.write_string(head, column, text, form)
    place = head + 1
    for group in groups:
        for agency in group.export.agencies:
            _write_exact_row(paper, sheet, place, group.export.group, agency)
            place += 1
    return head


def _write_exact_row(paper, sheet, row, group, agency):
    centred = paper.format(border=1, align="center", text_wrap=True)
    if agency.rank is None:
        sheet.write_string(row, 0, NONE, centred)
    else:
        sheet.write_number(row, 0, agency.rank, centred)
    name = agency.assessment.name_vi
    paper.write_text(sheet, row, 1, name, border=1, text_wrap=True)
    paper.write_text(sheet, row, LAST, group.name_vi, border=1, text_wrap=True)
    figure = paper.format(border=1, align="center", num_format=FIGURE)
    for column, value in enumerate(_exact_cells(agency), start=2):
        if isinstance(value, Decimal):
            sheet.write_number(row, column, value, figure)
        elif value:
            sheet.write_string(row, column, value, centred)
        else:
            sheet.write_blank(row, column, None, centred)


def _exact_cells(agency):
    totals = agency.final
    if agency.status == Status.NOT_ASSESSED:
        return (IN_WORDS[agency.status], "", "")
    points = f"{show_number(totals.points)} / {show_number(totals.max_points)}"
    if totals.index is None:
        return (NONE, points, NONE)
    fraction = f"{totals.index.numerator}/{totals.index.denominator}"
    return (totals.index_2, points, fraction)
