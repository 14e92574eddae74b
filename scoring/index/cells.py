"""A cell: what one layer says of one leaf of one agency, and which pairings can stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .errors import CellError
from .figures import as_figure, decimal_places_ok, round_half_up
from .jsontext import canonical_data
from .outcomes import NOT_APPLICABLE, NotApplicable, Outcome
from .records import is_storable
from .rules.shared import Ratio
from .sentences import N_, Sentence, say
from .values import LAYERS, CellValue, Leaf

PROPOSED = "proposed"
CONFIRMED = "confirmed"
NA_STATES = ("", PROPOSED, CONFIRMED)


@dataclass(frozen=True, slots=True)
class CheckedCell:
    """A cell that may be stored.

    points       given or computed; None when not applicable
    data         declared data as canonical text, "" when none
    na           "", "proposed" or "confirmed"
    reason       as given; "" when blank
    computed     what the rule makes of the data; None without data or when they yield
                 "not applicable"
    is_override  the points are not what the rule computes
    """

    points: Decimal | None
    data: str
    na: str
    reason: str
    computed: Decimal | None
    is_override: bool

    @property
    def value(self) -> CellValue:
        """What this cell contributes to sums; a proposal contributes no value."""
        return CellValue(self.points, self.na == CONFIRMED)


def compute(
    leaf: Leaf, data: Mapping[str, object], points_decimals: int
) -> Decimal | NotApplicable:
    """Points of the leaf for declared data, rounded and brought into its range.

    Refused with DataError whatever the rule refuses.
    """
    return _settled(
        leaf, leaf.rule.points(leaf.parameters, leaf.max_points, data), points_decimals
    )


def working(
    leaf: Leaf, data: Mapping[str, object], points_decimals: int
) -> tuple[Sentence, ...]:
    """The computation written out, with the rounding and the range where they bite."""
    exact = leaf.rule.points(leaf.parameters, leaf.max_points, data)
    lines = leaf.rule.steps(leaf.parameters, leaf.max_points, data)
    if exact is NOT_APPLICABLE:
        return lines
    rounded = round_half_up(exact, points_decimals)
    if rounded != exact:
        lines += (
            say(
                N_("Rounded to %(places)s decimals: %(points)s"),
                places=points_decimals,
                points=rounded,
            ),
        )
    if within(leaf, rounded) != rounded:
        lines += (
            say(N_("Held at the bound: %(points)s"), points=within(leaf, rounded)),
        )
    return lines


def declared_percent(leaf: Leaf, data: Mapping[str, object]) -> Fraction | None:
    """100 a / b, exact, where ``data`` declare a part a of a whole b above 0.

    None for all other rules. Refused with DataError whatever the rule refuses.
    """
    read = leaf.rule.check(leaf.parameters, data)
    if not isinstance(read, Ratio) or not read.denominator:
        return None
    return read.percent


def within(leaf: Leaf, points: Decimal) -> Decimal:
    """``points`` brought into the range of the leaf."""
    return min(max(points, leaf.low), leaf.high)


def check_cell(
    leaf: Leaf,
    *,
    layer: str,
    points: Decimal | None,
    data: Mapping[str, object] | None,
    na: str,
    reason: str,
    points_decimals: int,
) -> CheckedCell | None:
    """Check what is to stand in a cell; None when it is no value at all.

    layer   self, appraised, explained or council
    points  given points, at most ``points_decimals`` decimals, or None
    data    declared data as parsed JSON, or None when there are none ({} are data)
    na      "", "proposed" or "confirmed"
    reason  blank is none
    Refused with CellError whatever cannot stand together (rules: Cells, 1 to 5), and
    with DataError the data that the rule of the leaf refuses.
    """
    if layer not in LAYERS or na not in NA_STATES:
        raise CellError(say(N_("The layer or the N/A state is unknown.")))
    if points is None and data is None and not na:
        return None
    if leaf.is_survey:
        raise CellError(
            say(
                N_("Criterion %(code)s is measured by a survey and is not scored."),
                code=leaf.code,
            )
        )
    if not is_storable(reason):
        raise CellError(
            say(N_("The text holds a character that cannot be stored.")), "reason"
        )
    reason = reason if reason.strip() else ""
    if points is not None:
        check_points(leaf, points, points_decimals)
    if data is None:
        return _check_without_data(leaf, layer, points, na, reason)
    return _check_with_data(leaf, points, data, na, reason, points_decimals)


def check_points(leaf: Leaf, points: Decimal, points_decimals: int) -> None:
    """Given points are exact: CellError when out of range or too fine, never mended."""
    if as_figure(points) is None:
        raise CellError(say(N_("Here a number is needed.")), "points")
    if not decimal_places_ok(points, points_decimals):
        raise CellError(
            say(
                N_("Points %(points)s have more than %(places)s decimals."),
                points=points,
                places=points_decimals,
            ),
            "points",
        )
    if points > leaf.high:
        raise CellError(
            say(
                N_(
                    "Points %(points)s exceed the maximum %(bound)s of criterion %(code)s."
                ),
                points=points,
                bound=leaf.high,
                code=leaf.code,
            ),
            "points",
        )
    if points < leaf.low:
        raise CellError(
            say(
                N_("Points %(points)s are below %(bound)s in criterion %(code)s."),
                points=points,
                bound=leaf.low,
                code=leaf.code,
            ),
            "points",
        )


def _check_without_data(
    leaf: Leaf, layer: str, points: Decimal | None, na: str, reason: str
) -> CheckedCell:
    if not na:
        if leaf.rule.computes:
            _check_override(leaf, reason)
        return CheckedCell(points, "", "", reason, None, leaf.rule.computes)
    if points is not None:
        raise CellError(
            say(
                N_("Criterion %(code)s cannot have points and be not applicable."),
                code=leaf.code,
            ),
            "not_applicable",
        )
    _check_na_by_hand(leaf, layer, na, reason)
    return CheckedCell(None, "", na, reason, None, False)


def _check_na_by_hand(leaf: Leaf, layer: str, na: str, reason: str) -> None:
    """By hand an agency proposes and a later layer confirms, both with a reason."""
    if not leaf.options.na_allowed:
        sentence = say(N_("Criterion %(code)s applies to everybody."), code=leaf.code)
    elif layer == "self" and na == CONFIRMED:
        sentence = say(N_("In a self-assessment N/A can only be proposed."))
    elif layer != "self" and na == PROPOSED:
        sentence = say(N_("N/A is proposed in a self-assessment only."))
    elif not reason:
        sentence = say(
            N_("Criterion %(code)s: a reason is needed for N/A."), code=leaf.code
        )
        raise CellError(sentence, "reason")
    else:
        return
    raise CellError(sentence, "not_applicable")


def _check_with_data(
    leaf: Leaf,
    points: Decimal | None,
    data: Mapping[str, object],
    na: str,
    reason: str,
    points_decimals: int,
) -> CheckedCell:
    outcome = compute(leaf, data, points_decimals)
    text = canonical_data(leaf.rule, leaf.parameters, data)
    computed = None if outcome is NOT_APPLICABLE else outcome
    if na and (na == PROPOSED or computed is not None or points is not None):
        raise CellError(
            say(
                N_("Criterion %(code)s: N/A does not go with these data or points."),
                code=leaf.code,
            ),
            "not_applicable",
        )
    if points is None:
        state = CONFIRMED if computed is None else ""
        return CheckedCell(computed, text, state, reason, computed, False)
    is_override = points != computed
    if is_override:
        _check_override(leaf, reason)
    return CheckedCell(points, text, "", reason, computed, is_override)


def _check_override(leaf: Leaf, reason: str) -> None:
    if not leaf.options.override_allowed:
        raise CellError(
            say(
                N_(
                    "The points of criterion %(code)s are those computed from the data."
                ),
                code=leaf.code,
            ),
            "points",
        )
    if not reason:
        raise CellError(
            say(
                N_("Criterion %(code)s: a reason is needed for points not computed."),
                code=leaf.code,
            ),
            "reason",
        )


def _settled(
    leaf: Leaf, outcome: Outcome, points_decimals: int
) -> Decimal | NotApplicable:
    if isinstance(outcome, NotApplicable):
        return outcome
    return within(leaf, round_half_up(outcome, points_decimals))
