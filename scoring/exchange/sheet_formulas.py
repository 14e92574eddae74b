"""A scoring rule as a live formula of a spreadsheet.

The formula is a help while one fills the sheet off-line; what counts is what the
engine computes when the workbook comes back, and the cached value is the engine's.
Comparisons are written without division and with a rounding far below any figure's
last place, so that binary fractions do not tip a band.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.index.expressions.nodes import (
    Binary,
    Call,
    Comparison,
    Conditional,
    Name,
    Negative,
    Nothing,
    Number,
)
from scoring.index.figures import shortest
from scoring.index.values import Leaf

NOISE_PLACES = 9
LONGEST_FORMULA = 8000  # spreadsheet programs take 8,192 signs


@dataclass(frozen=True, slots=True)
class Words:
    """What a formula shows instead of points; short enough for a narrow column."""

    na: str
    missing: str
    invalid: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the inputs of a leaf stand.

    cells   address by line's name, one below the other
    whole   the range of all of them
    options ranges of the texts and of the points of the drop-down, or None
    """

    cells: Mapping[str, str]
    whole: str
    options: tuple[str, str] | None


def points_formula(leaf: Leaf, place: Place, words: Words, points_decimals: int):
    """The formula of the computed points, "" where no formula says it."""
    write = RULES.get(leaf.rule.key)
    if write is None or not place.cells:
        return ""
    settle = _Settle(leaf, points_decimals)
    formula = f'=IF(COUNTA({place.whole})=0,"",{write(leaf, place, words, settle)})'
    return formula if len(formula) <= LONGEST_FORMULA else ""


@dataclass(frozen=True, slots=True)
class _Settle:
    """Rounds as the engine does and holds the points within the leaf's bounds."""

    leaf: Leaf
    places: int

    def __call__(self, expression):
        low, high = _n(self.leaf.low), _n(self.leaf.high)
        return f"MIN({high},MAX({low},ROUND({expression},{self.places})))"


def _n(value):
    text = shortest(Decimal(value))
    return f"({text})" if text.startswith("-") else text


def _t(text):
    return '"' + text.replace('"', '""') + '"'


def _figures(place, words, wrong, expression):
    """``expression`` when all inputs are figures and ``wrong`` holds of none."""
    needed = len(place.cells)
    return (
        f"IF(COUNT({place.whole})<{needed},{_t(words.missing)},"
        f"IF({wrong},{_t(words.invalid)},{expression}))"
    )


def _at_least(one, other):
    return f"ROUND(({one})-({other}),{NOISE_PLACES})>=0"


def _whole_numbers(place):
    cells = place.whole
    return f"OR(MIN({cells})<0,SUMPRODUCT(ABS({cells}-INT({cells})))>0)"


def _banded(bands, last="0"):
    """``IF(test,value,IF(…))`` over ``(test, value)`` pairs, best first."""
    formula = last
    for test, value in reversed(bands):
        formula = f"IF({test},{value},{formula})"
    return formula


def _only(place):
    return next(iter(place.cells.values()))


def _choice(leaf, place, words, settle):
    cell, (texts, points) = _only(place), place.options
    found = f"SUMPRODUCT(--({texts}={cell}))"
    worth = settle(f"SUMPRODUCT(({texts}={cell})*{points})")
    return f"IF({found}<>1,{_t(words.invalid)},{worth})"


def _yes_no(leaf, place, words, settle):
    cell, params = _only(place), leaf.parameters
    return _banded(
        [
            (f"{cell}={_t(words.yes)}", settle(_n(params.yes))),
            (f"{cell}={_t(words.no)}", settle(_n(params.no))),
        ],
        _t(words.invalid),
    )


def _checklist(leaf, place, words, settle):
    cells, yes, no = place.whole, _t(words.yes), _t(words.no)
    parts = "+".join(
        f"({cell}={yes})*{_n(item.points)}"
        for cell, item in zip(place.cells.values(), leaf.parameters, strict=True)
    )
    answered = f"COUNTIF({cells},{yes})+COUNTIF({cells},{no})"
    return _banded(
        [
            (f"{answered}<COUNTA({cells})", _t(words.invalid)),
            (f"COUNTIF({cells},{yes})>0", settle(parts)),
            (f"COUNTIF({cells},{no})={len(place.cells)}", settle("0")),
        ],
        _t(words.missing),
    )


def _count(leaf, place, words, settle):
    params, cell = leaf.parameters, _only(place)
    choose = "MAX" if params.ceiling < 0 else "MIN"
    worth = f"{choose}({_n(params.ceiling)},{cell}*{_n(params.per_unit)})"
    return _figures(place, words, _whole_numbers(place), settle(worth))


def _count_bands(leaf, place, words, settle):
    cell = _only(place)
    bands = [
        (_at_least(cell, _n(band.limit)), settle(_n(band.points)))
        for band in leaf.parameters.bands
    ]
    return _figures(place, words, _whole_numbers(place), _banded(bands, settle("0")))


def _deduction(leaf, place, words, settle):
    params = leaf.parameters
    lost = "".join(
        f"-{cell}*{_n(fault.points)}"
        for cell, fault in zip(place.cells.values(), params.faults, strict=True)
    )
    worth = settle(f"MAX({_n(params.floor)},{_n(params.start)}{lost})")
    return _figures(place, words, _whole_numbers(place), worth)


def _share(place):
    return place.cells["numerator"], place.cells["denominator"]


def _ratio(leaf, place, words, worth):
    """``worth`` of a share a / b with 0 ≤ a ≤ b; nothing to measure when b is 0."""
    part, whole = _share(place)
    none = words.na if leaf.parameters.na_if_denominator_zero else words.invalid
    wrong = f"OR({part}<0,{whole}<0,{part}>{whole})"
    return _figures(place, words, wrong, f"IF({whole}=0,{_t(none)},{worth})")


def _reaches(place, percent):
    part, whole = _share(place)
    return _at_least(f"100*{part}", f"{_n(percent)}*{whole}")


def _proportional(leaf, place, words, settle):
    part, whole = _share(place)
    worth = settle(f"{_n(leaf.max_points)}*{part}/{whole}")
    floor = leaf.parameters.zero_below_percent
    return _ratio(
        leaf, place, words, _banded([(_reaches(place, floor), worth)], settle("0"))
    )


def _proportional_bands(leaf, place, words, settle):
    part, whole = _share(place)
    bands = []
    for band in leaf.parameters.bands:
        worth = (
            f"{_n(band.share_times or 0)}*{part}/{whole}"
            if band.points is None
            else _n(band.points)
        )
        bands.append((_reaches(place, band.from_percent), settle(worth)))
    return _ratio(leaf, place, words, _banded(bands, settle("0")))


def _bands(leaf, place, words, settle):
    cell, params = _only(place), leaf.parameters
    bands = []
    for band in params.bands:
        pair = (cell, _n(band.limit))
        test = _at_least(*pair if params.better == "higher" else pair[::-1])
        bands.append((test, settle(_n(band.points))))
    return _figures(place, words, f"{cell}<0", _banded(bands, settle("0")))


def _zero_if_any(leaf, place, words, settle):
    worth = f"IF({_only(place)}=0,{settle(_n(leaf.max_points))},{settle('0')})"
    return _figures(place, words, _whole_numbers(place), worth)


def _external_index(leaf, place, words, settle):
    cell = _only(place)
    worth = settle(f"{_n(leaf.max_points)}*{cell}/100")
    return _figures(place, words, f"OR({cell}<0,{cell}>100)", worth)


def _penalty_share(leaf, place, words, settle):
    cell = _only(place)
    worth = settle(f"MAX({_n(leaf.parameters)},-{cell})")
    return _figures(place, words, f"{cell}<0", worth)


def _formula(leaf, place, words, settle):
    writer = _Expression(place.cells, words, settle)
    wrong = f"MIN({place.whole})<0"
    worth = writer.branch(leaf.parameters.expression.root)
    guarded = f"IFERROR({worth},{_t(words.invalid)})"
    return _figures(place, words, wrong, guarded)


@dataclass(frozen=True, slots=True)
class _Expression:
    """An expression of the criteria set in the spreadsheet's own writing."""

    cells: Mapping[str, str]
    words: Words
    settle: _Settle

    def branch(self, node):
        """A whole branch: its value settled, or "not applicable"."""
        if isinstance(node, Nothing):
            return _t(self.words.na)
        if isinstance(node, Conditional):
            yes, no = self.branch(node.yes), self.branch(node.no)
            return f"IF({self.condition(node.condition)},{yes},{no})"
        return self.settle(self.value(node))

    def value(self, node):
        match node:
            case Number(value=value):
                return _fraction(value)
            case Name(name=name):
                return self.cells[name]
            case Negative(operand=operand):
                return f"(-1*{self.value(operand)})"
            case Binary(sign=sign, left=left, right=right):
                return f"({self.value(left)}{sign}{self.value(right)})"
            case Call(name=name, arguments=arguments):
                # Times one: a bare address would let MIN and MAX pass over a text.
                inner = ",".join(f"1*{self.value(item)}" for item in arguments)
                return f"{name.upper()}({inner})"
            case Conditional(yes=yes, condition=condition, no=no):
                test = self.condition(condition)
                return f"IF({test},{self.value(yes)},{self.value(no)})"
        raise TypeError(f"{type(node).__name__} has no figure")

    def condition(self, node):
        """``a < b <= c`` as an AND of neighbours; the engine too values all operands."""
        if not isinstance(node, Comparison):
            raise TypeError("a condition is a comparison")
        values = [self.value(operand) for operand in node.operands]
        tests = [
            f"ROUND({left}-({right}),{NOISE_PLACES}){SIGNS[sign]}0"
            for sign, left, right in zip(node.signs, values, values[1:], strict=False)
        ]
        return f"AND({','.join(tests)})"


SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>"}


def _fraction(value: Fraction):
    """A number of an expression, which was written as a decimal."""
    return _n(Decimal(value.numerator) / Decimal(value.denominator))


RULES = {
    "choice": _choice,
    "yes_no": _yes_no,
    "checklist": _checklist,
    "count": _count,
    "bonus_count": _count,
    "penalty_count": _count,
    "count_bands": _count_bands,
    "deduction": _deduction,
    "proportional": _proportional,
    "proportional_bands": _proportional_bands,
    "bands": _bands,
    "formula": _formula,
    "zero_if_any": _zero_if_any,
    "external_index": _external_index,
    "penalty_share": _penalty_share,
}
