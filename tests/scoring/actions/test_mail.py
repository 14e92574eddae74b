"""The queue of mails: sent once, tried again, given up, by any number of senders."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail as sent_by_django
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from scoring.actions import assessments, mail
from scoring.labels import MailState
from scoring.models import Mail
from scoring.refusals import NotAllowed, Refused
from tests.factories import UserFactory, World
from tests.scoring.notice_worlds import MailServer, smtp_to, waiting_mails


class Clock:
    """A clock that the test sets."""

    def __init__(self):
        self.at = timezone.now()

    def __call__(self):
        return self.at

    def go(self, **time):
        self.at += timedelta(**time)


def states():
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


def fetched(row):
    return Mail.objects.get(pk=row.pk)


@pytest.mark.django_db
def test_what_waits_is_sent_once():
    [row] = waiting_mails()
    with MailServer() as server:
        first = mail.deliver(connection=smtp_to(server))
        second = mail.deliver(connection=smtp_to(server))

    [message] = server.taken
    assert (first.sent, second.sent) == (1, 0)
    assert message["To"] == row.address
    assert message["Subject"] == "Đã chốt điểm"
    assert message["Message-ID"] == row.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Bảng tự chấm điểm đã chốt." in message.get_content()
    row = fetched(row)
    assert (row.state, row.attempts, row.claim) == (MailState.SENT, 1, "")
    assert row.sent_at is not None


@pytest.mark.django_db
def test_one_connection_serves_many_mails():
    waiting_mails(mail.BATCH + 3)
    with MailServer() as server:
        done = mail.deliver(connection=smtp_to(server))

    assert done.sent == mail.BATCH + 3
    assert server.connections == 1
    assert len({message["Message-ID"] for message in server.taken}) == mail.BATCH + 3


@pytest.mark.django_db
def test_a_server_that_is_not_there_costs_one_mail_one_try():
    rows = waiting_mails(3)
    with MailServer() as server:
        connection = smtp_to(server)
    clock = Clock()

    done = mail.deliver(connection=connection, now=clock)

    assert "ConnectionRefusedError" in done.down
    assert (done.sent, done.postponed, done.given_up) == (0, 1, [])
    assert states() == [MailState.WAITING] * 3
    assert [fetched(row).attempts for row in rows] == [1, 0, 0]
    assert {fetched(row).next_try_at for row in rows} == {clock.at + mail.PAUSES[0]}
    assert "ConnectionRefusedError" in fetched(rows[0]).last_error


@pytest.mark.django_db
def test_a_server_that_hangs_is_left_after_the_timeout():
    waiting_mails(5)
    begun = time.monotonic()
    with MailServer(hangs=True) as server:
        done = mail.deliver(connection=smtp_to(server, timeout=0.3))
        took = time.monotonic() - begun

    assert done.down
    assert took < 3
    assert server.connections == 1
    assert states() == [MailState.WAITING] * 5


@pytest.mark.django_db
def test_a_mail_that_one_server_refuses_for_now_is_tried_with_growing_pauses():
    bad, good = waiting_mails(2)
    clock = Clock()
    with MailServer({bad.address: "450 later"}) as server:
        pauses = []
        for __ in range(mail.MOST_ATTEMPTS):
            mail.deliver(connection=smtp_to(server), now=clock)
            early = mail.deliver(connection=smtp_to(server), now=clock)
            row = fetched(bad)
            pauses.append(row.next_try_at - clock.at)
            clock.at = row.next_try_at
        after = mail.deliver(connection=smtp_to(server), now=clock)

    assert pauses[:-1] == list(mail.PAUSES)
    assert pauses[:-1] == sorted(pauses[:-1])
    assert (row.state, row.attempts) == (MailState.FAILED, mail.MOST_ATTEMPTS)
    assert row.last_error == "450 later"
    assert (early.postponed, early.given_up, after.given_up) == (0, [], [])
    assert [message["To"] for message in server.taken] == [good.address]


@pytest.mark.django_db
def test_an_address_refused_for_good_is_given_up_and_the_others_go():
    bad, good = waiting_mails(2)
    with MailServer({bad.address: "550 no such user"}) as server:
        done = mail.deliver(connection=smtp_to(server))

    assert done.given_up == [f"{bad.address}: 550 no such user"]
    assert states() == [MailState.FAILED, MailState.SENT]
    assert fetched(bad).last_error == "550 no such user"
    assert [message["To"] for message in server.taken] == [good.address]


@pytest.mark.django_db
def test_an_address_that_fits_into_no_header_is_given_up_and_the_others_go():
    bad, good = waiting_mails(2)
    Mail.objects.filter(pk=bad.pk).update(address="a@example.vn\nBcc: b@example.vn")
    with MailServer() as server:
        mail.deliver(connection=smtp_to(server))

    assert states() == [MailState.FAILED, MailState.SENT]
    assert [message["To"] for message in server.taken] == [good.address]


@pytest.mark.django_db
def test_a_claim_of_a_sender_that_died_is_taken_again_under_the_same_message_id():
    [row] = waiting_mails()
    clock = Clock()
    [claimed] = mail.claim("a" * 32, clock())  # and then the sender dies
    with MailServer() as server:
        clock.go(seconds=mail.CLAIM_LASTS.total_seconds() - 1)
        too_early = mail.deliver(connection=smtp_to(server), now=clock)
        clock.go(seconds=2)
        done = mail.deliver(connection=smtp_to(server), now=clock)

    assert claimed.pk == row.pk
    assert (too_early.sent, done.sent) == (0, 1)
    assert [message["Message-ID"] for message in server.taken] == [row.message_id]
    assert fetched(row).attempts == 2


@pytest.mark.django_db
def test_a_mail_at_which_senders_die_is_given_up_at_last():
    [row] = waiting_mails()
    clock = Clock()
    for __ in range(mail.MOST_ATTEMPTS):
        mail.claim("a" * 32, clock())
        clock.go(seconds=mail.CLAIM_LASTS.total_seconds() + 1)

    done = mail.deliver(now=clock)

    assert done.sent == 0
    assert sent_by_django.outbox == []
    assert fetched(row).state == MailState.FAILED
    assert fetched(row).last_error


@pytest.mark.django_db
def test_a_sender_whose_claim_was_taken_over_sends_nothing():
    waiting_mails(1)
    clock = Clock()
    late = mail.claim("a" * 32, clock())
    clock.go(seconds=mail.CLAIM_LASTS.total_seconds() + 1)
    mail.claim("b" * 32, clock())

    delivery = mail.Delivery()
    mail._send_batch(late, "a" * 32, sent_by_django.get_connection(), delivery, clock)

    assert sent_by_django.outbox == []
    assert delivery.sent == 0


@pytest.mark.django_db
def test_a_link_for_a_new_password_is_forgotten_once_it_was_sent():
    row = mail.queue(
        UserFactory(), kind="password_reset", subject="a\nb", text="secret", key="k"
    )

    mail.deliver()

    [message] = sent_by_django.outbox
    assert (message.subject, message.body) == ("a b", "secret")
    assert fetched(row).text == ""


@pytest.mark.django_db
def test_who_has_no_address_is_never_tried():
    row = mail.queue(UserFactory(email=" "), kind="x", subject="a", text="b", key="k")

    mail.deliver()

    assert sent_by_django.outbox == []
    assert (fetched(row).state, fetched(row).attempts) == (MailState.NO_ADDRESS, 0)


# --- several senders at once ------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_mail_once():
    number = 90
    waiting_mails(number)
    start = threading.Barrier(4)

    def send(connection):
        try:
            start.wait(10)
            return mail.deliver(connection=connection).sent
        finally:
            connections.close_all()

    with MailServer() as server, ThreadPoolExecutor(4) as pool:
        lines = [smtp_to(server, timeout=20) for __ in range(4)]
        counts = [
            done.result(60) for done in [pool.submit(send, line) for line in lines]
        ]

    assert sum(counts) == number
    assert len(server.taken) == number
    assert len({message["Message-ID"] for message in server.taken}) == number
    assert set(states()) == {MailState.SENT}
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_a_second_sender_does_not_wait_for_rows_that_the_first_is_taking():
    waiting_mails(mail.BATCH + 5)

    def other():
        try:
            return {row.pk for row in mail.claim("b" * 32, timezone.now())}
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        mine = {row.pk for row in mail.claim("a" * 32, timezone.now())}
        theirs = pool.submit(other).result(10)

    assert (len(mine), len(theirs)) == (mail.BATCH, 5)
    assert not mine & theirs


# --- no request waits -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_handing_over_asks_no_mail_server(settings):
    world = World()
    world.leader()
    with MailServer(hangs=True) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        assessments.hand_over(world.file, by=world.officer())

    assert server.connections == 0
    assert states() == [MailState.WAITING]


# --- trying again -----------------------------------------------------------------------


@pytest.fixture
def managed():
    world = World()
    [row] = waiting_mails(state=MailState.FAILED, last_error="550", attempts=9)
    row.round = world.round
    row.save()
    return world, row


@pytest.mark.django_db
def test_the_manager_tries_a_mail_again_at_the_present_address(managed):
    world, row = managed
    row.recipient.email = "moi@example.vn"
    row.recipient.save()

    mail.try_again(row, by=world.manager())
    mail.deliver()

    assert [message.to for message in sent_by_django.outbox] == [["moi@example.vn"]]
    row = fetched(row)
    assert (row.state, row.attempts, row.last_error) == (MailState.SENT, 1, "")


@pytest.mark.django_db
def test_a_mail_that_was_sent_is_not_sent_again(managed):
    world, row = managed
    manager = world.manager()
    mail.try_again(row, by=manager)
    mail.try_again(row, by=manager)
    mail.deliver()

    with pytest.raises(Refused):
        mail.try_again(row, by=manager)
    mail.deliver()

    assert len(sent_by_django.outbox) == 1


@pytest.mark.django_db
def test_without_an_address_trying_again_is_refused_with_the_name(managed):
    world, row = managed
    row.recipient.email = ""
    row.recipient.save()

    with pytest.raises(Refused, match=row.recipient_name):
        mail.try_again(row, by=world.manager())

    assert fetched(row).state == MailState.FAILED


@pytest.mark.django_db
def test_only_the_round_s_manager_tries_again(managed):
    world, row = managed
    for stranger in (world.officer(), world.inspector(), World().manager()):
        with pytest.raises(NotAllowed):
            mail.try_again(row, by=stranger)
        with pytest.raises(NotAllowed):
            mail.try_all_again(world.round, by=stranger)

    assert fetched(row).state == MailState.FAILED


@pytest.mark.django_db
def test_all_that_failed_is_tried_again_and_nothing_else(managed):
    world, row = managed
    [other] = waiting_mails(state=MailState.FAILED)
    [sent] = waiting_mails(state=MailState.SENT, sent_at=timezone.now())
    Mail.objects.filter(pk=sent.pk).update(round=world.round)

    assert mail.try_all_again(world.round, by=world.manager()) == 1

    assert fetched(row).state == MailState.WAITING
    assert fetched(other).state == MailState.FAILED
    assert fetched(sent).state == MailState.SENT


# --- what the database refuses ----------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"state": "lost"}, id="a state that is none"),
        pytest.param({"state": MailState.SENT}, id="sent without a moment"),
        pytest.param({"state": MailState.SENDING}, id="being sent by nobody"),
        pytest.param({"claim": "a"}, id="claimed and waiting"),
        pytest.param({"address": ""}, id="waiting without an address"),
        pytest.param({"state": MailState.NO_ADDRESS}, id="an address and none"),
    ],
)
def test_the_database_refuses_mails_that_contradict_themselves(wrong):
    [row] = waiting_mails()

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=row.pk).update(**wrong)
