"""The self-assessment report: its words, its signed scan, its template."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import files, ledger, stored_files
from scoring.labels import LedgerKind
from scoring.models import AgencyReport, DocumentTemplate, Round, SignedScan
from scoring.models.reports import new_scan_path, new_template_path
from scoring.permissions import assessment_rights, round_rights
from scoring.queries.reports import is_stored_scan_used, is_stored_template_used
from scoring.refusals import Conflict, NotAllowed, Refused
from scoring.states import LOCKED

TEXTS = (
    "number",
    "place",
    "dated_on",
    "difficulties",
    "proposals",
    "signer_post",
    "signer_name",
)


# --- what the agency writes ---------------------------------------------------------


@transaction.atomic
def write(assessment, texts, *, version, by, at=None):
    """Keep the words of the report; ``{name: text}`` of TEXTS, ``dated_on`` a date.

    version  that the writer began from, 0 for none yet; another one by now: Conflict.
    The same words once more change nothing. Refused once the file is locked by the
    leader: the report that was approved stays as it is.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    _require_writable(locked, by, at)
    report = AgencyReport.objects.filter(assessment=locked).first()
    before = _facts(report)
    report = report or AgencyReport(assessment=locked, version=0)
    stored_version = report.version
    for name in TEXTS:
        setattr(report, name, texts[name])
    after = _facts(report)
    if after == before or (not before and not any(texts.values())):
        return report
    if stored_version != version:
        raise Conflict(
            _(
                "The report was changed by somebody else meanwhile; nothing of what is "
                "typed here was saved. Compare with what is stored, then save again."
            )
        )
    report.version = stored_version + 1
    report.updated_at, report.updated_by = at, by
    report.save()
    _record(locked, LedgerKind.REPORT, before=before, after=after, by=by, at=at)
    return report


def _require_writable(assessment, by, at):
    rights = assessment_rights(by, assessment, at)
    if rights.write_report:
        return
    if assessment.group.is_adopted:
        raise Refused(_("The group has been adopted; its files stay locked."))
    if assessment.state_at(at) in LOCKED and rights.attach_scan:
        raise Refused(
            _(
                "The report is approved and locked with the sheet. To change it, the "
                "sheet has to be withdrawn or returned first."
            )
        )
    raise NotAllowed()


def _facts(report):
    if report is None:
        return ""
    facts = {
        name: str(value) for name in TEXTS if (value := getattr(report, name, None))
    }
    return ledger.facts_text(facts)


# --- the signed scan ----------------------------------------------------------------


def attach_scan(assessment, *, upload, name, size, sha256, by, at=None):
    """Keep the scan of the signed report as the file's next version.

    upload  a checked file (exchange/scans.py). The same content as the present version
    is no new one. Refused before the lock and once the group is adopted.
    """
    at = at or timezone.now()
    _require_scannable(assessment, by, at)
    if _has_content(present := _present_scan(assessment), sha256):
        return present
    stored = stored_files.held(
        upload,
        new_scan_path(assessment.round.year),
        name=name,
        is_used=is_stored_scan_used,
    )
    with stored as stored_name, transaction.atomic():
        locked = files.lock(assessment)
        _require_scannable(locked, by, at)
        if _has_content(present := _present_scan(locked), sha256):
            return present
        scan = SignedScan.objects.create(
            assessment=locked,
            version=present.version + 1 if present else 1,
            file=stored_name,
            file_name=name,
            file_size=size,
            sha256=sha256,
            uploaded_at=at,
            uploaded_by=by,
        )
        facts = {"file": name, "sha256": sha256, "version": scan.version}
        after = ledger.facts_text(facts)
        _record(locked, LedgerKind.SCAN, after=after, by=by, at=at)
        return scan


def _present_scan(assessment):
    scans = SignedScan.objects.filter(assessment=assessment)
    return scans.order_by("-version").first()


def _require_scannable(assessment, by, at):
    rights = assessment_rights(by, assessment, at)
    if rights.attach_scan:
        return
    if assessment.group.is_adopted:
        raise Refused(_("The group has been adopted; its files stay locked."))
    if rights.write_report:
        raise Refused(_("The signed report is attached after the sheet is locked."))
    raise NotAllowed()


# --- the city's template ------------------------------------------------------------


def store_template(round_, kind, *, content, name, by, at=None):
    """Keep a checked template as the round's next version; bytes in, row out."""
    at = at or timezone.now()
    _require_manager(round_, by)
    sha256 = hashlib.sha256(content).hexdigest()
    if _has_content(present := _present_template(round_, kind), sha256):
        return present
    stored = stored_files.held(
        ContentFile(content),
        new_template_path(round_.year),
        name=name,
        is_used=is_stored_template_used,
    )
    with stored as stored_name, transaction.atomic():
        locked = _managed(round_, by)
        if _has_content(present := _present_template(locked, kind), sha256):
            return present
        template = _next_template(locked, kind, by, at)
        template.file, template.file_name = stored_name, name
        template.file_size, template.sha256 = len(content), sha256
        template.save()
        return template


@transaction.atomic
def use_default_template(round_, kind, *, by, at=None):
    """From now on the default template again; the city's versions are kept."""
    at = at or timezone.now()
    locked = _managed(round_, by)
    present = _present_template(locked, kind)
    if present is None or present.is_default:
        return present
    template = _next_template(locked, kind, by, at)
    template.save()
    return template


def _managed(round_, by):
    """The round, held: two managers can never take the same version."""
    _require_manager(round_, by)
    return Round.objects.select_for_update().get(pk=round_.pk)


def _require_manager(round_, by):
    if not round_rights(by, round_).manage:
        raise NotAllowed()


def _present_template(round_, kind):
    return (
        DocumentTemplate.objects.filter(round=round_, kind=kind)
        .order_by("-version")
        .first()
    )


def _next_template(round_, kind, by, at):
    rows = DocumentTemplate.objects.filter(round=round_, kind=kind)
    last = rows.aggregate(last=Max("version"))["last"] or 0
    return DocumentTemplate(
        round=round_, kind=kind, version=last + 1, uploaded_at=at, uploaded_by=by
    )


# --- shared -------------------------------------------------------------------------


def _has_content(row, sha256):
    return row is not None and row.sha256 == sha256


def _record(assessment, kind, *, by, at, before="", after=""):
    entry = ledger.Entry(kind=kind, before=before, after=after)
    ledger.append(assessment, [entry], by=by, at=at)
    assessment.save(update_fields=["ledger_length", "ledger_head"])
