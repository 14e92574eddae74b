"""From the rows of a criteria set to a checked tree; all faults are told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .errors import ParametersError, ScoringError, TreeErrors, TreeFault
from .figures import as_figure, decimal_places_ok, to_units
from .jsontext import canonical_record, read_object
from .options import LeafOptions, read_options, without_options
from .records import Path, Record, is_storable
from .rules import ADJUSTMENTS, RULES, Rule
from .rules.base import APPRAISED, BONUS, PENALTY, SATISFACTION, parameter_record
from .sentences import N_, Sentence, say
from .values import Branch, CriteriaTree, CriterionRow, Leaf, Plan

POINTS_DECIMALS = (2, 3, 4)

# Above any set's scale, and small enough for every database to hold all sums.
LARGEST_POINTS = Decimal(1_000_000)


def read_tree(
    rows: Sequence[CriterionRow], *, points_decimals: int, cap_at_100: bool
) -> CriteriaTree:
    """Check the rows of a set and build its tree.

    rows  parents before their children; otherwise any order, which is kept
    Refused with TreeErrors, which holds every fault as (row index from 0, column,
    sentence); with ParametersError when ``points_decimals`` is not 2, 3 or 4.
    """
    if points_decimals not in POINTS_DECIMALS:
        raise ParametersError(
            say(
                N_("Points have %(choices)s decimals."),
                choices=", ".join(str(places) for places in POINTS_DECIMALS),
            ),
            "points_decimals",
        )
    reader = _Reader(rows, points_decimals)
    reader.check()
    if reader.faults:
        raise TreeErrors(sorted(reader.faults, key=lambda fault: fault[0]))
    return reader.tree(cap_at_100=cap_at_100)


class _Reader:
    """Walks the rows once and keeps every fault."""

    def __init__(self, rows: Sequence[CriterionRow], points_decimals: int) -> None:
        self.rows = rows
        self.points_decimals = points_decimals
        self.faults: list[TreeFault] = []
        self.row_of: dict[str, int] = {}
        self.paths: dict[str, tuple[str, ...]] = {}
        self.children: dict[str, list[str]] = {}
        self.leaves: dict[str, Leaf] = {}
        self.adjustments = ""
        self.ceilings: tuple[Decimal, Decimal] | None = None
        self.adjustments_text = ""

    def fault(self, row: int, column: str, sentence: Sentence) -> None:
        self.faults.append((row, column, sentence))

    # --- structure ---------------------------------------------------------------

    def check(self) -> None:
        if not self.rows:
            self.fault(0, "code", say(N_("The criteria set is empty.")))
        parents = {row.parent_code for row in self.rows if row.parent_code}
        for number, row in enumerate(self.rows):
            self.check_place(number, row)
            if row.rule == ADJUSTMENTS:
                self.check_adjustments(number, row, has_children=row.code in parents)
            elif row.code in parents:
                self.check_branch(number, row)
            else:
                self.check_leaf(number, row)
        self.check_kinds()

    def check_place(self, number: int, row: CriterionRow) -> None:
        """Code and parent: the code is new, the parent known and above."""
        if not row.code.strip() or row.code != row.code.strip():
            self.fault(
                number, "code", say(N_("A code without blanks around is needed."))
            )
        elif "/" in row.code or not row.code.strip("."):
            # Codes stand in the addresses of pages.
            self.fault(
                number,
                "code",
                say(N_("A code holds no “/” and is more than full stops.")),
            )
        elif not is_storable(row.code):
            self.fault(
                number,
                "code",
                say(N_("The text holds a character that cannot be stored.")),
            )
        if row.code in self.row_of:
            self.fault(
                number,
                "code",
                say(N_("The code %(code)s stands twice."), code=row.code),
            )
            return
        self.row_of[row.code] = number
        self.check_parent(number, row)

    def check_parent(self, number: int, row: CriterionRow) -> None:
        parent = row.parent_code
        if not parent:
            self.paths[row.code] = ()
        elif parent in self.paths and parent != row.code:
            self.paths[row.code] = (*self.paths[parent], parent)
            self.children.setdefault(parent, []).append(row.code)
        else:
            self.paths[row.code] = (parent,)
            known = any(other.code == parent for other in self.rows)
            template = (
                N_("The parent %(code)s stands below its child.")
                if known and parent != row.code
                else N_("The parent %(code)s is unknown.")
            )
            self.fault(number, "parent_code", say(template, code=parent))

    def check_branch(self, number: int, row: CriterionRow) -> None:
        """A branch is the sum of its leaves and has nothing of its own."""
        children = say(
            N_("%(code)s has sub-criteria, so it carries none of its own."),
            code=row.code,
        )
        if row.rule:
            self.fault(number, "rule", children)
        if row.max_points is not None:
            self.fault(number, "max_points", children)
        if row.parameters.strip():
            self.fault(number, "parameters", children)

    def check_adjustments(
        self, number: int, row: CriterionRow, *, has_children: bool
    ) -> None:
        if self.adjustments:
            self.fault(
                number, "rule", say(N_("Only one branch may hold bonus and penalty."))
            )
        self.adjustments = self.adjustments or row.code
        if row.parent_code:
            self.fault(
                number,
                "parent_code",
                say(N_("The branch of bonus and penalty stands at the top level.")),
            )
        if not has_children:
            self.fault(number, "rule", say(N_("The branch has no leaves.")))
        if row.max_points is not None:
            self.fault(
                number,
                "max_points",
                say(
                    N_("%(code)s has sub-criteria, so it carries none of its own."),
                    code=row.code,
                ),
            )
        self.read_ceilings(number, row)

    def read_ceilings(self, number: int, row: CriterionRow) -> None:
        try:
            record = parameter_record(_object(row.parameters))
            record.check_keys(("bonus_ceiling", "penalty_ceiling"))
            bonus = record.number("bonus_ceiling", low=0, high=LARGEST_POINTS)
            penalty = record.number("penalty_ceiling", low=-LARGEST_POINTS)
            if penalty >= 0:
                raise record.fault(
                    "penalty_ceiling",
                    say(N_("Penalties are written as figures below 0.")),
                )
        except ScoringError as error:
            self.fault(number, "parameters", error.located())
            return
        self.ceilings = (bonus, penalty)
        self.adjustments_text = canonical_record(record)

    # --- leaves ------------------------------------------------------------------

    def check_leaf(self, number: int, row: CriterionRow) -> None:
        rule = RULES.get(row.rule)
        if rule is None:
            self.fault(number, "rule", _unknown_rule(row))
            kind = APPRAISED
        else:
            kind = rule.kind
        max_points = self.checked_max(number, row, kind)
        try:
            raw = _object(row.parameters)
            options = read_options(parameter_record(raw), kind)
        except ScoringError as error:
            self.fault(number, "parameters", error.located())
            return
        if rule is not None and max_points is not None:
            self.add_leaf(number, row, rule, max_points, raw, options)

    def checked_max(self, number: int, row: CriterionRow, kind: str) -> Decimal | None:
        """The leaf's maximum, or None after its fault was noted."""
        value = row.max_points
        sentence = self.max_fault(value, kind)
        if sentence is not None:
            self.fault(number, "max_points", sentence)
            return None
        return value

    def max_fault(self, value: Decimal | None, kind: str) -> Sentence | None:
        if value is None:
            return say(N_("A criterion without sub-criteria needs its maximum points."))
        if as_figure(value) is None or abs(value) > LARGEST_POINTS:
            return say(
                N_("The maximum points must be a number up to %(bound)s."),
                bound=LARGEST_POINTS,
            )
        if not decimal_places_ok(value, self.points_decimals):
            return say(
                N_("%(figure)s has more than %(places)s decimals."),
                figure=value,
                places=self.points_decimals,
            )
        if kind == PENALTY and value >= 0:
            return say(N_("The points of a penalty must be below 0."))
        if kind != PENALTY and value <= 0:
            return say(N_("The maximum points must be above 0."))
        return None

    def add_leaf(
        self,
        number: int,
        row: CriterionRow,
        rule: Rule[Any, Any],
        max_points: Decimal,
        raw: Mapping[str, object],
        options: LeafOptions,
    ) -> None:
        record = parameter_record(without_options(raw))
        try:
            parameters = rule.read_parameters(record, max_points)
        except ScoringError as error:
            self.fault(number, "parameters", error.located())
            return
        self.leaves[row.code] = Leaf(
            code=row.code,
            kind=rule.kind,
            max_points=max_points,
            low=min(max_points, Decimal(0)),
            high=max(max_points, Decimal(0)),
            rule=rule,
            parameters=parameters,
            options=options,
            path=self.paths[row.code],
            name_vi=row.name_vi,
            name_en=row.name_en,
            parameters_text=_canonical_text(row.parameters, raw, record.figures),
        )

    def check_kinds(self) -> None:
        """Bonus and penalty inside the adjustments branch, everything else outside."""
        for code, leaf in self.leaves.items():
            is_inside = bool(self.adjustments) and self.adjustments in leaf.path
            if leaf.is_adjustment and not is_inside:
                sentence = say(
                    N_("Bonus and penalty leaves belong in the branch of adjustments.")
                )
            elif is_inside and not leaf.is_adjustment:
                sentence = say(
                    N_("The branch of adjustments holds bonus and penalty leaves only.")
                )
            else:
                continue
            self.fault(self.row_of[code], "rule", sentence)

    # --- the result --------------------------------------------------------------

    def tree(self, *, cap_at_100: bool) -> CriteriaTree:
        nodes = tuple(
            self.leaves.get(row.code) or self.branch(row) for row in self.rows
        )
        leaves = tuple(node for node in nodes if isinstance(node, Leaf))
        bonus_ceiling, penalty_ceiling = self.ceilings or (None, None)
        return CriteriaTree(
            nodes=nodes,
            leaves=leaves,
            by_code={node.code: node for node in nodes},
            bonus_ceiling=bonus_ceiling,
            penalty_ceiling=penalty_ceiling,
            points_decimals=self.points_decimals,
            cap_at_100=cap_at_100,
            plan=_plan(leaves, bonus_ceiling, penalty_ceiling),
        )

    def branch(self, row: CriterionRow) -> Branch:
        is_adjustments = row.code == self.adjustments
        return Branch(
            row.code,
            row.parent_code,
            tuple(self.children[row.code]),
            self.paths[row.code],
            is_adjustments,
            row.name_vi,
            row.name_en,
            self.adjustments_text if is_adjustments else "",
        )


def _unknown_rule(row: CriterionRow) -> Sentence:
    if row.rule:
        return say(N_("The rule %(rule)s is unknown."), rule=row.rule)
    return say(
        N_("%(code)s has neither sub-criteria nor a rule."), code=row.code or "—"
    )


def _object(text: str) -> dict[str, object]:
    return read_object(text, ParametersError) if text.strip() else {}


def _canonical_text(
    text: str, raw: Mapping[str, object], figures: dict[Path, Decimal]
) -> str:
    """The whole parameters, the options among them; nothing stays nothing."""
    if not text.strip():
        return ""
    return canonical_record(Record(raw, ParametersError, figures=figures))


def _plan(
    leaves: Sequence[Leaf],
    bonus_ceiling: Decimal | None,
    penalty_ceiling: Decimal | None,
) -> Plan:
    under: dict[str, set[str]] = {leaf.code: {leaf.code} for leaf in leaves}
    for leaf in leaves:
        for code in leaf.path:
            under.setdefault(code, set()).add(leaf.code)
    return Plan(
        appraised=tuple(
            (leaf.code, to_units(leaf.max_points))
            for leaf in leaves
            if leaf.kind == APPRAISED
        ),
        surveys=tuple(
            (leaf.code, to_units(leaf.max_points), leaf.kind == SATISFACTION)
            for leaf in leaves
            if leaf.is_survey
        ),
        bonus=tuple(leaf.code for leaf in leaves if leaf.kind == BONUS),
        penalty=tuple(leaf.code for leaf in leaves if leaf.kind == PENALTY),
        bonus_ceiling=to_units(bonus_ceiling or Decimal(0)),
        penalty_ceiling=to_units(penalty_ceiling or Decimal(0)),
        leaves_under={code: frozenset(codes) for code, codes in under.items()},
    )
