"""The stranger's scoring rules: declared data to points, before they are rounded.

Part of tests/stranger.py and as independent: Fractions and Python's own grammar.
"""

import ast
import operator
from fractions import Fraction

NOT_APPLICABLE = "not applicable"


def number(value):
    return Fraction(value)


def half_away(value, decimals):
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def by_rule(leaf, data):
    p = leaf.parameters
    return {
        "choice": lambda: item_points(p["options"], data["option"]),
        "yes_no": lambda: number(p["yes"] if data["yes"] else p["no"]),
        "checklist": lambda: sum(item_points(p["items"], i) for i in data["ticked"]),
        "count": lambda: min(per_unit(p, data), number(p["ceiling"])),
        "count_bands": lambda: first_band(p["bands"], "from", number(data["count"])),
        "deduction": lambda: deduction(p, data["counts"]),
        "proportional": lambda: proportional(p, data, leaf.max_points),
        "bands": lambda: bands(p, number(data["value"])),
        "proportional_bands": lambda: proportional_bands(p, data),
        "formula": lambda: formula(p, data),
        "zero_if_any": lambda: 0 if number(data["count"]) else leaf.max_points,
        "external_index": lambda: leaf.max_points * number(data["value"]) / 100,
        "bonus_count": lambda: min(per_unit(p, data), number(p["ceiling"])),
        "penalty_count": lambda: max(per_unit(p, data), number(p["ceiling"])),
        "penalty_share": lambda: max(-number(data["points"]), number(p["ceiling"])),
    }[leaf.rule]()


def item_points(items, place):
    return number(items[int(number(place)) - 1]["points"])


def per_unit(p, data):
    return number(data["count"]) * number(p["per_unit"])


def first_band(choices, key, value):
    for band in choices:
        if value >= number(band[key]):
            return number(band["points"])
    return Fraction(0)


def bands(p, value):
    if p["better"] == "higher":
        return first_band(p["bands"], "limit", value)
    for band in p["bands"]:
        if value <= number(band["limit"]):
            return number(band["points"])
    return Fraction(0)


def deduction(p, counts):
    lost = sum(
        number(count) * number(fault["points"])
        for count, fault in zip(counts, p["faults"], strict=True)
    )
    return max(number(p["start"]) - lost, number(p["floor"]))


def share(data):
    if number(data["denominator"]) == 0:
        return None
    return number(data["numerator"]) / number(data["denominator"])


def proportional(p, data, max_points):
    part = share(data)
    if part is None:
        return NOT_APPLICABLE
    return (
        0 if 100 * part < number(p.get("zero_below_percent", 0)) else max_points * part
    )


def proportional_bands(p, data):
    part = share(data)
    if part is None:
        return NOT_APPLICABLE
    for band in p["bands"]:
        if 100 * part >= number(band["from_percent"]):
            if "points" in band:
                return number(band["points"])
            return number(band["share_times"]) * part
    return Fraction(0)


OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def formula(p, data):
    """The expression by Python's own grammar, its numbers from the text."""
    text = p["expression"].replace("×", "*").replace("÷", "/").strip()
    names = {name: number(value) for name, value in data.items()}

    def value(node):
        match node:
            case ast.Constant():
                return Fraction(ast.get_source_segment(text, node))
            case ast.Name(id="NA"):
                return NOT_APPLICABLE
            case ast.Name(id=name):
                return names[name]
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return value(body if value(test) else orelse)
            case ast.UnaryOp(op=op, operand=operand):
                return OPERATIONS[type(op)](value(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATIONS[type(op)](value(left), value(right))
            case ast.Compare(left=left, ops=ops, comparators=others):
                figures = [value(one) for one in (left, *others)]
                pairs = zip(ops, figures, figures[1:], strict=False)
                return all(OPERATIONS[type(op)](a, b) for op, a, b in pairs)
            case ast.Call(func=ast.Name(id=name), args=args):
                return {"min": min, "max": max}[name](value(one) for one in args)
        raise ValueError(ast.dump(node))

    return value(ast.parse(text, mode="eval").body)
