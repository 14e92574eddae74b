"""An earlier round of an agency: its file, what it said, and by which documents."""

from decimal import Decimal

from django.utils import timezone

from scoring.labels import RoleName
from scoring.models import (
    Assessment,
    Cell,
    EvidenceDocument,
    EvidenceLink,
    EvidenceVersion,
    Role,
    RoundGroup,
)
from scoring.queries.criteria import tree_of
from tests.factories import RoundFactory, UserFactory, lay_phases


def file_of_last_year(file, *, criteria_set=None, agency=None, years=1, people=()):
    """The file of the agency (or ``agency``) in a round ``years`` before, whose phases
    are over. ``people`` are officers there too; the set is this year's unless given."""
    year = file.round.year - years
    round_ = RoundFactory(year=year)
    lay_phases(round_, None)
    group = RoundGroup.objects.create(
        round=round_,
        group=file.group.group,
        criteria_set=criteria_set or file.group.criteria_set,
        name_vi=file.group.name_vi,
    )
    agency = agency or file.agency
    for person in people:
        Role.objects.create(
            user=person, name=RoleName.OFFICER, round=round_, agency=agency
        )
    return Assessment.objects.create(
        round=round_, agency=agency, group=group, name_vi=agency.name_vi
    )


def say(file, code, layer="self", *, points=None, data="", na="", reason="", by=None):
    """A cell as an act of that year left it."""
    set_tree = tree_of(file.group.criteria_set)
    leaf = set_tree.leaf(code)
    return Cell.objects.create(
        assessment=file,
        criterion_id=set_tree.ids[code],
        layer=layer,
        points=None if points is None else Decimal(points),
        low_points=leaf.low,
        high_points=leaf.high,
        data=data,
        not_applicable=na,
        reason=reason,
        updated_at=timezone.now(),
        updated_by=by or UserFactory(),
    )


def prove(file, code, *, title, by=None, section="", page="", **details):
    """A document on the web that proved the criterion; returns its link."""
    by, now = by or UserFactory(), timezone.now()
    document = EvidenceDocument.objects.create(
        assessment=file, title=title, added_at=now, added_by=by, **details
    )
    document.current = EvidenceVersion.objects.create(
        document=document,
        number=1,
        link=f"https://example.vn/{document.pk}",
        added_at=now,
        added_by=by,
    )
    document.save(update_fields=["current"])
    return EvidenceLink.objects.create(
        document=document,
        criterion_id=tree_of(file.group.criteria_set).ids[code],
        section=section,
        page=page,
    )
