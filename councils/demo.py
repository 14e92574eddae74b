"""The Councils of the demonstration, and the demonstration as a whole."""

from datetime import date, time

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from councils.actions import items, meetings, members, votes
from councils.labels import Choice, Post
from councils.models import AgendaItem, Meeting, Member
from scoring.actions import mail
from scoring.actions.statistics import refresh_statistics
from scoring.demo import people, years
from scoring.demo.calendar import at_hour, has_own_shape, periods_around
from scoring.demo.rounds import existing_round, lay_phases
from scoring.demo.sources import store_agencies
from scoring.labels import PhaseName
from scoring.models import Round
from scoring.refusals import Refused
from scoring.states import RoundState

DAYS_MORE = 14
PLACE = "Phòng họp số 1, Trụ sở UBND thành phố"
MET_2019 = date(2020, 3, 20)
DECIDED_2019 = date(2020, 4, 6)
CONCLUSION_2019 = (
    "Hội đồng thông qua kết quả thẩm định. Giao cơ quan thường trực rà soát sai sót kỹ "
    "thuật, hoàn thiện bộ tiêu chí năm sau và trình công bố (nội dung mô phỏng)."
)


def load(today, report=print):
    """Load what is missing, lay anew what has passed; say what was done as it is done.

    report  called with a sentence for each round
    Refused, before anything is written, where a real round has one of the years.
    """
    for year in TELL:
        existing_round(year)
    for year in TELL:
        with transaction.atomic():
            report(_load_year(year, today))
    people.open_accounts()
    if settings.DEMO:
        mail.deliver()


def open_phase(year, phase, today):
    """Open another phase of a round, so that its work can be tried out.

    It lasts longer than usual, by which a later ``load`` knows that somebody chose
    it and leaves it alone. Refused for rounds that have moved on or are real.
    """
    round_ = existing_round(year)
    if round_ is None or round_.state != RoundState.OPEN:
        raise Refused(_("The round %(year)s is not in progress.") % {"year": year})
    lay_phases(round_, periods_around(today, phase, 1, DAYS_MORE))
    return _("%(year)s: open now is “%(phase)s”.") % {
        "year": year,
        "phase": PhaseName(phase).label,
    }


def _load_year(year, today):
    round_ = existing_round(year)
    if round_ is None:
        agencies = store_agencies()
        users = people.store_people(agencies)
        TELL[year](agencies, users, today)
        refresh_statistics()
        return _("%(year)s: loaded.") % {"year": year}
    if year in years.OPEN_PHASES and _has_passed(round_, year, today):
        lay_phases(round_, years.periods_on(year, today))
        _move_planned_meetings(round_, today)
        return _("%(year)s: phases laid anew.") % {"year": year}
    return _("%(year)s: nothing to do.") % {"year": year}


def _has_passed(round_, year, today):
    """Whether the phase to be tried out is not open, and nobody chose other dates."""
    noon = at_hour(today, time(12))
    if round_.state != RoundState.OPEN or not round_.phase_rows:
        return False
    open_phase = round_.phase(years.OPEN_PHASES[year][0])
    if has_own_shape(round_.phase_rows):
        return not open_phase.includes(noon)
    return round_.phase_rows[-1].ends_at <= noon


def _move_planned_meetings(round_, today):
    """A meeting that has not been opened waits for a day that has not gone by."""
    Meeting.objects.filter(
        council__round=round_,
        opened_at__isnull=True,
        held_at__lt=at_hour(today, time(0)),
    ).update(held_at=_day_of_meeting(today))


def _day_of_meeting(today):
    return at_hour(today, time(14))


# --- the three years -----------------------------------------------------------------


def _tell_2019(agencies, users, today):
    stage = years.tell_2019(agencies, users)
    council = _seat(stage.round, users)
    _hold_2019(council, users)
    _publish_2019(stage.round)


def _tell_2025(agencies, users, today):
    stage = years.tell_2025(agencies, users, today)
    council = _seat(stage.round, users)
    meetings.plan(
        council,
        held_at=_day_of_meeting(today),
        place=PLACE,
        by=users[people.SECRETARY.username],
    )


TELL = {2019: _tell_2019, 2025: _tell_2025, 2026: years.tell_2026}


def _seat(round_, users):
    """The Council of a round, by its manager."""
    manager = users[people.MANAGER.username]
    council = members.establish(
        round_,
        decision=f"Quyết định số 01/{round_.year}/QĐ-UBND (số hiệu mô phỏng)",
        by=manager,
    )
    posts = [
        (people.CHAIR, Post.CHAIR),
        (people.SECRETARY, Post.SECRETARY),
        *((member, Post.MEMBER) for member in people.MEMBERS),
    ]
    for position, (account, post) in enumerate(posts, start=1):
        user = users[account.username]
        members.appoint(council, user, post, by=manager, position=position)
    return council


def _hold_2019(council, users):
    """The meeting of 20 March 2020, from its opening to the chair's conclusion."""
    chair, clerk = users[people.CHAIR.username], users[people.SECRETARY.username]
    at = at_hour(MET_2019, time(14))
    meeting = meetings.plan(council, held_at=at, place=PLACE, by=clerk)
    meetings.open_(meeting, by=clerk, at=at)
    seats = Member.objects.filter(council=council).select_related("user")
    meetings.mark_presence(meeting, seats, True, by=clerk, at=at)
    for item in AgendaItem.objects.filter(meeting=meeting):
        items.open_vote(item, by=clerk, at=at_hour(MET_2019, time(15)))
        for seat in seats:
            votes.cast(item, Choice.AGREE, by=seat.user, at=at_hour(MET_2019, time(15)))
        items.close_vote(item, by=clerk, at=at_hour(MET_2019, time(15, 20)))
        items.adopt(item, by=chair, at=at_hour(MET_2019, time(15, 30)))
    meetings.conclude(
        meeting, CONCLUSION_2019, by=chair, at=at_hour(MET_2019, time(16))
    )
    meetings.close(meeting, by=clerk, at=at_hour(MET_2019, time(16, 30)))


def _publish_2019(round_):
    """The decision and the publication, which people will enter by pages later."""
    Round.objects.filter(pk=round_.pk).update(
        state=RoundState.PUBLISHED,
        decision_number="00/QĐ-UBND (số hiệu mô phỏng)",
        decided_on=DECIDED_2019,
        published_at=at_hour(DECIDED_2019, time(16)),
    )
