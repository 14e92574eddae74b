"""The leader's remarks at single criteria: written, taken back, done.

Correspondence between leader and officer: no text is ever changed, nothing deleted.
What was asked for stands in the ledger's line of the hand-back.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import files
from scoring.models import Remark
from scoring.permissions import assessment_rights
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import WRITABLE, FileState

MAX_LENGTH = 2000


@transaction.atomic
def write(assessment, code, text, *, by, at=None):
    """The leader writes a remark at a leaf while the file lies with the leader.

    The same words at the same criterion once more are the same remark (a double
    click). Refused: nothing written, too long, not a leaf, not with the leader.
    """
    at = at or timezone.now()
    locked = files.lock(assessment)
    _require_with_leader(locked, by, at)
    text = text.replace("\0", "").strip()  # PostgreSQL cannot store the former
    if not text:
        raise Refused(_("Write what is to be mended at this criterion."))
    if len(text) > MAX_LENGTH:
        raise Refused(
            _("The remark has %(length)s characters; at most %(limit)s are kept.")
            % {"length": len(text), "limit": MAX_LENGTH}
        )
    wanted = {"assessment": locked, "criterion_id": files.leaf_id(locked, code)}
    same = Remark.objects.filter(**wanted, text=text, by=by, resolved_at=None)
    return same.first() or Remark.objects.create(**wanted, text=text, by=by, at=at)


@transaction.atomic
def take_back(remark, *, by, at=None):
    """The leader takes an open remark back before returning the file."""
    at = at or timezone.now()
    locked = files.lock(remark.assessment)
    _require_with_leader(locked, by, at)
    return _settle(remark, by, at, is_taken_back=True)


@transaction.atomic
def resolve(remark, *, by, at=None):
    """The officer says that a remark is done; while the sheet is the officer's."""
    at = at or timezone.now()
    locked = files.lock(remark.assessment)
    state = locked.state_at(at)
    if state == FileState.LOCKED_BY_CLOCK:
        raise Late(files.late_sentence(locked))
    if state not in WRITABLE:
        raise Refused(files.closed_sentence(locked, at))
    if not assessment_rights(by, locked, at).edit:
        raise NotAllowed()
    return _settle(remark, by, at, is_taken_back=False)


def _settle(remark, by, at, *, is_taken_back):
    """Read under the file's lock: whoever comes second finds it settled already."""
    remark = Remark.objects.select_for_update().get(pk=remark.pk)
    if remark.is_open:
        remark.resolved_at, remark.resolved_by = at, by
        remark.is_taken_back = is_taken_back
        remark.save(update_fields=["resolved_at", "resolved_by", "is_taken_back"])
    return remark


def _require_with_leader(assessment, by, at):
    state = assessment.state_at(at)
    if state == FileState.LOCKED_BY_CLOCK:
        raise Late(files.late_sentence(assessment))
    if state != FileState.WITH_LEADER:
        raise Refused(_("Remarks are written while the file is with the leader."))
    if not assessment_rights(by, assessment, at).remark:
        raise NotAllowed()
