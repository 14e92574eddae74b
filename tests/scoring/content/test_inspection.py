"""What comes in as evidence, and every reason for which a file does not."""

import hashlib
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from scoring.content import KINDS, inspect
from scoring.refusals import Refused
from tests.papers import PDF, pdf_bytes, picture_bytes

from . import made

FILES = Path(__file__).resolve().parents[2] / "files" / "evidence"
EVERY_KIND = sorted(KINDS)
PROGRAM = b"MZ" + bytes(100)


@pytest.fixture(autouse=True)
def _every_kind(settings):
    settings.EVIDENCE_EXTENSIONS = EVERY_KIND


def look(name, content):
    return inspect(ContentFile(content, name=name))


def stored(name):
    return (FILES / name).read_bytes()


GOOD = {
    "doc": stored("a.doc"),
    "docx": stored("a.docx"),
    "odp": made.open_document("presentation"),
    "ods": stored("a.ods"),
    "odt": stored("a.odt"),
    "pdf": stored("a.pdf"),
    "ppt": made.presentation(has_macros=0),
    "pptx": made.office("pptx"),
    "xls": stored("a.xls"),
    "xlsx": stored("a.xlsx"),
    "png": picture_bytes("PNG"),
    "jpg": picture_bytes("JPEG"),
    "jpeg": picture_bytes("JPEG"),
    "gif": picture_bytes("GIF"),
    "webp": picture_bytes("WEBP"),
}


@pytest.mark.parametrize("extension", EVERY_KIND)
def test_a_good_file_of_each_kind_comes_in(extension):
    content = GOOD[extension]

    found = look(f"Báo cáo quý I.{extension.upper()}", content)

    assert found.name == f"Báo cáo quý I.{extension.upper()}"
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert (found.size, found.extension) == (len(content), extension)
    assert found.media_type == KINDS[extension][0]


@pytest.mark.parametrize(
    ("extension", "other"),
    [
        (extension, other)
        for extension in EVERY_KIND
        for other in ("doc", "docx", "odt", "pdf", "png", "xlsx")
        if other != extension
    ],
)
def test_what_is_inside_must_be_what_the_name_says(extension, other):
    with pytest.raises(Refused) as refusal:
        look(f"a.{extension}", GOOD[other])

    assert f"a.{extension}" in str(refusal.value)


@pytest.mark.parametrize("extension", EVERY_KIND)
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_file_that_was_cut_off_is_refused(extension, share):
    content = GOOD[extension][: int(len(GOOD[extension]) * share)]

    with pytest.raises(Refused):
        look(f"a.{extension}", content)


VBA = made.compound({"Macros/VBA/dir": b"x", "WordDocument": bytes(64)})
MACRO_SHEET = made.record(0x85, struct.pack("<IBB", 0, 0, 1) + b"\x01\x00A")
PLAIN_SHEET = made.record(0x85, struct.pack("<IBB", 0, 0, 0) + b"\x01\x00A")
EOF_RECORD = made.record(0x0A)

MACROS = {
    "vbaProject.bin": (
        "docx",
        made.office("docx", "application/vnd.ms-office.vbaProject"),
    ),
    "docm renamed": (
        "docx",
        made.office("docx", "application/vnd.ms-word.document.macroEnabled.main+xml"),
    ),
    "VBA under another name": (
        "xlsx",
        made.office("xlsx", parts={"xl/theme.xml": VBA}),
    ),
    "Excel 4 sheet": (
        "xlsx",
        made.office("xlsx", "application/vnd.ms-excel.macrosheet+xml"),
    ),
    "nested": (
        "pptx",
        made.office(
            "pptx",
            parts={
                "ppt/embeddings/a.docx": made.office("docx"),
                "ppt/embeddings/b.doc": VBA,
            },
        ),
    ),
    "doc": ("doc", VBA),
    "xls VBA": (
        "xls",
        made.compound({"_VBA_PROJECT_CUR/VBA": b"x", "Workbook": bytes(64)}),
    ),
    "xls Excel 4": ("xls", made.workbook(MACRO_SHEET, EOF_RECORD)),
    "ppt": ("ppt", made.presentation(has_macros=1)),
    "odt Basic": (
        "odt",
        made.open_document("text", parts={"Basic/Standard/Module1.xml": "<x/>"}),
    ),
    "ods Python": (
        "ods",
        made.open_document("spreadsheet", parts={"Scripts/python/a.txt": "x"}),
    ),
}
LOCKED = {
    "pdf": ("pdf", stored("with-password.pdf")),
    "docx": ("docx", made.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})),
    "xlsx parts": ("xlsx", made.encrypted(GOOD["xlsx"])),
    "odt": ("odt", made.open_document("text", manifest="<encryption-data/>")),
    "doc": (
        "doc",
        made.compound({"WordDocument": bytes(10) + b"\x00\x01" + bytes(50)}),
    ),
    "xls": ("xls", made.workbook(made.record(0x2F, bytes(6)), EOF_RECORD)),
    "ppt": (
        "ppt",
        made.compound(
            {
                "PowerPoint Document": b"x",
                "Current User": bytes(12) + b"\xdf\xc4\xd1\xf3",
            }
        ),
    ),
}
PROGRAMS = {
    "by its bytes": ("docx", made.office("docx", parts={"word/a.dat": PROGRAM})),
    "by its name": ("xlsx", made.office("xlsx", parts={"xl/run.ps1": "x"})),
    "in an archive inside": (
        "odt",
        made.open_document(
            "text", parts={"Object 1": made.archive({"a.dat": b"\x7fELF" + bytes(20)})}
        ),
    ),
    "as a package": (
        "docx",
        made.office(
            "docx",
            parts={
                "word/embeddings/oleObject1.bin": made.compound(
                    {"\x01Ole10Native": made.package("thanh-toan.exe")}
                )
            },
        ),
    ),
    "in a .doc": (
        "doc",
        made.compound(
            {
                "WordDocument": bytes(64),
                "ObjectPool/\x01Ole10Native": made.package("a.vbs"),
            }
        ),
    ),
    "in a PDF": (
        "pdf",
        pdf_bytes(
            catalogue="/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>",
            objects=["<< /Type /Filespec /F (thanh-toan.exe) >>"],
        ),
    ),
    "started by a PDF": (
        "pdf",
        pdf_bytes(catalogue="/OpenAction << /S /Launch /F (cmd.exe) >>"),
    ),
}


def cases(refused):
    return [pytest.param(*case, id=name) for name, case in refused.items()]


@pytest.mark.parametrize(("extension", "content"), cases(MACROS))
def test_macros_are_refused_by_that_word(extension, content):
    with pytest.raises(Refused, match="macro"):
        look(f"a.{extension}", content)


@pytest.mark.parametrize(("extension", "content"), cases(LOCKED))
def test_what_bears_a_password_is_refused_by_that_word(extension, content, in_english):
    with pytest.raises(Refused, match="password"):
        look(f"a.{extension}", content)


@pytest.mark.parametrize(("extension", "content"), cases(PROGRAMS))
def test_a_program_inside_is_refused_and_named(extension, content, in_english):
    with pytest.raises(Refused, match="holds a program"):
        look(f"a.{extension}", content)


def test_a_pdf_that_only_its_owner_may_change_comes_in():
    """Everybody may read it: a password is asked for changing alone."""
    assert look("a.pdf", stored("owner-password.pdf")).extension == "pdf"


def test_a_pdf_with_a_form_and_script_comes_in():
    content = pdf_bytes(catalogue="/OpenAction << /S /JavaScript /JS (app.alert) >>")

    assert look("a.pdf", content).size == len(content)


def test_workbooks_of_plain_sheets_and_empty_libraries_come_in():
    look("a.xls", made.workbook(PLAIN_SHEET, EOF_RECORD))
    parts = {"Basic/script-lc.xml": "<x/>", "Basic/Standard/script-lb.xml": "<x/>"}
    look("a.odt", made.open_document("text", parts=parts))
    look("a.pptx", made.office("pptx", parts={"ppt/embeddings/a.xlsx": GOOD["xlsx"]}))


# --- unreasonable sizes ------------------------------------------------------------


def test_what_unpacks_to_too_much_is_refused(settings, in_english):
    bomb = made.office("docx", parts={"word/a.xml": bytes(11 * 1024**2)})
    with pytest.raises(Refused, match="unreasonable"):
        look("a.docx", bomb)

    settings.EVIDENCE_MAX_UNPACKED_BYTES = 1000
    with pytest.raises(Refused, match="unreasonable"):
        look("a.docx", GOOD["docx"])


def test_nested_archives_share_one_allowance(settings, in_english):
    inner = made.archive({"a": b"x" * 6000})
    content = made.office("docx", parts={"a": inner, "b": inner})
    settings.EVIDENCE_MAX_UNPACKED_BYTES = 20_000
    look("a.docx", content)

    settings.EVIDENCE_MAX_UNPACKED_BYTES = 10_000
    with pytest.raises(Refused, match="unreasonable"):
        look("a.docx", content)


def test_an_archive_in_an_archive_in_an_archive_is_too_deep(in_english):
    content = b"x"
    for _ in range(4):
        content = made.archive({"a": content})

    with pytest.raises(Refused, match="unreasonable"):
        look("a.docx", made.office("docx", parts={"a": content}))


def test_too_many_parts_are_refused(settings, in_english):
    settings.EVIDENCE_MAX_PARTS = 10
    parts = {f"a{number}": "x" for number in range(10)}

    with pytest.raises(Refused, match="too many parts"):
        look("a.docx", made.office("docx", parts=parts))


def test_a_part_that_is_larger_than_it_says_is_damaged(in_english):
    content = made.office("docx", parts={"word/a.xml": b"x" * 5000})
    lied = content.replace(struct.pack("<I", 5000), struct.pack("<I", 10))
    assert lied != content

    with pytest.raises(Refused, match="damaged"):
        look("a.docx", lied)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(
    settings, in_english
):
    settings.EVIDENCE_MAX_PIXELS = 63
    with pytest.raises(Refused, match="pixels"):
        look("a.png", GOOD["png"])
    head = GOOD["png"][:16] + struct.pack(">II", 50_000, 50_000) + GOOD["png"][24:]
    settings.EVIDENCE_MAX_PIXELS = 80_000_000

    with pytest.raises(Refused):
        look("a.png", head)


def test_an_empty_a_too_large_and_an_unknown_file_say_so(settings, in_english):
    with pytest.raises(Refused, match=r"“a\.pdf”: the file is empty"):
        look("a.pdf", b"")
    with pytest.raises(Refused, match=r"“a\.exe”: files of this kind"):
        look("a.exe", PROGRAM)
    with pytest.raises(Refused, match=r"“pdf”: files of this kind"):
        look("pdf", PDF)
    settings.EVIDENCE_EXTENSIONS = ["png"]
    with pytest.raises(Refused, match=r"“a\.pdf”: files of this kind"):
        look("a.pdf", PDF)
    settings.EVIDENCE_EXTENSIONS = EVERY_KIND
    settings.EVIDENCE_MAX_BYTES = len(PDF) - 1
    with pytest.raises(Refused, match=r"“a\.pdf”: the file is larger"):
        look("a.pdf", PDF)


def test_a_document_type_in_the_list_of_parts_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]><Types/>'
    with pytest.raises(Refused):
        look("a.docx", made.archive({"[Content_Types].xml": bomb}))


# --- how the upload arrives ----------------------------------------------------------


def test_the_browsers_word_counts_nothing_and_the_upload_stands_at_its_start():
    upload = SimpleUploadedFile("a.pdf", PDF, content_type="text/html")
    upload.read(10)

    assert inspect(upload).media_type == "application/pdf"
    assert upload.read() == PDF


def test_a_large_upload_is_read_from_disk():
    with TemporaryUploadedFile("a.xlsx", "", len(GOOD["xlsx"]), "utf-8") as upload:
        upload.write(GOOD["xlsx"])

        assert inspect(upload).sha256 == hashlib.sha256(GOOD["xlsx"]).hexdigest()


# --- whatever bytes come -------------------------------------------------------------


HEADS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]


@given(st.sampled_from(EVERY_KIND), st.sampled_from(HEADS), st.binary(max_size=2000))
def test_random_bytes_are_refused_and_never_break_anything(extension, head, content):
    with pytest.raises(Refused):
        look(f"a.{extension}", head + content + b"%%EOF")


@given(
    st.sampled_from(EVERY_KIND),
    st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=40)), max_size=8),
)
def test_good_files_with_wrong_bytes_are_taken_or_refused(extension, changes):
    content = bytearray(GOOD[extension])
    for share, wrong in changes:
        place = int(share * len(content))
        content[place : place + len(wrong)] = wrong
    with suppress(Refused):
        assert look(f"a.{extension}", bytes(content)).size == len(content)
