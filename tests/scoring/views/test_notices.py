"""The bell and the list under it; the manager's reminders; the demonstration's outbox."""

import re

import pytest
from django.core import mail as sent_by_django
from django.urls import reverse
from django.utils import timezone, translation

from scoring.actions import assessments, mail, notices
from scoring.actions.notices import Telling
from scoring.demo import people
from scoring.labels import MailState, NoticeKind
from scoring.models import Mail, Notice, Reminder, Role
from scoring.queries.reminders import proposed_words
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db
LIST = "/notices/"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "en"
    return client


def page_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def tell(world, user, number=1, file=None):
    notices.write(
        [
            Telling(
                user,
                NoticeKind.REMINDER,
                world.round,
                f"k{place}:{user.pk}",
                file or world.file,
                {"subject": f"Nhắc {place}", "text": f"Nội dung {place}"},
            )
            for place in range(number)
        ]
    )
    return Notice.objects.filter(recipient=user).order_by("pk")


# --- the bell ---------------------------------------------------------------------------


def bell(client):
    page = page_of(client.get("/"))
    found = re.search(r'class="bell-count"[^>]*>(\S+?)<', page)
    return found and found.group(1)


@pytest.mark.parametrize(
    ("number", "shown"), [(0, None), (1, "1"), (99, "99"), (100, "99+")]
)
def test_the_bell_counts_what_is_unread(client, number, shown):
    world = World()
    user = world.officer()
    tell(world, user, number)
    tell(world, world.leader())
    client.force_login(user)

    assert bell(client) == shown
    assert (", 1 unread" in page_of(client.get("/"))) is (number == 1)


def test_the_bell_costs_no_query(
    client, django_assert_max_num_queries, django_assert_num_queries
):
    world = World()
    user = world.officer()
    client.force_login(user)
    client.get("/rounds/")
    with django_assert_max_num_queries(20) as asked:
        without = client.get("/rounds/")
    tell(world, user, 3)

    with django_assert_num_queries(len(asked)):
        page = client.get("/rounds/")

    notices_asked = [
        query["sql"] for query in asked if "scoring_notice" in query["sql"]
    ]
    assert "bell-count" in page.content.decode()
    assert "bell-count" not in without.content.decode()
    assert len(notices_asked) == 1
    assert "scoring_user" in notices_asked[0]


def test_a_locked_account_is_signed_out_as_before(client):
    user = World().officer()
    client.force_login(user)
    user.is_active = False
    user.save()

    assert client.get("/")["Location"].startswith(reverse("login"))


def test_nobody_signed_in_has_no_bell(client):
    assert "bell" not in page_of(client.get(reverse("login")))


# --- the list ---------------------------------------------------------------------------


def test_the_list_says_what_happened_and_leads_there(client):
    world = World()
    leader = world.leader()
    assessments.hand_over(world.file, by=world.officer())
    client.force_login(leader)

    page = page_of(client.get(LIST))
    address = reverse("scoring:notice-read", args=[Notice.objects.get().pk])
    gone = client.post(address, {"go": "1"})

    assert f"{world.file.name_vi}: self-assessment handed over" in page
    assert 'class="unread-mark">New<' in page
    assert gone["Location"] == world.file.get_absolute_url()
    assert bell(client) is None
    assert "unread-mark" not in page_of(client.get(LIST))


def test_a_notice_is_marked_as_read_on_the_spot(client):
    world = World()
    user = world.officer()
    first, second = tell(world, user, 2)
    client.force_login(user)

    answer = client.post(reverse("scoring:notice-read", args=[first.pk]))

    assert answer["Location"] == LIST
    assert Notice.objects.get(pk=first.pk).is_read
    assert not Notice.objects.get(pk=second.pk).is_read


def test_the_notice_of_another_person_does_not_exist(client):
    world = World()
    notice = tell(world, world.leader()).get()
    client.force_login(world.officer())

    answer = client.post(reverse("scoring:notice-read", args=[notice.pk]), {"go": "1"})

    assert answer.status_code == 404
    assert not Notice.objects.get().is_read
    assert "Nhắc 0" not in page_of(client.get(LIST))


def test_all_that_stood_on_the_page_is_marked_and_nothing_later(client):
    world = World()
    user = world.officer()
    rows = list(tell(world, user, 3))
    client.force_login(user)
    page = page_of(client.get(LIST))
    upto = re.search(r'name="upto" value="(\d+)"', page).group(1)
    later = Notice.objects.create(
        recipient=user,
        kind=NoticeKind.LOCKED,
        round=world.round,
        key="later",
        created_at=timezone.now(),
    )

    client.post(reverse("scoring:notice-read-all"), {"upto": upto})

    assert (
        Notice.objects.filter(pk__in=[row.pk for row in rows])
        .exclude(read_at=None)
        .count()
        == 3
    )
    assert not Notice.objects.get(pk=later.pk).is_read


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 30])
def test_a_marking_that_names_nothing_marks_nothing(client, upto):
    world = World()
    user = world.officer()
    tell(world, user)
    client.force_login(user)

    assert client.post(reverse("scoring:notice-read-all"), {"upto": upto})[
        "Location"
    ] == (LIST)
    assert not Notice.objects.get().is_read


def test_unread_ones_can_be_shown_alone(client):
    world = World()
    user = world.officer()
    first, __ = tell(world, user, 2)
    notices.mark_read(first, by=user)
    client.force_login(user)

    page = page_of(client.get(f"{LIST}?unread"))

    assert "Nhắc 1" in page
    assert "Nhắc 0" not in page


def test_who_lost_the_role_keeps_the_notice_without_its_way(client):
    world = World()
    user = world.officer()
    notice = tell(world, user).get()
    Role.objects.filter(user=user).delete()
    client.force_login(user)

    page = page_of(client.get(LIST))
    answer = client.post(reverse("scoring:notice-read", args=[notice.pk]), {"go": "1"})

    assert "Nhắc 0" in page
    assert "Open what it is about" not in page
    assert answer["Location"] == LIST


def test_an_empty_list_says_what_will_stand_there(client):
    client.force_login(World().officer())

    assert "No notice yet" in page_of(client.get(LIST))
    assert "No unread notice" in page_of(client.get(f"{LIST}?unread"))


def test_words_of_people_are_no_markup(client):
    world = World()
    user = world.officer()
    row = tell(world, user).get()
    row.params = {"subject": "<b>đậm</b>", "text": "<script>x</script>"}
    row.save()
    client.force_login(user)

    page = page_of(client.get(LIST))

    assert "<b>đậm" not in page
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


@pytest.mark.parametrize("number", [1, 5])
def test_the_list_asks_the_database_a_fixed_number_of_times(
    client, number, django_assert_num_queries
):
    world = World(agencies=number)
    user = world.officer()
    for file in world.files:
        Role.objects.get_or_create(
            user=user, name="officer", round=world.round, agency=file.agency
        )
        notices.write(
            [Telling(user, NoticeKind.LOCKED, world.round, f"k{file.pk}", file, {})]
        )
    client.force_login(user)
    client.get(LIST)

    with django_assert_num_queries(10):
        page = client.get(LIST)

    assert page.content.decode().count("notice-line is-unread") == number


# --- the manager's reminders ----------------------------------------------------------------


@pytest.fixture
def world():
    world = World()
    world.clerk, world.head = world.officer(), world.leader()
    return world


def address(world):
    return reverse("scoring:round-notices", args=[world.round.year])


def typed(**changed):
    return {
        "act": "preview",
        "states": ["not_started", "scoring"],
        "roles": ["officer", "leader"],
        "subject": "Nhắc {agency}",
        "text": "Hạn {deadline}, đã có {tiến độ}.",
    } | changed


def hidden(page):
    """What the preview's form would send."""
    html = page.content.decode()
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
    sent = {"act": "send"}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    text = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', html, re.S)
    return sent | {"text": text.group(1), "subject": sent["subject"][-1]}


def test_before_sending_the_exact_recipients_and_a_sample_are_shown(client, world):
    client.force_login(world.manager())

    page = page_of(client.post(address(world), typed()))

    assert "2 people are reminded" in page
    assert world.clerk.email in page
    assert world.head.email in page
    assert f"Nhắc {world.file.name_vi}" in page
    assert "đã có 0/3." in page
    assert f"<li>{world.files[1].name_vi}</li>" in page  # nobody holds a role there
    assert (Notice.objects.count(), Mail.objects.count()) == (0, 0)


def test_one_sample_stands_for_each_group(client):
    world = World(groups=2, agencies=2)
    for file in world.files:
        world.officer(file)
    client.force_login(world.manager())

    page = client.post(address(world), typed()).content.decode()

    assert page.count("mail-sample") == 2
    assert "4 people are reminded" in page_of(client.post(address(world), typed()))


def test_what_was_looked_at_is_sent_once_however_often_it_is_pressed(client, world):
    client.force_login(world.manager())
    sent = hidden(client.post(address(world), typed()))

    first = client.post(address(world), sent, follow=True)
    again = client.post(address(world), sent, follow=True)

    assert "2 people have been reminded" in page_of(first)
    assert "nothing was doubled" in page_of(again)
    assert Mail.objects.count() == Notice.objects.count() == 2
    texts = set(Mail.objects.values_list("subject", flat=True))
    assert texts == {f"Nhắc {world.file.name_vi}"}
    assert world.file.name_vi in page_of(first).partition("What was sent to whom")[2]


def test_when_others_would_be_reminded_by_now_they_are_shown_first(client, world):
    client.force_login(world.manager())
    sent = hidden(client.post(address(world), typed()))
    newcomer = world.officer(world.files[1])

    page = client.post(address(world), sent)
    confirmed = client.post(address(world), hidden(page), follow=True)

    assert page.status_code == 409
    assert "have moved on" in page_of(page)
    assert newcomer.email in page_of(page)
    assert "3 people have been reminded" in page_of(confirmed)
    assert Reminder.objects.count() == 1


def test_a_text_that_was_changed_after_the_preview_is_shown_again(client, world):
    client.force_login(world.manager())
    sent = hidden(client.post(address(world), typed()))

    page = client.post(address(world), sent | {"text": "Khác"})

    assert page.status_code == 409
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "a" * 400])
def test_without_the_preview_s_token_nothing_is_sent(client, world, token):
    client.force_login(world.manager())
    sent = hidden(client.post(address(world), typed()))

    page = client.post(address(world), sent | {"token": token})

    assert "2 people are reminded" in page_of(page)
    assert Mail.objects.count() == 0


def test_the_same_words_sent_before_are_pointed_out(client, world):
    client.force_login(world.manager())
    client.post(address(world), hidden(client.post(address(world), typed())))

    page = page_of(client.post(address(world), typed()))

    assert "The same words were sent at" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"subject": "{ten} ơi"}, "There is no placeholder {ten}"),
        ({"text": "{agency} {co_quann}"}, "There is no placeholder {co_quann}"),
        ({"text": "a { b"}, "There is no placeholder {"),
        ({"text": "  "}, "This field is required"),
        ({"states": []}, "This field is required"),
        ({"states": ["locked"]}, "Select a valid choice"),
        ({"groups": ["khong-co"]}, "Select a valid choice"),
        ({"roles": []}, "This field is required"),
        ({"subject": "a" * 201}, "at most 200 characters"),
    ],
)
@pytest.mark.parametrize("act", ["preview", "send"])
def test_bad_input_gets_a_sentence_and_loses_nothing(
    client, world, act, changed, words
):
    client.force_login(world.manager())

    page = client.post(address(world), typed(act=act, **changed))

    assert page.status_code == 422
    assert words in page_of(page)
    if "text" not in changed:
        assert "đã có {tiến độ}." in page_of(page)
    assert Mail.objects.count() == 0


def test_going_back_to_the_text_keeps_it(client, world):
    client.force_login(world.manager())
    sent = hidden(client.post(address(world), typed(states=["with_leader"])))

    page = page_of(client.post(address(world), sent | {"act": "edit"}))

    assert "đã có {tiến độ}." in page
    assert re.search(r'value="with_leader"[^>]*checked', page)
    assert not re.search(r'value="scoring"[^>]*checked', page)


def test_nobody_to_remind_is_said_and_cannot_be_sent(client, world):
    client.force_login(world.manager())

    page = page_of(client.post(address(world), typed(states=["with_leader"])))

    assert "Nobody is to be reminded" in page
    assert 'value="send"' not in page


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"states": ["with_leader"]}, {0}),
        ({"states": ["not_started"]}, {1, 2}),
        ({"states": ["not_started", "with_leader"]}, {0, 1, 2}),
        ({"groups": ["second"]}, {2}),
        ({"roles": ["leader"]}, set()),
    ],
)
def test_states_groups_and_roles_choose_whom(client, changed, expected):
    world = World(groups=2, agencies=2)
    files = world.files[:3]
    officers = [world.officer(file) for file in files]
    world.files[3].delete()
    assessments.hand_over(world.file, by=officers[0])
    if "groups" in changed:
        changed = {"groups": [world.groups[1].group.code]}
    client.force_login(world.manager())

    page = page_of(client.post(address(world), typed(**changed)))

    shown = {n for n, officer in enumerate(officers) if officer.email in page}
    assert shown == expected


def test_late_files_can_be_chosen(client, world):
    world.open_phase("appraisal")
    client.force_login(world.manager())

    early = page_of(client.post(address(world), typed()))
    late = page_of(client.post(address(world), typed(states=["locked_by_clock"])))

    assert "Nobody is to be reminded" in early
    assert world.clerk.email in late


def test_the_page_of_progress_chooses_beforehand(client, world):
    client.force_login(world.manager())
    group = world.group.group.code

    page = page_of(client.get(f"{address(world)}?group={group}&file_state=with_leader"))

    assert re.search(r'value="with_leader"[^>]*checked', page)
    assert re.search(f'value="{group}"[^>]*checked', page)
    assert not re.search(r'value="scoring"[^>]*checked', page)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_proposed_words_are_understood(client, world, language):
    client.cookies["django_language"] = language
    client.force_login(world.manager())
    with translation.override(language):
        words = proposed_words()

    page = page_of(client.post(address(world), typed(**words)))

    assert world.clerk.email in page
    assert world.file.name_vi in page.partition("mail-sample")[2]


# --- what was sent ---------------------------------------------------------------------------


def test_the_table_says_what_became_of_each_mail(client, world):
    world.head.email = ""
    world.head.save()
    client.force_login(world.manager())
    client.post(address(world), hidden(client.post(address(world), typed())))
    Mail.objects.exclude(address="").update(
        state=MailState.FAILED, last_error="550 no such user", attempts=9
    )

    page = page_of(client.get(address(world)))
    row = page.partition(f"{world.clerk.full_name}<br>")[2].partition("</tr>")[0]
    other = page.partition(f"{world.head.full_name}<br>")[2].partition("</tr>")[0]
    only_failed = page_of(client.get(f"{address(world)}?state=failed"))

    assert "Not sent" in row
    assert "550 no such user" in row
    assert "Try again" in row
    assert "Notice in the application only" in other
    assert world.head.full_name not in only_failed
    assert world.clerk.full_name in only_failed


def test_a_failed_mail_is_tried_again_by_a_press(client, world):
    client.force_login(world.manager())
    client.post(address(world), hidden(client.post(address(world), typed())))
    Mail.objects.update(state=MailState.FAILED)
    row = Mail.objects.get(recipient=world.clerk)

    client.post(reverse("scoring:mail-retry", args=[world.round.year, row.pk]))
    mail.deliver()
    client.post(reverse("scoring:mail-retry-all", args=[world.round.year]))
    mail.deliver()

    to = [message.to for message in sent_by_django.outbox]
    assert to == [[world.clerk.email], [world.head.email]]


def test_a_mail_of_another_round_is_not_tried_again(client, world):
    other = World()
    tell(other, other.officer())
    Mail.objects.update(state=MailState.FAILED)
    client.force_login(world.manager())
    pk = Mail.objects.get().pk

    answer = client.post(reverse("scoring:mail-retry", args=[world.round.year, pk]))

    assert answer.status_code == 404
    assert Mail.objects.get().state == MailState.FAILED


@pytest.mark.parametrize("agencies", [1, 3])
@pytest.mark.parametrize(("method", "queries"), [("get", 10), ("post", 12)])
def test_the_page_asks_the_database_a_fixed_number_of_times(
    client, agencies, method, queries, django_assert_num_queries
):
    world = World(agencies=agencies)
    for file in world.files:
        tell(world, world.officer(file), file=file)
    client.force_login(world.manager())
    getattr(client, method)(address(world), typed())

    with django_assert_num_queries(queries):
        page = getattr(client, method)(address(world), typed())

    assert page.content.decode().count("@example.vn") == agencies


# --- the demonstration's outbox -----------------------------------------------------------------


@pytest.fixture
def demo(world, settings):
    """The officer is an account of the demonstration."""
    settings.DEMO = True
    world.clerk.username = people.AGENCY_ACCOUNTS[0].username
    world.clerk.save()
    tell(world, world.clerk)
    tell(world, world.head)
    return world


def test_the_demonstration_s_mails_can_be_read(client, demo):
    client.force_login(demo.clerk)

    page = page_of(client.get("/outbox/"))
    none = page_of(client.get(f"/outbox/?to={people.MANAGER.username}"))

    assert "Nội dung 0" in page
    assert demo.clerk.email in page
    assert demo.head.email not in page  # no account of the demonstration
    assert "No mail yet" in none


def test_a_link_for_a_new_password_is_not_in_the_outbox(client, demo):
    mail.queue(demo.clerk, kind="password_reset", subject="s", text="secret", key="k")
    client.force_login(demo.clerk)

    assert "secret" not in page_of(client.get("/outbox/"))


@pytest.mark.parametrize("who", ["no demonstration", "not of it"])
def test_elsewhere_there_is_no_outbox(client, demo, settings, who):
    settings.DEMO = who == "not of it"
    client.force_login(UserFactory() if settings.DEMO else demo.clerk)

    assert client.get("/outbox/").status_code == 404
