"""Steps of an agency's file: hand over, hand back, lock, reopen, extend."""

import json

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from scoring.actions import files, ledger
from scoring.labels import LedgerKind
from scoring.permissions import assessment_rights
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import EARLY, FILE_MOVES, FileState, target_of


@transaction.atomic
def hand_over(assessment, *, by, at=None):
    """The officer gives the file to the leader; late or not the officer: refused."""
    at = at or timezone.now()
    return _move(files.lock(assessment), "hand_over", by=by, at=at)


@transaction.atomic
def hand_back(assessment, *, by, reason, at=None):
    """The leader returns the file to the officer, with what is to be done."""
    at = at or timezone.now()
    _require_text(reason, _("Say what the officer shall complete."))
    return _move(files.lock(assessment), "hand_back", by=by, at=at, reason=reason)


@transaction.atomic
def lock(assessment, *, by, at=None):
    """The leader approves and locks the self-assessment (chốt)."""
    at = at or timezone.now()
    locked = files.lock(assessment)
    if locked.state == FileState.LOCKED and locked.locked_by_id == by.pk:
        return locked
    locked.locked_at, locked.locked_by = at, by
    return _move(locked, "lock", by=by, at=at)


@transaction.atomic
def extend(assessment, *, until, reason, document, by, at=None):
    """Give one agency a later deadline, with reason and document number.

    The manager's act. Refused when ``until`` is past, not later than the present
    deadline, when reason or document is blank, or once the group has been adopted.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    _require_manager(locked, by, at)
    _require_group_open(locked)
    _require_deadline(locked, until, at)
    _require_text(reason, _("Give the reason for the extension."))
    _require_text(document, _("Give the number of the document that extends."))
    _set_deadline(locked, until, reason, document)
    _record(locked, by=by, at=at, reason=reason, after=_deadline_facts(locked))
    _save(locked)
    return locked


@transaction.atomic
def reopen(assessment, *, until, reason, document, by, at=None):
    """Return a locked file for completion, with reason and a new deadline.

    The manager's act; refused once the group has been adopted, and as ``extend``.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    _require_manager(locked, by, at)
    _require_group_open(locked)
    _require_text(reason, _("Give the reason for returning the file."))
    _require_text(document, _("Give the number of the document that returns it."))
    before = locked.state_at(at)
    target = target_of(FILE_MOVES, "reopen", before)
    if until is None or until <= at:
        raise Refused(_("The new deadline must lie in the future."))
    _set_deadline(locked, until, reason, document)
    locked.state, locked.locked_at, locked.locked_by = target, None, None
    _record(
        locked,
        by=by,
        at=at,
        reason=reason,
        before=str(before),
        after=_deadline_facts(locked),
    )
    _save(locked)
    return locked


def _move(assessment, move, *, by, at, reason=""):
    """Move a locked file, after asking right, clock and table; a repeat succeeds."""
    before = assessment.state_at(at)
    rights = assessment_rights(by, assessment, at)
    if before == FILE_MOVES[move].target and rights.see:
        return assessment
    if before == FileState.LOCKED_BY_CLOCK:
        raise Late(files.late_sentence(assessment))
    target = target_of(FILE_MOVES, move, before)
    if not getattr(rights, move):
        raise NotAllowed()
    assessment.state = target
    _record(
        assessment,
        by=by,
        at=at,
        reason=reason,
        before=str(before),
        after=str(assessment.state),
    )
    _save(assessment)
    return assessment


def _require_manager(assessment, by, at):
    if not assessment_rights(by, assessment, at).manage:
        raise NotAllowed()


def _require_group_open(assessment):
    if assessment.group.is_adopted:
        raise Refused(_("The group has been adopted; its files stay locked."))


def _require_text(text, sentence):
    if not text.strip():
        raise Refused(sentence)


def _require_deadline(assessment, until, at):
    present = assessment.self_deadline()
    if until is None or until <= at or (present and until <= present):
        raise Refused(
            _("The new deadline must lie in the future and after %(present)s.")
            % {"present": date_format(localtime(present or at), "DATETIME_FORMAT")}
        )
    if assessment.state not in EARLY:
        raise Refused(_("The file is locked; return it for completion instead."))


def _set_deadline(assessment, until, reason, document):
    assessment.extended_until = until
    assessment.extension_reason = reason.strip()
    assessment.extension_document = document.strip()


def _deadline_facts(assessment):
    return json.dumps(
        {
            "document": assessment.extension_document,
            "state": str(assessment.state),
            "until": assessment.extended_until.isoformat(),
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _record(assessment, *, by, at, reason, before="", after=""):
    entry = ledger.Entry(
        kind=LedgerKind.MOVED, before=before, after=after, reason=reason
    )
    ledger.append(assessment, [entry], by=by, at=at)


def _save(assessment):
    assessment.save(
        update_fields=[
            "state",
            "locked_at",
            "locked_by",
            "extended_until",
            "extension_reason",
            "extension_document",
            "ledger_length",
            "ledger_head",
        ]
    )
