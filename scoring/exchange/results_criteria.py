"""The sheet of a group with all its criteria and agencies, and the live sums below."""

from decimal import Decimal

from scoring.exchange.paper import (
    FIGURE,
    MODELLED,
    address,
    lay_page,
    quoted,
    write_national_heading,
    write_title,
)
from scoring.index.figures import round_half_up, shortest
from scoring.index.values import Leaf
from scoring.labels import LeafKind, LeafStatus, MissingSurveyRule, Status

HEADS = ("Mã", "Tiêu chí", "Phần", "Điểm tối đa")
CODE, NAME, PART, MAXIMUM = range(4)
FIRST_AGENCY = 4
MOST_AGENCIES_ON_A_PAGE = 15
EXACT_PLACES = 11  # fine enough to keep any two-decimal half apart from its neighbours

PARTS = {
    LeafKind.APPRAISED: "Thẩm định",
    LeafKind.SOCIOLOGICAL: "Xã hội học",
    LeafKind.SATISFACTION: "Hài lòng",
    LeafKind.BONUS: "Thưởng",
    LeafKind.PENALTY: "Trừ",
}
NOT_ASSESSED = "KĐG"
NONE = "—"
MARKS = {
    LeafStatus.NOT_SCORED: NONE,
    LeafStatus.NOT_APPLICABLE: "KAD",
    LeafStatus.EXEMPTED: "MT",
    LeafStatus.MISSING_SURVEY: "CKS",
}
LEGEND = (
    ("0", "đã chấm, không đạt điểm"),
    (MARKS[LeafStatus.NOT_SCORED], "chưa chấm"),
    (MARKS[LeafStatus.NOT_APPLICABLE], "không áp dụng"),
    (MARKS[LeafStatus.EXEMPTED], "được miễn theo văn bản"),
    (MARKS[LeafStatus.MISSING_SURVEY], "chưa có kết quả khảo sát"),
    (NOT_ASSESSED, "không đánh giá trong năm"),
)

# The rows below the criteria, in this order.
FOOT = (
    ("own", "Điểm tự chấm (phần thẩm định)", ""),
    ("appraised", "Điểm thẩm định", LeafKind.APPRAISED),
    ("sociological", "Điểm điều tra xã hội học", LeafKind.SOCIOLOGICAL),
    ("satisfaction", "Điểm khảo sát hài lòng", LeafKind.SATISFACTION),
    ("points", "Tổng điểm", ""),
    ("maximum", "Điểm tối đa được tính", ""),
    ("bonus", "Điểm thưởng (đã áp mức trần)", LeafKind.BONUS),
    ("penalty", "Điểm trừ (đã áp mức trần)", LeafKind.PENALTY),
    ("index", "Chỉ số CCHC (%), chưa làm tròn hai chữ số", ""),
    ("rank", "Hạng trong khối", ""),
)
FOOT_PLACE = {key: place for place, (key, *__) in enumerate(FOOT)}


class CriteriaSheet:
    """Where things stand on the sheet; rankings refer to it before it is written."""

    def __init__(self, sheet, export, round_):
        self.sheet = sheet
        self.agencies = len(export.agencies)
        self.head = 7 + round_.is_simulated
        self.first = self.head + 1
        self.last = self.head + len(export.tree.nodes)
        self.foot = self.last + 1
        self.rescales = round_.missing_survey == MissingSurveyRule.RESCALE

    def row(self, key):
        return self.foot + FOOT_PLACE[key]

    def column(self, place):
        return FIRST_AGENCY + place

    def reference(self, key, place):
        """A figure below the criteria as formulas on other sheets name it."""
        return f"{quoted(self.sheet)}!{address(self.row(key), self.column(place))}"

    def across(self, key):
        """One row below the criteria over all agencies, as other sheets name it."""
        row, last = self.row(key), self.column(max(self.agencies - 1, 0))
        first = address(row, FIRST_AGENCY, fixed_row=True, fixed_column=True)
        final = address(row, last, fixed_row=True, fixed_column=True)
        return f"{quoted(self.sheet)}!{first}:{final}"


def write_criteria(paper, place, export, round_, notes):
    sheet, last = place.sheet, FIRST_AGENCY + max(place.agencies, 8) - 1
    write_national_heading(paper, sheet, split=FIRST_AGENCY, last=last)
    title = f"PHỤ LỤC. ĐIỂM TỪNG TIÊU CHÍ NĂM {round_.year}"
    group = (export.group.name_vi, {"bold": True, "font_size": 13})
    free = write_title(paper, sheet, 3, last, title, [group, *notes])
    sheet.write_string(free, 0, _legend(), paper.format(font_size=9, italic=True))
    _write_heads(paper, place, export)
    _write_rows(paper, place, export)
    _write_foot(paper, place, export)
    below = place.foot + len(FOOT) + 1
    sheet.write_string(below, 0, MODELLED, paper.format(font_size=9, italic=True))
    _lay(place)


def _legend():
    return "Ký hiệu: " + "; ".join(f"{sign} = {words}" for sign, words in LEGEND) + "."


def _write_heads(paper, place, export):
    head = {"bold": True, "border": 1, "align": "center", "text_wrap": True}
    place.sheet.set_row(place.head, 130)
    for column, text in enumerate(HEADS):
        place.sheet.write_string(place.head, column, text, paper.format(**head))
    for number, agency in enumerate(export.agencies):
        paper.write_text(
            place.sheet,
            place.head,
            place.column(number),
            agency.assessment.name_vi,
            **{**head, "bold": False, "rotation": 90, "font_size": 10},
        )


def _write_rows(paper, place, export):
    """Code, name, part, maximum; then the figures of all agencies, row by row."""
    sheet = place.sheet
    figure = paper.format(border=1, num_format=FIGURE, font_size=10)
    mark = paper.format(border=1, align="center", font_size=10, font_color="#5a6472")
    branch = paper.format(border=1)
    leaves = 0
    for row, node in enumerate(export.tree.nodes, start=place.first):
        if not isinstance(node, Leaf):
            _write_names(paper, sheet, row, node, bold=True)
            for column in range(PART, place.column(place.agencies)):
                sheet.write_blank(row, column, None, branch)
            continue
        _write_names(paper, sheet, row, node, bold=False)
        sheet.write_string(row, PART, PARTS[node.kind], mark)
        sheet.write_number(row, MAXIMUM, node.max_points, figure)
        _write_leaf(place, row, export.agencies, leaves, (figure, mark))
        leaves += 1


def _write_names(paper, sheet, row, node, *, bold):
    paper.write_text(sheet, row, CODE, node.code, border=1, bold=bold)
    paper.write_text(
        sheet, row, NAME, node.name_vi, border=1, bold=bold, text_wrap=True
    )


def _write_leaf(place, row, agencies, leaf, formats):
    figure, mark = formats
    number, string = place.sheet.write_number, place.sheet.write_string
    for column, agency in enumerate(agencies, start=FIRST_AGENCY):
        value = agency.leaves[leaf] if agency.leaves else NOT_ASSESSED
        if isinstance(value, Decimal):
            number(row, column, value, figure)
        else:
            string(row, column, MARKS.get(value, NOT_ASSESSED), mark)


def _write_foot(paper, place, export):
    label = paper.format(border=1, bold=True)
    for key, text, kind in FOOT:
        row = place.row(key)
        for column in (CODE, PART, MAXIMUM):
            place.sheet.write_blank(row, column, None, label)
        place.sheet.write_string(row, NAME, text, label)
        if kind:
            place.sheet.write_string(row, PART, PARTS[kind], label)
    ceiling = paper.format(border=1, num_format=FIGURE, font_size=10)
    for key, value in (
        ("bonus", export.tree.bonus_ceiling),
        ("penalty", export.tree.penalty_ceiling),
    ):
        place.sheet.write_number(place.row(key), MAXIMUM, value or 0, ceiling)
    for number, agency in enumerate(export.agencies):
        _write_sums(paper, place, export, number, agency)


def _write_sums(paper, place, export, number, agency):
    sheet, column = place.sheet, place.column(number)
    bold = {"border": 1, "bold": True, "font_size": 10}
    mark = paper.format(**bold, align="center")
    if agency.status == Status.NOT_ASSESSED:
        for key, *__ in FOOT:
            sheet.write_string(place.row(key), column, NOT_ASSESSED, mark)
        return
    figure = paper.format(**bold, align="right", num_format=FIGURE)
    exact = paper.format(**bold, align="right", num_format="0.0000000", shrink=True)
    if agency.own_points is None:
        sheet.write_string(place.row("own"), column, NONE, mark)
    else:
        sheet.write_number(place.row("own"), column, agency.own_points, figure)
    for key, formula, value in _sums(place, export.tree, column, agency):
        form = exact if key == "index" else figure
        sheet.write_formula(place.row(key), column, formula, form, cached(value))
    if agency.rank is None:
        sheet.write_string(place.row("rank"), column, NONE, mark)
    else:
        sheet.write_number(place.row("rank"), column, agency.rank, mark)


def _sums(place, tree, column, agency):
    """(row, formula, the engine's figure) of each sum of one agency."""
    totals = agency.final
    cells = _range(place, column)
    parts = _range(place, PART, fixed_column=True)
    maxima = _range(place, MAXIMUM, fixed_column=True)

    def below(key, at=column):
        return address(place.row(key), at, fixed_column=at < FIRST_AGENCY)

    def part(key):
        return f"SUMIF({parts},{below(key, PART)},{cells})"

    for kind in (LeafKind.APPRAISED, LeafKind.SOCIOLOGICAL, LeafKind.SATISFACTION):
        key = str(kind)
        scored = f'COUNTIFS({parts},{below(key, PART)},{cells},">=0")'
        formula = f'=IF({scored}=0,"{NONE}",ROUND({part(key)},4))'
        yield key, formula, _or_none(agency.part(kind))
    sums = f"{below('appraised')}:{below('satisfaction')}"
    yield "points", f"=ROUND(SUM({sums}),4)", totals.points
    out = [MARKS[LeafStatus.NOT_APPLICABLE], MARKS[LeafStatus.EXEMPTED]]
    if place.rescales:
        out.append(MARKS[LeafStatus.MISSING_SURVEY])
    kept = "".join(f',{cells},"<>{sign}"' for sign in out)
    counted = (
        f'{parts},"<>"&{below("bonus", PART)},{parts},"<>"&{below("penalty", PART)}'
    )
    maximum = f"SUMIFS({maxima},{counted}{kept})"
    yield "maximum", f"=ROUND({maximum},4)", totals.max_points
    for key, choose, value in (
        ("bonus", "MIN", totals.bonus_points),
        ("penalty", "MAX", totals.penalty_points),
    ):
        held = f"{choose}({below(key, MAXIMUM)},{part(key)})"
        yield key, f"=ROUND({held},4)", value
    yield "index", _index_formula(below, tree), _index_value(totals)


def cached(value):
    """A figure as the cached value of a formula; text (no index) stays text."""
    return value if isinstance(value, str) else Decimal(shortest(value))


def _index_formula(below, tree):
    index = (
        f"100*{below('points')}/{below('maximum')}+{below('bonus')}+{below('penalty')}"
    )
    if tree.cap_at_100:
        index = f"MIN(100,{index})"
    return f'=IF({below("maximum")}=0,"{NONE}",ROUND(MAX(0,{index}),{EXACT_PLACES}))'


def _index_value(totals):
    return NONE if totals.index is None else round_half_up(totals.index, EXACT_PLACES)


def _or_none(value):
    return NONE if value is None else value


def _range(place, column, *, fixed_column=False):
    first = address(place.first, column, fixed_row=True, fixed_column=fixed_column)
    last = address(place.last, column, fixed_row=True, fixed_column=fixed_column)
    return f"{first}:{last}"


def _lay(place):
    sheet = place.sheet
    sheet.set_column(CODE, CODE, 7)
    sheet.set_column(NAME, NAME, 46)
    sheet.set_column(PART, PART, 10)
    sheet.set_column(MAXIMUM, MAXIMUM, 7)
    sheet.set_column(FIRST_AGENCY, place.column(max(place.agencies, 8)), 7)
    sheet.freeze_panes(place.first, FIRST_AGENCY)
    lay_page(sheet, heads=(place.head, place.head))
    sheet.repeat_columns(CODE, MAXIMUM)
    if place.agencies <= MOST_AGENCIES_ON_A_PAGE:
        sheet.fit_to_pages(1, 0)
        return
    sheet.set_print_scale(53)
    breaks = range(MOST_AGENCIES_ON_A_PAGE, place.agencies, MOST_AGENCIES_ON_A_PAGE)
    sheet.set_v_pagebreaks([place.column(number) for number in breaks])
