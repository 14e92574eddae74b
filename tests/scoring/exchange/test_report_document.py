"""The self-assessment report: what stands in it, its paper, its marks."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from docx import Document
from docx.oxml.ns import qn

from scoring.actions import assessments, cells, reports
from scoring.actions.cells import CellChange
from scoring.exchange import document_templates
from scoring.exchange.report_document import (
    report_context,
    report_document,
    sample_context,
)
from scoring.labels import DocumentKind
from scoring.models import DocumentTemplate
from scoring.queries.reports import report_facts
from scoring.refusals import ManyRefused
from tests.factories import World
from tests.scoring.exchange.docx_files import template, texts_of

pytestmark = pytest.mark.django_db

HOSTILE = "Thiếu <máy> & “người” 'A' \"B\" {{ agency }}"
TEXTS = {
    "number": "45/BC-UBND",
    "place": "Hồng Bàng",
    "dated_on": date(2026, 1, 5),
    "difficulties": f"{HOSTILE}\n\nĐường truyền yếu",
    "proposals": "Tập huấn sớm",
    "signer_post": "Chủ tịch",
    "signer_name": "Họ Tên",
}


@pytest.fixture
def world():
    world = World()
    officer = world.officer()
    changes = [
        CellChange("1.1", "self", data={"option": 1}, reason="Theo kế hoạch"),
        CellChange(
            "1.2", "self", data={"numerator": 45, "denominator": 50}, reason="x"
        ),
    ]
    cells.save(world.file, changes, by=officer)
    reports.write(world.reload(), TEXTS, version=0, by=officer)
    return world


def text_of(world):
    return "\n".join(texts_of(report_document(world.reload())))


def test_it_says_what_the_sheet_says(world):
    text = text_of(world)

    # 2 + 3 × 45 / 50 = 4.7 of 6: 78.33
    for words in (
        "Điểm tự chấm: 4,7/6 điểm",
        "Chỉ số tự chấm: 78,33",
        "đã chấm: 2/3; chưa chấm: 1",
        "Tiêu chí 1.1 (Ban hành kế hoạch): Theo kế hoạch",
        "ngày 05 tháng 01 năm 2026",
        "Số: 45/BC-UBND",
        "CHỦ TỊCH",
    ):
        assert words in text


def test_its_words_are_vietnamese_whoever_asks(world):
    with translation.override("en"):
        english = report_document(world.reload())

    assert english == report_document(world.reload())
    assert "Ban hành kế hoạch" in "\n".join(texts_of(english))


def test_hostile_words_come_through_unchanged(world):
    assert HOSTILE in text_of(world)
    assert "Đường truyền yếu" in text_of(world).splitlines()


def test_the_draft_mark_goes_with_the_lock(world):
    assert "DỰ THẢO" in text_of(world)

    assessments.hand_over(world.file, by=world.officer())
    assessments.lock(world.file, by=world.leader())

    assert "DỰ THẢO" not in text_of(world)


def test_a_file_locked_by_the_clock_says_that_nobody_approved_it(world):
    world.open_phase("appraisal")

    assert "khóa do hết thời hạn" in text_of(world)


@pytest.mark.parametrize("is_simulated", [True, False])
def test_simulated_data_say_so(world, is_simulated):
    world.round.is_simulated = is_simulated
    world.round.save()

    assert ("DỮ LIỆU MÔ PHỎNG" in text_of(world)) is is_simulated


def test_the_sets_are_said_to_be_modelled(world):
    assert "không phải văn bản chính thức" in text_of(world)


def test_same_data_same_bytes_and_a_change_shows_in_the_footer(world):
    before = report_document(world.reload())
    assert before == report_document(world.reload())
    assert world.reload().ledger_head[:16] in footer_of(before)

    change = CellChange("1.3", "self", points=Decimal("0.5"), reason="Sáng kiến")
    cells.save(world.file, [change], by=world.officer())

    assert footer_of(report_document(world.reload())) != footer_of(before)


def footer_of(content):
    return Document(BytesIO(content)).sections[0].first_page_footer.paragraphs[0].text


def test_the_paper_is_that_of_the_decree(world):
    document = Document(BytesIO(report_document(world.reload())))
    first = document.sections[0]

    assert [round(length.mm) for length in (first.page_width, first.page_height)] == [
        210,
        297,
    ]
    margins = (
        first.top_margin,
        first.bottom_margin,
        first.left_margin,
        first.right_margin,
    )
    assert [round(length.mm) for length in margins] == [20, 20, 30, 15]
    normal = document.styles["Normal"]
    assert (normal.font.name, normal.font.size.pt) == ("Times New Roman", 14)
    assert first.different_first_page_header_footer
    assert [p.text for p in first.first_page_header.paragraphs] == [""]
    (field,) = first.header._element.iter(qn("w:instrText"))
    assert field.text == "PAGE"
    annex = document.tables[-1]
    assert annex.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    codes = [row.cells[0].text for row in annex.rows]
    assert codes[:3] == ["STT", "1", "1.1"]


# --- the city's own template ------------------------------------------------------------


def receive(world, content, name="mau.docx", by=None):
    return document_templates.receive(
        world.round,
        DocumentKind.SELF_REPORT,
        SimpleUploadedFile(name, content),
        sample_context(2),
        by=by or world.manager(),
    )


def test_the_city_s_template_is_used_from_then_on(world):
    receive(world, template("Mẫu riêng: {{ agency }}"))

    assert text_of(world) == f"Mẫu riêng: {world.file.name_vi}"


def test_versions_are_kept_and_the_default_comes_back(world):
    manager = world.manager()
    content = template("một {{ agency }}")
    first = receive(world, content)
    assert receive(world, content).version == first.version
    second = receive(world, template("hai {{ agency }}"))

    reports.use_default_template(world.round, DocumentKind.SELF_REPORT, by=manager)

    assert (first.version, second.version) == (1, 2)
    assert DocumentTemplate.objects.count() == 3
    assert "BÁO CÁO" in text_of(world)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (template("{{ agancy }}"), "mau.docx"),
        (template("{{ agency }}"), "mau.docm"),
        (b"PK", "mau.docx"),
    ],
)
def test_a_refused_template_changes_nothing(world, content, name):
    with pytest.raises(ManyRefused):
        receive(world, content, name)

    assert not DocumentTemplate.objects.exists()
    assert "BÁO CÁO" in text_of(world)


def test_the_moment_of_the_document_is_that_of_its_data(world):
    document = Document(BytesIO(report_document(world.reload())))

    report = world.reload().report
    assert document.core_properties.modified == report.updated_at.replace(microsecond=0)
    assert report.updated_at <= timezone.now()


def names_in(value):
    """The names at which something stands, those of a list's items at its own."""
    if isinstance(value, dict):
        return {name: names_in(one) for name, one in value.items()}
    if isinstance(value, list):
        assert value, "an empty list has no names to compare"
        (names,) = {str(names_in(one)): names_in(one) for one in value}.values()
        return [names]
    return ""


def test_templates_are_tried_with_every_name_that_a_report_has(world):
    file = world.reload()

    assert names_in(report_context(file, report_facts(file))) == names_in(
        sample_context(2)
    )
