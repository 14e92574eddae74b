"""How figures and sentences are written in the reader's language.

The engine speaks in ``Sentence`` values (a template and its values); here they
become text. Figures are Decimals or Fractions and are never turned into floats.
"""

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.index.figures import round_half_up, shortest
from scoring.index.sentences import Published, Sentence

NOT_SCORED = "—"
MINUS = "−"


def show_number(value):
    """``1.5`` → ``1,5``; a Decimal in its shortest form, with a true minus."""
    text = shortest(Decimal(value)).replace("-", MINUS)
    # Most figures are whole, and a sheet has hundreds: asking for the sign costs more.
    return text.replace(".", get_format("DECIMAL_SEPARATOR")) if "." in text else text


def show_points(value):
    """Points as people read them; not scored is a dash, zero is ``0``."""
    return NOT_SCORED if value is None else show_number(value)


def show_fixed(value, places=2):
    """Two decimals, half away from zero: the form in which an index is published."""
    if value is None:
        return NOT_SCORED
    text = f"{round_half_up(value, places):.{places}f}".replace("-", MINUS)
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


def show_difference(value):
    """A signed difference with two decimals; exactly nothing is ``0``."""
    if value is None:
        return NOT_SCORED
    if value == 0:
        return "0"
    return ("+" if value > 0 else "") + show_fixed(value)


def show_time_left(ends_at, now):
    """The time left in its two largest units, as an office counts it: days and hours.

    Django's own words for it are not translated into Vietnamese.
    """
    minutes = max(0, int((ends_at - now).total_seconds()) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    in_days = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    in_hours = ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    in_minutes = ngettext("%(count)s minute", "%(count)s minutes", minutes) % {
        "count": minutes
    }
    if days:
        return f"{in_days} {in_hours}" if hours else in_days
    if hours:
        return f"{in_hours} {in_minutes}" if minutes else in_hours
    return in_minutes


def say(sentence):
    """The engine's sentence in the reader's language."""
    values = {name: _word(value) for name, value in sentence.values.items()}
    return _(sentence.template) % values


def _word(value):
    if isinstance(value, Sentence):
        return say(value)
    if isinstance(value, Published):
        return show_fixed(value.figure)
    if isinstance(value, Decimal):
        return show_number(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value
