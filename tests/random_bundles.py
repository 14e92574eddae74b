"""Random round bundles that use every rule, every way out of the sum, every setting.

``write_bundle(folder, seed)`` gives the same files for the same seed. All of it is
permitted: what must be refused has tests of its own.
"""

import csv
import io
import json
import zipfile
from decimal import Decimal

from .random_rules import NO_CELL, RULES, RandomRules

PHASES = (
    "self_assessment",
    "appraisal",
    "consultation",
    "second_appraisal",
    "council",
    "recheck",
    "decision",
)
HEADINGS = {
    "groups.csv": "code,name_vi,name_en,criteria",
    "agencies.csv": "code,name_vi,group,assessed,reason",
    "criteria": "code,parent_code,name_vi,name_en,max_points,rule,parameters",
    "exemptions.csv": "agency,criterion,document",
    "scores.csv": "agency,criterion,layer,points,data,not_applicable,reason",
    "surveys.csv": "agency,criterion,answers,mean_percent,standard_deviation",
}
EXCHANGED = {"S.1": "sociological", "S.2": "satisfaction", "S.3": "manual"}


def csv_text(heading, rows, newline="\n"):
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=newline)
    writer.writerow(heading.split(","))
    writer.writerows(rows)
    return file.getvalue()


def shuffled(random, items):
    return random.sample(items, len(items))


class Maker(RandomRules):
    def __init__(self, seed):
        self.year = 2010 + seed % 80
        super().__init__(seed)
        self.files = {}
        self.leaves = {}  # name of the set -> [(code, rule, max, parameters)]
        self.branches = {}
        self.decimals = {}
        self.groups = []  # (code, name of the set)

    # criteria sets

    def add_set(self, name, rules):
        decimals = self.random.choice((2, 3, 4))
        rows, leaves, branches = [], [], []
        for place, rule in enumerate(rules):
            branch = f"{place // 5 + 1}"
            middle = f"{branch}.{place % 5 // 3 + 1}"
            for code, parent in ((branch, ""), (middle, branch)):
                if code not in branches:
                    branches.append(code)
                    rows.append(
                        (code, parent, f"Nhóm {code}", f"Branch {code}", *[""] * 3)
                    )
            maximum = self.decimal("0.25", 3, decimals)
            leaves.append((f"{middle}.{place + 1}", rule, maximum))
            rows.append(self.leaf_row(leaves, middle))
        self.add_exchange(rows, leaves, branches)
        if self.chance(0.8):
            self.add_adjustments(rows, leaves, decimals)
        self.leaves[name], self.branches[name] = leaves, branches
        self.decimals[name] = decimals
        self.files[f"criteria/{name}.csv"] = csv_text(HEADINGS["criteria"], rows)
        return {
            "name_vi": f"Bộ {name}",
            "name_en": f"Set {name}",
            "decision": "12/QĐ-UBND",
            "points_decimals": decimals,
            "cap_at_100": self.chance(0.5),
        }

    def leaf_row(self, leaves, parent):
        code, rule, maximum = leaves[-1]
        parameters = self.parameters(rule, maximum)
        leaves[-1] = (code, rule, maximum, parameters)
        text = json.dumps(parameters, ensure_ascii=False) if parameters else ""
        name = f"Tiêu chí {code}"
        return (code, parent, name, f"Leaf {code}", f"{maximum:f}", rule, text)

    def add_exchange(self, rows, leaves, branches):
        """Leaves between which twins exchange points: equal indices, other parts."""
        branches.append("S")
        rows.append(("S", "", "Trao đổi", "Exchange", *[""] * 3))
        for code, rule in EXCHANGED.items():
            leaves.append((code, rule, Decimal(1)))
            rows.append(self.leaf_row(leaves, "S"))

    def add_adjustments(self, rows, leaves, decimals):
        ceilings = {
            "bonus_ceiling": self.written(self.decimal("0.5", 3, 2)),
            "penalty_ceiling": self.written(-self.decimal("0.5", 3, 2)),
        }
        text = json.dumps(ceilings)
        rows.append(("T", "", "Thưởng, trừ", "Adjustments", "", "adjustments", text))
        for place, rule in enumerate(("bonus_count", "penalty_count", "penalty_share")):
            for twice in (1, 2):
                sign = 1 if rule == "bonus_count" else -1
                maximum = sign * self.decimal("0.5", 2, decimals)
                leaves.append((f"T.{place}{twice}", rule, maximum))
                rows.append(self.leaf_row(leaves, "T"))
        for code, rule, tenth in (
            ("T.B", "bonus_count", 1),
            ("T.P", "penalty_count", -1),
        ):
            some = {"unit": "lần", "per_unit": tenth / 10, "ceiling": tenth}
            leaves.append((code, rule, Decimal(tenth), some))
            rows.append((code, "T", code, code, tenth, rule, json.dumps(some)))

    # rows

    def given_points(self, maximum, decimals):
        low, high = sorted((Decimal(0), maximum))
        if self.chance(0.3):
            return f"{self.random.choice((low, high)):f}"
        return f"{self.decimal(low, high, decimals):f}"

    def score(self, agency, leaf, layer, decimals):
        """One row, of every kind that the rules permit for this leaf and layer."""
        code, rule, maximum, p = leaf
        kind = self.random.random()
        state = "proposed" if layer == "self" else "confirmed"
        if kind < 0.12 and p.get("na_allowed"):
            return (agency, code, layer, "", "", state, "Không có nhiệm vụ")
        if kind < 0.16:
            return (agency, code, layer, "", "", "", "chỉ có lý do")
        points = self.given_points(maximum, decimals)
        if rule == "manual":
            return (agency, code, layer, points, "", "", "")
        data = json.dumps(self.declared(rule, p))
        may_override = p.get("override_allowed", True)
        if kind < 0.4 and may_override:
            data = data if self.chance(0.5) else ""
            return (agency, code, layer, points, data, "", "Ghi đè, có lý do")
        return (agency, code, layer, "", data, "", "")

    def fill_agency(self, agency, name, scores, surveys, exemptions):
        gap = self.random.choice((0, 0, 0.02, 0.3))
        missing = self.random.choice((0, 0, 0.1))
        for leaf in self.leaves[name]:
            if leaf[1] in NO_CELL:
                if not self.chance(missing):
                    surveys.append(self.survey(agency, leaf[0]))
                continue
            for layer in ("self", "appraised", "explained", "council"):
                share = 1 - gap if layer in ("self", "appraised") else 0.15
                if self.chance(share):
                    scores.append(self.score(agency, leaf, layer, self.decimals[name]))
        codes = [leaf[0] for leaf in self.leaves[name]]
        if self.chance(0.4):
            some = self.random.sample(codes, min(2, len(codes)))
            some += self.random.sample(self.branches[name], self.random.choice((0, 1)))
            exemptions += [(agency, code, "15/QĐ-UBND") for code in some]
        tops = [code for code in self.branches[name] if "." not in code]
        if self.chance(0.06):  # no leaf is left
            self.exempt_only(agency, tops, exemptions)
        elif self.chance(0.2):  # nothing or everything earned
            self.exempt_only(agency, tops[:-1], exemptions)
            shares = [Decimal(self.random.choice((0, 1)))] * len(EXCHANGED)
            self.exchange([agency], shares, scores, surveys)

    def exempt_only(self, agency, codes, exemptions):
        exemptions[:] = [row for row in exemptions if row[0] != agency]
        exemptions += [(agency, code, "15/QĐ-UBND") for code in codes]

    def survey(self, agency, code):
        answers = self.random.randint(1, 200)
        spread = "" if self.chance(0.4) else f"{self.decimal(0, 40, 4):f}"
        percent = self.decimal(0, 100, self.random.choice((0, 2, 4)))
        return (agency, code, answers, f"{percent:f}", spread)

    def twin(self, agency, model, rows):
        """The rows of ``model`` for ``agency`` too: a true tie."""
        rows[:] = [row for row in rows if row[0] != agency]
        rows += [(agency, *row[1:]) for row in rows if row[0] == model]

    def exchange(self, agencies, shares, scores, surveys):
        """The same three figures for each agency, each time on other leaves."""
        codes = {*EXCHANGED, "T.B", "T.P"}
        for rows in (scores, surveys):
            rows[:] = [r for r in rows if r[0] not in agencies or r[1] not in codes]
        for agency in agencies:
            first, second, third = shuffled(self.random, shares)
            surveys.append((agency, "S.1", 20, f"{100 * first:f}", ""))
            surveys.append((agency, "S.2", 20, f"{100 * second:f}", ""))
            count = json.dumps({"count": self.random.randint(0, 4)})
            for layer in ("self", "appraised"):
                scores.append((agency, "S.3", layer, f"{third:f}", "", "", ""))
                if self.may_adjust(agency):
                    scores.append((agency, "T.B", layer, "", count, "", ""))
                    scores.append((agency, "T.P", layer, "", count, "", ""))

    def may_adjust(self, agency):
        name = dict(self.groups)[agency.partition("-")[0]]
        return any(leaf[0] == "T.B" for leaf in self.leaves[name])

    # the whole

    def make(self):
        rules = RULES.split()
        criteria = {"du": self.add_set("du", shuffled(self.random, rules))}
        some = self.random.choices(rules, k=self.random.randint(1, 9))
        criteria["it"] = self.add_set("it", some)
        self.groups = [("so", "du"), ("xa", "it"), ("phuong", "it")]
        self.random.shuffle(self.groups)
        groups = [(code, f"Khối {code}", f"Group {code}", s) for code, s in self.groups]
        self.files["groups.csv"] = csv_text(HEADINGS["groups.csv"], groups)
        self.add_agencies()
        self.add_round(criteria)
        return self.files

    def add_agencies(self):
        agencies, scores, surveys, exemptions = [], [], [], []
        for group, name in self.groups:
            codes = [f"{group}-{i}" for i in range(self.random.randint(2, 4))]
            for code in shuffled(self.random, codes):
                row = (code, f"Cơ quan {code}, số “1”", group)
                out = self.chance(0.1)
                reason = "Mới thành lập" if out else ""
                agencies.append((*row, "no" if out else "yes", reason))
                self.fill_agency(code, name, scores, surveys, exemptions)
            if self.chance(0.7):
                for rows in (scores, surveys, exemptions):
                    self.twin(codes[0], codes[1], rows)
                if self.chance(0.7):
                    shares = [self.decimal(0, 1, 2) for _ in EXCHANGED]
                    self.exchange(codes[:2], shares, scores, surveys)
        rows = {"scores": scores, "surveys": surveys, "exemptions": exemptions}
        self.files["agencies.csv"] = csv_text(HEADINGS["agencies.csv"], agencies)
        for name, some in rows.items():
            some = shuffled(self.random, list(dict.fromkeys(some)))
            newline = self.random.choice(("\n", "\r\n"))
            heading = HEADINGS[f"{name}.csv"]
            self.files[f"{name}.csv"] = csv_text(heading, some, newline)

    def add_round(self, criteria):
        breakers = ["appraised", "sociological", "satisfaction", "penalty"]
        percents = self.thresholds(self.random.randint(1, 5), 100)
        about = {
            "year": self.year,
            "name_vi": "Kỳ thử",
            "name_en": "Trial round",
            "phases": [
                {
                    "phase": phase,
                    "starts_at": f"20{30 + i}-01-01T00:00:00+07:00",
                    "ends_at": f"20{31 + i}-01-01T00:00:00+07:00",
                }
                for i, phase in enumerate(PHASES)
            ],
            "tie_breakers": self.random.sample(breakers, self.random.randint(0, 4)),
            "bands": [
                {
                    "code": f"b{i}",
                    "name_vi": f"Loại {i}",
                    "name_en": f"Band {i}",
                    "from_percent": self.written(percent),
                }
                for i, percent in enumerate(percents)
            ],
            "not_scored": self.random.choice(("wait", "zero")),
            "missing_survey": self.random.choice(("wait", "rescale")),
            "criteria": criteria,
        }
        self.files["round.json"] = json.dumps(about, ensure_ascii=False, indent=1)


def write_bundle(folder, seed):
    """A bundle below ``folder``: a folder for even seeds, a zip for odd ones."""
    files = Maker(seed).make()
    if seed % 2:
        path = folder / f"{seed}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return path
    path = folder / str(seed)
    for name, text in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return path
