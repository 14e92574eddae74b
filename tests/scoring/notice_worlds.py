"""Mail servers as the tests need them: one that takes mails, one that hangs, none."""

import contextlib
import socket
import threading
from datetime import timedelta
from email import message_from_bytes, policy

from django.core.mail import get_connection
from django.utils import timezone

from scoring.models import Mail
from tests.factories import UserFactory

PATIENCE = 10


def waiting_mails(number=1, *, at=None, **options):
    """So many mails in the queue, each to a person of its own."""
    at = at or timezone.now() - timedelta(minutes=1)
    people = [UserFactory() for __ in range(number)]
    return [
        Mail.objects.create(
            recipient=user,
            recipient_name=user.full_name,
            address=user.email,
            kind="locked",
            subject="Đã chốt điểm",
            text="Bảng tự chấm điểm đã chốt.\n",
            key=f"mail:{user.pk}",
            created_at=at,
            next_try_at=at,
            **options,
        )
        for user in people
    ]


def smtp_to(server, **options):
    """A connection of Django's own SMTP backend to a server of this module."""
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host="127.0.0.1",
        port=server.port,
        **{"timeout": 1, **options},
    )


class MailServer:
    """A small SMTP server in a thread: keeps what it takes in ``taken``.

    refuses  addresses that it does not take: ``{address: answer}``
    hangs    accepts connections and never says a word
    """

    def __init__(self, refuses=None, *, hangs=False):
        self.refuses = refuses or {}
        self.hangs = hangs
        self.taken = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.stopped = threading.Event()
        self.threads = []

    def __enter__(self):
        self._start(self._accept)
        return self

    def __exit__(self, *error):
        self.stopped.set()
        # Closing alone would not wake the thread that accepts.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        for thread in self.threads:
            thread.join(PATIENCE)
        self.listener.close()

    def _start(self, work, *args):
        thread = threading.Thread(target=work, args=args, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        while not self.stopped.is_set():
            line, __ = self.listener.accept()
            if self.stopped.is_set():
                line.close()
                return
            self.connections += 1
            self._start(self._hang if self.hangs else self._talk, line)

    def _hang(self, line):
        with line:
            self.stopped.wait(PATIENCE)

    def _talk(self, line):
        line.settimeout(PATIENCE)
        with line, line.makefile("rwb") as talk, contextlib.suppress(OSError):

            def answer(text):
                talk.write(f"{text}\r\n".encode())
                talk.flush()

            answer("220 test")
            for said in iter(talk.readline, b""):
                word = said[:4].upper().strip()
                if word == b"RCPT":
                    address = said.decode().partition("<")[2].partition(">")[0]
                    answer(self.refuses.get(address, "250 ok"))
                elif word == b"DATA":
                    answer("354 go on")
                    body = b"".join(iter(talk.readline, b".\r\n"))
                    self.taken.append(message_from_bytes(body, policy=policy.default))
                    answer("250 taken")
                elif word == b"QUIT":
                    answer("221 bye")
                    return
                else:
                    answer("250 ok")
