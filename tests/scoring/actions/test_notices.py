"""Who is told of what, once; a notice for each, and a mail in the queue beside it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.utils import timezone, translation

from scoring.actions import assessments, cells, dated_notices, notices, reminders
from scoring.actions.cells import CellChange
from scoring.actions.notices import Telling
from scoring.labels import Layer, MailState, NoticeKind, PhaseName, RoleName
from scoring.models import Assessment, Mail, Notice, Reminder, Role, Round, RoundGroup
from scoring.queries.notice_texts import subject_of, text_of
from scoring.queries.reminders import Choice, addressees
from scoring.refusals import Conflict, NotAllowed, Refused
from scoring.states import FileState, GroupState, RoundState
from tests.factories import World

pytestmark = pytest.mark.django_db


class Told(World):
    """A world whose first agency has an officer and a leader, the second likewise."""

    def __init__(self, **options):
        super().__init__(**options)
        self.clerk, self.head = self.officer(), self.leader()
        self.others = [self.officer(self.files[1]), self.leader(self.files[1])]

    def deadline(self):
        return self.round.phase(PhaseName.SELF_ASSESSMENT).ends_at


@pytest.fixture
def world():
    return Told()


def told(kind=None):
    """``[(kind, account)]`` of all notices, or the accounts of one kind."""
    rows = Notice.objects.order_by("pk").values_list("kind", "recipient__username")
    return [name for k, name in rows if k == kind] if kind else list(rows)


def names(*people):
    return sorted(person.username for person in people)


def given(world, **changed):
    return {
        "until": world.deadline() + timedelta(days=2),
        "reason": "Bão số 3",
        "document": "12/SNV",
        "by": world.manager(),
    } | changed


# --- steps of a file --------------------------------------------------------------------


def test_each_step_tells_the_other_side_and_nobody_else(world):
    assessments.hand_over(world.file, by=world.clerk)
    assessments.hand_back(world.file, by=world.head, reason="Bổ sung 1.1")
    assessments.hand_over(world.file, by=world.clerk)
    assessments.take_back(world.file, by=world.clerk)
    assessments.hand_over(world.file, by=world.clerk)
    assessments.lock(world.file, by=world.head)
    assessments.withdraw(world.file, by=world.head, reason="Nhầm số liệu")

    officer, leader = world.clerk.username, world.head.username
    assert told() == [
        (NoticeKind.HANDED_OVER, leader),
        (NoticeKind.HANDED_BACK, officer),
        (NoticeKind.HANDED_OVER, leader),
        (NoticeKind.WITHDRAWN, leader),
        (NoticeKind.HANDED_OVER, leader),
        (NoticeKind.LOCKED, officer),
        (NoticeKind.WITHDRAWN, officer),
    ]


@pytest.mark.parametrize("act", ["extend", "reopen"])
def test_a_new_deadline_is_told_to_officer_and_leader_with_its_reason(world, act):
    if act == "reopen":
        world.open_phase(PhaseName.APPRAISAL)
        until = timezone.now() + timedelta(days=3)
        assessments.reopen(world.file, **given(world, until=until))
    else:
        assessments.extend(world.file, **given(world))

    kind = {"extend": NoticeKind.EXTENDED, "reopen": NoticeKind.REOPENED}[act]
    assert sorted(told(kind)) == names(world.clerk, world.head)
    for row in Mail.objects.all():
        assert "Bão số 3" in row.text
        assert "12/SNV" in row.text


def test_a_repeated_step_tells_nobody_again(world):
    assessments.hand_over(world.file, by=world.clerk)
    assessments.hand_over(world.file, by=world.clerk)

    assert told() == [(NoticeKind.HANDED_OVER, world.head.username)]
    assert Mail.objects.count() == 1


def test_a_refused_step_tells_nobody(world):
    with pytest.raises(NotAllowed):
        assessments.hand_over(world.file, by=world.head)

    assert told() == []


def test_an_act_that_is_undone_has_told_nobody(world):
    with transaction.atomic():
        assessments.hand_over(world.file, by=world.clerk)
        transaction.set_rollback(True)

    assert (Notice.objects.count(), Mail.objects.count()) == (0, 0)


def test_who_acts_in_both_roles_is_not_told_of_the_own_act(world):
    Role.objects.create(
        user=world.clerk,
        name=RoleName.LEADER,
        round=world.round,
        agency=world.file.agency,
    )

    assessments.hand_over(world.file, by=world.clerk)

    assert told(NoticeKind.HANDED_OVER) == [world.head.username]


def test_a_leaver_and_the_people_of_another_round_are_not_told(world):
    world.head.is_active = False
    world.head.save()
    elsewhere = World().round
    Role.objects.create(
        user=world.others[1],
        name=RoleName.LEADER,
        round=elsewhere,
        agency=world.file.agency,
    )

    assessments.hand_over(world.file, by=world.clerk)

    assert told() == []


def test_who_has_no_address_gets_the_notice_and_the_queue_says_so(world):
    world.head.email = ""
    world.head.save()

    assessments.hand_over(world.file, by=world.clerk)

    assert told() == [(NoticeKind.HANDED_OVER, world.head.username)]
    assert Mail.objects.get().state == MailState.NO_ADDRESS


def test_the_longest_names_fit(world):
    world.file.name_vi = "Ủy ban nhân dân " * 12 + "\n"
    Assessment.objects.filter(pk=world.file.pk).update(name_vi=world.file.name_vi)
    world.clerk.full_name = "N" * 150
    world.clerk.post = "P" * 150
    world.clerk.save()

    assessments.hand_over(world.file, by=world.clerk)

    subject = Mail.objects.get().subject
    assert "\n" not in subject
    assert "Ủy ban nhân dân Ủy ban" in subject


# --- words ------------------------------------------------------------------------------


def test_the_words_are_made_when_they_are_read_in_the_reader_s_language(world):
    Round.objects.update(name_en="The year's round")
    assessments.hand_over(world.file, by=world.clerk)
    notice = Notice.objects.get()

    with translation.override("en"):
        english = f"{subject_of(notice)} {text_of(notice)}"
    with translation.override("vi"):
        vietnamese = f"{subject_of(notice)} {text_of(notice)}"

    assert "The year's round" in english
    assert world.round.name_vi in vietnamese
    assert "The year's round" not in vietnamese
    for text in (english, vietnamese):
        assert world.file.name_vi in text
        assert world.clerk.full_name in text
        assert world.clerk.post in text


def test_a_mail_is_in_the_site_s_language_whoever_acts(world):
    Round.objects.update(name_en="The year's round")
    with translation.override("en"):
        assessments.hand_over(world.file, by=world.clerk)

    text = Mail.objects.get().text
    assert "The year's round" not in text
    assert world.round.name_vi in text


def test_a_mail_leads_to_the_page_where_the_site_s_address_is_known(world, settings):
    settings.SITE_URL = "https://cchc.example"
    assessments.hand_over(world.file, by=world.clerk)

    link = f"https://cchc.example{world.file.get_absolute_url()}\n"
    assert link in Mail.objects.get().text


def test_without_the_site_s_address_a_mail_has_no_broken_link(world):
    assessments.hand_over(world.file, by=world.clerk)

    assert "/rounds/" not in Mail.objects.get().text


def test_words_of_people_are_not_escaped_nor_filled_in(world):
    assessments.hand_over(world.file, by=world.clerk)
    assessments.hand_back(world.file, by=world.head, reason="5 < 6 & {{ x }} %(by)s")

    text = Mail.objects.get(kind=NoticeKind.HANDED_BACK).text
    assert "5 < 6 & {{ x }} %(by)s" in text


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_round_says_so_in_its_mails(simulated):
    world = Told(is_simulated=simulated)
    assessments.hand_over(world.file, by=world.clerk)

    assert Mail.objects.get().subject.startswith("[") is simulated


@pytest.mark.parametrize("kind", [k for k in NoticeKind if k != NoticeKind.REMINDER])
def test_every_kind_has_words_even_when_little_is_known(world, kind):
    for file in (world.file, None):
        notice = Notice(kind=kind, round=world.round, assessment=file, params={})
        assert subject_of(notice).strip()
        assert text_of(notice).strip()


# --- reading ----------------------------------------------------------------------------


def test_reading_marks_the_own_notice_and_keeps_the_first_moment(world):
    assessments.hand_over(world.file, by=world.clerk)
    notice, first = Notice.objects.get(), timezone.now()

    notices.mark_read(notice, by=world.clerk)
    unread = Notice.objects.get().read_at
    notices.mark_read(notice, by=world.head, at=first)
    notices.mark_read(notice, by=world.head, at=first + timedelta(hours=1))

    assert unread is None
    assert Notice.objects.get().read_at == first


def test_marking_all_spares_what_came_after_the_page_and_what_is_others(world):
    assessments.hand_over(world.file, by=world.clerk)
    seen = Notice.objects.get().pk
    assessments.take_back(world.file, by=world.clerk)
    assessments.hand_over(world.files[1], by=world.others[0])

    assert notices.mark_all_read(by=world.head, upto=seen) == 1

    assert Notice.objects.filter(read_at__isnull=True).count() == 2


# --- the calendar -----------------------------------------------------------------------


@pytest.fixture
def evening():
    """Deadlines at 17:00, so that days before and hours before mean what they say."""
    world = Told()
    phase = world.round.phase(PhaseName.SELF_ASSESSMENT)
    day = timezone.localdate() + timedelta(days=20)
    phase.starts_at = timezone.now() - timedelta(days=20)
    phase.ends_at = timezone.make_aware(datetime(day.year, day.month, day.day, 17))
    phase.save()
    world.round.phases.exclude(pk=phase.pk).delete()
    world.round.forget_phases()
    return world


def test_seven_three_and_one_day_before_each_is_told_once(evening):
    morning = evening.deadline() - timedelta(hours=10)
    written = {
        days: [
            dated_notices.remind(at=morning - timedelta(days=days, hours=hours))
            for hours in (0, -1)
        ]
        for days in (9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
    }

    assert {days for days, (first, __) in written.items() if first} == {7, 3, 1}
    assert {second for __, second in written.values()} == {0}
    assert written[7][0] == 4
    everybody = names(evening.clerk, evening.head, *evening.others)
    assert sorted(told(NoticeKind.DEADLINE)) == sorted(everybody * 3)
    days = Notice.objects.values_list("params__days", flat=True)
    assert sorted(days) == [1] * 4 + [3] * 4 + [7] * 4


@pytest.mark.parametrize(
    ("days", "expected"), [(5, 7), (2, 3), (0, 1)], ids=["7 missed", "3", "1"]
)
def test_a_day_that_was_missed_is_made_up_for_once(evening, days, expected):
    at = evening.deadline() - timedelta(days=days, hours=2)

    first, again = dated_notices.remind(at=at), dated_notices.remind(at=at)

    assert (first, again) == (4, 0)
    keys = Notice.objects.values_list("key", flat=True)
    assert all(f":{expected}:" in key for key in keys)
    assert set(Notice.objects.values_list("params__days", flat=True)) == {days}


def test_after_the_deadline_nobody_is_reminded_of_it(evening):
    assert dated_notices.remind(at=evening.deadline()) == 0
    assert dated_notices.remind(at=evening.deadline() + timedelta(hours=2)) == 0


def test_only_who_has_work_left_is_reminded(evening):
    assessments.hand_over(evening.file, by=evening.clerk)
    assessments.hand_over(evening.files[1], by=evening.others[0])
    assessments.lock(evening.files[1], by=evening.others[1])

    dated_notices.remind(at=evening.deadline() - timedelta(days=1))

    assert told(NoticeKind.DEADLINE) == [evening.head.username]


@pytest.mark.parametrize("why", ["not assessed", "adopted", "published"])
def test_files_that_nobody_waits_for_remind_nobody(evening, why):
    if why == "not assessed":
        Assessment.objects.update(is_assessed=False)
    elif why == "adopted":
        RoundGroup.objects.update(state=GroupState.ADOPTED)
    else:
        Round.objects.update(
            state=RoundState.PUBLISHED,
            decision_number="1",
            decided_on=timezone.localdate(),
            published_at=timezone.now(),
        )

    assert dated_notices.remind(at=evening.deadline() - timedelta(days=1)) == 0


def test_an_extension_is_respected_and_brings_reminders_of_its_own(evening):
    near = evening.deadline() - timedelta(days=1)
    until = evening.deadline() + timedelta(days=7)
    before = dated_notices.remind(at=near)
    assessments.extend(evening.file, **given(evening, until=until))

    same_day = dated_notices.remind(at=near)
    a_week_before = dated_notices.remind(at=evening.deadline())
    the_last_day = dated_notices.remind(at=until - timedelta(days=1))

    assert (before, same_day, a_week_before, the_last_day) == (4, 0, 2, 2)
    anew = told(NoticeKind.DEADLINE)[4:]
    assert sorted(anew) == sorted(names(evening.clerk, evening.head) * 2)


def test_an_end_at_midnight_belongs_to_the_day_before():
    midnight = timezone.make_aware(datetime(2026, 12, 16))
    noon = timezone.make_aware(datetime(2026, 12, 15, 12))

    assert dated_notices.days_left(midnight, noon) == 0
    assert dated_notices.threshold(midnight, noon) == 1
    assert dated_notices.threshold(midnight, noon - timedelta(days=7)) == 7
    assert dated_notices.threshold(midnight, noon - timedelta(days=8)) is None
    assert dated_notices.threshold(midnight, midnight) is None
    assert dated_notices.threshold(None, noon) is None


@pytest.mark.parametrize(
    ("phase", "who"),
    [
        (PhaseName.SELF_ASSESSMENT, {"officer", "leader"}),
        (PhaseName.APPRAISAL, {"appraiser"}),
        (PhaseName.CONSULTATION, {"officer", "leader"}),
        (PhaseName.SECOND_APPRAISAL, {"appraiser"}),
        (PhaseName.COUNCIL, {"chair"}),
        (PhaseName.RECHECK, {"manager"}),
        (PhaseName.DECISION, {"manager", "approver"}),
    ],
)
def test_whom_an_open_phase_concerns_is_told_once(phase, who):
    world = World(phase=phase)
    people = {
        "officer": world.officer(),
        "leader": world.leader(),
        "appraiser": world.appraiser(),
        "manager": world.manager(),
        "chair": world.person(RoleName.CHAIR),
        "approver": world.person(RoleName.APPROVER),
        "inspector": world.inspector(),
    }
    starts = world.round.phase(phase).starts_at

    before = dated_notices.remind(at=starts - timedelta(seconds=1))
    Notice.objects.all().delete()
    first = dated_notices.remind(at=starts + timedelta(hours=1))
    again = dated_notices.remind(at=starts + timedelta(hours=2))

    assert sorted(told(NoticeKind.PHASE_OPENS)) == names(*(people[w] for w in who))
    assert (first, again) == (len(who), 0)
    assert before >= 0
    assert {n.params["phase"] for n in Notice.objects.all()} == {phase}


def test_a_phase_that_opened_long_ago_is_no_news(world):
    starts = world.round.phase(PhaseName.SELF_ASSESSMENT).starts_at

    dated_notices.remind(at=starts + timedelta(days=3, hours=1))

    assert told(NoticeKind.PHASE_OPENS) == []


def test_appraisers_are_reminded_while_files_are_not_appraised():
    world = World(agencies=3, phase=PhaseName.APPRAISAL)
    appraiser, of_the_own = world.appraiser(), world.appraiser()
    of_the_own.agency = world.file.agency
    of_the_own.save()
    at = world.round.phase(PhaseName.APPRAISAL).ends_at - timedelta(days=1)
    judged = [
        CellChange("1.1", Layer.APPRAISED, data={"option": 1}, reason="Đủ"),
        CellChange("1.2", Layer.APPRAISED, points=Decimal(3), reason="Đủ"),
        CellChange("1.3", Layer.APPRAISED, points=Decimal(1), reason="Đủ"),
    ]
    cells.save(world.files[2], judged, by=appraiser)

    dated_notices.remind(at=at)

    # All were closed by the clock; the third is done, and nobody judges the own.
    rows = Notice.objects.filter(kind=NoticeKind.DEADLINE)
    lefts = {row.recipient_id: row.params["left"] for row in rows}
    assert lefts == {appraiser.pk: 2, of_the_own.pk: 1}


# --- the manager's reminder ---------------------------------------------------------------


def choice(states=(FileState.NOT_STARTED, FileState.SCORING), groups=(), roles=None):
    roles = roles or (RoleName.OFFICER, RoleName.LEADER)
    return Choice(frozenset(states), frozenset(groups), frozenset(roles))


def remind(world, *, token="a" * 32, subject="Nhắc {cơ quan}", text="Hạn {thời hạn}"):
    chosen = choice()
    return reminders.send(
        world.round,
        chosen,
        subject=subject,
        text=text,
        token=token,
        seen=addressees(world.round, chosen).fingerprint(subject, text),
        by=world.manager(),
    )


def test_a_reminder_reaches_exactly_who_was_shown_with_the_own_words(world):
    sent = remind(world)

    assert sorted(told(NoticeKind.REMINDER)) == names(
        world.clerk, world.head, *world.others
    )
    assert sent.recipients == sent.mails.count() == 4
    subjects = set(Mail.objects.values_list("recipient_id", "subject"))
    assert (world.clerk.pk, f"Nhắc {world.file.name_vi}") in subjects
    assert (world.others[0].pk, f"Nhắc {world.files[1].name_vi}") in subjects


def test_a_second_press_sends_nothing_twice(world):
    first, second = remind(world), remind(world)

    assert first == second
    assert (Reminder.objects.count(), Mail.objects.count()) == (1, 4)


def test_when_the_files_moved_on_since_the_preview_nothing_is_sent(world):
    seen = addressees(world.round, choice()).fingerprint("a", "b")
    assessments.hand_over(world.file, by=world.clerk)
    Mail.objects.all().delete()

    with pytest.raises(Conflict):
        reminders.send(
            world.round,
            choice(),
            subject="a",
            text="b",
            token="a" * 32,
            seen=seen,
            by=world.manager(),
        )

    assert (Reminder.objects.count(), Mail.objects.count()) == (0, 0)


@pytest.mark.parametrize("who", ["officer", "leader", "appraiser", "inspector"])
def test_only_the_manager_reminds(world, who):
    with pytest.raises(NotAllowed):
        reminders.send(
            world.round,
            choice(),
            subject="a",
            text="b",
            token="a" * 32,
            seen="",
            by=getattr(world, who)(),
        )

    assert told() == []


@pytest.mark.parametrize("text", ["{ten}", "{{cơ quan}}", "mở { ngoặc", "đóng }"])
def test_a_placeholder_that_is_none_is_refused(world, text):
    with pytest.raises(Refused, match=r"[{}]"):
        remind(world, text=text)

    assert told() == []


def test_nobody_to_remind_is_refused(world):
    for person in (world.clerk, world.head, *world.others):
        person.roles.all().delete()

    with pytest.raises(Refused):
        remind(world)

    assert Reminder.objects.count() == 0


# --- at once ------------------------------------------------------------------------------


def at_once(*acts):
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(10)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(30) for done in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
def test_remind_run_twice_at_once_tells_each_person_once():
    world = Told()
    at = world.deadline() - timedelta(days=1)

    at_once(*[lambda: dated_notices.remind(at=at)] * 3)

    everybody = names(world.clerk, world.head, *world.others)
    assert sorted(told(NoticeKind.DEADLINE)) == everybody
    assert Mail.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_same_reminder_sent_twice_at_once_goes_out_once():
    world = Told()
    manager, chosen = world.manager(), choice()
    seen = addressees(world.round, chosen).fingerprint("a", "b")

    def press():
        return reminders.send(
            world.round,
            chosen,
            subject="a",
            text="b",
            token="a" * 32,
            seen=seen,
            by=manager,
        ).pk

    assert len(set(at_once(press, press, press))) == 1
    assert (Reminder.objects.count(), Mail.objects.count()) == (1, 4)


@pytest.mark.parametrize("files", [1, 3])
def test_telling_costs_the_same_for_any_number_of_people(
    files, django_assert_num_queries
):
    world = World()
    people = [world.officer() for __ in range(files)]
    tellings = [
        Telling(user, NoticeKind.LOCKED, world.round, f"key:{user.pk}", world.file)
        for user in people
    ]

    with django_assert_num_queries(6):  # a savepoint, told?, 2 × write, read, release
        assert notices.write(tellings) == files
