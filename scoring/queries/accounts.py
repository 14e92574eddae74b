"""Who has signed in, read with what every page's frame shows of the person."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from scoring.models import Notice, User


class AccountBackend(ModelBackend):
    """Django's own sign-in; the account comes with ``unread_notices``.

    The number rides on the query that every request asks anyway, so that the bell in
    the top bar costs none, and it is never a stored counter that could drift.
    """

    def get_user(self, user_id):
        user = with_unread_notices(User.objects).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


def with_unread_notices(users):
    """``users`` with the number of notices that each has not read."""
    unread = (
        Notice.objects.filter(recipient=OuterRef("pk"), read_at__isnull=True)
        .order_by()
        .values("recipient")
        .annotate(number=Count("pk"))
        .values("number")
    )
    number = Subquery(unread, output_field=IntegerField())
    return users.annotate(unread_notices=Coalesce(number, 0))
