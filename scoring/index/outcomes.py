"""What a rule yields: an exact figure, or "not applicable", which is not zero."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction


class NotApplicable(Enum):
    """The outcome "not applicable": no points, and no maximum either."""

    NOT_APPLICABLE = "not applicable"


NOT_APPLICABLE = NotApplicable.NOT_APPLICABLE
Outcome = Fraction | NotApplicable
