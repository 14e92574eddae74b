import json

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoring.index.bands import summary
from scoring.index.figures import round_half_up, shortest
from scoring.index.values import NOT_ASSESSED
from scoring.labels import Status, View
from scoring.queries.results import computed_results
from scoring.queries.rounds import round_groups, rules_of
from scoring.refusals import Refused
from scoring.wording import NOT_SCORED, show_fixed, show_points

from ._shared import RoundCommand, round_of

FIGURES = (
    "appraised_points",
    "sociological_points",
    "satisfaction_points",
    "bonus_points",
    "penalty_points",
)


class Command(RoundCommand):
    help = (
        "Compute points, index, rank and band of every agency of a round, afresh from "
        "its scores. Without --json a table for people; with it exact figures as text "
        "(docs/bundle.md). Exit status: 0 computed, 1 refused, 2 wrong usage."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("year", metavar="YEAR", type=int)
        parser.add_argument(
            "--layer",
            choices=View.values,
            default=str(View.FINAL),
            help="which index (default: %(default)s)",
        )
        parser.add_argument("--group", metavar="CODE", help="one group alone")
        parser.add_argument("--json", action="store_true", help="exact figures as JSON")
        parser.add_argument(
            "--summary",
            action="store_true",
            help="per group: number, mean, best, worst, bands",
        )

    def act(self, options):
        round_ = round_of(options["year"])
        groups = _groups(round_, options["group"])
        results = computed_results(round_, options["layer"], groups)
        names = _band_names(round_)
        if options["summary"]:
            bands = rules_of(round_).bands
            if options["json"]:
                return _json([_group_facts(result, bands) for result in results])
            return _summary_table(results, bands, names)
        if options["json"]:
            return _json(
                [_row(result, row) for result in results for row in result.rows]
            )
        return "\n\n".join(_table(result, names) for result in results)


def _groups(round_, code):
    groups = round_groups(round_)
    if code is None:
        return groups
    chosen = [group for group in groups if group.group.code == code]
    if not chosen:
        raise Refused(
            _("The round %(year)s has no group %(code)s.")
            % {"year": round_.year, "code": code}
        )
    return chosen


# --- exact figures ---------------------------------------------------------------


def _row(result, row):
    totals = row.totals
    is_assessed = row.status != NOT_ASSESSED

    def figure(name):
        return shortest(getattr(totals, name)) if is_assessed else None

    return {
        "agency": row.assessment.agency.code,
        "group": result.group.group.code,
        "points": figure("points"),
        "max_points": figure("max_points"),
        "index": _two_decimals(totals.index_2),
        "index_exact": _fraction(totals.index),
        **{name: figure(name) for name in FIGURES},
        "rank": row.rank,
        "band": row.band,
        "status": str(row.status),
    }


def _two_decimals(value):
    return None if value is None else f"{value:.2f}"


def _fraction(value):
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _summary_of(result, bands):
    return summary([row.totals for row in result.rows], bands)


def _group_facts(result, bands):
    """The summary of one group: two decimals, and the mean as an exact fraction."""
    found = _summary_of(result, bands)
    return {
        "group": result.group.group.code,
        "number": found.number,
        "incomplete": found.incomplete,
        "not_assessed": found.not_assessed,
        **{
            name: None if value is None else _two_decimals(round_half_up(value, 2))
            for name, value in (
                ("mean", found.mean),
                ("best", found.best),
                ("worst", found.worst),
            )
        },
        "mean_exact": _fraction(found.mean),
        "bands": found.by_band,
        "without_band": found.without_band,
    }


def _json(facts):
    return json.dumps(facts, ensure_ascii=False, indent=2)


# --- tables for people -----------------------------------------------------------


def _table(result, band_names):
    heading = (
        _("Rank"),
        _("Agency"),
        _("Points"),
        _("Maximum points"),
        _("Bonus points"),
        _("Penalty points"),
        _("Index"),
        _("Band"),
        _("State"),
    )
    rows = [_cells(row, band_names) for row in result.rows]
    return f"{result.group.name}\n{_columns([heading, *rows], words={1, 7, 8})}"


def _cells(row, band_names):
    totals = row.totals
    is_assessed = row.status != NOT_ASSESSED
    figures = (
        totals.points,
        totals.max_points,
        totals.bonus_points,
        totals.penalty_points,
    )
    return (
        NOT_SCORED if row.rank is None else str(row.rank),
        row.assessment.name_vi,
        *(show_points(figure if is_assessed else None) for figure in figures),
        show_fixed(totals.index),
        band_names.get(row.band, NOT_SCORED),
        str(Status(row.status).label),
    )


def _columns(rows, words):
    """Words to the left, figures to the right, two spaces between the columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if place in words else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _band_names(round_):
    key = "name_en" if get_language() == "en" else "name_vi"
    return {band["code"]: band.get(key) or band["name_vi"] for band in round_.bands}


def _summary_table(results, bands, band_names):
    heading = (
        _("Group"),
        _("Ranked"),
        _("Mean"),
        _("Best"),
        _("Worst"),
        _("Bands"),
    )
    rows = [_summary_cells(result, bands, band_names) for result in results]
    return _columns([heading, *rows], words={0, 5})


def _summary_cells(result, bands, band_names):
    found = _summary_of(result, bands)
    counts = [f"{band_names[code]} {count}" for code, count in found.by_band.items()]
    return (
        result.group.name,
        str(found.number),
        show_fixed(found.mean),
        show_fixed(found.best),
        show_fixed(found.worst),
        ", ".join(counts),
    )
