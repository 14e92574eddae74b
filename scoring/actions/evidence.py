"""Evidence: named documents of a file, their versions, and what they prove.

Every act takes the file's lock and asks clock and rights under it. Bytes are stored
before the lock is taken: a slow store must not hold up the agency's saves.
"""

from contextlib import contextmanager
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import files, stored_files
from scoring.content import inspect
from scoring.models import Agency, EvidenceDocument, EvidenceLink, EvidenceVersion
from scoring.models.evidence import new_stored_name
from scoring.permissions import assessment_rights, visible_assessments
from scoring.queries.evidence import (
    is_stored_file_used,
    same_content,
    same_link,
    was_seen,
)
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import FileState

DETAILS = ("title", "number", "issued_on", "issuer")
PLACE = ("section", "page")
CONTENT_FIELDS = (
    *("file", "file_name", "file_size", "sha256", "media_type"),
    *("link", "seen_on"),
)
TITLE_LENGTH = EvidenceDocument._meta.get_field("title").max_length


def add(assessment, *, details, upload=None, link="", seen_on=None, by, at=None):
    """Add a document to the file's library, linked to no criterion yet.

    details  mapping: title (else the file's name or the link), number, issued_on,
             issuer
    upload   an uploaded file, or None when ``link`` is given
    seen_on  the day on which somebody read the link; today when not given

    The same content (SHA-256) or link again is the same document, returned as it
    stands. Refused: after the lock, without file and link or with both, a kind or
    size that is not allowed, content that is not what the name says.
    """
    at = at or timezone.now()
    _require_writable(assessment, by, at)
    given = _Given(upload, link, seen_on, at)
    known = given.known_in(assessment)
    with given.stored(assessment, needed=known is None), transaction.atomic():
        locked = _locked(assessment, by, at)
        return given.known_in(locked) or _add(locked, details, given, by, at)


def attach(assessment, code, *, document, upload=None, by, at=None):
    """Add a document (see ``add``) and link it to a leaf; returns the link.

    document  mapping: what ``details`` holds, and link, seen_on, section, page
    """
    at = at or timezone.now()
    _require_writable(assessment, by, at)
    criterion_id = files.leaf_id(assessment, code)
    given = _Given(upload, document.get("link", ""), document.get("seen_on"), at)
    known = given.known_in(assessment)
    with given.stored(assessment, needed=known is None), transaction.atomic():
        locked = _locked(assessment, by, at)
        added = given.known_in(locked) or _add(locked, document, given, by, at)
        place = {key: document.get(key) or "" for key in PLACE}
        return _link(added, criterion_id, place)


@transaction.atomic
def link(document, code, *, section="", page="", by, at=None):
    """Say that the document proves a leaf, and where in it; returns the link.

    Linked again, the place is what was said last.
    """
    at = at or timezone.now()
    locked = _locked(document.assessment, by, at)
    _require_standing(document)
    place = {"section": section, "page": page}
    return _link(document, files.leaf_id(locked, code), place)


@transaction.atomic
def unlink(link, *, by, at=None):
    """Take a document off a leaf; it stays in the library. Twice is harmless."""
    _locked(link.document.assessment, by, at or timezone.now())
    EvidenceLink.objects.filter(pk=link.pk).delete()


@transaction.atomic
def describe(document, *, details, by, at=None):
    """Correct how the document is named: title, number, issued_on, issuer."""
    _locked(document.assessment, by, at or timezone.now())
    _require_standing(document)
    if not (details.get("title") or "").strip():
        raise Refused(_("A document needs a title."))
    _name(document, details)
    document.save(update_fields=DETAILS)
    return document


def replace(document, *, upload=None, link="", seen_on=None, by, at=None):
    """Give the document new content; what it said before stays as older versions.

    Returns the current version; the same content again adds none.
    """
    at = at or timezone.now()
    assessment = document.assessment
    _require_writable(assessment, by, at)
    given = _Given(upload, link, seen_on, at)
    is_same = given.is_content_of(document.current)
    with given.stored(assessment, needed=not is_same), transaction.atomic():
        _locked(assessment, by, at)
        _require_standing(document)
        document.refresh_from_db(fields=["current"])
        if not given.is_content_of(document.current):
            _add_version(document, given, by, at)
        return document.current


@transaction.atomic
def remove(document, *, by, at=None):
    """Take the document out of the library, with all its links.

    What a score was saved by stays, hidden, with its versions, so that the ledger
    can be read; anything else goes with its stored files. Twice is harmless.
    """
    at = at or timezone.now()
    _locked(document.assessment, by, at)
    if not EvidenceDocument.objects.standing().filter(pk=document.pk).exists():
        return
    document.links.all().delete()
    if was_seen(document):
        document.removed_at, document.removed_by = at, by
        document.save(update_fields=["removed_at", "removed_by"])
        return
    _delete(document)


@transaction.atomic
def reuse(document, assessment, code="", *, section="", page="", by, at=None):
    """Use a document of another round again, in its current version.

    Returns the document in ``assessment`` (a new one, sharing the stored file),
    linked to the leaf ``code`` when one is named. Refused unless the person sees both
    files and the other is the same agency's or a predecessor's.
    """
    at = at or timezone.now()
    _require_may_reuse(document, assessment, by)
    locked = _locked(assessment, by, at)
    source = _held_version(document)
    used = same_content(locked, source.sha256) or same_link(locked, source.link)
    if used is None:
        used = EvidenceDocument.objects.create(
            assessment=locked,
            added_at=at,
            added_by=by,
            **{key: getattr(document, key) for key in DETAILS},
        )
        _make_current(used, _copy(source, used, by, at))
    if code:
        _link(used, files.leaf_id(locked, code), {"section": section, "page": page})
    return used


# --- what is given: a checked file or a link ---------------------------------------


class _Given:
    """New content: an inspected upload or a link, and where it was stored."""

    def __init__(self, upload, link, seen_on, at):
        if upload is None and not link:
            raise Refused(_("Choose a file or give a link."))
        if upload is not None and link:
            raise Refused(_("Choose a file or give a link, not both."))
        self.upload, self.link = upload, link
        self.seen_on = _day_seen(seen_on, at) if link else None
        self.content = inspect(upload) if upload is not None else None
        self.stored_name = ""

    @property
    def title(self):
        return self.content.name if self.content else self.link

    def known_in(self, assessment):
        if self.content:
            return same_content(assessment, self.content.sha256)
        return same_link(assessment, self.link)

    def is_content_of(self, version):
        if self.content:
            return version.sha256 == self.content.sha256
        return version.link == self.link and version.seen_on == self.seen_on

    def facts(self):
        """The fields of a version that say what it is."""
        if not self.content:
            return {"link": self.link, "seen_on": self.seen_on}
        if not self.stored_name:
            # The document that had this content is gone since it was looked for.
            raise Refused(_("The library was changed meanwhile. Send the file again."))
        return {
            "file": self.stored_name,
            "file_name": self.content.name,
            "file_size": self.content.size,
            "sha256": self.content.sha256,
            "media_type": self.content.media_type,
        }

    @contextmanager
    def stored(self, assessment, *, needed):
        """Hold the bytes in store while the rows are written."""
        if not (self.content and needed):
            yield
            return
        with stored_files.held(
            self.upload,
            new_stored_name(assessment.round.year),
            name=self.content.name,
            is_used=is_stored_file_used,
        ) as self.stored_name:
            yield


def _day_seen(seen_on, at):
    today = timezone.localdate(at)
    if seen_on and seen_on > today:
        raise Refused(_("The day on which the link was seen is in the future."))
    return seen_on or today


# --- rows ---------------------------------------------------------------------------


def _add(assessment, details, given, by, at):
    document = EvidenceDocument(assessment=assessment, added_at=at, added_by=by)
    _name(document, details)
    document.title = document.title or given.title[:TITLE_LENGTH]
    document.save()
    _add_version(document, given, by, at)
    return document


def _name(document, details):
    document.title = (details.get("title") or "").strip()
    document.number = (details.get("number") or "").strip()
    document.issued_on = details.get("issued_on")
    document.issuer = (details.get("issuer") or "").strip()


def _add_version(document, given, by, at):
    _make_current(
        document,
        EvidenceVersion.objects.create(
            document=document,
            number=document.current.number + 1 if document.current else 1,
            added_at=at,
            added_by=by,
            **given.facts(),
        ),
    )


def _make_current(document, version):
    document.current = version
    document.save(update_fields=["current"])


def _copy(source, document, by, at):
    """The first version of ``document``: the same content, in the same stored file."""
    facts = {key: getattr(source, key) for key in CONTENT_FIELDS}
    facts["file"] = source.file.name
    return EvidenceVersion.objects.create(
        document=document, number=1, added_at=at, added_by=by, **facts
    )


def _link(document, criterion_id, place):
    found, _created = EvidenceLink.objects.update_or_create(
        document=document, criterion_id=criterion_id, defaults=place
    )
    return found


def _delete(document):
    files_of = document.versions.exclude(file="")
    names = list(files_of.values_list("file", flat=True).order_by())
    document.delete()
    for name in names:
        transaction.on_commit(partial(_discard_unless_used, name))


def _discard_unless_used(name):
    if not is_stored_file_used(name):
        stored_files.discard(name)


# --- may it be done -----------------------------------------------------------------


def _locked(assessment, by, at):
    locked = files.lock(assessment)
    _require_writable(locked, by, at)
    return locked


def _require_writable(assessment, by, at):
    if assessment.state_at(at) == FileState.LOCKED_BY_CLOCK:
        raise Late(files.late_sentence(assessment))
    if not assessment_rights(by, assessment, at).edit:
        raise NotAllowed()


def _require_standing(document):
    if not EvidenceDocument.objects.standing().filter(pk=document.pk).exists():
        raise _removed()


def _removed():
    return Refused(
        _("This document was removed from the library. Load the page again.")
    )


def _require_may_reuse(document, assessment, by):
    theirs = document.assessment
    if not (
        visible_assessments(by).filter(pk=theirs.pk).exists()
        and assessment_rights(by, theirs).see_evidence
    ):
        raise NotAllowed()
    if theirs.agency_id not in _lineage(assessment.agency_id):
        raise Refused(
            _("Only documents of the same agency or of its predecessors can be reused.")
        )


def _lineage(agency_id):
    """The agency and all its predecessors, however far back."""
    found, newest = set(), {agency_id}
    while newest:
        found |= newest
        before = Agency.objects.filter(successors__in=newest).order_by()
        newest = set(before.values_list("pk", flat=True)) - found
    return found


def _held_version(document):
    """The current version of a document of another round, held until the end.

    Its row is locked so that it is not removed with its stored file meanwhile.
    """
    standing = EvidenceDocument.objects.standing().filter(pk=document.pk).order_by()
    held = EvidenceVersion.objects.select_for_update().filter(
        pk__in=standing.values("current")
    )
    version = held.order_by().first()
    if version is None:
        raise _removed()
    return version
