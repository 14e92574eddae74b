"""Workbooks to be filled in and sent back: scores, and survey results, of a round."""

from scoring.exchange import score_import, survey_import
from scoring.exchange.paper import Paper, created_in
from scoring.index.figures import shortest
from scoring.models import Assessment
from scoring.queries.criteria import tree_of

WIDTHS = {
    "agency": 26,
    "criterion": 12,
    "agency_name": 34,
    "criterion_name": 60,
    "data": 26,
    "reason": 40,
    "not_applicable": 14,
}
CODES = ("agency", "criterion")
SCORE_GUIDE = (
    "Cột Lớp điểm: tự chấm, thẩm định, sau giải trình hoặc hội đồng.",
    "Cột Điểm: số, tối đa bốn chữ số thập phân, dùng dấu phẩy hoặc dấu chấm.",
    'Cột Số liệu kê khai: để trống hoặc dạng {"count": 3} theo quy tắc tính điểm.',
    "Cột Không áp dụng: để trống hoặc KAD (nêu lý do).",
    "Dòng để trống thì không thay đổi gì.",
)
SURVEY_GUIDE = (
    "Cột Số phiếu: số phiếu hợp lệ.",
    "Cột Tỷ lệ %: từ 0 đến 100, tối đa bốn chữ số thập phân; với tiêu chí hài lòng là "
    "tỷ lệ hài lòng.",
    "Cột Độ lệch chuẩn: có thể để trống.",
    "Dòng để trống thì không thay đổi gì.",
)


def score_template(round_, layer):
    """Every agency with every leaf that takes points, ``layer`` filled in."""
    word = score_import.LAYERS[layer][0]
    rows = (
        {**names, "layer": word}
        for leaf, names in _leaves(round_)
        if not leaf.is_survey
    )
    return _template(round_, "Điểm", score_import.COLUMNS, rows, SCORE_GUIDE)


def survey_template(round_):
    """Every agency with every leaf that a survey measures."""
    rows = (names for leaf, names in _leaves(round_) if leaf.is_survey)
    return _template(round_, "Khảo sát", survey_import.COLUMNS, rows, SURVEY_GUIDE)


def _leaves(round_):
    files = (
        Assessment.objects.filter(round=round_, is_assessed=True)
        .select_related("agency", "group__criteria_set")
        .order_by("group__position", "group_id", "position", "pk")
    )
    for file in files:
        for leaf in tree_of(file.group.criteria_set).tree.leaves:
            yield (
                leaf,
                {
                    "agency": file.agency.code,
                    "agency_name": file.name_vi,
                    "criterion": leaf.code,
                    "criterion_name": leaf.name_vi,
                    "maximum": shortest(leaf.max_points),
                },
            )


def _template(round_, name, columns, rows, guide):
    paper = Paper(f"{name} {round_.year}", created=created_in(round_.year))
    sheet = paper.add_sheet(name)
    places = {column.key: place for place, column in enumerate(_in_order(columns))}
    head = paper.format(bold=True, border=1, bg_color="#e7f0fb", text_wrap=True)
    # Codes are text, lest Excel make a number or a date of 1.1.
    text = paper.format(num_format="@")
    for column in columns:
        place = places[column.key]
        sheet.set_column(
            place,
            place,
            WIDTHS.get(column.key, 14),
            text if column.key in CODES else None,
        )
        sheet.write_string(0, place, column.headings[0], head)
    for number, row in enumerate(rows, start=1):
        for key, value in row.items():
            form = {"num_format": "@"} if key in CODES else {}
            paper.write_text(sheet, number, places[key], value, **form)
    sheet.freeze_panes(1, 0)
    _write_guide(paper, guide)
    return paper.close()


def _in_order(columns):
    """Agency and criterion with their names, then what is to be filled in."""
    by_key = {column.key: column for column in columns}
    first = ("agency", "agency_name", "criterion", "criterion_name", "maximum")
    return [by_key[key] for key in first] + [
        column for column in columns if column.key not in first
    ]


def _write_guide(paper, guide):
    sheet = paper.add_sheet("Hướng dẫn")
    sheet.set_column(0, 0, 100)
    for row, sentence in enumerate(guide):
        paper.write_text(sheet, row, 0, sentence, text_wrap=True)
