"""One file of a round that is loaded: from what stands there to what the bundle says."""

from dataclasses import dataclass

from scoring.actions import cells, exemptions, ledger
from scoring.actions.surveys import snapshot as survey_snapshot
from scoring.labels import Layer, LedgerKind
from scoring.models import Cell, EvidenceLink, Exemption, SurveyResult
from scoring.queries.criteria import tree_of
from scoring.states import EARLY, FileState


@dataclass(slots=True)
class Changes:
    cells: int = 0
    withdrawn: int = 0
    surveys_removed: int = 0
    exemptions: int = 0


def facts_of(file):
    """What a load may change of the file itself, beside its scores."""
    return {
        "assessed": file.is_assessed,
        "criteria": file.group.criteria_set.rule_version,
        "group": file.group.group.code,
        "reason": file.not_assessed_reason,
    }


def write(file, content, facts_before, *, by, at):
    """Make a locked file say what ``content`` says, with a ledger line for each
    difference; survey results that come or change are written for the round at once.

    facts_before  ``facts_of`` before the load; None for a new file
    """
    changes = Changes()
    _record_facts(file, facts_before, by=by, at=at)
    changes.exemptions = exemptions.write(file, content.exemptions, by=by, at=at)
    changes.surveys_removed = _remove_surveys(
        file, lambda code: code not in content.surveys, by=by, at=at
    )
    _write_cells(file, content, changes, by=by, at=at)
    if facts_before is None and _is_judged(content) and file.state in EARLY:
        file.state = FileState.LOCKED
    file.save(update_fields=["state", "ledger_length", "ledger_head"])
    return changes


def _is_judged(content):
    """Whoever has been appraised had finished the self-assessment."""
    return any(layer != Layer.SELF for __, layer in content.cells)


def _record_facts(file, before, *, by, at):
    after = facts_of(file)
    if before is None or before == after:
        return
    entry = ledger.Entry(
        kind=LedgerKind.LOADED,
        before=ledger.facts_text(before),
        after=ledger.facts_text(after),
    )
    ledger.append(file, [entry], by=by, at=at, rule_version=after["criteria"])


# --- cells -----------------------------------------------------------------------


def _write_cells(file, content, changes, *, by, at):
    set_tree = tree_of(file.group.criteria_set)
    present = _present_cells(file)
    by_code = {
        (set_tree.codes[criterion_id], layer): cell
        for (criterion_id, layer), cell in present.items()
    }
    checked = []
    for (code, layer), value in content.cells.items():
        if not _same_but_for_line_ends(by_code.get((code, layer)), value):
            checked.append((cells.CellChange(code, layer), set_tree.leaf(code), value))
    changes.cells = len(checked)
    for (code, layer), cell in by_code.items():
        if (code, layer) not in content.cells and not cell.is_blank:
            checked.append((cells.CellChange(code, layer), set_tree.leaf(code), None))
    changes.withdrawn = len(checked) - changes.cells
    if checked:
        cells.write(file, checked, present, by=by, at=at, kind=LedgerKind.LOADED)
    _copy_bounds(file, set_tree, present)


def _present_cells(file):
    stored = Cell.objects.filter(assessment=file)
    return {(cell.criterion_id, cell.layer): cell for cell in stored}


def _same_but_for_line_ends(cell, value):
    """Files carry LF alone; a reason typed into a form may hold CR LF."""
    if cell is None:
        return False
    return (
        cell.points == value.points
        and cell.data == value.data
        and cell.not_applicable == value.na
        and cell.reason.replace("\r\n", "\n").replace("\r", "\n") == value.reason
    )


def _copy_bounds(file, set_tree, present):
    """Cells that stay under a new version of their set get the leaf's new bounds."""
    for (criterion_id, layer), cell in present.items():
        leaf = set_tree.leaf(set_tree.codes[criterion_id])
        if (cell.low_points, cell.high_points) != (leaf.low, leaf.high):
            Cell.objects.filter(
                assessment=file, criterion=criterion_id, layer=layer
            ).update(low_points=leaf.low, high_points=leaf.high)


# --- surveys ---------------------------------------------------------------------


def _remove_surveys(file, is_gone, *, by, at):
    set_tree = tree_of(file.group.criteria_set)
    gone = [
        result
        for result in SurveyResult.objects.filter(assessment=file)
        if is_gone(set_tree.codes[result.criterion_id])
    ]
    entries = [
        ledger.Entry(
            kind=LedgerKind.SURVEY,
            criterion_code=set_tree.codes[result.criterion_id],
            before=survey_snapshot(result),
        )
        for result in gone
    ]
    SurveyResult.objects.filter(pk__in=[result.pk for result in gone]).delete()
    ledger.append(file, entries, by=by, at=at, rule_version=set_tree.rule_version)
    return len(gone)


# --- another set -----------------------------------------------------------------


def move_to_set(file, new_set, *, by, at):
    """Point all that hangs on the old set's criteria to those of ``new_set`` by code.

    What the new set has no place for is withdrawn first, under the old rules, with
    its ledger line. Evidence links stay in any case: those of a criterion that is
    gone keep naming it. Returns how many cells were withdrawn.
    """
    old, new = tree_of(file.group.criteria_set), tree_of(new_set)
    withdrawn = _withdraw_homeless(file, old, new, by=by, at=at)
    homes = {old_id: new.ids.get(code) for code, old_id in old.ids.items()}
    for model in (Cell, SurveyResult, Exemption):
        rows = list(model.objects.filter(assessment=file))
        for row in rows:
            row.criterion_id = homes[row.criterion_id]
        model.objects.bulk_update(rows, ["criterion"], batch_size=200)
    _move_evidence(file, new)
    return withdrawn


def _withdraw_homeless(file, old, new, *, by, at):
    """Empty and drop what has no leaf of its kind (or criterion) in the new set."""
    present = _present_cells(file)
    homeless = {
        key: cell
        for key, cell in present.items()
        if not _takes_cells(new, old.codes[cell.criterion_id])
    }
    checked = [
        (
            cells.CellChange(old.codes[cell.criterion_id], cell.layer),
            old.leaf(old.codes[cell.criterion_id]),
            None,
        )
        for cell in homeless.values()
        if not cell.is_blank
    ]
    if checked:
        cells.write(file, checked, present, by=by, at=at, kind=LedgerKind.LOADED)
    Cell.objects.filter(pk__in=[cell.pk for cell in homeless.values()]).delete()
    _remove_surveys(file, lambda code: not _takes_surveys(new, code), by=by, at=at)
    kept = {
        old.codes[exemption.criterion_id]: exemption.document
        for exemption in Exemption.objects.filter(assessment=file)
        if old.codes[exemption.criterion_id] in new.ids
    }
    exemptions.write(file, kept, by=by, at=at)
    return len(checked)


def _takes_cells(set_tree, code):
    leaf = set_tree.leaf(code)
    return leaf is not None and not leaf.is_survey


def _takes_surveys(set_tree, code):
    leaf = set_tree.leaf(code)
    return leaf is not None and leaf.is_survey


def _move_evidence(file, new):
    """Links of any older version find their criterion again, once per document."""
    links = EvidenceLink.objects.filter(document__assessment=file)
    taken = set(
        links.filter(criterion__in=new.ids.values()).values_list(
            "document_id", "criterion_id"
        )
    )
    for link in links.exclude(criterion__in=new.ids.values()).select_related(
        "criterion"
    ):
        home = new.ids.get(link.criterion.code)
        if home is None or (link.document_id, home) in taken:
            continue
        taken.add((link.document_id, home))
        link.criterion_id = home
        link.save(update_fields=["criterion"])
