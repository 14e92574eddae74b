"""Templates for tests: small documents, and the default one with parts put into it."""

import zipfile
from io import BytesIO

from docx import Document

from scoring.exchange.report_template import DEFAULT_TEMPLATE

RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def template(*paragraphs, table=()):
    """A plain document with these paragraphs, and a table with a text in each row."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        rows = document.add_table(rows=0, cols=1)
        for text in table:
            rows.add_row().cells[0].text = text
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_parts(content=None, **changes):
    """The document with members replaced or added: ``{name: bytes}``, or a function of
    the member's present text."""
    buffer = BytesIO()
    content = content or DEFAULT_TEMPLATE.read_bytes()
    changes = dict(changes["parts"])
    with (
        zipfile.ZipFile(BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            change = changes.pop(name, None)
            if callable(change):
                data = change(data.decode()).encode()
            elif change is not None:
                data = change
            target.writestr(name, data)
        for name, data in changes.items():
            target.writestr(name, data)
    return buffer.getvalue()


def with_relationship(kind, target, *, mode="", content=None, part="document"):
    """The document with one more relationship of its main part (or its settings)."""
    line = f'<Relationship Id="rId999" Type="{RELATIONSHIP}{kind}" Target="{target}"'
    line += f' TargetMode="{mode}"/>' if mode else "/>"
    name = f"word/_rels/{part}.xml.rels"
    return with_parts(
        content,
        parts={
            name: lambda text: text.replace(
                "</Relationships>", f"{line}</Relationships>"
            )
        },
    )


def in_body(xml, content=None):
    """The document with a piece of XML before its first paragraph."""
    return with_parts(
        content,
        parts={
            "word/document.xml": lambda text: text.replace(
                "<w:body>", f"<w:body>{xml}", 1
            )
        },
    )


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def texts_of(content):
    """Every paragraph of a document, those in tables too, as python-docx reads them."""
    document = Document(BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        for row in table.rows:
            texts += [cell.text for cell in row.cells]
    return texts
