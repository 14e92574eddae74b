from django.utils.translation import gettext as _

from scoring.exchange.bundle import write_bundle

from ._shared import RoundCommand, round_of


class Command(RoundCommand):
    help = (
        "Write the round bundle of a year (docs/bundle.md) to a folder, or to a .zip "
        "when PATH ends so. An older bundle there is replaced. "
        "Exit status: 0 written, 1 refused, 2 wrong usage."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("year", metavar="YEAR", type=int)
        parser.add_argument("path", metavar="PATH", help="new folder, or file.zip")

    def act(self, options):
        write_bundle(round_of(options["year"]), options["path"])
        return _("Round %(year)s written to %(path)s.") % {
            "year": options["year"],
            "path": options["path"],
        }
