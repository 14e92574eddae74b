"""Numbers as Vietnamese officials write them, read by one stated rule.

The decimal mark is a comma or a dot. Grouping of thousands is accepted only
where nothing is left to guess: by spaces (``1 234``), or by one mark with the
other as decimal mark or repeated (``1.234,5``, ``1.234.567``). One dot before exactly three digits
(``1.234``) could be either and is asked about, never guessed; ``0.125`` cannot.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

FIGURE_PLACES = 4

_PLAIN = re.compile(r"[+-]?\d{1,18}(?:[.,]\d{1,12})?$", re.ASCII)
_GROUPED_BY_DOT = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d{1,12}$", re.ASCII)
_GROUPED_BY_COMMA = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d{1,12}$", re.ASCII)
_GROUPS_ONLY = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+$", re.ASCII)
_DOUBTFUL = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}$", re.ASCII)


class DoubtfulNumber(ValueError):
    """The text may mean two numbers; the message asks which."""


def doubtful_readings(text):
    """``1.234`` → ``("1234", "1,234")``, each read without doubt; () for all else."""
    cleaned = _cleaned(text)
    if not _DOUBTFUL.match(cleaned):
        return ()
    return cleaned.replace(".", ""), cleaned.replace(".", ",")


def read_number(text):
    """Text → Decimal. DoubtfulNumber for ``1.234``; ValueError when no number."""
    given, cleaned = text.strip(), _cleaned(text)
    if readings := doubtful_readings(text):
        raise DoubtfulNumber(
            _("Is “%(text)s” %(whole)s or %(decimal)s?")
            % {"text": given, "whole": readings[0], "decimal": readings[1]}
        )
    if _PLAIN.match(cleaned):
        return Decimal(cleaned.replace(",", "."))
    if _GROUPED_BY_DOT.match(cleaned):
        return Decimal(cleaned.replace(".", "").replace(",", "."))
    if _GROUPED_BY_COMMA.match(cleaned):
        return Decimal(cleaned.replace(",", ""))
    if _GROUPS_ONLY.match(cleaned):
        return Decimal(cleaned.replace(".", "").replace(",", ""))
    raise ValueError(_("“%(text)s” is not a number.") % {"text": given})


def _cleaned(text):
    cleaned = text.strip().replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    return cleaned.replace("−", "-")
