"""Survey results enter: a figure per agency and leaf, with answers and spread."""

import json
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import files, ledger
from scoring.actions.totals import refresh_totals
from scoring.index.figures import shortest
from scoring.labels import LeafKind, LedgerKind
from scoring.models import Assessment, SurveyResult
from scoring.permissions import round_rights
from scoring.queries.criteria import tree_of
from scoring.refusals import ManyRefused, NotAllowed

SURVEYED = (LeafKind.SOCIOLOGICAL, LeafKind.SATISFACTION)


@dataclass(frozen=True, slots=True)
class SurveyFigure:
    """One row of a survey: percents 0..100 with at most four decimals."""

    agency: str
    criterion: str
    answers: int
    mean_percent: Decimal
    standard_deviation: Decimal | None = None


@transaction.atomic
def save(round_, figures, *, by, at=None):
    """Store survey figures as the manager's act; returns how many changed.

    Refused, with every fault and nothing stored: unknown agencies, leaves that no
    survey measures, figures out of range, groups that have been adopted.
    """
    if not round_rights(by, round_).manage:
        raise NotAllowed()
    return write(round_, figures, by=by, at=at or timezone.now())


def write(round_, figures, *, by, at):
    """Store checked figures; for the manager's act and for round bundles."""
    by_code = {
        assessment.agency.code: assessment
        for assessment in Assessment.objects.filter(round=round_)
        .select_related("agency", "group__criteria_set")
        .order_by("pk")
    }
    _require_sound(by_code, figures)
    locked = files.lock_all(
        {
            by_code[figure.agency].pk: by_code[figure.agency] for figure in figures
        }.values()
    )
    faults = [
        _("%(group)s has been adopted; its survey results are closed.")
        % {"group": group.name}
        for group in {a.group for a in locked.values() if a.group.is_adopted}
    ]
    if faults:
        raise ManyRefused(faults)
    changed = 0
    for assessment in locked.values():
        own = [f for f in figures if f.agency == assessment.agency.code]
        changed += _write_one(assessment, own, by=by, at=at)
    return changed


def _require_sound(by_code, figures):
    faults = []
    for figure in figures:
        faults += _faults(by_code.get(figure.agency), figure)
    if faults:
        raise ManyRefused(faults)


def _faults(assessment, figure):
    where = f"{figure.agency} · {figure.criterion}: "
    if assessment is None:
        return [where + _("the agency is not in this round.")]
    leaf = tree_of(assessment.group.criteria_set).leaf(figure.criterion)
    if leaf is None or leaf.kind not in SURVEYED:
        return [where + _("no survey measures this criterion.")]
    faults = []
    if not 0 <= figure.mean_percent <= 100:
        faults.append(where + _("the percent must lie in 0 to 100."))
    if figure.answers < 0:
        faults.append(where + _("the number of answers is below 0."))
    if figure.standard_deviation is not None and figure.standard_deviation < 0:
        faults.append(where + _("the standard deviation is below 0."))
    return faults


def _write_one(assessment, figures, *, by, at):
    set_tree = tree_of(assessment.group.criteria_set)
    present = {
        result.criterion_id: result
        for result in SurveyResult.objects.filter(assessment=assessment)
    }
    results, entries = [], []
    for figure in figures:
        criterion_id = set_tree.ids[figure.criterion]
        old = present.get(criterion_id)
        new = SurveyResult(
            assessment=assessment,
            criterion_id=criterion_id,
            answers=figure.answers,
            mean_percent=figure.mean_percent,
            standard_deviation=figure.standard_deviation,
        )
        if snapshot(old) == snapshot(new):
            continue
        results.append(new)
        entries.append(
            ledger.Entry(
                kind=LedgerKind.SURVEY,
                criterion_code=figure.criterion,
                before=snapshot(old),
                after=snapshot(new),
            )
        )
    if not results:
        return 0
    SurveyResult.objects.bulk_create(
        results,
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["answers", "mean_percent", "standard_deviation"],
    )
    ledger.append(assessment, entries, by=by, at=at, rule_version=set_tree.rule_version)
    refresh_totals(assessment)
    assessment.save(update_fields=["totals", "ledger_length", "ledger_head"])
    return len(results)


def snapshot(result):
    """What a survey result says, as canonical JSON; empty where there is none."""
    if result is None:
        return ""
    deviation = result.standard_deviation
    facts = {
        "answers": result.answers,
        "mean_percent": shortest(result.mean_percent),
        "standard_deviation": None if deviation is None else shortest(deviation),
    }
    return json.dumps(facts, sort_keys=True)
