"""One line or more per rule: parameters, maximum, declared data, points.

``None`` stands for "not applicable". Every rule that computes needs a line here.
"""

CHOICE = {
    "options": [
        {"label": "Kịp thời", "points": "0.5"},
        {"label": "Không kịp thời", "points": 0.25},
        {"label": "Không thực hiện", "points": 0},
    ]
}
CHECKLIST = {
    "items": [
        {"label": "a", "points": 0.2},
        {"label": "b", "points": 0.2},
        {"label": "c", "points": 0.1},
    ]
}
COUNT = {"unit": "lớp", "per_unit": 0.25, "ceiling": 1}
COUNT_BANDS = {
    "unit": "cuộc",
    "bands": [{"from": 2, "points": 1}, {"from": 1, "points": 0.5}],
}
DEDUCTION = {
    "start": 2,
    "floor": 0.5,
    "faults": [
        {"label": "khiển trách", "points": 0.5},
        {"label": "cảnh cáo", "points": 3},
    ],
}
PROPORTIONAL = {
    "numerator": "đúng",
    "denominator": "tổng",
    "zero_below_percent": 80,
    "na_if_denominator_zero": True,
}
HIGHER = {
    "value": "%",
    "better": "higher",
    "bands": [{"limit": 100, "points": 1.5}, {"limit": 80, "points": 1}],
}
LOWER = {
    "value": "%",
    "better": "lower",
    "bands": [{"limit": 0, "points": 1}, {"limit": 1, "points": 0.5}],
}
SHARE_BANDS = {
    "numerator": "đúng hạn",
    "denominator": "đã giải quyết",
    "bands": [
        {"from_percent": 100, "points": 4},
        {"from_percent": 95, "share_times": 3},
    ],
    "na_if_denominator_zero": True,
}
FORMULA = {
    "variables": {"a": "tổng", "b": "tốt", "c": "khá"},
    "expression": "NA if a == 0 else (b ÷ a) × 2 + (c / a) * 1",
}
BONUS = {"unit": "sáng kiến", "per_unit": 1, "ceiling": 2}
PENALTY = {"unit": "ngày", "per_unit": "-0.5", "ceiling": -2}
SHARE = {"ceiling": -1}

EXAMPLES = [
    # rule, parameters, maximum, data, points
    ("choice", CHOICE, "0.5", {"option": 1}, "0.5"),
    ("choice", CHOICE, "0.5", {"option": 2}, "0.25"),
    ("choice", CHOICE, "0.5", {"option": "3.0"}, "0"),
    ("yes_no", {"yes": 1, "no": "0.25"}, "1", {"yes": True}, "1"),
    ("yes_no", {"yes": 1, "no": "0.25"}, "1", {"yes": False}, "0.25"),
    ("checklist", CHECKLIST, "0.5", {"ticked": [3, 1]}, "0.3"),
    ("checklist", CHECKLIST, "0.5", {"ticked": [1, 2, 3]}, "0.5"),
    ("checklist", CHECKLIST, "0.5", {"ticked": []}, "0"),
    ("count", COUNT, "1", {"count": 3}, "0.75"),
    ("count", COUNT, "1", {"count": 4}, "1"),
    ("count", COUNT, "1", {"count": 5}, "1"),
    ("count_bands", COUNT_BANDS, "1", {"count": 2}, "1"),
    ("count_bands", COUNT_BANDS, "1", {"count": 1}, "0.5"),
    ("count_bands", COUNT_BANDS, "1", {"count": 0}, "0"),
    ("deduction", DEDUCTION, "2", {"counts": [0, 0]}, "2"),
    ("deduction", DEDUCTION, "2", {"counts": [2, 0]}, "1"),
    ("deduction", DEDUCTION, "2", {"counts": [3, 0]}, "0.5"),
    ("deduction", DEDUCTION, "2", {"counts": [0, 1]}, "0.5"),
    ("proportional", PROPORTIONAL, "1.5", {"numerator": 45, "denominator": 50}, "1.35"),
    ("proportional", PROPORTIONAL, "1.5", {"numerator": 40, "denominator": 50}, "1.2"),
    (
        "proportional",
        PROPORTIONAL,
        "1.5",
        {"numerator": "39.999", "denominator": 50},
        "0",
    ),
    ("proportional", PROPORTIONAL, "1.5", {"numerator": 50, "denominator": 50}, "1.5"),
    ("proportional", PROPORTIONAL, "1", {"numerator": 6, "denominator": 7}, "0.8571"),
    ("proportional", PROPORTIONAL, "1.5", {"numerator": 0, "denominator": 0}, None),
    ("bands", HIGHER, "1.5", {"value": 100}, "1.5"),
    ("bands", HIGHER, "1.5", {"value": 130}, "1.5"),
    ("bands", HIGHER, "1.5", {"value": "99.9999999"}, "1"),
    ("bands", HIGHER, "1.5", {"value": "80.0"}, "1"),
    ("bands", HIGHER, "1.5", {"value": "79.99"}, "0"),
    ("bands", LOWER, "1", {"value": 0}, "1"),
    ("bands", LOWER, "1", {"value": "0.01"}, "0.5"),
    ("bands", LOWER, "1", {"value": 1}, "0.5"),
    ("bands", LOWER, "1", {"value": "1.01"}, "0"),
    ("proportional_bands", SHARE_BANDS, "4", {"numerator": 7, "denominator": 7}, "4"),
    (
        "proportional_bands",
        SHARE_BANDS,
        "4",
        {"numerator": 95, "denominator": 100},
        "2.85",
    ),
    (
        "proportional_bands",
        SHARE_BANDS,
        "4",
        {"numerator": 94, "denominator": 100},
        "0",
    ),
    ("proportional_bands", SHARE_BANDS, "4", {"numerator": 0, "denominator": 0}, None),
    ("formula", FORMULA, "2", {"a": 10, "b": 8, "c": 1}, "1.7"),
    ("formula", FORMULA, "1", {"a": 10, "b": 8, "c": 1}, "1"),
    ("formula", FORMULA, "2", {"a": 0, "b": 8, "c": 1}, None),
    ("zero_if_any", {"event": "bị kỷ luật"}, "1.5", {"count": 0}, "1.5"),
    ("zero_if_any", {"event": "bị kỷ luật"}, "1.5", {"count": 1}, "0"),
    ("external_index", {"index": "766"}, "2", {"value": "87.25"}, "1.745"),
    ("external_index", {"index": "766"}, "2", {"value": 100}, "2"),
    ("sociological", {}, "1.5", {"percent": "82.3333"}, "1.235"),
    ("satisfaction", {"factor": "Kết quả"}, "3", {"percent": "92.67"}, "2.7801"),
    ("bonus_count", BONUS, "2", {"count": 1}, "1"),
    ("bonus_count", BONUS, "2", {"count": 7}, "2"),
    ("penalty_count", PENALTY, "-2", {"count": 3}, "-1.5"),
    ("penalty_count", PENALTY, "-2", {"count": 9}, "-2"),
    ("penalty_share", SHARE, "-1", {"points": "0.6"}, "-0.6"),
    ("penalty_share", SHARE, "-1", {"points": "1.01"}, "-1"),
]
