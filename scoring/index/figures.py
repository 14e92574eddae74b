"""Exact figures: decimals as people write them, ten-thousandths as they are stored."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

MOST_DECIMALS = 4
UNITS_PER_POINT = 10_000  # ten to the power of MOST_DECIMALS
UNIT = Decimal(1).scaleb(-MOST_DECIMALS)

# Long enough for any sum of money, short enough that nobody stops a server with a figure.
MOST_DIGITS = 40

_UNITS_PER_POINT = Decimal(UNITS_PER_POINT)
_FIGURE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_TOO_LARGE = 10**MOST_DIGITS


def as_figure(value: object) -> Decimal | None:
    """Read a JSON number or a decimal string exactly; None when ``value`` is neither.

    Booleans, floats, exponents, signs other than a minus, blanks and figures of more
    than ``MOST_DIGITS`` characters are no figures.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < _TOO_LARGE else None
    if isinstance(value, Decimal):
        return value if _is_handy(value) else None
    if isinstance(value, str) and len(value) <= MOST_DIGITS:
        return Decimal(value) if _FIGURE.fullmatch(value) else None
    return None


def _is_handy(value: Decimal) -> bool:
    if not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return (
        isinstance(exponent, int)
        and exponent >= -MOST_DIGITS
        and value.adjusted() < MOST_DIGITS
    )


def shortest(value: Decimal) -> str:
    """``24.9930`` as "24.993", ``1E+2`` as "100", minus zero as "0"; no exponent."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def decimal_places_ok(value: Decimal, places: int) -> bool:
    """Whether ``value`` needs no more than ``places`` decimals (1.500 needs one)."""
    return len(shortest(value).partition(".")[2]) <= places


def round_half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """``value`` to ``places`` decimals, halves away from zero, exact from a Fraction."""
    scaled = Fraction(value) * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    # Built from text: a Decimal operation would round to the context's precision.
    return Decimal(f"{-whole if scaled < 0 else whole}E-{places}")


def to_units(value: Decimal) -> int:
    """``value`` in ten-thousandths; ValueError when it has more than four decimals."""
    scaled = value * _UNITS_PER_POINT
    units = int(scaled)
    if units != scaled:
        raise ValueError(f"{value} has more than {MOST_DECIMALS} decimals")
    return units


def from_units(units: int) -> Decimal:
    """Ten-thousandths as a Decimal with four decimals."""
    return Decimal(units).scaleb(-MOST_DECIMALS)
