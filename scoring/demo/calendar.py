"""The phases of the demonstration's rounds, as dates."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from scoring.labels import PhaseName

OPENS, CLOSES = time(8), time(17)

# How many days each phase lasts; they follow one another without a gap of days.
DAYS = {
    PhaseName.SELF_ASSESSMENT: 30,
    PhaseName.APPRAISAL: 25,
    PhaseName.CONSULTATION: 10,
    PhaseName.SECOND_APPRAISAL: 10,
    PhaseName.COUNCIL: 14,
    PhaseName.RECHECK: 7,
    PhaseName.DECISION: 10,
}

# The round that was published, as it was held: the Council met on 20 March 2020.
DATES_2019 = {
    PhaseName.SELF_ASSESSMENT: (date(2019, 12, 2), date(2019, 12, 31)),
    PhaseName.APPRAISAL: (date(2020, 1, 2), date(2020, 2, 7)),
    PhaseName.CONSULTATION: (date(2020, 2, 10), date(2020, 2, 19)),
    PhaseName.SECOND_APPRAISAL: (date(2020, 2, 20), date(2020, 3, 6)),
    PhaseName.COUNCIL: (date(2020, 3, 16), date(2020, 3, 24)),
    PhaseName.RECHECK: (date(2020, 3, 25), date(2020, 3, 31)),
    PhaseName.DECISION: (date(2020, 4, 1), date(2020, 4, 10)),
}


@dataclass(frozen=True, slots=True)
class Period:
    """One phase: from the morning of its first day to the close of its last."""

    name: str
    starts_at: datetime
    ends_at: datetime

    def at(self, thousandth):
        """A moment in it: 0 is the beginning, 1000 (never reached) the end."""
        return self.starts_at + (self.ends_at - self.starts_at) * thousandth // 1000


def at_hour(day, hour):
    return timezone.make_aware(datetime.combine(day, hour))


def periods_of(dates):
    return [
        Period(name, at_hour(first, OPENS), at_hour(last, CLOSES))
        for name, (first, last) in dates.items()
    ]


def periods_around(today, open_phase, days_gone, days_more=0):
    """The seven phases, ``open_phase`` having begun ``days_gone`` days before and
    lasting ``days_more`` days longer than it is meant to."""
    order = list(DAYS)
    before = sum(DAYS[name] for name in order[: order.index(open_phase)])
    first = today - timedelta(days=days_gone + before)
    lengths = {**DAYS, open_phase: DAYS[open_phase] + days_more}
    periods = []
    for name, days in lengths.items():
        last = first + timedelta(days=days - 1)
        periods.append(Period(name, at_hour(first, OPENS), at_hour(last, CLOSES)))
        first = last + timedelta(days=1)
    return periods


def has_own_shape(phases):
    """Whether stored phases are as ``periods_around`` laid them on some day.

    Others were chosen by people, and stay as they are.
    """
    if [phase.name for phase in phases] != list(DAYS):
        return False
    first = timezone.localtime(phases[0].starts_at).date()
    laid = periods_around(first, PhaseName.SELF_ASSESSMENT, 0)
    return [(p.starts_at, p.ends_at) for p in phases] == [
        (p.starts_at, p.ends_at) for p in laid
    ]
