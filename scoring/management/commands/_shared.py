"""What the commands about rounds share: language, exit status, the round itself.

Exit status: 0 done; 1 refused, with every reason on stderr; 2 wrong usage, which
the argument parser tells.
"""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from scoring.models import Round
from scoring.refusals import ManyRefused, Refused


class RoundCommand(BaseCommand):
    """A command whose refusals are sentences and whose language can be chosen.

    Subclasses write ``add_own_arguments`` and ``act(options)``; what ``act``
    returns goes to stdout, and nothing else does.
    """

    def add_arguments(self, parser):
        parser.add_argument(
            "--language",
            choices=[code for code, __ in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="language of messages and texts (default: %(default)s)",
        )
        self.add_own_arguments(parser)

    def handle(self, *args, **options):
        with translation.override(options["language"]):
            try:
                return self.act(options)
            except ManyRefused as refused:
                for error in refused.errors:
                    self.stderr.write(str(error))
                raise CommandError(
                    _("Refused. Errors: %(count)s. Nothing was changed.")
                    % {"count": len(refused.errors)}
                ) from refused
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            except OSError as error:
                raise CommandError(
                    _("%(path)s cannot be read or written: %(reason)s")
                    % {"path": error.filename or "—", "reason": error.strerror}
                ) from error


def round_of(year):
    """The round of that year; Refused when there is none."""
    round_ = Round.objects.filter(year=year).first()
    if round_ is None:
        raise Refused(_("There is no round of the year %(year)s.") % {"year": year})
    return round_


def progress_bar(description):
    """Wraps an iterable in a progress bar on stderr, on a terminal only."""

    def wrap(items):
        return tqdm(
            items, desc=str(description), file=sys.stderr, disable=None, leave=False
        )

    return wrap
