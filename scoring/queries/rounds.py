"""A round's groups, and its own rules as the engine reads them."""

from decimal import Decimal

from scoring.index.values import Band, RoundRules
from scoring.models import RoundGroup


def rules_of(round_):
    """The round's own rules as the engine reads them."""
    return RoundRules(
        not_scored=round_.not_scored,
        missing_survey=round_.missing_survey,
        tie_breakers=tuple(round_.tie_breakers),
        bands=tuple(
            Band(band["code"], Decimal(str(band["from_percent"])))
            for band in round_.bands
        ),
    )


def round_groups(round_):
    groups = list(
        RoundGroup.objects.filter(round=round_)
        .select_related("group", "criteria_set")
        .order_by("position", "pk")
    )
    for group in groups:
        group.round = round_
    return groups
