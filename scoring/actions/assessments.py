"""Steps of an agency's file: hand over, take back, hand back, lock, withdraw, reopen,
extend."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from scoring.actions import files, ledger, notices
from scoring.labels import Layer, LedgerKind
from scoring.permissions import assessment_rights
from scoring.queries.explained import unexplained
from scoring.queries.remarks import open_remarks
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import EARLY, FILE_MOVES, FileState, target_of


@transaction.atomic
def hand_over(assessment, *, by, at=None):
    """The officer gives the file to the leader.

    Refused when late, when not the officer's, and while points stand without evidence
    and without explanation.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    return _move(locked, "hand_over", by=by, at=at, given=_require_explained)


@transaction.atomic
def take_back(assessment, *, by, at=None):
    """The officer takes a file back that the leader has not decided on yet."""
    at = at or timezone.now()
    return _move(files.lock(assessment), "take_back", by=by, at=at)


@transaction.atomic
def hand_back(assessment, *, by, reason="", at=None):
    """The leader returns the file to the officer, with what is to be done.

    With a general remark, open remarks at single criteria, or both; the ledger's line
    holds the words of all of them. Without any: refused.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    said = [reason.strip(), *_remark_lines(locked)]
    words = "\n".join(filter(None, said))
    _require_text(
        words,
        _("Say what the officer shall complete, in general or at single criteria."),
    )
    return _move(locked, "hand_back", by=by, at=at, reason=words)


@transaction.atomic
def lock(assessment, *, by, at=None):
    """The leader approves and locks the self-assessment (chốt)."""
    at = at or timezone.now()
    locked = files.lock(assessment)
    if locked.state == FileState.LOCKED and locked.locked_by_id == by.pk:
        return locked
    locked.locked_at, locked.locked_by = at, by
    return _move(locked, "lock", by=by, at=at, given=_require_explained)


@transaction.atomic
def withdraw(assessment, *, by, reason, at=None):
    """The leader takes a locked file back before the deadline, saying why.

    Refused once the deadline has passed, the group is adopted or the appraisal of this
    file has begun; then only the manager can return it.
    """
    at = at or timezone.now()
    _require_text(reason, _("Give the reason for withdrawing the file."))
    locked = files.lock(assessment)
    is_locked = locked.state == FileState.LOCKED
    if is_locked and (locked.self_deadline() or at) <= at:
        raise Late(files.late_sentence(locked))
    if is_locked:
        locked.locked_at, locked.locked_by = None, None
    return _move(
        locked, "withdraw", by=by, at=at, reason=reason.strip(), given=_require_unjudged
    )


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
    notices.extended(locked, by=by, at=at, reason=reason, document=document)
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
    notices.reopened(locked, by=by, at=at, reason=reason, document=document)
    return locked


def _move(assessment, move, *, by, at, reason="", given=None):
    """Move a locked file, after asking right, clock and table; a repeat succeeds.

    given  called with the file: raises Refused while something is missing
    """
    before = assessment.state_at(at)
    rights = assessment_rights(by, assessment, at)
    if before == FILE_MOVES[move].target and rights.see:
        return assessment
    if before == FileState.LOCKED_BY_CLOCK:
        raise Late(files.late_sentence(assessment))
    target = target_of(FILE_MOVES, move, before)
    if not getattr(rights, move):
        raise NotAllowed()
    if given:
        given(assessment)
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
    notices.moved(assessment, move, by=by, at=at, reason=reason)
    return assessment


def _remark_lines(assessment):
    return [
        f"{code}: {remark.text}"
        for code, remarks in open_remarks(assessment).items()
        for remark in remarks
    ]


def _require_explained(assessment):
    """Where evidence is missing, an explanation is compulsory."""
    codes = unexplained(assessment)
    if codes:
        raise Refused(
            _(
                "Evidence is missing and nothing is explained at: %(codes)s. Attach the "
                "evidence or explain how the points came about."
            )
            % {"codes": ", ".join(codes)},
            codes=codes,
        )


def _require_unjudged(assessment):
    if assessment.cells.exclude(layer=Layer.SELF).exists():
        raise Refused(
            _(
                "The appraisal of this file has begun. The Department of Home Affairs "
                "can return it for completion."
            )
        )


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
    return ledger.facts_text(
        {
            "document": assessment.extension_document,
            "state": str(assessment.state),
            "until": assessment.extended_until.isoformat(),
        }
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
