"""What all imports share: known words, codes of a round, differences to be shown."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from scoring.exchange.reader import CellFault, Column, text_of
from scoring.models import Assessment
from scoring.queries.criteria import tree_of

AGENCY = Column("agency", ("Mã cơ quan", "agency", "agency code"))
CRITERION = Column("criterion", ("Mã tiêu chí", "criterion", "criterion code"))
# Written by templates for the eye, read by nobody.
IGNORED = (
    Column("agency_name", ("Tên cơ quan", "agency name"), is_needed=False),
    Column("criterion_name", ("Tên tiêu chí", "criterion name"), is_needed=False),
    Column("maximum", ("Điểm tối đa", "maximum", "maximum points"), is_needed=False),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that would change something: what stands and what would stand there."""

    agency: str
    criterion: str
    layer: str
    before: str
    after: str


class RoundCodes:
    """Agencies and leaves of a round by code; two queries and the sets' trees."""

    def __init__(self, round_):
        self.files = {
            file.agency.code: file
            for file in Assessment.objects.filter(round=round_)
            .select_related("agency", "group__criteria_set")
            .order_by("pk")
        }
        for file in self.files.values():
            file.round = round_

    def file(self, record, faults):
        """The file that the row speaks of; None after a fault."""
        code = _text(record, "agency", faults)
        if code and code in self.files:
            return self.files[code]
        if code is not None:
            wrong = (
                _("the agency “%(code)s” is not in this round.") % {"code": code}
                if code
                else _("the agency is missing.")
            )
            faults.append(record.fault("agency", wrong, _("the code of an agency")))
        return None

    def leaf(self, record, file, faults):
        """The leaf of the file's set that the row speaks of; None after a fault."""
        code = _text(record, "criterion", faults)
        if code is None or file is None:
            return None
        tree = tree_of(file.group.criteria_set).tree
        if isinstance(record.cell("criterion").value, Decimal):
            alike = [leaf.code for leaf in tree.leaves if _same_number(leaf.code, code)]
            if len(alike) > 1:
                wrong = _("the number %(code)s may mean %(codes)s.") % {
                    "code": code,
                    "codes": ", ".join(alike),
                }
                faults.append(record.fault("criterion", wrong, _("the code as text")))
                return None
            code = alike[0] if alike else code
        leaf = tree.leaf(code)
        if leaf is None:
            wrong = (
                _("the criterion “%(code)s” takes no points in this set.")
                % {"code": code}
                if code
                else _("the criterion is missing.")
            )
            faults.append(record.fault("criterion", wrong, _("the code of a leaf")))
        return leaf


def _same_number(code, number):
    """Excel makes 1.1 of 1.10: both codes are meant by the number 1.1."""
    try:
        return Decimal(code) == Decimal(number)
    except InvalidOperation:
        return False


def _text(record, key, faults):
    return read_cell(record, key, text_of, faults)


def read_cell(record, key, read, faults, expected=""):
    """What ``read`` makes of a cell; None after a fault, which is kept."""
    try:
        return read(record.cell(key))
    except CellFault as fault:
        faults.append(record.fault(key, str(fault), expected))
        return None


def without_repeats(pairs, faults):
    """Rows ``(record, row)`` whose ``row.key`` came before become faults."""
    first = {}
    for record, row in pairs:
        if row.key in first:
            wrong = _("this repeats row %(row)s.") % {"row": first[row.key].row}
            faults.append(record.fault("criterion", wrong))
        else:
            first[row.key] = record
    return [row for __, row in pairs]
