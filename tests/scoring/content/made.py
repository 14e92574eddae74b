"""Files made on purpose: archives and compound files with what must not come in."""

import io
import math
import struct
import zipfile

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NOTHING = 0xFFFFFFFF
# Shorter streams would lie in a mini stream, which nothing here needs.
SHORTEST = 4096

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns='
    '"http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
)
MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as members:
        for name, content in parts.items():
            members.writestr(name, content)
    return stream.getvalue()


def office(extension, *more_types, parts=()):
    """An Office Open XML file of one empty part, with further types and parts."""
    types = "".join(
        f'<Override PartName="/part{place}" ContentType="{kind}"/>'
        for place, kind in enumerate((MAIN[extension], *more_types))
    )
    return archive({"[Content_Types].xml": TYPES.format(types), **dict(parts)})


def open_document(kind, *, manifest="", parts=()):
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": "<content/>",
            **dict(parts),
        }
    )


def encrypted(content):
    """The archive with the mark of a password on its parts, in both tables."""
    changed = bytearray(content)
    for head, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(head)
        while at >= 0:
            changed[at + place] |= 1
            at = changed.find(head, at + 1)
    return bytes(changed)


def compound(streams):
    """A compound file of these streams ({"Storage/Name": bytes}), [MS-CFB] version 3."""
    entries = _tree(streams)
    contents, chains, starts = [], [], {}
    for path, content in streams.items():
        padded = content.ljust(SHORTEST, b"\x00")
        count = math.ceil(len(padded) / SECTOR)
        starts[path] = (len(chains), len(padded))
        chains += [*range(len(chains) + 1, len(chains) + count), END]
        contents.append(padded.ljust(count * SECTOR, b"\x00"))
    directory = _directory(entries, starts)
    first = len(chains)
    count = len(directory) // SECTOR
    chains += [*range(first + 1, first + count), END]
    table = len(chains)
    chains.append(FAT)
    chains += [FREE] * (SECTOR // 4 - len(chains))
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(16),
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, first, 0, SHORTEST, END, 0, END, 0),
    )
    head += struct.pack("<109I", table, *[FREE] * 108)
    body = b"".join(contents) + directory
    return head + body + struct.pack(f"<{len(chains)}I", *chains)


def _tree(streams):
    """[(path, kind)], the root first, storages before what is in them."""
    paths = [("", 5)]
    for path in streams:
        above = path.split("/")[:-1]
        for depth in range(1, len(above) + 1):
            if (folder := ("/".join(above[:depth]), 1)) not in paths:
                paths.append(folder)
        paths.append((path, 2))
    return paths


def _directory(entries, starts):
    packed = b""
    for place, (path, kind) in enumerate(entries):
        name = (path.rpartition("/")[2] if place else "Root Entry") + "\x00"
        start, size = starts.get(path, (END if kind == 5 else 0, 0))
        packed += struct.pack(
            "<64sHBBIII16xI16xIII",
            name.encode("utf-16-le"),
            2 * len(name),
            *(kind, 1, NOTHING),
            _next(entries, place),
            _child(entries, path, kind),
            *(0, start, size, 0),
        )
    return packed.ljust(math.ceil(len(packed) / SECTOR) * SECTOR, b"\x00")


def _parent(path):
    return path.rpartition("/")[0]


def _next(entries, place):
    path = entries[place][0]
    later = range(place + 1, len(entries)) if path else ()
    same = (x for x in later if _parent(entries[x][0]) == _parent(path))
    return next(same, NOTHING)


def _child(entries, path, kind):
    if kind == 2:
        return NOTHING
    within = (x for x, (p, _) in enumerate(entries) if p and _parent(p) == path)
    return next(within, NOTHING)


def record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def workbook(*records):
    """A .xls whose workbook holds these records and ends."""
    return compound({"Workbook": record(0x809, bytes(16)) + b"".join(records)})


def presentation(has_macros):
    info = bytes.fromhex("1f00ff0314000000 020000040c000000 01000000")
    main = info + struct.pack("<II", has_macros, 2)
    return compound({"PowerPoint Document": main, "Current User": bytes(32)})


def package(name):
    """An embedded file of the old kind ("Package"), with its label and path."""
    text = name.encode("latin-1")
    return struct.pack("<IH", 100, 2) + text + b"\x00C:\\" + text + b"\x00" + bytes(50)
