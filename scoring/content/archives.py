"""Files that are ZIP archives inside: Office Open XML, OpenDocument.

Every part is unpacked once, in blocks, and never to disk; what all parts together
may unpack to is limited before and while reading.
"""

import struct
import tempfile
import zlib
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.conf import settings

from . import compound, unfit
from .names import is_program_name
from .unfit import Unfit

HEAD = b"PK\x03\x04"
# What reading a hostile archive raises beside BadZipFile.
BROKEN = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    KeyError,
    IndexError,
    OverflowError,
)
BLOCK = 64 * 1024
DEEPEST = 2
# Texts pack well, 20 to 50 times; only repetition made on purpose packs better.
MOST_TIMES = 200
SMALL = 10 * 1024 * 1024
PROGRAM_HEADS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
)
XML_LIMIT = 2 * 1024 * 1024

MAIN_PARTS = {
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}
ODF_TYPES = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet")
# What LibreOffice writes for a library without a single module.
EMPTY_LIBRARIES = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")


def check_office(stream, extension):
    """Refuse what is no Office Open XML of this extension, or holds what it must not."""
    _require_archive(stream, extension)
    with _opened(stream, extension) as archive:
        _scan(archive, _Budget(), depth=1)
        types = _content_types(archive, extension)
        if any(word in kind for kind in types for word in MACRO_TYPES):
            raise unfit.macros()
        if not any(kind.endswith(MAIN_PARTS[extension]) for kind in types):
            raise unfit.not_inside(extension)


def check_open_document(stream, extension):
    """The same for OpenDocument."""
    _require_archive(stream, extension)
    with _opened(stream, extension) as archive:
        manifest = _read(archive, "META-INF/manifest.xml", extension)
        names = archive.namelist()
        if b"encryption-data" in manifest or "encrypted-package" in names:
            raise unfit.locked()
        _scan(archive, _Budget(), depth=1)
        if _read(archive, "mimetype", extension).strip() != ODF_TYPES[extension]:
            raise unfit.not_inside(extension)
        if any(_is_script(name) for name in names):
            raise unfit.macros()


def _is_script(name):
    if name.endswith("/"):
        return False
    folder, _slash, last = name.partition("/")
    is_code = folder in ("Basic", "Scripts")
    return is_code and last.rpartition("/")[2] not in EMPTY_LIBRARIES


def _require_archive(stream, extension):
    stream.seek(0)
    head = stream.read(8)
    if head == compound.HEAD:
        # An encrypted office file is a compound file, whatever its name says.
        compound.require_unlocked(stream)
    if not head.startswith(HEAD):
        raise unfit.not_inside(extension)


class _opened:
    """The archive, all of whose faults read as "damaged"."""

    def __init__(self, stream, extension):
        self.stream, self.extension = stream, extension

    def __enter__(self):
        try:
            self.stream.seek(0)
            self.archive = ZipFile(self.stream)
        except BROKEN as error:
            raise unfit.damaged() from error
        return self.archive

    def __exit__(self, kind, error, trace):
        self.archive.close()
        if isinstance(error, BROKEN) and not isinstance(error, Unfit):
            raise unfit.damaged() from error


class _Budget:
    """What an archive with all that is nested in it may still unpack to."""

    def __init__(self):
        self.size = settings.EVIDENCE_MAX_UNPACKED_BYTES
        self.parts = settings.EVIDENCE_MAX_PARTS

    def take(self, infos):
        self.size -= sum(info.file_size for info in infos)
        self.parts -= len(infos)
        if self.size < 0 or self.parts < 0:
            raise unfit.unreasonable()


def _scan(archive, budget, depth):
    """Read every part once: whole, no program, no macros, nothing too large.

    A part that unpacks to more than it declares is damaged (its checksum fails).
    """
    infos = archive.infolist()
    budget.take(infos)
    for info in infos:
        _check_info(info)
        if not info.is_dir():
            _check_part(archive, info, budget, depth)


def _check_info(info):
    if info.flag_bits & 1:
        raise unfit.locked()
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise unfit.damaged()
    if info.file_size > max(SMALL, MOST_TIMES * info.compress_size):
        raise unfit.unreasonable()
    if is_program_name(info.filename):
        raise unfit.program(info.filename)


def _check_part(archive, info, budget, depth):
    with (
        archive.open(info) as part,
        tempfile.SpooledTemporaryFile(1024 * 1024) as copy,
    ):
        head = part.read(BLOCK)
        if head.startswith(PROGRAM_HEADS):
            raise unfit.program(info.filename)
        is_nested = head.startswith((HEAD, compound.HEAD))
        block = head
        while block:
            if is_nested:
                copy.write(block)
            block = part.read(BLOCK)
        if head.startswith(compound.HEAD):
            compound.check_part(copy)
        elif is_nested:
            _scan_nested(copy, budget, depth)


def _scan_nested(stream, budget, depth):
    if depth > DEEPEST:
        raise unfit.unreasonable()
    with _opened(stream, "zip") as archive:
        _scan(archive, budget, depth + 1)


def _read(archive, name, extension):
    if name not in archive.namelist():
        raise unfit.not_inside(extension)
    if archive.getinfo(name).file_size > XML_LIMIT:
        raise unfit.unreasonable()
    return archive.read(name)


def _content_types(archive, extension):
    """The content types of all parts, in small letters."""
    text = _read(archive, "[Content_Types].xml", extension)
    if b"<!DOCTYPE" in text.replace(b"\x00", b"").upper():
        raise unfit.not_inside(extension)
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 no document type, so no entity
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise unfit.not_inside(extension) from error
    return [element.get("ContentType", "").lower() for element in root]
