"""A .docx that somebody uploads as template, looked at as a package before any program
of ours or of an office opens it: bombs, macros, what reaches outside, what is embedded.

Every fault is found and listed; nothing of the package is used before there is none.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from lxml import etree

MAX_BYTES = 5 * 1024 * 1024
MAX_MEMBERS = 300
MAX_UNPACKED = 20 * 1024 * 1024
# A report of some pages has 50 KB; each report made from the template reads it anew.
MAX_XML = 512 * 1024
# What the standard library raises at an archive that is none, or is damaged.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)

MAIN_PART = "word/document.xml"
CONTENT_TYPES = "[Content_Types].xml"
MAIN_TYPE = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
PICTURES = (".png", ".jpg", ".jpeg", ".gif")
# What a template is made of; a relationship of any other kind is refused.
RELATIONSHIPS = frozenset(
    {
        "core-properties",
        "customXml",
        "customXmlProps",
        "custom-properties",
        "endnotes",
        "extended-properties",
        "fontTable",
        "footer",
        "footnotes",
        "header",
        "image",
        "numbering",
        "officeDocument",
        "settings",
        "styles",
        "stylesWithEffects",
        "theme",
        "thumbnail",
        "webSettings",
    }
)
# Elements that run, load or embed something.
ELEMENTS = frozenset(
    {
        "OLEObject",
        "altChunk",
        "attachedTemplate",
        "control",
        "embed",
        "frameset",
        "mailMerge",
        "object",
        "subDoc",
    }
)
# Fields that only count, date or point within the document.
FIELDS = frozenset(
    {"NUMPAGES", "PAGE", "PAGEREF", "REF", "SECTIONPAGES", "SEQ", "STYLEREF", "TOC"}
)


@dataclass(slots=True)
class Package:
    """The members of an uploaded template and what is wrong with it, as sentences."""

    faults: list = field(default_factory=list)
    members: dict = field(default_factory=dict)
    trees: dict = field(default_factory=dict)

    def blame(self, sentence):
        if sentence not in self.faults:
            self.faults.append(sentence)


def read_package(content):
    """The ``Package`` of an upload's bytes. Bounded in memory whatever they are."""
    package = Package()
    if len(content) > MAX_BYTES:
        package.blame(
            _("The file is larger than %(limit)s MB; a template has no need to be.")
            % {"limit": MAX_BYTES // 1024**2}
        )
        return package
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _unpack(archive, package)
    except UNREADABLE:
        package.blame(_not_a_document())
    if not package.faults:
        _look_into(package)
    return package


def _not_a_document():
    return _(
        "The file is not a whole .docx document. Save it in Word or LibreOffice as "
        "“Word document (.docx)” and upload it again."
    )


# --- the archive --------------------------------------------------------------------


def _unpack(archive, package):
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        package.blame(
            _("The package has %(number)s parts; at most %(limit)s are accepted.")
            % {"number": len(infos), "limit": MAX_MEMBERS}
        )
        return
    left = MAX_UNPACKED
    for info in infos:
        if not _is_plain(info, package):
            continue
        # What the archive says of its sizes is not believed.
        with archive.open(info) as member:
            data = member.read(left + 1)
        left -= len(data)
        if left < 0:
            package.blame(
                _("Unpacked, the file is larger than %(limit)s MB; it was not read.")
                % {"limit": MAX_UNPACKED // 1024**2}
            )
            return
        package.members[info.filename] = data


def _is_plain(info, package):
    name = info.filename
    if name in package.members:
        package.blame(_("The part “%(part)s” is there twice.") % {"part": name})
        return False
    if info.flag_bits & 0x1:
        package.blame(_("The file is encrypted; remove the password and save it."))
        return False
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        package.blame(_not_a_document())
        return False
    if name.endswith("/"):
        return False
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        package.blame(
            _("The part “%(part)s” lies outside the package.") % {"part": name}
        )
        return False
    return True


# --- the parts ----------------------------------------------------------------------


def _look_into(package):
    for name in (CONTENT_TYPES, MAIN_PART):
        if name not in package.members:
            package.blame(_not_a_document())
            return
    for name, data in package.members.items():
        if name.lower().endswith((".xml", ".rels")):
            _read_xml(package, name, data)
        elif not name.lower().endswith(PICTURES):
            package.blame(_embedded(name))
    _look_at_types(package)
    for name, tree in package.trees.items():
        if name.endswith(".rels"):
            _look_at_relationships(package, tree)
        else:
            _look_at_elements(package, name, tree)
            _look_at_fields(package, name, tree)


def _embedded(name):
    if "vba" in name.lower():
        return _("The file holds macros (%(part)s); remove them.") % {"part": name}
    return _(
        "The part “%(part)s” is neither text nor a picture (PNG, JPEG, GIF); remove the "
        "embedded object."
    ) % {"part": name}


def _read_xml(package, name, data):
    if len(data) > MAX_XML:
        package.blame(
            _("The part “%(part)s” is larger than %(limit)s KB.")
            % {"part": name, "limit": MAX_XML // 1024}
        )
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        package.blame(
            _("The part “%(part)s” is not written in UTF-8.") % {"part": name}
        )
        return
    declared = re.match(r"\s*<\?xml[^>]*encoding=[\"']([^\"']+)", text[:200])
    if declared and declared[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        package.blame(
            _("The part “%(part)s” is not written in UTF-8.") % {"part": name}
        )
        return
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        package.blame(
            _("The part “%(part)s” declares a document type or entities.")
            % {"part": name}
        )
        return
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        package.trees[name] = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        package.blame(_("The part “%(part)s” is damaged.") % {"part": name})


def _look_at_types(package):
    tree = package.trees.get(CONTENT_TYPES)
    if tree is None:
        return
    types = {
        element.get("PartName", ""): element.get("ContentType", "")
        for element in tree.iter("{*}Override", "{*}Default")
    }
    if any("macro" in kind.lower() or "vba" in kind.lower() for kind in types.values()):
        package.blame(
            _("The file is a document with macros; save it as a plain .docx.")
        )
    elif types.get(f"/{MAIN_PART}") != MAIN_TYPE:
        package.blame(_not_a_document())


def _look_at_relationships(package, tree):
    for element in tree.iter("{*}Relationship"):
        kind = element.get("Type", "").rsplit("/", 1)[-1]
        target = element.get("Target", "")
        if kind == "attachedTemplate":
            package.blame(
                _("The file hangs on another template (%(target)s); detach it.")
                % {"target": target[:200]}
            )
        elif element.get("TargetMode", "").lower() == "external" or "://" in target:
            package.blame(
                _(
                    "The file reaches outside itself (%(kind)s: %(target)s). Embed the "
                    "picture, or turn the link into plain text."
                )
                % {"kind": kind, "target": target[:200]}
            )
        elif kind not in RELATIONSHIPS:
            package.blame(
                _("The file holds something a template may not hold: %(kind)s.")
                % {"kind": kind[:60]}
            )


def _look_at_elements(package, name, tree):
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        local = etree.QName(element).localname
        if local in ELEMENTS:
            package.blame(
                _("%(part)s holds an embedded object or a link to one (%(kind)s).")
                % {"part": name, "kind": local}
            )


def _look_at_fields(package, name, tree):
    for words in _field_words(tree):
        first = (words.split() or [""])[0].upper()
        if first not in FIELDS:
            package.blame(
                _(
                    "The field “%(field)s” in %(part)s may load something or ask the "
                    "reader; replace it by plain text."
                )
                % {"field": words.strip()[:60], "part": name}
            )


def _field_words(tree):
    """What each field of a part says, however it is cut into pieces."""
    open_fields = []
    for element in tree.iter("{*}fldSimple", "{*}fldChar", "{*}instrText"):
        local = etree.QName(element).localname
        if local == "fldSimple":
            yield next(
                (v for k, v in element.attrib.items() if k.endswith("}instr")), ""
            )
        elif local == "instrText":
            if open_fields:
                open_fields[-1].append(element.text or "")
            else:
                yield element.text or ""
        else:
            kind = next(
                (v for k, v in element.attrib.items() if k.endswith("fldCharType")), ""
            )
            if kind == "begin":
                open_fields.append([])
            elif open_fields and kind in {"separate", "end"}:
                words = open_fields.pop() if kind == "end" else open_fields[-1]
                if words and words != [None]:
                    yield "".join(filter(None, words))
                    words[:] = [None]
