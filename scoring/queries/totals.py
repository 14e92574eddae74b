"""The figures of the four indices as they are stored beside a file.

Exact decimals as text; the index itself is never stored here but computed from
them by the engine when they are read.
"""

from decimal import Decimal

from scoring.index.figures import shortest
from scoring.index.rollup import NOTHING_COUNTS
from scoring.index.values import Totals

FIGURES = (
    "appraised_points",
    "appraised_max",
    "sociological_points",
    "sociological_max",
    "satisfaction_points",
    "satisfaction_max",
    "bonus_points",
    "penalty_points",
)
FACTS = ("not_scored", "missing_surveys", "complete", "assessed")


def totals_to_json(totals_by_view, *, cap_at_100):
    """``{view: Totals}`` → ``{view: {figure: text, fact: value}}``."""
    return {
        str(view): {
            **{name: shortest(getattr(totals, name)) for name in FIGURES},
            **{name: getattr(totals, name) for name in FACTS},
            "cap_at_100": cap_at_100,
        }
        for view, totals in totals_by_view.items()
    }


def totals_from_json(stored, view):
    """The Totals of one view; of a file that was never computed, nothing counts."""
    figures = stored.get(str(view))
    if figures is None or not figures["assessed"]:
        return NOTHING_COUNTS
    return Totals.from_figures(
        **{name: Decimal(figures[name]) for name in FIGURES},
        **{name: figures[name] for name in FACTS},
        cap_at_100=figures["cap_at_100"],
    )
