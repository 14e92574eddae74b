"""``manage.py send_mail`` and ``manage.py remind``, as cron runs them."""

import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail as sent_by_django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from scoring.actions.mail import CLAIM_LASTS
from scoring.labels import MailState, PhaseName
from scoring.models import Mail, Notice
from tests.factories import World
from tests.scoring.commands.running import run
from tests.scoring.notice_worlds import MailServer, waiting_mails

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60


@pytest.mark.django_db
def test_one_run_sends_what_waits_and_says_how_much():
    waiting_mails(2)

    first, second = run("send_mail"), run("send_mail")

    assert len(sent_by_django.outbox) == 2
    assert "2" in first
    assert second == ""


@pytest.mark.django_db
def test_what_was_given_up_and_a_dead_server_go_to_standard_error(settings):
    bad, __ = waiting_mails(2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with MailServer({bad.address: "550 no such user"}) as server:
        settings.EMAIL_PORT = server.port
        given_up = errors_of_a_run()
    waiting_mails(1)
    down = errors_of_a_run()

    assert f"{bad.address}: 550 no such user" in given_up
    assert "ConnectionRefusedError" in down


def errors_of_a_run():
    out, err = io.StringIO(), io.StringIO()
    call_command("send_mail", stdout=out, stderr=err)
    return err.getvalue()


@pytest.mark.django_db
def test_remind_run_again_writes_nothing_new(monkeypatch):
    world = World()
    world.officer()
    near = world.round.phase(PhaseName.SELF_ASSESSMENT).ends_at - timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: near)

    first, second = run("remind"), run("remind")

    assert "1" in first
    assert second == ""
    assert Notice.objects.count() == 1


# --- real processes -------------------------------------------------------------------


@pytest.fixture
def sender():
    """Start ``send_mail`` in a process of its own, against this test's database."""
    started = []

    def start(server, *words):
        database = connection.settings_dict
        scheme = "postgresql" if connection.vendor == "postgresql" else "sqlite"
        url = f"sqlite:///{database['NAME']}"
        if scheme == "postgresql":
            user, password = database["USER"], database["PASSWORD"]
            host, port = database["HOST"], database["PORT"]
            secret = f":{password}" if password else ""
            at = f"{host}:{port}" if port else host
            url = f"postgresql://{user}{secret}@{at}/{database['NAME']}"
        process = subprocess.Popen(
            [sys.executable, "manage.py", "send_mail", *words],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": url,
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": str(server.port),
                "EMAIL_TIMEOUT": "20",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_send_each_mail_once(sender):
    number = 120
    waiting_mails(number)
    with MailServer() as server:
        both = [sender(server), sender(server)]
        words = [process.communicate(timeout=PATIENCE) for process in both]

    assert [process.returncode for process in both] == [0, 0], words
    assert len(server.taken) == number
    assert len({message["Message-ID"] for message in server.taken}) == number
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_the_middle_loses_nothing(sender):
    """The mail that hung in its hands waits for its claim to run out, no other."""
    waiting_mails(3)
    with MailServer(hangs=True) as silent:
        process = sender(silent)
        wait_until(lambda: silent.connections == 1)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
    claimed = Mail.objects.filter(state=MailState.SENDING).count()

    with MailServer() as server:
        sender(server).communicate(timeout=PATIENCE)
        too_early = len(server.taken)
        Mail.objects.filter(state=MailState.SENDING).update(
            claimed_at=timezone.now() - CLAIM_LASTS
        )
        sender(server).communicate(timeout=PATIENCE)

    assert (claimed, too_early) == (3, 0)
    ids = set(Mail.objects.values_list("message_id", flat=True))
    assert {message["Message-ID"] for message in server.taken} == ids
    assert len(server.taken) == 3


@pytest.mark.django_db(transaction=True)
def test_a_loop_sends_what_comes_later(sender):
    with MailServer() as server:
        sender(server, "--loop", "1")
        waiting_mails(1)
        wait_until(lambda: len(server.taken) == 1)
        waiting_mails(1)
        wait_until(lambda: len(server.taken) == 2)

    assert len({message["To"] for message in server.taken}) == 2


def wait_until(happened):
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
