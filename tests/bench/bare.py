"""What no program can do without: a view that signs in, changes a row, writes a line.

Served with the application's own settings and middleware, so that it pays for session,
person, token and policy as the application does. Addresses of one settings module:
``tests.bench.bare_settings``.
"""

import itertools
import json
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from scoring.labels import Layer, LedgerKind
from scoring.models import Cell, LedgerLine

places = itertools.count(1)


@login_required
@require_POST
def bare(request, cell):
    at, place = timezone.now(), next(places)
    points = Decimal(request.POST["points"])
    text = json.dumps({"points": str(points)})
    with transaction.atomic():
        Cell.objects.filter(pk=cell).update(
            points=points,
            data="",
            not_applicable="",
            reason="",
            version=place,
            updated_at=at,
            updated_by=request.user,
        )
        LedgerLine.objects.create(
            year=1,
            agency_code=request.POST["caller"],
            sequence=request.POST["sequence"],
            at=at,
            kind=LedgerKind.SAVED,
            layer=Layer.SELF,
            criterion_code="1.1",
            actor=request.user.username,
            actor_name=request.user.full_name,
            before=text,
            after=text,
            rule_version="bare",
            previous_hash="0" * 64,
            hash="0" * 64,
        )
    return HttpResponse("done")


urlpatterns = [
    path("bare/<int:cell>/", bare),
    # The pages that the middleware may lead to.
    path("", include("par_index.urls")),
]
