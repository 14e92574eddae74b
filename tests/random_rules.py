"""Random parameters and declared data of every rule, for tests/random_bundles.py."""

from decimal import Decimal
from random import Random

FORMULAS = (
    "NA if a == 0 else max(0, b / a * 2 + c / a * 1)",
    "b ÷ (a + 1) × 1.5 - c",
    "NA if a == 0 else NA if b == 0 else min(b / a, 1 / 3) * 2",
    "(0.125 if a < b else -0.1) + c / 7",
    "max(min(a, 2.5), b / 8, -c) if 1 < a <= 9 else (0 if a != b else c / 3)",
    "((a + b) / 3 if a + b > c else NA)",
    "-(-a) * 0.0625",
)
RULES = (
    "choice yes_no checklist count count_bands deduction proportional bands"
    " proportional_bands formula zero_if_any external_index sociological"
    " satisfaction manual"
)
NO_CELL = ("sociological", "satisfaction")


class RandomRules:
    """What a criteria set permits, drawn from one seeded source."""

    def __init__(self, seed):
        self.random = Random(seed)

    def chance(self, share):
        return self.random.random() < share

    def decimal(self, low, high, places):
        factor = 10**places
        low, high = (int(Decimal(edge) * factor) for edge in (low, high))
        whole = self.random.randint(low, high)
        return Decimal(whole) / factor

    def written(self, value):
        """A JSON figure: a number or a decimal string, now and then with zeros."""
        value = Decimal(str(value))
        if self.chance(0.1):
            value = value.quantize(Decimal("0.0001"))
        plain = f"{value:f}"
        if self.chance(0.5):
            return plain
        # Figures this short come out of json.dumps as they went in.
        return float(plain) if "." in plain else int(plain)

    def falling(self, length, high, places):
        """``length`` figures of 0..high, each at most the one before."""
        return sorted(
            (self.decimal(0, high, places) for _ in range(length)), reverse=True
        )

    def thresholds(self, length, high):
        steps = self.random.sample(range(high * 10), length)
        return sorted((Decimal(step) / 10 for step in steps), reverse=True)

    # rules

    def parameters(self, rule, maximum):
        made = getattr(self, f"{rule}_parameters", lambda _: {})(maximum)
        if rule not in NO_CELL and self.chance(0.6):
            made["na_allowed"] = self.chance(0.8)
        if self.chance(0.3):
            made["override_allowed"] = self.chance(0.7)
        if self.chance(0.2):
            made["guidance"] = "=Hướng dẫn, “đủ”\nhai dòng"
        if self.chance(0.2):
            made["evidence"] = ["Báo cáo", "Quyết định"]
            made["evidence_required"] = self.chance(0.5)
        return made

    def listed(self, maximum, key, length=None):
        points = self.falling(length or self.random.randint(1, 4), maximum, 4)
        return {
            key: [
                {"label": f"Mức {i}", "points": self.written(p)}
                for i, p in enumerate(points)
            ]
        }

    def choice_parameters(self, maximum):
        return self.listed(maximum, "options")

    def checklist_parameters(self, maximum):
        length = self.random.randint(1, 4)
        return self.listed(Decimal(maximum) / length, "items", length)

    def yes_no_parameters(self, maximum):
        yes, no = self.falling(2, maximum, 4)
        return {"yes": self.written(yes), "no": self.written(no)}

    def count_parameters(self, maximum):
        ceiling = self.decimal(0, maximum, 4)
        per_unit = self.decimal(0, maximum, 4)
        return {
            "unit": "việc",
            "per_unit": self.written(per_unit),
            "ceiling": self.written(ceiling),
        }

    def banded(self, maximum, key, thresholds):
        points = self.falling(len(thresholds), maximum, 4)
        return [
            {key: self.written(limit), "points": self.written(p)}
            for limit, p in zip(thresholds, points, strict=True)
        ]

    def count_bands_parameters(self, maximum):
        counts = sorted(self.random.sample(range(6), 3), reverse=True)
        return {"unit": "việc", "bands": self.banded(maximum, "from", counts)}

    def deduction_parameters(self, maximum):
        start, floor = self.falling(2, maximum, 4)
        faults = self.listed(maximum, "options")["options"]
        return {
            "start": self.written(start),
            "floor": self.written(floor),
            "faults": faults,
        }

    def proportional_parameters(self, maximum):
        made = {"numerator": "đã làm", "denominator": "phải làm"}
        if self.chance(0.6):
            made["zero_below_percent"] = self.written(self.decimal(0, 90, 1))
        if self.chance(0.6):
            made["na_if_denominator_zero"] = self.chance(0.7)
        return made

    def bands_parameters(self, maximum):
        better = self.random.choice(("higher", "lower"))
        limits = self.thresholds(3, 120)
        limits = limits if better == "higher" else limits[::-1]
        bands = self.banded(maximum, "limit", limits)
        return {"value": "tỷ lệ", "better": better, "bands": bands}

    def proportional_bands_parameters(self, maximum):
        made = self.proportional_parameters(maximum)
        made.pop("zero_below_percent", None)
        top, rest = self.falling(2, maximum, 4)
        made["bands"] = [
            {"from_percent": 100, "points": self.written(top)},
            {"from_percent": self.written("62.5"), "share_times": self.written(rest)},
        ]
        return made

    def formula_parameters(self, maximum):
        names = {name: f"biến {name}" for name in "abc"}
        return {"variables": names, "expression": self.random.choice(FORMULAS)}

    def zero_if_any_parameters(self, maximum):
        return {"event": "vi phạm"}

    def external_index_parameters(self, maximum):
        return {"index": "DTI"}

    def satisfaction_parameters(self, maximum):
        return {"factor": "Kết quả dịch vụ"}

    def bonus_count_parameters(self, maximum):
        per_unit = self.written(self.decimal(0, 1, 4))
        return {
            "unit": "mô hình",
            "per_unit": per_unit,
            "ceiling": self.written(maximum),
        }

    def penalty_count_parameters(self, maximum):
        made = self.bonus_count_parameters(maximum)
        return made | {"per_unit": self.written(-self.decimal("0.1", 1, 4))}

    def penalty_share_parameters(self, maximum):
        return {"ceiling": self.written(maximum)}

    # declared data

    def declared(self, rule, parameters):
        return getattr(self, f"{rule}_data")(parameters)

    def choice_data(self, p):
        return {"option": self.written(self.random.randint(1, len(p["options"])))}

    def yes_no_data(self, p):
        return {"yes": self.chance(0.6)}

    def checklist_data(self, p):
        places = range(1, len(p["items"]) + 1)
        return {
            "ticked": self.random.sample(places, self.random.randint(0, len(places)))
        }

    def count_data(self, p):
        return {"count": self.written(self.random.randint(0, 6))}

    count_bands_data = bonus_count_data = penalty_count_data = count_data

    def zero_if_any_data(self, p):
        return {"count": self.written(self.random.choice((0, 0, 1)))}

    def deduction_data(self, p):
        return {"counts": [self.random.randint(0, 2) for _ in p["faults"]]}

    def proportional_data(self, p):
        below = self.decimal(0, 60, self.random.choice((0, 0, 2)))
        above = below + self.random.choice((0, 0, 1, 3, 7, 30))
        if above == 0 and not p.get("na_if_denominator_zero"):
            above = Decimal(3)
        return {"numerator": self.written(below), "denominator": self.written(above)}

    proportional_bands_data = proportional_data

    def bands_data(self, p):
        edge = self.random.choice(p["bands"])["limit"]
        value = edge if self.chance(0.4) else self.decimal(0, 130, 3)
        return {"value": self.written(value)}

    def formula_data(self, p):
        return {name: self.written(self.decimal(0, 12, 1)) for name in "abc"} | (
            {"a": 0} if self.chance(0.15) else {}
        )

    def external_index_data(self, p):
        return {"value": self.written(self.decimal(0, 100, 4))}

    def penalty_share_data(self, p):
        return {"points": self.written(self.decimal(0, 3, 4))}
