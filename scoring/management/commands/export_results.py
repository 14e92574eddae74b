"""The ranked results of a round as the workbook that officials hand round."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from scoring.exchange.results_workbook import results_workbook
from scoring.models import Round


class Command(BaseCommand):
    help = "Write the ranked results of a round as an Excel workbook (.xlsx)."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")

    def handle(self, *, year, file, **options):
        round_ = Round.objects.filter(year=year).first()
        if round_ is None:
            raise CommandError(_("There is no round of %(year)s.") % {"year": year})
        content = results_workbook(round_)
        try:
            file.write_bytes(content)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(why)s")
                % {"file": file, "why": error.strerror}
            ) from error
