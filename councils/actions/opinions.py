"""Record what a member says."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.actions.items import require_session
from councils.actions.locks import lock_item
from councils.actions.meetings import require_council_phase
from councils.actions.votes import not_present_sentence
from councils.models import Opinion
from councils.permissions import meeting_rights
from scoring.models import Assessment
from scoring.queries.criteria import tree_of
from scoring.refusals import NotAllowed, Refused

LONGEST = 4000


@transaction.atomic
def record(item, text, *, token, by, assessment=None, criterion_code="", at=None):
    """Keep a member's opinion on a group, one of its agencies, or one criterion there.

    token  sent by the form: the same token from the same member is the same opinion
    Late outside the Council's phase; refused outside the session, for who has no seat
    or is not noted as present, for a blank or overlong text, for an agency of another
    group and an unknown criterion.
    """
    at = at or timezone.now()
    item = lock_item(item)
    rights = meeting_rights(by, item.meeting, at)
    if rights.seat is None:
        raise NotAllowed(_("Only members of the Council give opinions."))
    token = _checked_token(token)
    if known := Opinion.objects.filter(member=rights.seat, token=token).first():
        return known
    require_session(item.meeting)
    require_council_phase(item.meeting, at)
    if not rights.speak:
        raise NotAllowed(not_present_sentence())
    _require_subject(item, assessment, criterion_code)
    return Opinion.objects.create(
        item=item,
        member=rights.seat,
        assessment=assessment,
        criterion_code=criterion_code,
        text=_checked_text(text),
        at=at,
        token=token,
    )


def _checked_text(text):
    # PostgreSQL stores no NUL byte; nobody types one.
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Write the opinion first."))
    if len(text) > LONGEST:
        raise Refused(
            _("The opinion is longer than %(longest)s characters.")
            % {"longest": LONGEST}
        )
    return text


def _checked_token(token):
    longest = Opinion._meta.get_field("token").max_length
    if not token or len(token) > longest or "\x00" in token:
        raise Refused(_("Load the page again, then send the opinion once more."))
    return token


def _require_subject(item, assessment, criterion_code):
    if assessment is None:
        if criterion_code:
            raise Refused(_("Name the agency whose criterion is meant."))
        return
    in_group = Assessment.objects.filter(pk=assessment.pk, group=item.group_id)
    if not in_group.exists():
        raise Refused(_("The agency is not in the group of this agenda item."))
    tree = tree_of(item.group.criteria_set).tree
    if criterion_code and criterion_code not in tree.by_code:
        raise Refused(
            _("The criteria set has no criterion %(code)s.") % {"code": criterion_code}
        )
