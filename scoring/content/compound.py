"""Compound files (OLE2): .doc, .xls, .ppt, and what is embedded in newer kinds."""

import struct

import olefile

from . import unfit
from .names import is_program_name

HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What olefile raises on hostile bytes; its own errors are OSErrors.
BROKEN = (
    OSError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    struct.error,
    OverflowError,
    RecursionError,
    MemoryError,
)
MAIN_STREAMS = {
    "doc": ("worddocument",),
    "xls": ("workbook", "book"),
    "ppt": ("powerpoint document",),
}
# Storages that hold VBA, in Word, Excel and in a project by itself.
VBA = ("vba", "_vba_project_cur", "_vba_project", "macros")
PACKAGE = "\x01ole10native"


def check(stream, extension):
    """Refuse what is no compound file of this extension, or holds what it must not."""
    stream.seek(0)
    if stream.read(8) != HEAD:
        raise unfit.not_inside(extension)
    with _Compound(stream) as parts:
        _check_parts(parts)
        main = next((n for n in MAIN_STREAMS[extension] if n in parts.streams), None)
        if main is None:
            raise unfit.not_inside(extension)
        _CHECKS[extension](parts, parts.read(main))


def check_part(stream):
    """The same for a compound file that is embedded in another file."""
    with _Compound(stream) as parts:
        _check_parts(parts)
        for extension, names in MAIN_STREAMS.items():
            for name in names:
                if name in parts.streams:
                    _CHECKS[extension](parts, parts.read(name))


def require_unlocked(stream):
    """Refuse, as bearing a password, a compound file that holds an encrypted one."""
    with _Compound(stream) as parts:
        _require_no_package(parts)


class _Compound:
    """The streams of a compound file by their paths in small letters."""

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        try:
            self.stream.seek(0)
            self.file = olefile.OleFileIO(self.stream)
            self._require_whole()
            paths = self.file.listdir(streams=True, storages=False)
        except BROKEN as error:
            raise unfit.damaged() from error
        self.streams = {"/".join(path).lower(): path for path in paths}
        return self

    def _require_whole(self):
        """The last sector in use begins before the file's end."""
        used = (n for n, mark in enumerate(self.file.fat) if mark != olefile.FREESECT)
        last = max(used, default=0)
        if (last + 1) * self.file.sectorsize >= self.stream.seek(0, 2):
            raise unfit.damaged()

    def __exit__(self, kind, error, trace):
        if isinstance(error, BROKEN):
            raise unfit.damaged() from error

    def read(self, name, most=-1):
        return self.file.openstream(self.streams[name]).read(most)


def _check_parts(parts):
    _require_no_package(parts)
    for name in parts.streams:
        *folders, last = name.split("/")
        if any(folder in VBA for folder in folders) or last in VBA:
            raise unfit.macros()
        if last == PACKAGE:
            _check_package(parts.read(name, 4096))


def _require_no_package(parts):
    if "encryptedpackage" in parts.streams or "encryptioninfo" in parts.streams:
        raise unfit.locked()


def _check_package(start):
    """An embedded file: size, flags, then label, file name and path, each ended by 0."""
    for name in start[6:].split(b"\x00")[:3]:
        text = name.decode("latin-1")
        if is_program_name(text):
            raise unfit.program(text)


def _check_document(parts, main):
    """The head of a Word document ([MS-DOC] FibBase): bit 8 of the flags at 10."""
    if len(main) < 12:
        raise unfit.damaged()
    if struct.unpack_from("<H", main, 10)[0] & 0x0100:
        raise unfit.locked()


FILE_PASS, BOUND_SHEET, END_OF_FILE = 0x2F, 0x85, 0x0A
MACRO_SHEETS = (1, 6)


def _check_workbook(parts, main):
    """The records of the workbook itself ([MS-XLS]), up to its first end mark."""
    place = 0
    while place + 4 <= len(main):
        kind, length = struct.unpack_from("<HH", main, place)
        record = main[place + 4 : place + 4 + length]
        if kind == FILE_PASS:
            raise unfit.locked()
        if kind == BOUND_SHEET and record[5:6] and record[5] in MACRO_SHEETS:
            raise unfit.macros()
        if kind == END_OF_FILE:
            return
        place += 4 + length
    raise unfit.damaged()


CURRENT_USER = "current user"
ENCRYPTED_TOKEN = b"\xdf\xc4\xd1\xf3"
# The heads of VBAInfoContainer and VBAInfoAtom ([MS-PPT] 2.4.10 and 2.4.11).
VBA_INFO = bytes.fromhex("1f00ff0314000000 020000040c000000")


def _check_presentation(parts, main):
    if CURRENT_USER in parts.streams:
        start = parts.read(CURRENT_USER, 16)
        if start[12:16] == ENCRYPTED_TOKEN:
            raise unfit.locked()
    if "encryptedsummary" in parts.streams:
        raise unfit.locked()
    place = main.find(VBA_INFO)
    while place >= 0:
        # After the two heads: the project's key, then whether there are macros.
        if main[place + 20 : place + 24].strip(b"\x00"):
            raise unfit.macros()
        place = main.find(VBA_INFO, place + 1)


_CHECKS = {
    "doc": _check_document,
    "xls": _check_workbook,
    "ppt": _check_presentation,
}
