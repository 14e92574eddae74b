"""PDF: whole, without a password, without programs.

Only the tables and the catalogue are read, never a page. Forms with JavaScript are
taken: agencies' electronic forms have them, and the viewers in which the site shows a
file run them, if at all, without any reach outside the page.
"""

import struct
import zlib

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from . import unfit
from .names import is_program_name

HEAD = b"%PDF-"
END = b"%%EOF"
LAST = 2048
# What pypdf raises on hostile bytes beside its own errors.
BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
MOST_NODES = 1000


def check(stream, extension):
    stream.seek(0)
    if not stream.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(HEAD):
        raise unfit.not_inside(extension)
    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - LAST))
    if END not in stream.read():
        raise unfit.damaged()
    stream.seek(0)
    try:
        _check_catalogue(PdfReader(stream, strict=False))
    except BROKEN as error:
        raise unfit.damaged() from error


def _check_catalogue(reader):
    if reader.is_encrypted and not reader.decrypt(""):
        raise unfit.locked()
    root = reader.trailer["/Root"].get_object()
    if not isinstance(root["/Pages"].get_object(), DictionaryObject):
        raise unfit.damaged()
    _check_action(_resolved(root.get("/OpenAction")))
    names = _resolved(root.get("/Names"))
    if isinstance(names, DictionaryObject):
        for name in _embedded_names(_resolved(names.get("/EmbeddedFiles"))):
            if is_program_name(name):
                raise unfit.program(name)


def _check_action(action):
    """What happens by itself when the file is opened must start nothing."""
    if isinstance(action, DictionaryObject) and action.get("/S") == "/Launch":
        raise unfit.program(str(_resolved(action.get("/F")) or "/Launch"))


def _embedded_names(node):
    """The names of embedded files: those of the name tree and those that files give."""
    waiting, seen = [node], 0
    while waiting:
        node = _resolved(waiting.pop())
        seen += 1
        if seen > MOST_NODES:
            raise unfit.unreasonable()
        if not isinstance(node, DictionaryObject):
            continue
        waiting.extend(_list(node.get("/Kids")))
        for one in _list(node.get("/Names")):
            yield from _names_of(_resolved(one))


def _names_of(entry):
    if isinstance(entry, DictionaryObject):
        for key in ("/F", "/UF"):
            yield str(_resolved(entry.get(key)))
    else:
        yield str(entry)


def _list(value):
    value = _resolved(value)
    return list(value) if isinstance(value, ArrayObject) else []


def _resolved(value):
    return value.get_object() if isinstance(value, IndirectObject) else value
