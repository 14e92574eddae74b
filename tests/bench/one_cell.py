"""One changed cell through its action against the same UPDATE and INSERT."""

import itertools
import json
from decimal import Decimal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scoring.actions import cells
from scoring.labels import Layer, LedgerKind
from scoring.models import Cell, LedgerLine

from .clock import Result, in_words, medians


def measure(city):
    own, plain = medians(_saves(city), _plain_saves(city), runs=61)
    yield Result(
        "one_changed_cell",
        own / plain,
        at_most=8,
        note=f"{in_words(own)} against {in_words(plain)} of UPDATE and INSERT",
    )
    large, small = _queries(city), _queries(city.small)
    yield Result(
        "one_changed_cell_queries",
        large / small,
        at_most=1,
        note=f"{large} queries with 127 agencies × 90, {small} with 3 × 10",
    )


def _saves(city):
    """A save as a page makes it: the agency's file, who has been let in, one change."""
    data = itertools.cycle([{"option": 1}, {"option": 2}])

    def save():
        change = cells.CellChange(code="1.1", layer=Layer.SELF, data=next(data))
        (cell,) = cells.save(city.file, [change], by=city.officer)
        return cell

    return save


def _queries(city):
    save = _saves(city)
    save()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        save()
    return len(queries)


def _plain_saves(city):
    """What no program can do without: the row changed, the line written."""
    cell = Cell.objects.get(
        assessment=city.file, criterion__code="1.2", layer=Layer.SELF
    )
    points = itertools.cycle([Decimal("0.25"), Decimal("0.5")])
    places = itertools.count(1)
    data = '{"denominator": 8, "numerator": 4}'
    text = json.dumps({"data": data, "not_applicable": "", "points": "0.5"})

    def save():
        at, place = timezone.now(), next(places)
        with transaction.atomic():
            Cell.objects.filter(pk=cell.pk).update(
                points=next(points),
                data=data,
                not_applicable="",
                reason="",
                version=place,
                updated_at=at,
                updated_by=city.officer,
            )
            LedgerLine.objects.create(
                year=city.round.year,
                agency_code="plain",
                sequence=place,
                at=at,
                kind=LedgerKind.SAVED,
                layer=Layer.SELF,
                criterion_code="1.2",
                actor=city.officer.username,
                actor_name=city.officer.full_name,
                before=text,
                after=text,
                rule_version="2030/chung/v1#0123456789ab",
                previous_hash="0" * 64,
                hash="0" * 64,
            )

    return save
