"""What the leader wrote at single criteria of a file."""

from collections import defaultdict

from scoring.models import Remark


def open_remarks(assessment):
    """``{leaf code: [Remark]}``, the oldest first: what is still to be done. One query."""
    return _by_code(assessment, resolved_at__isnull=True)


def all_remarks(assessment):
    """``{leaf code: [Remark]}``, done ones too, the oldest first. One query."""
    return _by_code(assessment)


def remarks_of(assessment, code):
    """The remarks at one criterion, the oldest first."""
    return _by_code(assessment, criterion__code=code).get(code, [])


def _by_code(assessment, **wanted):
    found = defaultdict(list)
    rows = Remark.objects.filter(assessment=assessment, **wanted).select_related(
        "criterion", "by", "resolved_by"
    )
    for remark in rows.order_by("at", "pk"):
        found[remark.criterion.code].append(remark)
    return dict(found)
