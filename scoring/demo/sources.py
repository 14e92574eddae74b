"""What scoring/demo_data/ holds: agencies, groups, predecessors, criteria."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from scoring.index.values import CriterionRow
from scoring.models import Agency, AgencyGroup

FOLDER = Path(__file__).parents[1] / "demo_data"


@dataclass(frozen=True, slots=True)
class AgencyLine:
    code: str
    name_vi: str
    group: str
    valid_from: date | None
    valid_to: date | None

    def is_valid_on(self, day):
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


def _lines(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agency_lines():
    return [
        AgencyLine(
            code=line["code"],
            name_vi=line["name_vi"],
            group=line["group"],
            valid_from=_day(line["valid_from"]),
            valid_to=_day(line["valid_to"]),
        )
        for line in _lines("agencies.csv")
    ]


def _day(text):
    return date.fromisoformat(text) if text else None


def criteria_rows(name):
    """The rows of ``criteria-<name>.csv`` as the engine takes them."""
    return tuple(
        CriterionRow(
            code=line["code"],
            parent_code=line["parent_code"],
            name_vi=line["name_vi"],
            name_en=line["name_en"],
            max_points=Decimal(line["max_points"]) if line["max_points"] else None,
            rule=line["rule"],
            parameters=line["parameters"],
        )
        for line in _lines(f"criteria-{name}.csv")
    )


def store_agencies():
    """Groups and agencies that are missing, with their predecessors.

    What stands there already keeps its name: people may have corrected it.
    """
    groups = _store_groups()
    known = {agency.code: agency for agency in Agency.objects.all()}
    new = [line for line in agency_lines() if line.code not in known]
    for line in new:
        known[line.code] = Agency.objects.create(
            code=line.code,
            name_vi=line.name_vi,
            group=groups[line.group],
            valid_from=line.valid_from,
            valid_to=line.valid_to,
        )
    if new:
        for line in _lines("agency-predecessors.csv"):
            known[line["agency"]].predecessors.add(known[line["predecessor"]])
    return known


def _store_groups():
    return {
        line["code"]: AgencyGroup.objects.get_or_create(
            code=line["code"],
            defaults={
                "name_vi": line["name_vi"],
                "name_en": line["name_en"],
                "position": position,
            },
        )[0]
        for position, line in enumerate(_lines("agency-groups.csv"))
    }
