"""Evidence: a named document with a file or a link, tied to criteria."""

import hashlib
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from scoring.actions import files
from scoring.models import EvidenceDocument, EvidenceLink, LedgerLine
from scoring.permissions import assessment_rights
from scoring.queries.criteria import tree_of
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import FileState

# What a file of each extension must begin with: content is what the name says.
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "docx": (ZIP,),
    "xlsx": (ZIP,),
    "pptx": (ZIP,),
    "odt": (ZIP,),
    "ods": (ZIP,),
    "doc": (OLE,),
    "xls": (OLE,),
    "ppt": (OLE,),
}


@transaction.atomic
def attach(assessment, code, *, document, upload=None, by, at=None):
    """Attach evidence to a leaf; returns the link.

    document  mapping: title, number, issued_on, issuer, link, section, page
    upload    an uploaded file, or None when ``link`` is given

    The same content (SHA-256) attached again to the leaf changes at most where in it
    the proof stands; on another leaf the stored document is used again. Refused: after the lock, without file
    and link, a kind or size that is not allowed, content that is not what the name
    says.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    _require_writable(locked, by, at)
    criterion_id = _leaf_id(locked, code)
    if upload is None and not document.get("link"):
        raise Refused(_("Choose a file or give a link."))
    sha256 = _checked_hash(upload) if upload else ""
    stored = _same_content(locked, sha256, document) or _store(
        locked, document, upload, sha256, by, at
    )
    link, _created = EvidenceLink.objects.update_or_create(
        document=stored,
        criterion_id=criterion_id,
        defaults={
            "section": document.get("section", ""),
            "page": document.get("page", ""),
        },
    )
    return link


@transaction.atomic
def detach(link, *, by, at=None):
    """Take a document off a leaf.

    The document goes too when no leaf uses it and no score was saved while it lay
    there: what somebody judged by stays.
    """
    at = at or timezone.now()
    _require_writable(files.lock(link.document.assessment), by, at)
    document = link.document
    link.delete()
    if not document.links.exists() and not _was_seen(document):
        name = document.file.name
        storage = document.file.storage
        document.delete()
        if name:
            transaction.on_commit(lambda: storage.delete(name))


def _was_seen(document):
    """Whether a ledger line names the document among the evidence of a score."""
    assessment = document.assessment
    return LedgerLine.objects.filter(
        year=assessment.round.year,
        agency_code=assessment.agency.code,
        evidence__contains=f"[{document.pk}, ",
    ).exists()


def _require_writable(assessment, by, at):
    if assessment.state_at(at) == FileState.LOCKED_BY_CLOCK:
        raise Late(files.late_sentence(assessment))
    if not assessment_rights(by, assessment, at).edit:
        raise NotAllowed()


def _leaf_id(assessment, code):
    set_tree = tree_of(assessment.group.criteria_set)
    if set_tree.leaf(code) is None:
        raise Refused(_("%(code)s is not a criterion.") % {"code": code})
    return set_tree.ids[code]


def _checked_hash(upload):
    extension = PurePath(upload.name).suffix.lower().lstrip(".")
    if extension not in settings.EVIDENCE_EXTENSIONS:
        raise Refused(
            _("“%(name)s”: files of this kind are not accepted. Accepted: %(kinds)s.")
            % {"name": upload.name, "kinds": ", ".join(settings.EVIDENCE_EXTENSIONS)}
        )
    if upload.size > settings.EVIDENCE_MAX_BYTES:
        raise Refused(
            _("“%(name)s” is larger than %(limit)s MB.")
            % {"name": upload.name, "limit": settings.EVIDENCE_MAX_BYTES // 1024**2}
        )
    digest, start = hashlib.sha256(), b""
    for chunk in upload.chunks():
        start = start or chunk[:16]
        digest.update(chunk)
    upload.seek(0)
    if not start.startswith(SIGNATURES.get(extension, (b"",))):
        raise Refused(
            _("“%(name)s” is not a %(kind)s file inside, or is damaged.")
            % {"name": upload.name, "kind": extension.upper()}
        )
    return digest.hexdigest()


def _same_content(assessment, sha256, document):
    known = EvidenceDocument.objects.filter(assessment=assessment)
    if sha256:
        return known.filter(sha256=sha256).first()
    return known.filter(link=document["link"], file="").first()


def _store(assessment, document, upload, sha256, by, at):
    stored = EvidenceDocument(
        assessment=assessment,
        number=document.get("number", ""),
        issued_on=document.get("issued_on"),
        issuer=document.get("issuer", ""),
        title=document.get("title") or (upload.name if upload else document["link"]),
        link="" if upload else document["link"],
        uploaded_at=at,
        uploaded_by=by,
    )
    if upload:
        stored.file_name = get_valid_filename(PurePath(upload.name).name)
        stored.file_size, stored.sha256 = upload.size, sha256
        stored.file.save(stored.file_name, upload, save=False)
    stored.save()
    return stored
