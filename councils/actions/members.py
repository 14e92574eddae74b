"""Set up the Council of a round; give and take seats, and the roles that go with them."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.actions.locks import lock_council
from councils.labels import Post
from councils.models import Council, Member
from councils.permissions import ROLE_OF_POST, council_rights
from scoring.models import Role, Round
from scoring.refusals import NotAllowed, Refused


@transaction.atomic
def establish(round_, *, decision, by):
    """Set up the Council of a round by its decision; a repeat gives the same Council.

    The manager's act; refused without the decision's number and date.
    """
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    _require_manager(by, round_)
    if not decision.strip():
        raise Refused(_("Give number and date of the decision on the Council."))
    council, __ = Council.objects.get_or_create(
        round=round_, defaults={"decision": decision.strip()}
    )
    return council


@transaction.atomic
def appoint(council, user, post, *, by, is_voting=True, position=None):
    """Give a person a seat, or another post, and the role in the round with it.

    The manager's act. Refused for a second chair and for a person whose account is
    closed. A person who had left gets the old seat back. A repeat changes nothing.
    """
    council = lock_council(council)
    _require_manager(by, council.round)
    post = Post(post)
    if not user.is_active:
        raise Refused(_("The account of %(who)s is closed.") % {"who": user})
    if post == Post.CHAIR:
        _require_no_other_chair(council, user)
    member = Member.objects.filter(council=council, user=user).first()
    if member is None:
        member = Member(council=council, user=user, position=_next_position(council))
    member.post, member.is_voting, member.dismissed_at = post, is_voting, None
    if position is not None:
        member.position = position
    member.save()
    _grant(council, user, ROLE_OF_POST[post])
    return member


@transaction.atomic
def dismiss(council, user, *, by, at=None):
    """Take a person's seat and role; what was said and voted keeps the name.

    The manager's act. Harmless for a person without a seat.
    """
    at = at or timezone.now()
    council = lock_council(council)
    _require_manager(by, council.round)
    Member.objects.filter(council=council, user=user, dismissed_at__isnull=True).update(
        dismissed_at=at
    )
    _grant(council, user, None)


def _require_manager(by, round_):
    if not council_rights(by, round_).appoint:
        raise NotAllowed()


def _require_no_other_chair(council, user):
    chair = (
        Member.objects.filter(
            council=council, post=Post.CHAIR, dismissed_at__isnull=True
        )
        .exclude(user=user)
        .select_related("user")
        .first()
    )
    if chair:
        raise Refused(
            _("The Council has a chair: %(who)s. Change that post first.")
            % {"who": chair.user}
        )


def _next_position(council):
    last = Member.objects.filter(council=council).aggregate(Max("position"))
    return (last["position__max"] or 0) + 1


def _grant(council, user, role_name):
    """One council role in the round, or none; other roles of the person stay."""
    Role.objects.filter(
        user=user,
        round=council.round,
        agency__isnull=True,
        name__in=ROLE_OF_POST.values(),
    ).exclude(name=role_name or "").delete()
    if role_name:
        Role.objects.get_or_create(
            user=user, name=role_name, round=council.round, agency=None
        )
    user.__dict__.pop("role_rows", None)
