"""Declared data and survey figures, made up: from a skill, by a fixed seed.

``skill`` is a chance in thousandths: how often the agency has done what a
criterion asks. Whole numbers only; what the data are worth is the engine's word.
"""

import random
from decimal import Decimal
from math import ceil

from scoring.index.jsontext import read_object

THOUSAND = 1000
HIGHEST_PERCENT = 995_000  # in ten-thousandths


def chance_of(*words):
    """A source of chance that gives the same for the same words, everywhere."""
    return random.Random("/".join(map(str, words)))  # noqa: S311


def happens(chance, thousandths):
    return chance.randrange(THOUSAND) < thousandths


def declared(leaf, skill, chance):
    """Data that the rule of ``leaf`` takes."""
    make = MAKERS[leaf.rule.key]
    return make(read_object(leaf.parameters_text), skill, chance)


def best(leaf, chance):
    """Data of an agency that has done all that the leaf asks."""
    return declared(leaf, THOUSAND, chance)


def survey_figures(skill, chance):
    """``(answers, mean percent, standard deviation)`` with four decimals at most."""
    percent = 10 * THOUSAND * skill // 10 + chance.randrange(-40_000, 40_001)
    return (
        chance.randrange(80, 241),
        Decimal(min(percent, HIGHEST_PERCENT)).scaleb(-4),
        Decimal(chance.randrange(90_000, 240_001)).scaleb(-4),
    )


def _place(count, skill, chance):
    """Which of ``count`` steps, best first, is reached: mostly the first."""
    place = 0
    while place < count - 1 and not happens(chance, skill):
        place += 1
    return place


def _choice(raw, skill, chance):
    return {"option": _place(len(raw["options"]), skill, chance) + 1}


def _yes_no(raw, skill, chance):
    return {"yes": happens(chance, skill)}


def _checklist(raw, skill, chance):
    places = range(1, len(raw["items"]) + 1)
    return {"ticked": [place for place in places if happens(chance, skill)]}


def _count(raw, skill, chance):
    enough = ceil(raw["ceiling"] / raw["per_unit"])
    if happens(chance, skill):
        return {"count": enough + chance.randrange(3)}
    return {"count": chance.randrange(enough)}


def _count_bands(raw, skill, chance):
    bands = raw["bands"]
    place = _place(len(bands), skill, chance)
    extra = chance.randrange(3) if place == 0 else 0
    return {"count": int(bands[place]["from"]) + extra}


def _deduction(raw, skill, chance):
    counts = [0] * len(raw["faults"])
    if not happens(chance, skill):
        counts[0] = 1
        if len(counts) > 1 and happens(chance, 400):
            counts[1] = 1
    return {"counts": counts}


def _share(skill, chance, floor_percent):
    """Thousandths of a whole: near 1000 for the skilled, rarely below the floor."""
    lost = chance.randrange(2 * (THOUSAND - skill) + 1)
    if not happens(chance, THOUSAND - skill):
        lost = min(lost, THOUSAND - 10 * int(floor_percent))
    return THOUSAND - min(lost, THOUSAND)


def _proportional(raw, skill, chance):
    if raw.get("na_if_denominator_zero") and happens(chance, 40):
        return {"numerator": 0, "denominator": 0}
    whole = chance.randrange(8, 120)
    share = _share(skill, chance, raw.get("zero_below_percent", 0))
    return {
        "numerator": whole - whole * (THOUSAND - share) // THOUSAND,
        "denominator": whole,
    }


def _bands(raw, skill, chance):
    limits = [band["limit"] for band in raw["bands"]]
    place = _place(len(limits) + 1, skill, chance)
    if raw["better"] == "lower":
        worst = limits[min(place, len(limits) - 1)]
        value = worst + 1 if place == len(limits) else worst
        return {"value": value}
    low = limits[place] if place < len(limits) else limits[-1] - 20
    high = limits[place - 1] - 1 if place else max(limits[0], 100)
    tenths = chance.randrange(int(10 * low), int(10 * high) + 1)
    return {"value": Decimal(tenths).scaleb(-1)}


def _proportional_bands(raw, skill, chance):
    whole = chance.randrange(200, 4000)
    bands = [int(band["from_percent"]) for band in raw["bands"]]
    if happens(chance, 2 * skill - THOUSAND):
        return {"numerator": whole, "denominator": whole}
    lowest = bands[-1] if happens(chance, skill) else bands[-1] - 5
    lost = chance.randrange(1, 10 * (100 - lowest) + 1)
    return {"numerator": whole - whole * lost // THOUSAND, "denominator": whole}


def _formula(raw, skill, chance):
    """Total, in time, late: the one formula of the modelled sets."""
    total, in_time, late = raw["variables"]
    whole = chance.randrange(40, 260)
    done = whole * _share(skill, chance, 0) // THOUSAND
    rest = whole - done
    return {total: whole, in_time: done, late: rest - chance.randrange(rest // 4 + 1)}


def _zero_if_any(raw, skill, chance):
    return {"count": 0 if happens(chance, (skill + 2 * THOUSAND) // 3) else 1}


def _external_index(raw, skill, chance):
    percent = 10 * skill + chance.randrange(-600, 601)
    return {"value": Decimal(max(3000, min(percent, 9950))).scaleb(-2)}


def _counted(raw, skill, chance):
    return {"count": 1}


def _penalty_share(raw, skill, chance):
    return {"points": Decimal(chance.randrange(1, 5)).scaleb(-1)}


MAKERS = {
    "choice": _choice,
    "yes_no": _yes_no,
    "checklist": _checklist,
    "count": _count,
    "count_bands": _count_bands,
    "deduction": _deduction,
    "proportional": _proportional,
    "bands": _bands,
    "proportional_bands": _proportional_bands,
    "formula": _formula,
    "zero_if_any": _zero_if_any,
    "external_index": _external_index,
    "bonus_count": _counted,
    "penalty_count": _counted,
    "penalty_share": _penalty_share,
}
