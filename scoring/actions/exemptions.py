"""Exemptions of one file: which criteria do not apply, and by which document."""

from scoring.actions import ledger
from scoring.labels import LedgerKind
from scoring.models import Exemption
from scoring.queries.criteria import tree_of


def write(assessment, documents, *, by, at):
    """Make ``documents`` (by criterion code) the exemptions of a locked file.

    What is missing there is withdrawn. Every difference gets its ledger line; the
    caller saves the file's ledger head and computes its totals anew. Returns the
    number of differences. Codes are those of the file's set, checked before.
    """
    set_tree = tree_of(assessment.group.criteria_set)
    present = {
        set_tree.codes[exemption.criterion_id]: exemption
        for exemption in Exemption.objects.filter(assessment=assessment)
    }
    wanted = [
        Exemption(
            assessment=assessment,
            criterion_id=set_tree.ids[code],
            document=document,
        )
        for code, document in documents.items()
        if code not in present or present[code].document != document
    ]
    missing = [code for code in present if code not in documents]
    entries = [
        _entry(set_tree.codes[new.criterion_id], present, new.document)
        for new in wanted
    ] + [_entry(code, present, None) for code in missing]
    Exemption.objects.filter(pk__in=[present[code].pk for code in missing]).delete()
    Exemption.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["document"],
    )
    ledger.append(assessment, entries, by=by, at=at, rule_version=set_tree.rule_version)
    return len(entries)


def _entry(code, present, document):
    old = present.get(code)
    return ledger.Entry(
        kind=LedgerKind.EXEMPTION,
        criterion_code=code,
        before=_snapshot(old.document if old else None),
        after=_snapshot(document),
    )


def _snapshot(document):
    """What an exemption says; empty where there is none."""
    if document is None:
        return ""
    return ledger.facts_text({"document": document})
