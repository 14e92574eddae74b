"""Append lines to the ledger of one file. Nothing else ever writes there."""

import json
from dataclasses import dataclass

from scoring.models import LedgerLine


@dataclass(frozen=True, slots=True)
class Entry:
    """One change to be recorded; texts are canonical JSON or plain words."""

    kind: str
    layer: str = ""
    criterion_code: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    evidence: str = ""


def facts_text(facts):
    """Facts as a line's ``before`` and ``after`` hold them: canonical JSON.

    Lines are chained by hashes of it: the same facts have to be the same text for ever.
    """
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def append(assessment, entries, *, by, at, rule_version=""):
    """Chain ``entries`` to the file's ledger.

    ``assessment`` must be locked by the caller, who also saves its new
    ``ledger_length`` and ``ledger_head``: so two writers can never take the same
    place. Name and post are copied as they are now.
    """
    lines = []
    for entry in entries:
        line = LedgerLine(
            year=assessment.round.year,
            agency_code=assessment.agency.code,
            sequence=assessment.ledger_length + 1,
            at=at,
            kind=entry.kind,
            layer=entry.layer,
            criterion_code=entry.criterion_code,
            actor=by.username,
            actor_name=by.full_name,
            actor_post=by.post,
            before=entry.before,
            after=entry.after,
            reason=entry.reason,
            evidence=entry.evidence,
            rule_version=rule_version,
            previous_hash=assessment.ledger_head,
        )
        line.hash = line.computed_hash()
        assessment.ledger_length, assessment.ledger_head = line.sequence, line.hash
        lines.append(line)
    LedgerLine.objects.bulk_create(lines, batch_size=500)
    return lines
