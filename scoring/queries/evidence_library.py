"""The evidence library of an agency's file: its documents as a page prints them.

A fixed number of queries however many documents there are; filters and search work on
what was read, since one file has some hundreds of documents at most.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from scoring.models import EvidenceDocument, EvidenceLink, EvidenceVersion
from scoring.permissions import earlier_rights
from scoring.queries.earlier_file import earlier_file
from scoring.queries.sheet_texts import criterion_texts, slug_of
from scoring.vietnamese import search_text
from scoring.wording import show_number

KILOBYTE = 1024
# Criteria that a line of the library names before it says how many more there are.
AT_ONCE = 3
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a document proves a criterion, and where in it the proof stands."""

    link_id: int
    code: str
    slug: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Version:
    """One content of a document, as texts.

    shows    what a browser can show of it beside a page: "pdf", "image" or ""
    source   the address that shows it; address: where it is downloaded or lies
    kind     "PDF", "DOCX", … or the word for a link; size "" for a link
    """

    number: int
    name: str
    kind: str
    size: str
    address: str
    source: str
    shows: str
    is_on_web: bool
    seen_on: str
    added: str


@dataclass(slots=True)
class LibraryDocument:
    """A document of the library, as texts.

    is_old      issued before the year that is assessed
    is_here     of an earlier round's document: its content is in this library already
    is_open     the reader may open it, and use it again where it is of an earlier round
    """

    document: EvidenceDocument
    current: Version
    issued_on: str
    is_old: bool
    proofs: list
    versions: list
    folded: str
    is_here: bool = False
    is_open: bool = True

    @property
    def pk(self):
        return self.document.pk

    @property
    def is_unlinked(self):
        return not self.proofs

    @property
    def first_proofs(self):
        """As many criteria as a line of the library has room for."""
        return self.proofs if len(self.proofs) <= AT_ONCE + 1 else self.proofs[:AT_ONCE]

    @property
    def more_proofs(self):
        return self.proofs[len(self.first_proofs) :]


@dataclass(slots=True)
class Library:
    """All documents of one file, the newest first."""

    documents: list
    earlier: list = field(default_factory=list)

    def shown(self, show, query):
        """What a filter (all, unlinked, old, earlier) and a search leave."""
        wanted = search_text(query).split()
        return [
            document
            for document in self._filtered(show)
            if all(word in document.folded for word in wanted)
        ]

    def _filtered(self, show):
        if show == "earlier":
            return self.earlier
        if show == "unlinked":
            return [d for d in self.documents if d.is_unlinked]
        if show == "old":
            return [d for d in self.documents if d.is_old]
        return self.documents

    def count(self, show):
        return len(self._filtered(show))


def library_of(assessment):
    """The library of a file with round, agency and group__criteria_set at hand.

    Three queries: documents with their current versions, all versions, links.
    """
    rows = _rows(assessment)
    names = _names(assessment)
    return Library([_document(row, names, assessment) for row in rows])


def earlier_documents(user, assessment):
    """Documents of the file that the agency looks back to, as far as ``user`` may see
    how they are called.

    Those whose content lies in ``assessment`` already are marked, and those that may
    be opened and used again. Six queries; two more for a predecessor's file.
    """
    earlier = earlier_file(assessment)
    if earlier is None:
        return []
    rights = earlier_rights(user, assessment, earlier.file)
    if not rights.see:
        return []
    # Their criteria are of another set, whose own names stand at the links.
    documents = [_document(row, {}, assessment) for row in _rows(earlier.file)]
    here = _content_of(assessment) if documents else ()
    for document in documents:
        document.is_open = rights.open
        current = document.document.current
        document.is_here = (current.sha256 or current.link) in here
    return documents


def document_of(assessment, pk):
    """One document of the file's library, or None. Three queries."""
    names = _names(assessment)
    rows = _rows(assessment).filter(pk=pk)
    return next((_document(row, names, assessment) for row in rows), None)


def links_of(assessment):
    """The links of a file's standing documents, with document and criterion."""
    return EvidenceLink.objects.filter(
        document__assessment=assessment, document__removed_at=None
    ).select_related("document__current", "criterion")


def is_older(issued_on, assessment):
    """Whether a document was issued before the year that is assessed began."""
    return issued_on is not None and issued_on.year < assessment.round.year


def shown_as(version):
    """What a browser can show of a version beside a page: "pdf", "image" or ""."""
    if version.is_link or not version.can_be_shown:
        return ""
    return "pdf" if version.media_type == PDF else "image"


# --- reading ------------------------------------------------------------------------


def _rows(file):
    """Standing documents with their versions (newest first) and links at hand."""
    versions = EvidenceVersion.objects.select_related("added_by").order_by("-number")
    links = EvidenceLink.objects.select_related("criterion").order_by(
        "criterion__position", "pk"
    )
    return (
        EvidenceDocument.objects.standing()
        .filter(assessment=file)
        .select_related("current", "added_by")
        .prefetch_related(Prefetch("versions", versions), Prefetch("links", links))
        .order_by("-added_at", "-pk")
    )


def _content_of(assessment):
    """The SHA-256 and the links that lie in the library now."""
    rows = (
        EvidenceVersion.objects.filter(
            pk__in=EvidenceDocument.objects.standing()
            .filter(assessment=assessment)
            .values("current")
        )
        .order_by()
        .values_list("sha256", "link")
    )
    return {sha256 or link for sha256, link in rows}


def _names(assessment):
    """Names of the criteria by code, in the reader's language."""
    texts = criterion_texts(assessment.group.criteria_set)
    return {text.code: text.name for text in texts}


# --- texts --------------------------------------------------------------------------


def _document(row, names, assessment):
    versions = [_version(row, version) for version in row.versions.all()]
    proofs = [_proof(link, names) for link in row.links.all()]
    current = row.current
    words = [row.number, row.title, row.issuer, current.file_name, current.link]
    words += [proof.code for proof in proofs]
    return LibraryDocument(
        document=row,
        current=_version(row, current, newest=versions),
        issued_on=_day(row.issued_on),
        is_old=is_older(row.issued_on, assessment),
        proofs=proofs,
        versions=versions,
        folded=search_text(" ".join([*words, _day(row.issued_on)])),
    )


def _version(row, version, newest=()):
    """A version as texts; the current one is the first of ``newest`` when given."""
    if newest:
        return newest[0]
    at = localtime(version.added_at)
    return Version(
        number=version.number,
        name=version.file_name or version.link,
        kind=kind_of(version),
        size="" if version.is_link else size_words(version.file_size),
        address=version.address,
        source="" if version.is_link else f"{version.address}?inline=1",
        shows=shown_as(version),
        is_on_web=version.is_link,
        seen_on=_day(version.seen_on),
        added=_("%(time)s, %(who)s")
        % {
            "time": date_format(at, "SHORT_DATETIME_FORMAT"),
            "who": version.added_by.full_name or version.added_by.username,
        },
    )


def _proof(link, names):
    code = link.criterion.code
    return Proof(
        link_id=link.pk,
        code=code,
        slug=slug_of(code),
        name=names.get(code, link.criterion.name_vi),
        place=place_words(link),
    )


def place_words(link):
    """Where in a document the proof stands: ``Mục II, trang 3``, or ""."""
    page = _("page %(page)s") % {"page": link.page} if link.page else ""
    return ", ".join(filter(None, (link.section, page)))


def kind_of(version):
    """``PDF``, ``DOCX`` … by the name of the file, or the word for a link."""
    if version.is_link:
        return _("Link")
    return version.file_name.rpartition(".")[2].upper()


def size_words(size):
    """A size as an office reads it: ``1,2 MB``, ``640 KB``; never less than 1 KB."""
    if size >= KILOBYTE**2:
        tenths = (size * 10 + KILOBYTE**2 // 2) // KILOBYTE**2
        return f"{show_number(Decimal(tenths) / 10)} MB"
    return f"{max(1, (size + KILOBYTE // 2) // KILOBYTE)} KB"


def _day(day):
    return f"{day.day}/{day.month}/{day.year}" if day else ""
