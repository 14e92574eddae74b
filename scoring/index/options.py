"""Parameters that every rule may carry beside its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .records import Record
from .rules.base import SURVEYS

OPTION_KEYS = (
    "na_allowed",
    "override_allowed",
    "evidence",
    "evidence_required",
    "guidance",
)


@dataclass(frozen=True, slots=True)
class LeafOptions:
    """na_allowed         "not applicable" may be entered by hand
    override_allowed   points may differ from what the rule computes
    evidence           what is asked for as evidence
    evidence_required  a file without it cannot be locked
    guidance           words for those who score
    """

    na_allowed: bool = False
    override_allowed: bool = True
    evidence: tuple[str, ...] = ()
    evidence_required: bool = True
    guidance: str = ""


def read_options(record: Record, kind: str) -> LeafOptions:
    """The options in ``record``; its other keys are the rule's business."""
    return LeafOptions(
        record.flag("na_allowed", default=False),
        record.flag("override_allowed", default=True),
        record.texts("evidence"),
        record.flag("evidence_required", default=kind not in SURVEYS),
        record.text("guidance") if "guidance" in record.raw else "",
    )


def without_options(raw: Mapping[str, object]) -> dict[str, object]:
    """The rule's own parameters."""
    return {key: value for key, value in raw.items() if key not in OPTION_KEYS}
