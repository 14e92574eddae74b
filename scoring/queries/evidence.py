"""Which evidence lies beside the scores of a file."""

import json

from django.db import connection

# By hand, since every save asks it: see queries/scores.py.
DOCUMENTS_OF_FILE = """
SELECT link.criterion_id, document.id, document.sha256
  FROM scoring_evidencelink link
  JOIN scoring_evidencedocument document ON document.id = link.document_id
 WHERE document.assessment_id = %s
 ORDER BY document.id
"""


def evidence_seen(assessment, set_tree):
    """``{leaf code: JSON list of [document key, SHA-256]}`` as the file has them now.

    What a ledger line keeps of the evidence that a decision was made on; a link has
    no hash. One query.
    """
    seen = {}
    with connection.cursor() as cursor:
        cursor.execute(DOCUMENTS_OF_FILE, [assessment.pk])
        for criterion_id, document_id, sha256 in cursor.fetchall():
            code = set_tree.codes[criterion_id]
            seen.setdefault(code, []).append([document_id, sha256])
    return {code: json.dumps(documents) for code, documents in seen.items()}
