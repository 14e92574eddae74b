"""Evidence of the demonstration: one small document per file, marked as simulated."""

import io
import zipfile
from xml.sax.saxutils import escape

from django.core.files.base import ContentFile

from scoring.actions import evidence
from scoring.models import EvidenceLink
from scoring.queries.criteria import tree_of

MARK = "DỮ LIỆU MÔ PHỎNG"
# A zip member's date is part of its bytes.
FIXED_DATE = (2020, 1, 1, 0, 0, 0)

_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    "<Relationships "
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
    "</Relationships>"
)
_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    "<w:document xmlns:w="
    '"http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body>%s</w:body></w:document>"
)


def paper(*paragraphs):
    """The bytes of a Word document with these paragraphs; the same for the same."""
    body = "".join(
        f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", _DOCUMENT % body),
        ):
            archive.writestr(zipfile.ZipInfo(name, FIXED_DATE), text)
    return stream.getvalue()


def attach_report(assessment, codes, *, by, at):
    """One report that proves the leaves of ``codes``, with section and page of each."""
    if not codes:
        return
    year, name = assessment.round.year, assessment.name_vi
    title = f"Báo cáo kết quả CCHC năm {year} (mô phỏng)"
    number = f"{100 + assessment.position}/BC-MP"
    upload = ContentFile(
        paper(MARK, title, name, f"Số: {number}"), name=f"bao-cao-cchc-{year}.docx"
    )
    first, *others = codes
    link = evidence.attach(
        assessment,
        first,
        document={
            "title": title,
            "number": number,
            "issued_on": at.date(),
            "issuer": name,
            "section": _section(first),
            "page": "1",
        },
        upload=upload,
        by=by,
        at=at,
    )
    ids = tree_of(assessment.group.criteria_set).ids
    EvidenceLink.objects.bulk_create(
        EvidenceLink(
            document_id=link.document_id,
            criterion_id=ids[code],
            section=_section(code),
            page=str(2 + place // 3),
        )
        for place, code in enumerate(others)
    )


def _section(code):
    return f"Mục {code}"
