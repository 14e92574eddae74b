"""A second opinion: the index recomputed from a round bundle, and nothing else.

Written from docs/bundle.md and the rules alone, with Fractions, the standard
library and no line of the engine, so that a misreading in one of the two shows.
It trusts the bundle: what a bundle may not hold is the loader's business.
"""

import csv
import io
import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from .stranger_rules import NOT_APPLICABLE, by_rule, half_away, number

SURVEYS = ("sociological", "satisfaction")
BONUSES = ("bonus_count",)
PENALTIES = ("penalty_count", "penalty_share")
LAYERS = {
    "self": ("self",),
    "appraised": ("appraised",),
    "explained": ("appraised", "explained"),
    "final": ("appraised", "explained", "council"),
}


# --- the files


def read_files(path):
    """The bundle's files as {name: text}, from a folder or a zip."""
    path = Path(path)
    if path.is_dir():
        return {
            file.relative_to(path).as_posix(): file.read_bytes().decode()
            for file in path.rglob("*")
            if file.is_file()
        }
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def read_rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_json(text):
    return json.loads(text, parse_float=Fraction, parse_int=Fraction) if text else {}


# --- criteria


@dataclass
class Leaf:
    code: str
    rule: str
    max_points: Fraction
    parameters: dict
    ancestors: tuple  # its own code and those of the branches above it

    @property
    def part(self):
        if self.rule in SURVEYS:
            return self.rule
        if self.rule in BONUSES:
            return "bonus"
        return "penalty" if self.rule in PENALTIES else "appraised"


@dataclass
class CriteriaSet:
    decimals: int
    cap_at_100: bool
    bonus_ceiling: Fraction = Fraction(0)
    penalty_ceiling: Fraction = Fraction(0)
    leaves: dict = field(default_factory=dict)

    def rounded(self, value, leaf):
        """The leaf's points, rounded once and brought into its bounds."""
        low, high = sorted((Fraction(0), leaf.max_points))
        return min(max(half_away(value, self.decimals), low), high)


def read_set(text, about):
    rows = read_rows(text)
    parents = {row["code"]: row["parent_code"] for row in rows}
    result = CriteriaSet(int(about["points_decimals"]), about["cap_at_100"])
    for row in rows:
        parameters = read_json(row["parameters"])
        if row["rule"] == "adjustments":
            result.bonus_ceiling = number(parameters["bonus_ceiling"])
            result.penalty_ceiling = number(parameters["penalty_ceiling"])
        elif row["rule"]:
            result.leaves[row["code"]] = Leaf(
                row["code"],
                row["rule"],
                number(row["max_points"]),
                parameters,
                path_upwards(row["code"], parents),
            )
    return result


def path_upwards(code, parents):
    path = []
    while code:
        path.append(code)
        code = parents[code]
    return tuple(path)


# --- the bundle


class Bundle:
    def __init__(self, path):
        files = read_files(path)
        self.round = json.loads(files["round.json"], parse_float=Fraction)
        self.sets = {
            name: read_set(files[f"criteria/{name}.csv"], about)
            for name, about in self.round["criteria"].items()
        }
        groups = read_rows(files["groups.csv"])
        self.group_order = {row["code"]: place for place, row in enumerate(groups)}
        self.set_of_group = {row["code"]: self.sets[row["criteria"]] for row in groups}
        self.agencies = read_rows(files["agencies.csv"])
        self.exempted, self.cells, self.surveys = defaultdict(set), {}, {}
        for row in read_rows(files["exemptions.csv"]):
            self.exempted[row["agency"]].add(row["criterion"])
        for row in read_rows(files["surveys.csv"]):
            self.surveys[row["agency"], row["criterion"]] = number(row["mean_percent"])
        for row in read_rows(files["scores.csv"]):
            if row["points"] or row["data"] or row["not_applicable"]:
                self.cells[row["agency"], row["criterion"], row["layer"]] = row

    def value(self, agency, leaf, layer, criteria):
        """Points of one leaf, NOT_APPLICABLE, or None where there is no value."""
        if self.exempted[agency] & set(leaf.ancestors):
            return NOT_APPLICABLE
        if leaf.rule in SURVEYS:
            percent = self.surveys.get((agency, leaf.code))
            if percent is None:
                return None
            return criteria.rounded(leaf.max_points * percent / 100, leaf)
        rows = [self.cells.get((agency, leaf.code, name)) for name in LAYERS[layer]]
        rows = [row for row in rows if row]
        return cell_value(rows[-1], leaf, criteria) if rows else None


def cell_value(row, leaf, criteria):
    if row["points"]:
        return number(row["points"])
    if not row["data"]:
        return NOT_APPLICABLE if row["not_applicable"] == "confirmed" else None
    computed = by_rule(leaf, read_json(row["data"]))
    if computed == NOT_APPLICABLE:
        return NOT_APPLICABLE
    return criteria.rounded(Fraction(computed), leaf)


# --- one agency


@dataclass
class Sums:
    points: dict = field(default_factory=lambda: defaultdict(Fraction))
    maxima: dict = field(default_factory=lambda: defaultdict(Fraction))
    is_waiting: bool = False


def add_up(bundle, agency, layer, criteria):
    sums = Sums()
    for leaf in criteria.leaves.values():
        value = bundle.value(agency, leaf, layer, criteria)
        if value == NOT_APPLICABLE:
            continue
        if leaf.part in ("bonus", "penalty"):
            sums.points[leaf.part] += value or 0
            continue
        if value is None:
            is_survey = leaf.rule in SURVEYS
            answer = bundle.round["missing_survey" if is_survey else "not_scored"]
            if answer == "rescale":
                continue
            sums.is_waiting = sums.is_waiting or answer == "wait"
        sums.points[leaf.part] += value or 0
        sums.maxima[leaf.part] += leaf.max_points
    sums.points["bonus"] = min(sums.points["bonus"], criteria.bonus_ceiling)
    sums.points["penalty"] = max(sums.points["penalty"], criteria.penalty_ceiling)
    return sums


def index_of(sums, criteria):
    maximum = sum(sums.maxima.values())
    if not maximum:
        return None
    earned = sum(sums.points[part] for part in ("appraised", *SURVEYS))
    index = 100 * earned / maximum + sums.points["bonus"] + sums.points["penalty"]
    index = max(index, Fraction(0))
    return min(index, Fraction(100)) if criteria.cap_at_100 else index


def tie_key(sums, breaker):
    """Larger is better; an agency without that part comes last."""
    if breaker == "penalty":
        return (1, sums.points["penalty"])
    if not sums.maxima[breaker]:
        return (0, 0)
    return (1, sums.points[breaker] / sums.maxima[breaker])


# --- the round


def shortest(value):
    """A decimal as text, without zeros at its end: "24.993", "0"."""
    text = str(Decimal(value.numerator) / Decimal(value.denominator))
    text = f"{Decimal(text):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def two_decimals(value):
    hundredths = int(half_away(value, 2) * 100)
    return f"{hundredths // 100}.{hundredths % 100:02}"


FIGURES = ("points", "max_points", "index", "index_exact", "appraised_points")
FIGURES += ("sociological_points", "satisfaction_points", "bonus_points")
FIGURES += ("penalty_points", "rank", "band")


def describe(row, sums, index):
    earned = sum(sums.points[part] for part in ("appraised", *SURVEYS))
    maximum = sum(sums.maxima.values(), Fraction(0))
    row |= {"points": shortest(Fraction(earned)), "max_points": shortest(maximum)}
    for part in ("appraised", *SURVEYS, "bonus", "penalty"):
        row[f"{part}_points"] = shortest(sums.points[part])
    if index is not None:
        row["index"] = two_decimals(index)
        row["index_exact"] = f"{index.numerator}/{index.denominator}"


def band_of(index, round_):
    for band in sorted(round_["bands"], key=lambda b: -number(b["from_percent"])):
        if half_away(index, 2) >= number(band["from_percent"]):
            return band["code"]
    return None


def recompute(path, layer="final"):
    """What ``compute_index --json`` says of the bundle at ``path``."""
    bundle = Bundle(path)
    rows, contenders = [], defaultdict(list)
    for agency in bundle.agencies:
        row = {"agency": agency["code"], "group": agency["group"]}
        row |= dict.fromkeys(FIGURES) | {"status": "not_assessed"}
        rows.append(row)
        if agency["assessed"] != "yes":
            continue
        criteria = bundle.set_of_group[agency["group"]]
        sums = add_up(bundle, agency["code"], layer, criteria)
        index = index_of(sums, criteria)
        describe(row, sums, index)
        is_ranked = index is not None and not sums.is_waiting
        row["status"] = "ranked" if is_ranked else "incomplete"
        if is_ranked:
            row["band"] = band_of(index, bundle.round)
            ties = [tie_key(sums, one) for one in bundle.round["tie_breakers"]]
            contenders[agency["group"]].append(((index, *ties), row))
    for group in contenders.values():
        for key, row in group:
            row["rank"] = 1 + sum(other > key for other, _ in group)
    order = bundle.group_order
    return sorted(
        rows, key=lambda r: (order[r["group"]], r["rank"] or 10**9, r["agency"])
    )
