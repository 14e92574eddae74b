"""Evidence for tests: whole small papers, and documents without the way through a form."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from scoring.models import EvidenceDocument, EvidenceVersion


def pdf_bytes(words="", *, catalogue="", objects=(), trailer=""):
    """A whole PDF of one empty page; other ``words``, other bytes.

    catalogue, trailer  what stands in these two beside what must
    objects             further objects, numbered from 4
    """
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
        *objects,
    ]
    text = f"%PDF-1.7\n% {words}\n".encode()
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(bodies) + 1
    return text + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n"
        f"startxref\n{len(text)}\n%%EOF\n"
    ).encode("latin-1")


PDF = pdf_bytes()


def pdf(name="Kế hoạch số 12.pdf", words=""):
    """An uploaded PDF; the browser's word on its kind counts nothing."""
    return SimpleUploadedFile(name, pdf_bytes(words), content_type="application/pdf")


def picture_bytes(kind="PNG", size=(8, 8)):
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, kind)
    return stream.getvalue()


def document(assessment, title, *, by, link=None, **content):
    """A document as it stands in the database, of one version: a link, or the
    ``content`` of a stored file that was never stored."""
    if link is None:
        link = "" if content else "https://example.vn/"
    made = EvidenceDocument.objects.create(
        assessment=assessment, title=title, added_at=timezone.now(), added_by=by
    )
    made.current = EvidenceVersion.objects.create(
        document=made,
        number=1,
        link=link,
        added_at=made.added_at,
        added_by=by,
        **content,
    )
    made.save(update_fields=["current"])
    return made
