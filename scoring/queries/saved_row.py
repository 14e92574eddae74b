"""What a saved row changes on the sheet, for much less than the whole sheet costs.

Every save asks it. The row that was saved is laid out in full from the cell itself; of
the others only is read what rail, totals and checklist count.
"""

from collections import Counter
from decimal import Decimal
from functools import lru_cache
from types import SimpleNamespace

from django.db import connection

from scoring.index.rollup import exempted_leaves
from scoring.labels import Layer
from scoring.models import EvidenceLink
from scoring.queries.criteria import tree_of
from scoring.queries.remarks import remarks_of
from scoring.queries.sheet_texts import criterion_texts
from scoring.queries.sheets import (
    Reading,
    Sheet,
    StoredCell,
    evidence_item,
    exemption_of,
    progress_of,
    row_of,
    totals_of,
)
from scoring.wording import show_points

CELL, PROOF, REMARK, EXEMPT = "cell", "proof", "remark", "exempt"
OPEN = "open"
# Of other rows only is asked whether they have an open remark, not what it says.
SOME_REMARK = SimpleNamespace(is_open=True, resolved_at=None, text="…")

# By hand, since every save asks it: see queries/scores.py. Points are whole
# ten-thousandths; of a reason only is asked whether there is one.
FACTS_OF_FILE = """
SELECT 'cell' AS kind, criterion_id, points, not_applicable,
       CASE WHEN reason = '' THEN '' ELSE '…' END AS text
  FROM scoring_cell
 WHERE assessment_id = %s AND layer = 'self'
UNION ALL
SELECT 'proof', link.criterion_id, NULL, '', ''
  FROM scoring_evidencelink link
  JOIN scoring_evidencedocument document ON document.id = link.document_id
 WHERE document.assessment_id = %s AND document.removed_at IS NULL
UNION ALL
SELECT 'remark', criterion_id, NULL, '',
       CASE WHEN resolved_at IS NULL THEN 'open' ELSE '' END
  FROM scoring_remark
 WHERE assessment_id = %s
UNION ALL
SELECT 'exempt', criterion_id, NULL, '', document
  FROM scoring_exemption
 WHERE assessment_id = %s
"""


def sheet_after(assessment, code, cell):
    """The Sheet after a save of the leaf ``code``; only its row is whole.

    cell  as the action gave it back, None when there is none

    One query, and one more each where the row has evidence or remarks.
    """
    criteria_set = assessment.group.criteria_set
    set_tree = tree_of(criteria_set)
    facts = _Facts(assessment, set_tree)
    out = exempted_leaves(set_tree.tree, facts.exempted)
    reading = Reading.now(criteria_set)
    rows = [
        row_of(
            text,
            reading,
            None,
            [None] * facts.proofs.get(text.code, 0),
            exemption_of(text, out, facts.exempted) if out else "",
        )
        for text in criterion_texts(criteria_set)
    ]
    show = lru_cache(show_points)  # few values, many criteria
    for place, row in enumerate(rows):
        if row.kind != "leaf":
            continue
        if row.text.code == code:
            rows[place] = _whole(assessment, row, reading, cell, facts)
            continue
        row.remarks = [SOME_REMARK] * facts.open_remarks.get(row.text.code, 0)
        if (value := facts.cells.get(row.text.code)) is not None:
            row.points = "" if value.points is None else show(value.points)
            row.not_applicable, row.reason = value.not_applicable, value.reason
    return Sheet(
        rows=rows,
        fields=progress_of(rows),
        totals=totals_of(set_tree, facts.cells, facts.exempted, rows),
    )


class _Facts:
    """The answer of FACTS_OF_FILE, by code."""

    def __init__(self, assessment, set_tree):
        self.cells, self.exempted = {}, {}
        self.proofs, self.remarks, self.open_remarks = Counter(), Counter(), Counter()
        with connection.cursor() as cursor:
            cursor.execute(FACTS_OF_FILE, [assessment.pk] * 4)
            for kind, criterion_id, points, not_applicable, text in cursor.fetchall():
                code = set_tree.codes[criterion_id]
                if kind == CELL:
                    self.cells[code] = SimpleNamespace(
                        points=None if points is None else Decimal(points).scaleb(-4),
                        not_applicable=not_applicable,
                        reason=text,
                    )
                elif kind == PROOF:
                    self.proofs[code] += 1
                elif kind == REMARK:
                    self.remarks[code] += 1
                    self.open_remarks[code] += text == OPEN
                else:
                    self.exempted[code] = text


def _whole(assessment, row, reading, cell, facts):
    code = row.text.code
    evidence = _evidence(assessment, code) if facts.proofs[code] else []
    whole = row_of(row.text, reading, _stored(cell), evidence, "")
    if facts.remarks[code]:
        whole.remarks = remarks_of(assessment, code)
    return whole


def _stored(cell):
    if cell is None:
        return None
    return StoredCell(
        cell.criterion_id,
        Layer.SELF,
        cell.points,
        cell.data,
        cell.not_applicable,
        cell.reason,
        cell.version,
        cell.updated_at,
        cell.updated_by.full_name,
        cell.updated_by.username,
    )


def _evidence(assessment, code):
    links = EvidenceLink.objects.filter(
        document__assessment=assessment,
        document__removed_at=None,
        criterion__code=code,
    )
    return [evidence_item(link) for link in links.select_related("document__current")]
