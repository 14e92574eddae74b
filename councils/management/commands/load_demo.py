"""``manage.py load_demo``: the demonstration, for `make run` and for trying out."""

from argparse import ArgumentTypeError
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import demo
from scoring.demo import people
from scoring.labels import PhaseName
from scoring.refusals import Refused


def _year_and_phase(text):
    year, __, phase = text.partition(":")
    if not year.isdecimal() or phase not in PhaseName:
        raise ArgumentTypeError(
            f"“{text}” is not YEAR:PHASE with one of {', '.join(PhaseName)}"
        )
    return int(year), phase


class Command(BaseCommand):
    help = (
        "Load three simulated rounds: 2019 published, 2025 before the Council, 2026 "
        "in self-assessment. With DEMO=1 also accounts with one known password. "
        "Repeating it only lays phases anew that have passed."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            metavar="DATE",
            help="lay the phases around this day (YYYY-MM-DD) instead of today",
        )
        parser.add_argument(
            "--open",
            dest="to_open",
            type=_year_and_phase,
            metavar="YEAR:PHASE",
            help="open another phase of a round, such as 2026:appraisal",
        )

    def handle(self, *args, today=None, to_open=None, **options):
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError(
                _(
                    "The demonstration is for trying out: set DEBUG=1, and DEMO=1 for "
                    "its accounts."
                )
            )
        today = today or timezone.localdate()
        try:
            demo.load(today, report=self._say)
            if to_open:
                self._say(demo.open_phase(*to_open, today))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._show_accounts()

    def _say(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()

    def _show_accounts(self):
        if not settings.DEMO:
            self.stdout.write(_("No accounts to sign in with: they need DEMO=1."))
            return
        rows = [(_("Role"), _("Account"), _("Password")), *people.shown_accounts()]
        widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
        self.stdout.write("")
        for role, account, password in rows:
            self.stdout.write(
                f"{role:<{widths[0]}} | {account:<{widths[1]}} | {password}"
            )
