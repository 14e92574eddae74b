"""Random criteria sets and scores for the property tests."""

from decimal import Decimal

from hypothesis import strategies as st

from scoring.index.values import AgencyScores, CellValue, RoundRules
from tests.scoring.index.builders import row, tree
from tests.scoring.index.examples import SHARE

LAYERS = ("self", "appraised", "explained", "council")


def units(low, high):
    """Decimals with four places, from ten-thousandths."""
    return st.integers(low, high).map(lambda n: Decimal(n).scaleb(-4))


@st.composite
def set_rows(draw, with_adjustments=None):
    """Rows of a set with up to nine leaves in up to three fields, some of them nested."""
    rows = []
    number = 0
    for top in range(1, draw(st.integers(1, 3)) + 1):
        rows.append(row(f"{top}"))
        parent = f"{top}"
        if draw(st.booleans()):
            parent = f"{top}.1"
            rows.append(row(parent, f"{top}"))
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            rule = draw(
                st.sampled_from(["manual", "manual", "sociological", "satisfaction"])
            )
            parameters = {"factor": "x"} if rule == "satisfaction" else ""
            rows.append(
                row(f"L{number}", parent, draw(units(1, 99_999)), rule, parameters)
            )
    if draw(st.booleans()) if with_adjustments is None else with_adjustments:
        rows += _adjustments(draw)
    return rows


def _adjustments(draw):
    ceilings = {
        "bonus_ceiling": draw(units(0, 50_000)),
        "penalty_ceiling": draw(units(-50_000, -1)),
    }
    rows = [row("9", "", None, "adjustments", ceilings)]
    for number in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            bonus = {"unit": "x", "per_unit": 1, "ceiling": 2}
            rows.append(row(f"B{number}", "9", 2, "bonus_count", bonus))
        else:
            rows.append(row(f"P{number}", "9", -1, "penalty_share", SHARE))
    return rows


@st.composite
def trees(draw, cap=None, with_adjustments=None):
    return tree(
        *draw(set_rows(with_adjustments)),
        cap=draw(st.booleans()) if cap is None else cap,
    )


def cell_values(leaf):
    """A value, not applicable, or an empty row."""
    points = units(int(leaf.low * 10_000), int(leaf.high * 10_000))
    return st.one_of(
        points.map(CellValue),
        points.map(CellValue),
        st.just(CellValue(None, True)),
        st.just(CellValue(None, False)),
    )


@st.composite
def agencies(draw, of_tree, assessed=None):
    """Scores in all layers, some leaves and surveys missing, some codes exempted."""
    cells = [leaf for leaf in of_tree.leaves if not leaf.is_survey]
    layers = {}
    for layer in LAYERS:
        present = draw(st.lists(st.sampled_from(cells), unique_by=id)) if cells else []
        if layer in ("self", "appraised") and draw(st.booleans()):
            present = cells
        layers[layer] = {leaf.code: draw(cell_values(leaf)) for leaf in present}
    surveys = {
        leaf.code: draw(units(0, 1_000_000))
        for leaf in of_tree.leaves
        if leaf.is_survey and draw(st.integers(0, 4))
    }
    codes = [node.code for node in of_tree.nodes]
    exempted = draw(st.frozensets(st.sampled_from(codes), max_size=2))
    return AgencyScores(
        layers, surveys, exempted, draw(st.booleans()) if assessed is None else assessed
    )


def round_rules():
    return st.builds(
        RoundRules,
        not_scored=st.sampled_from(["wait", "zero"]),
        missing_survey=st.sampled_from(["wait", "rescale"]),
        tie_breakers=st.lists(
            st.sampled_from(["appraised", "sociological", "satisfaction", "penalty"]),
            unique=True,
        ).map(tuple),
    )


VIEWS = st.sampled_from(["self", "appraised", "explained", "final"])


@st.composite
def cases(draw, cap=None, with_adjustments=None, assessed=True):
    """A set, one agency's scores, a view and a round's rules."""
    of_tree = draw(trees(cap, with_adjustments))
    return of_tree, draw(agencies(of_tree, assessed)), draw(VIEWS), draw(round_rules())
