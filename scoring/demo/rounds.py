"""A round of the demonstration: its rules, phases, groups, sets and empty files."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from scoring.actions import criteria
from scoring.actions.totals import refresh_round
from scoring.demo.sources import agency_lines, criteria_rows
from scoring.labels import TieBreaker
from scoring.models import AgencyGroup, Assessment, Phase, Round, RoundGroup
from scoring.refusals import Refused

BANDS = [
    {"code": code, "name_vi": name_vi, "name_en": name_en, "from_percent": lowest}
    for code, name_vi, name_en, lowest in (
        ("xuat-sac", "Xuất sắc", "Excellent", "90"),
        ("tot", "Tốt", "Good", "80"),
        ("kha", "Khá", "Fair", "70"),
        ("trung-binh", "Trung bình", "Average", "50"),
        ("yeu", "Yếu", "Weak", "0"),
    )
]
TIE_BREAKERS = [TieBreaker.APPRAISED, TieBreaker.SATISFACTION, TieBreaker.PENALTY]


@dataclass(frozen=True, slots=True)
class SetPlan:
    """``name`` is that of the file and of the stored set."""

    name: str
    name_vi: str
    name_en: str
    points_decimals: int


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """``groups``: code of the group and name of its set, in the round's order."""

    year: int
    sets: tuple[SetPlan, ...]
    groups: tuple[tuple[str, str], ...]
    not_assessed: tuple[tuple[str, str], ...] = ()


def existing_round(year):
    """The simulated round of that year; a real one is never touched."""
    round_ = Round.objects.filter(year=year).first()
    if round_ is not None and not round_.is_simulated:
        raise Refused(
            _(
                "The round %(year)s exists and is not simulated; the demonstration "
                "is loaded into an empty database only."
            )
            % {"year": year}
        )
    return round_


def open_round(plan, periods, agencies):
    """Store the round with a file for every agency of its groups in that year."""
    round_ = Round.objects.create(
        year=plan.year,
        name_vi=f"Chỉ số cải cách hành chính năm {plan.year}",
        name_en=f"PAR Index {plan.year}",
        tie_breakers=TIE_BREAKERS,
        bands=BANDS,
        is_simulated=True,
    )
    lay_phases(round_, periods)
    sets = {each.name: _store_set(plan.year, each) for each in plan.sets}
    for position, (code, set_name) in enumerate(plan.groups):
        _store_group(round_, code, sets[set_name], position, plan, agencies)
    refresh_round(round_)
    return round_


def lay_phases(round_, periods):
    """Give the round these phases; rows stay, so that nothing that names them goes."""
    for period in periods:
        Phase.objects.update_or_create(
            round=round_,
            name=period.name,
            defaults={"starts_at": period.starts_at, "ends_at": period.ends_at},
        )


def _store_set(year, plan):
    return criteria.create_version(
        year=year,
        code=plan.name,
        rows=criteria_rows(plan.name),
        meta={
            "name_vi": plan.name_vi,
            "name_en": plan.name_en,
            "decision": f"Quyết định số 00/{year}/QĐ-UBND (số hiệu mô phỏng)",
            "points_decimals": plan.points_decimals,
            "cap_at_100": True,
        },
        freeze=True,
    )


def _store_group(round_, code, criteria_set, position, plan, agencies):
    source = AgencyGroup.objects.get(code=code)
    group = RoundGroup.objects.create(
        round=round_,
        group=source,
        criteria_set=criteria_set,
        position=position,
        name_vi=source.name_vi,
        name_en=source.name_en,
    )
    reasons = dict(plan.not_assessed)
    last_day = date(plan.year, 12, 31)
    lines = [
        line
        for line in agency_lines()
        if line.group == code and line.is_valid_on(last_day)
    ]
    Assessment.objects.bulk_create(
        Assessment(
            round=round_,
            agency=agencies[line.code],
            group=group,
            name_vi=agencies[line.code].name_vi,
            position=place,
            is_assessed=line.code not in reasons,
            not_assessed_reason=reasons.get(line.code, ""),
        )
        for place, line in enumerate(lines)
    )
