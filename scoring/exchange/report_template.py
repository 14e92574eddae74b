"""The default template of the self-assessment report, by Decree 30/2020/NĐ-CP.

A4; margins 20, 20, 30 and 15 mm; Times New Roman 13 and 14; the nation and its motto
with a line below; the page number centred at the top, none on page 1. The file that is
shipped in scoring/document_templates/ is what ``build`` gives:

    python -m scoring.exchange.report_template
"""

from datetime import datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from scoring.exchange.fixed_zip import fixed

DEFAULT_TEMPLATE = (
    Path(__file__).parent.parent / "document_templates" / "self_assessment_report.docx"
)
FONT = "Times New Roman"
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
LEFT, JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY

# Of the table of all criteria, in millimetres; together the width between the margins.
COLUMNS = (
    ("STT", 14, "{{ row.code }}", CENTRE),
    ("Tiêu chí", 76, "{{ row.name }}", LEFT),
    ("Điểm tối đa", 17, "{{ row.maximum }}", RIGHT),
    ("Số liệu kê khai", 44, "{{ row.data }}", LEFT),
    ("Điểm tự chấm", 17, "{{ row.points }}", RIGHT),
    ("Tài liệu kiểm chứng", 48, "{{ row.evidence }}", LEFT),
    ("Giải trình", 36, "{{ row.reason }}", LEFT),
)
FIELD_COLUMNS = (
    ("STT", 14, "{{ field.code }}", CENTRE),
    ("Lĩnh vực", 79, "{{ field.name }}", LEFT),
    ("Đã chấm", 22, "{{ field.progress }}", CENTRE),
    ("Điểm tối đa", 25, "{{ field.maximum }}", RIGHT),
    ("Điểm tự chấm", 25, "{{ field.points }}", RIGHT),
)


def build():
    """The template as bytes; the same at any time."""
    document = Document()
    _set_defaults(document)
    _head(document)
    _marks(document)
    _results(document)
    _explanations(document)
    _own_words(document)
    _signature(document)
    _annex(document)
    _running_lines(document)
    _properties(document)
    buffer = BytesIO()
    document.save(buffer)
    return fixed(buffer.getvalue())


# --- page and type ------------------------------------------------------------------


def _set_defaults(document):
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    style.paragraph_format.space_after = Pt(0)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)


def _properties(document):
    properties = document.core_properties
    properties.title = "Báo cáo tự chấm điểm Chỉ số cải cách hành chính"
    properties.author = properties.last_modified_by = ""
    properties.comments = ""
    properties.language = "vi-VN"
    properties.created = properties.modified = datetime(2020, 3, 5)


def _paragraph(place, text="", **how):
    paragraph = place.add_paragraph()
    return _written(paragraph, text, **how)


def _written(
    paragraph,
    text,
    *,
    size=None,
    bold=False,
    italic=False,
    align=None,
    before=0,
    after=0,
):
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def _body(document, text):
    """A paragraph of running text: justified, its first line set in."""
    paragraph = _paragraph(document, text, align=JUSTIFIED, before=3, after=3)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    return paragraph


def _heading(document, text):
    paragraph = _paragraph(document, text, bold=True, before=9, after=3)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _line_below(paragraph, indent):
    """The line that the Decree wants below, as long as what is left between indents."""
    paragraph.paragraph_format.left_indent = Mm(indent)
    paragraph.paragraph_format.right_indent = Mm(indent)
    paragraph.paragraph_format.line_spacing = Pt(3)
    border = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1")):
        border.set(qn(f"w:{name}"), value)
    border.set(qn("w:color"), "auto")
    borders = OxmlElement("w:pBdr")
    borders.append(border)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders,
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:spacing",
        "w:ind",
        "w:jc",
        "w:rPr",
    )


# --- the first page -----------------------------------------------------------------


def _head(document):
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(table, (70, 95))
    _without_cell_margins(table)
    left, right = table.rows[0].cells
    _written(left.paragraphs[0], "{{ superior }}", size=12, align=CENTRE)
    _written(
        left.add_paragraph(), "{{ agency_capitals }}", size=12, bold=True, align=CENTRE
    )
    _line_below(left.add_paragraph(), 24)
    nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    _written(right.paragraphs[0], nation, size=12, bold=True, align=CENTRE)
    motto = "Độc lập - Tự do - Hạnh phúc"
    _written(right.add_paragraph(), motto, size=13, bold=True, align=CENTRE)
    _line_below(right.add_paragraph(), 22)
    left, right = table.rows[1].cells
    _written(left.paragraphs[0], "Số: {{ number }}", size=13, align=CENTRE, before=6)
    _written(
        right.paragraphs[0],
        "{{ place }}, {{ dated }}",
        size=13,
        italic=True,
        align=CENTRE,
        before=6,
    )


def _marks(document):
    _when(document, "simulated", "{{ simulated }}", bold=True, align=CENTRE, before=6)
    _when(document, "draft", "{{ draft }}", bold=True, align=CENTRE, before=6)
    _paragraph(document, "BÁO CÁO", bold=True, align=CENTRE, before=12)
    _paragraph(
        document,
        "Kết quả tự đánh giá, chấm điểm Chỉ số cải cách hành chính năm {{ year }}",
        bold=True,
        align=CENTRE,
    )
    _paragraph(document, "của {{ agency }}", bold=True, align=CENTRE, after=9)


def _when(place, name, text, **how):
    _paragraph(place, f"{{%p if {name} %}}")
    _paragraph(place, text, **how)
    _paragraph(place, "{%p endif %}")


# --- the text -----------------------------------------------------------------------


def _results(document):
    _heading(document, "I. KẾT QUẢ TỰ CHẤM ĐIỂM")
    _body(
        document,
        "{{ agency }} thuộc {{ group }} tự đánh giá, chấm điểm theo {{ criteria_set }}. "
        "{{ modelled }}",
    )
    _body(
        document,
        "Số tiêu chí đã chấm: {{ summary.scored }}/{{ summary.to_score }}; chưa chấm: "
        "{{ summary.not_scored }}; đề nghị không áp dụng: {{ summary.proposals }}; số tài "
        "liệu kiểm chứng: {{ summary.documents }}.",
    )
    _body(
        document,
        "Điểm tự chấm: {{ summary.points }}/{{ summary.maximum }} điểm; điểm thưởng: "
        "{{ summary.bonus }}; điểm trừ: {{ summary.penalty }}. Chỉ số tự chấm: "
        "{{ summary.index }} (tính trên các tiêu chí do cơ quan tự chấm, chưa gồm điểm "
        "điều tra xã hội học và điểm đo lường sự hài lòng).",
    )
    _paragraph(document, "{%p if summary.index_if_confirmed %}")
    _body(
        document,
        "Nếu các đề nghị không áp dụng được xác nhận, Chỉ số tự chấm là "
        "{{ summary.index_if_confirmed }}.",
    )
    _paragraph(document, "{%p endif %}")
    _body(document, "Kết quả theo từng lĩnh vực:")
    _table(document, FIELD_COLUMNS, "field", "fields", size=13)
    _body(document, "Kết quả chi tiết từng tiêu chí tại Phụ lục kèm theo.")


def _explanations(document):
    _heading(document, "II. GIẢI TRÌNH")
    _paragraph(document, "{%p for one in explanations %}")
    _body(document, "Tiêu chí {{ one.code }} ({{ one.name }}): {{ one.reason }}")
    _paragraph(document, "{%p else %}")
    _body(document, "Không có nội dung phải giải trình.")
    _paragraph(document, "{%p endfor %}")


def _own_words(document):
    for title, name in (
        ("III. KHÓ KHĂN, VƯỚNG MẮC", "difficulties"),
        ("IV. ĐỀ XUẤT, KIẾN NGHỊ", "proposals"),
    ):
        _heading(document, title)
        _paragraph(document, f"{{%p for text in {name} %}}")
        _body(document, "{{ text }}")
        _paragraph(document, "{%p else %}")
        _body(document, "Không có.")
        _paragraph(document, "{%p endfor %}")


def _signature(document):
    _paragraph(document, size=6)
    table = document.add_table(rows=1, cols=2)
    _set_widths(table, (75, 90))
    left, right = table.rows[0].cells
    _never_split(table.rows[0])
    _written(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for line in ("- {{ standing_body }};", "- Lưu: VT."):
        _written(left.add_paragraph(), line, size=11)
    _written(right.paragraphs[0], "{{ signer.post }}", bold=True, align=CENTRE)
    _written(
        right.add_paragraph(),
        "(Chữ ký, dấu)",
        size=12,
        italic=True,
        align=CENTRE,
        after=54,
    )
    _written(right.add_paragraph(), "{{ signer.name }}", bold=True, align=CENTRE)


def _annex(document):
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    _paragraph(document, "Phụ lục", bold=True, align=CENTRE)
    _paragraph(
        document,
        "BẢNG TỰ CHẤM ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {{ year }}",
        bold=True,
        align=CENTRE,
    )
    _paragraph(
        document,
        "(Kèm theo Báo cáo số {{ number }} của {{ agency }})",
        size=13,
        italic=True,
        align=CENTRE,
        after=6,
    )
    _table(document, COLUMNS, "row", "rows", size=11, bold_when="row.is_branch")
    _paragraph(
        document,
        "Dấu “—”: chưa chấm; KAD: không áp dụng; KAD?: cơ quan đề nghị không áp dụng.",
        size=11,
        italic=True,
        before=3,
    )


# --- tables -------------------------------------------------------------------------


def _table(document, columns, item, items, *, size, bold_when=""):
    """A table whose heads repeat, with one line for each of ``items``."""
    table = document.add_table(rows=1, cols=len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, (title, *__) in zip(table.rows[0].cells, columns, strict=True):
        _written(cell.paragraphs[0], title, size=size, bold=True, align=CENTRE)
    _repeat(table.rows[0])
    _control(table, f"{{%tr for {item} in {items} %}}")
    if bold_when:
        _control(table, f"{{%tr if {bold_when} %}}")
        _line(table, columns, size, bold=True)
        _control(table, "{%tr else %}")
    _line(table, columns, size)
    if bold_when:
        _control(table, "{%tr endif %}")
    _control(table, "{%tr endfor %}")
    _set_widths(table, [width for __, width, *__ in columns])


def _control(table, tag):
    table.add_row().cells[0].paragraphs[0].add_run(tag)


def _line(table, columns, size, *, bold=False):
    row = table.add_row()
    _never_split(row)
    for cell, (__, __, text, align) in zip(row.cells, columns, strict=True):
        _written(cell.paragraphs[0], text, size=size, bold=bold, align=align)


def _set_widths(table, widths):
    """In the grid and in every cell: programs look at one or the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _without_cell_margins(table):
    """So that the nation's name fits on its line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _repeat(row):
    _set_row(row, "w:tblHeader")


def _never_split(row):
    _set_row(row, "w:cantSplit")


def _set_row(row, name):
    row._tr.get_or_add_trPr().append(OxmlElement(name))


# --- head and foot of every page ----------------------------------------------------


def _running_lines(document):
    first, annex = document.sections
    first.different_first_page_header_footer = True
    annex.different_first_page_header_footer = False
    header = first.header
    number = _written(header.paragraphs[0], "", size=13, align=CENTRE)
    _page_number(number)
    _when(header, "draft", "{{ draft }}", size=10, italic=True, align=CENTRE)
    for footer in (first.footer, first.first_page_footer):
        _written(footer.paragraphs[0], "{{ trace }}", size=9, align=CENTRE)


def _page_number(paragraph):
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


if __name__ == "__main__":
    DEFAULT_TEMPLATE.write_bytes(build())
