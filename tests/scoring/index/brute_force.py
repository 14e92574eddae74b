"""The index and the ranks again, straight from the rules' words and in Fractions only.

Nothing here is shared with the engine but the criteria tree: no units, no plan, no sums
laid out beforehand.
"""

from fractions import Fraction

LAYERS_OF = {
    "self": ["self"],
    "appraised": ["appraised"],
    "explained": ["appraised", "explained"],
    "final": ["appraised", "explained", "council"],
}


def figures(tree, agency, view, rules):
    """A dictionary of Fractions; ``index`` None without a maximum."""
    parts = {
        kind: [Fraction(0), Fraction(0)]
        for kind in ("appraised", "sociological", "satisfaction")
    }
    adjustments = {"bonus": Fraction(0), "penalty": Fraction(0)}
    waits = False
    for leaf in tree.leaves:
        state, points = _value(tree, leaf, agency, view)
        if state == "out":
            continue
        if leaf.kind in adjustments:
            adjustments[leaf.kind] += points
            continue
        if state == "missing" and leaf.is_survey and rules.missing_survey == "rescale":
            continue
        if state == "missing":
            waits |= leaf.is_survey or rules.not_scored == "wait"
        parts[leaf.kind][0] += points
        parts[leaf.kind][1] += Fraction(leaf.max_points)
    result = {
        "parts": parts,
        "points": sum(part[0] for part in parts.values()),
        "max_points": sum(part[1] for part in parts.values()),
        "bonus": min(adjustments["bonus"], Fraction(tree.bonus_ceiling or 0)),
        "penalty": max(adjustments["penalty"], Fraction(tree.penalty_ceiling or 0)),
    }
    result["index"] = _index(tree, result)
    result["ranked"] = agency.assessed and not waits and result["index"] is not None
    return result


def _value(tree, leaf, agency, view):
    """(out | missing | there, points)."""
    if agency.exempted & {leaf.code, *leaf.path}:
        return "out", Fraction(0)
    if leaf.is_survey:
        if leaf.code not in agency.surveys:
            return "missing", Fraction(0)
        exact = Fraction(leaf.max_points) * Fraction(agency.surveys[leaf.code]) / 100
        step = 10**tree.points_decimals
        return "there", Fraction(int(exact * step + Fraction(1, 2)), step)
    for layer in reversed(LAYERS_OF[view]):
        cell = agency.layers.get(layer, {}).get(leaf.code)
        if cell is not None and cell.not_applicable:
            return "out", Fraction(0)
        if cell is not None and cell.points is not None:
            return "there", Fraction(cell.points)
    return "missing", Fraction(0)


def _index(tree, result):
    if not result["max_points"]:
        return None
    index = (
        100 * result["points"] / result["max_points"]
        + result["bonus"]
        + result["penalty"]
    )
    index = max(index, Fraction(0))
    return min(index, Fraction(100)) if tree.cap_at_100 else index


def ranks(group, tie_breakers):
    """1 + the number of agencies that beat this one, compared pair by pair."""
    return {
        name: 1
        + sum(
            _beats(other, mine, tie_breakers)
            for other in group.values()
            if other["ranked"]
        )
        if mine["ranked"]
        else None
        for name, mine in group.items()
    }


def _beats(one, other, tie_breakers):
    if one["index"] != other["index"]:
        return one["index"] > other["index"]
    for name in tie_breakers:
        if name == "penalty":
            mine, theirs = one["penalty"], other["penalty"]
        else:
            mine, theirs = (_share(result["parts"][name]) for result in (one, other))
        if mine != theirs:
            return mine > theirs
    return False


def _share(part):
    """A share of at least 0; -1, worse than any, where no leaf of the part is left."""
    points, maximum = part
    return points / maximum if maximum else Fraction(-1)
