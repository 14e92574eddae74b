"""The stamp of a handed-out workbook: whose sheet it is, what stood in every cell.

It lies in a hidden sheet, signed, so that a workbook which comes back is compared
with what was handed out and not with what somebody made of it. A few lines in plain
words stand beside it for whoever looks.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.core import signing
from django.utils.translation import gettext as _

from scoring.index.figures import shortest
from scoring.queries.offline import Facts
from scoring.refusals import Refused

MAGIC = "par-index:sheet:1"
SHEET_NAME = "_par-index"
SEAL = "seal"
SALT = "scoring.offline.sheet"
LONGEST_PIECE = 30_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """made_at  ISO text; ledger  head of the file's ledger; facts  by leaf code."""

    year: int
    agency: str
    rule_version: str
    made_at: str
    ledger: str
    facts: dict[str, Facts]

    @property
    def seal(self):
        """The signed text."""
        cells = {
            code: [
                cell.version,
                None if cell.points is None else shortest(cell.points),
                cell.data,
                cell.not_applicable,
                cell.reason,
            ]
            for code, cell in self.facts.items()
        }
        content = [
            self.year,
            self.agency,
            self.rule_version,
            self.made_at,
            self.ledger,
            cells,
        ]
        return signing.dumps(content, salt=SALT, compress=True)


def unsealed_stamp(text):
    """The Stamp of a signed text; Refused when it was not signed here."""
    try:
        *head, cells = signing.loads(text, salt=SALT)
    except signing.BadSignature as error:
        raise Refused(
            _(
                "The hidden sheet of this workbook has been changed or cannot be read. "
                "Download the workbook again and enter the values there."
            )
        ) from error
    return Stamp(*head, {code: _facts(*values) for code, values in cells.items()})


def _facts(version, points, *texts):
    return Facts(version, None if points is None else Decimal(points), *texts)


def write_stamp(sheet, stamp):
    """Lay the stamp into a sheet: names in the first column, values in the second."""
    sheet.write_string(0, 0, MAGIC)
    lines = [
        ("round", str(stamp.year)),
        ("agency", stamp.agency),
        ("rules", stamp.rule_version),
        ("made at", stamp.made_at),
        ("ledger", stamp.ledger),
    ]
    seal = stamp.seal
    lines += [
        (SEAL, seal[start : start + LONGEST_PIECE])
        for start in range(0, len(seal), LONGEST_PIECE)
    ]
    lines += [
        (f"version {code}", str(cell.version)) for code, cell in stamp.facts.items()
    ]
    for row, (name, value) in enumerate(lines, start=1):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)


def read_stamp(sheets):
    """The Stamp of a workbook's sheets; Refused when it bears none."""
    for sheet in sheets:
        if sheet.cell(1, 1).value == MAGIC:
            pieces = [
                str(sheet.cell(row, 2).value)
                for row in range(1, len(sheet.rows) + 1)
                if sheet.cell(row, 1).value == SEAL
            ]
            return unsealed_stamp("".join(pieces))
    raise Refused(
        _(
            "This is not a workbook of a score sheet. Download the workbook of the "
            "sheet, enter the values there and send it."
        )
    )
