from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoring.index.derivation import lines
from scoring.labels import View
from scoring.models import Assessment
from scoring.queries.derivations import derivation_of
from scoring.refusals import Refused
from scoring.wording import say

from ._shared import RoundCommand, round_of


class Command(RoundCommand):
    help = (
        "Write out how the index of one agency comes about: every criterion with its "
        "data and computation, the sums, the index as an exact fraction and with two "
        "decimals. Exit status: 0 written, 1 refused, 2 wrong usage."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("year", metavar="YEAR", type=int)
        parser.add_argument("agency", metavar="AGENCY", help="code of the agency")
        parser.add_argument(
            "--layer",
            choices=View.values,
            default=str(View.FINAL),
            help="which index (default: %(default)s)",
        )

    def act(self, options):
        assessment = _file_of(round_of(options["year"]), options["agency"])
        view = View(options["layer"])
        derivation = derivation_of(assessment, view)
        heading = f"{assessment.name_vi} · {assessment.round} · {view.label}"
        worked = [
            "  " * depth + say(sentence)
            for depth, sentence in lines(derivation, get_language())
        ]
        return "\n".join([heading, "", *worked])


def _file_of(round_, code):
    found = (
        Assessment.objects.filter(round=round_, agency__code=code)
        .select_related("round", "agency", "group__criteria_set")
        .first()
    )
    if found is None:
        raise Refused(
            _("The round %(year)s has no agency %(code)s.")
            % {"year": round_.year, "code": code}
        )
    return found
