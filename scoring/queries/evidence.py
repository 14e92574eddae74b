"""Which evidence lies beside the scores of a file, and what its content is."""

import json

from django.db import connection
from django.utils.translation import gettext as _

from scoring.models import EvidenceDocument, EvidenceVersion, LedgerLine
from scoring.refusals import Unavailable

# By hand, since every save asks it: see queries/scores.py.
DOCUMENTS_OF_FILE = """
SELECT link.criterion_id, document.id, version.number, version.sha256
  FROM scoring_evidencelink link
  JOIN scoring_evidencedocument document ON document.id = link.document_id
  JOIN scoring_evidenceversion version ON version.id = document.current_id
 WHERE document.assessment_id = %s
 ORDER BY document.id
"""


def evidence_seen(assessment, set_tree):
    """``{leaf code: JSON list of [document, version number, SHA-256]}`` as of now.

    What a ledger line keeps of the evidence that a decision was made on; a link has no
    SHA-256. Lines of before documents had versions name document and SHA-256 alone.
    One query.
    """
    seen = {}
    with connection.cursor() as cursor:
        cursor.execute(DOCUMENTS_OF_FILE, [assessment.pk])
        for criterion_id, *version in cursor.fetchall():
            seen.setdefault(set_tree.codes[criterion_id], []).append(version)
    return {code: json.dumps(versions) for code, versions in seen.items()}


def was_seen(document):
    """Whether a ledger line names the document among the evidence of a score."""
    assessment = document.assessment
    return LedgerLine.objects.filter(
        year=assessment.round.year,
        agency_code=assessment.agency.code,
        evidence__contains=f"[{document.pk}, ",
    ).exists()


def documents_of(assessment):
    """The standing documents of a file with their current versions at hand."""
    documents = EvidenceDocument.objects.standing().filter(assessment=assessment)
    return documents.select_related("current")


def same_content(assessment, sha256):
    """The standing document of the file whose current content has this SHA-256, or
    None; what a form offers instead of storing the same bytes again."""
    if not sha256:
        return None
    return documents_of(assessment).filter(current__sha256=sha256).first()


def same_link(assessment, link):
    """The standing document of the file that is now this web address, or None."""
    return documents_of(assessment).filter(current__link=link).first() if link else None


def is_stored_file_used(name):
    """Whether any version still stands on the stored file ``name``."""
    return EvidenceVersion.objects.filter(file=name).exists()


def open_content(version):
    """The stored bytes, open for reading, with their first block already at hand.

    A store that fails is refused here, not in the midst of an answer.
    """
    try:
        content = version.file.open("rb")
        content.read(1)
        content.seek(0)
    except OSError as error:
        raise Unavailable(
            _(
                "“%(name)s” cannot be read from the file store at the moment. Try "
                "again in a few minutes; if it stays so, tell the administrator."
            )
            % {"name": version.file_name}
        ) from error
    return content
