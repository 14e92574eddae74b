"""The columns of the own sheet as a workbook, their marks, and how cells look."""

(
    CODE,
    NAME,
    MAXIMUM,
    LABEL,
    VALUE,
    COMPUTED,
    GIVEN,
    POINTS,
    PROPOSED,
    REASON,
    EVIDENCE,
    LEAF_KEY,
    LINE_KEY,
    KIND,
) = range(14)
LAST_SHOWN = EVIDENCE
WIDTHS = (7, 32, 8, 26, 18, 9, 9, 9, 8, 30, 28)
# The hidden row below the heads: by these marks the columns are found again, wherever
# somebody moved them.
MARKS = {
    VALUE: "par:value",
    GIVEN: "par:points",
    PROPOSED: "par:proposal",
    REASON: "par:reason",
    LEAF_KEY: "par:leaf",
    LINE_KEY: "par:line",
}

INPUT = {"bg_color": "#fff6d6", "locked": False}
CLOSED = {"bg_color": "#f1f3f5"}
BOX = {"border": 1, "border_color": "#9aa5b1"}
