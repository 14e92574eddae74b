"""``manage.py remind``: tell people what the calendar says."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from scoring.actions import dated_notices


class Command(BaseCommand):
    help = (
        "Tell who is concerned that a phase opens, and who has work left 7, 3 and 1 "
        "days before the end. Run it by cron once an hour in working hours; each "
        "notice is written once, however often it runs. send_mail sends the mails."
    )

    def handle(self, *args, **options):
        number = dated_notices.remind()
        if number:
            self.stdout.write(_("Notices written: %(number)s.") % {"number": number})
