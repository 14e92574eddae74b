"""A city of size C as a round bundle: 127 agencies × 90 criteria, all layers."""

import csv
import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from scoring.demo.simulate import chance_of, declared, happens, survey_figures
from scoring.index.cells import compute
from scoring.index.figures import shortest
from scoring.index.jsontext import canonical_data
from scoring.index.outcomes import NOT_APPLICABLE
from scoring.index.tree import read_tree
from scoring.index.values import CriterionRow
from scoring.labels import PhaseName

GROUPS_OF_C = (("so", 14), ("phuong", 45), ("xa", 68))
FIELDS_OF_C = 9
SMALL_GROUPS = (("nho", 3),)
YEAR, SMALL_YEAR = 2030, 2031
SKILL = 850
ZONE = timezone(timedelta(hours=7))

SHARE = {"numerator": "đã làm", "denominator": "phải làm", "zero_below_percent": 50}
RULES = (
    (
        "choice",
        {
            "options": [
                {"label": "Kịp thời", "points": 1},
                {"label": "Chậm", "points": 0.5},
                {"label": "Không", "points": 0},
            ]
        },
    ),
    ("proportional", {**SHARE, "na_if_denominator_zero": True}),
    (
        "bands",
        {
            "value": "% hoàn thành",
            "better": "higher",
            "bands": [{"limit": 100, "points": 1}, {"limit": 80, "points": 0.5}],
        },
    ),
    ("yes_no", {"yes": 1, "no": 0}),
    (
        "deduction",
        {
            "start": 1,
            "floor": 0,
            "faults": [
                {"label": "thiếu", "points": 0.5},
                {"label": "chậm", "points": 0.25},
            ],
        },
    ),
    (
        "checklist",
        {
            "items": [
                {"label": "Kế hoạch", "points": 0.5},
                {"label": "Báo cáo", "points": 0.25},
                {"label": "Công khai", "points": 0.25},
            ]
        },
    ),
    (
        "proportional_bands",
        {
            "numerator": "đúng hạn",
            "denominator": "đã giải quyết",
            "bands": [
                {"from_percent": 100, "points": 1},
                {"from_percent": 95, "share_times": 0.8},
            ],
            "na_if_denominator_zero": True,
        },
    ),
    ("sociological", {}),
    ("sociological", {}),
    ("satisfaction", {"factor": "Kết quả dịch vụ"}),
)


def criteria(fields):
    """``fields`` branches with ten leaves each, of the rules in turn."""
    rows = []
    for number in range(1, fields + 1):
        rows.append(_branch(str(number), f"Lĩnh vực {number}"))
        for place, (rule, parameters) in enumerate(RULES, start=1):
            rows.append(
                CriterionRow(
                    code=f"{number}.{place}",
                    parent_code=str(number),
                    name_vi=f"Tiêu chí {number}.{place} về công tác cải cách",
                    name_en=f"Criterion {number}.{place} on reform",
                    max_points=Decimal(1),
                    rule=rule,
                    parameters=json.dumps(parameters) if parameters else "",
                )
            )
    return rows


def _branch(code, name):
    return CriterionRow(code, "", name, name, None, "", "")


def write_bundle(folder, year, groups, fields):
    """The folder of a round in self-assessment that has been judged already too."""
    rows = criteria(fields)
    tree = read_tree(rows, points_decimals=4, cap_at_100=True)
    agencies = [
        (f"{code}-{number:03}", code)
        for code, size in groups
        for number in range(1, size + 1)
    ]
    (folder / "criteria").mkdir(parents=True)
    _write_json(folder / "round.json", _round(year))
    _table(
        folder / "groups.csv",
        "code,name_vi,name_en,criteria",
        [(code, f"Khối {code}", "", "chung") for code, __ in groups],
    )
    _table(
        folder / "agencies.csv",
        "code,name_vi,group,assessed,reason",
        [(code, f"Cơ quan {code}", group, "yes", "") for code, group in agencies],
    )
    _table(
        folder / "criteria" / "chung.csv",
        "code,parent_code,name_vi,name_en,max_points,rule,parameters",
        [
            (
                row.code,
                row.parent_code,
                row.name_vi,
                row.name_en,
                "" if row.max_points is None else row.max_points,
                row.rule,
                row.parameters,
            )
            for row in rows
        ],
    )
    _table(folder / "exemptions.csv", "agency,criterion,document", [])
    _table(
        folder / "scores.csv",
        "agency,criterion,layer,points,data,not_applicable,reason",
        [line for code, __ in agencies for line in _scores(tree, code)],
    )
    _table(
        folder / "surveys.csv",
        "agency,criterion,answers,mean_percent,standard_deviation",
        [line for code, __ in agencies for line in _surveys(tree, code)],
    )


def _scores(tree, agency):
    for leaf in tree.leaves:
        if leaf.is_survey:
            continue
        chance = chance_of("bench", agency, leaf.code)
        for layer, share in (
            ("self", 1000),
            ("appraised", 1000),
            ("explained", 100),
            ("council", 20),
        ):
            if happens(chance, share):
                data = declared(leaf, SKILL, chance)
                yield _score(leaf, agency, layer, data)


def _score(leaf, agency, layer, data):
    points = compute(leaf, data, 4)
    is_out = points is NOT_APPLICABLE
    return (
        agency,
        leaf.code,
        layer,
        "" if is_out else shortest(points),
        canonical_data(leaf.rule, leaf.parameters, data),
        "confirmed" if is_out else "",
        "Theo tài liệu kiểm chứng" if layer != "self" else "",
    )


def _surveys(tree, agency):
    for leaf in tree.leaves:
        if leaf.is_survey:
            answers, percent, deviation = survey_figures(
                SKILL, chance_of("bench", agency, leaf.code)
            )
            yield (agency, leaf.code, answers, shortest(percent), shortest(deviation))


def _round(year):
    first = datetime.now(ZONE).replace(microsecond=0) - timedelta(days=5)
    days = timedelta(days=10)
    return {
        "year": year,
        "name_vi": f"Chỉ số CCHC năm {year}",
        "name_en": f"PAR Index {year}",
        "phases": [
            {
                "phase": name,
                "starts_at": (first + place * days).isoformat(),
                "ends_at": (first + (place + 1) * days).isoformat(),
            }
            for place, name in enumerate(PhaseName.values)
        ],
        "tie_breakers": ["appraised", "satisfaction", "penalty"],
        "bands": [
            {"code": "tot", "name_vi": "Tốt", "name_en": "Good", "from_percent": "80"}
        ],
        "not_scored": "wait",
        "missing_survey": "wait",
        "criteria": {
            "chung": {
                "name_vi": "Bộ tiêu chí chung",
                "name_en": "Common set",
                "decision": "",
                "points_decimals": 4,
                "cap_at_100": True,
            }
        },
        "simulated": True,
    }


def _write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), "utf-8")


def _table(path, heading, lines):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading.split(","))
        writer.writerows(lines)
