"""``manage.py send_mail``: send what waits in the queue of mails."""

import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.translation import gettext as _

from scoring.actions import mail


class Command(BaseCommand):
    help = (
        "Send the mails that wait. Run it by cron every minute, or keep it running "
        "with --loop; several may run at once. Writes a line when something was sent "
        "or could not be; mails given up go to standard error."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--loop",
            type=int,
            metavar="SECONDS",
            help="keep running, with so many seconds between two looks at the queue",
        )

    def handle(self, *args, loop=None, **options):
        self._run()
        while loop:
            time.sleep(loop)
            close_old_connections()
            self._run()

    def _run(self):
        done = mail.deliver()
        if done.sent:
            self._say(self.stdout, _("Sent: %(number)s.") % {"number": done.sent})
        if done.postponed:
            self._say(
                self.stdout,
                _("To be tried again later: %(number)s.") % {"number": done.postponed},
            )
        if done.down:
            self._say(
                self.stderr,
                _("The mail server cannot be used: %(error)s") % {"error": done.down},
            )
        for line in done.given_up:
            self._say(self.stderr, _("Given up: %(mail)s") % {"mail": line})

    def _say(self, stream, sentence):
        stream.write(sentence)
        stream.flush()
