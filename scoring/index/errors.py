"""What the engine refuses: always a sentence, and the place where the fault stands."""

from __future__ import annotations

from .sentences import N_, Sentence, say


class ScoringError(ValueError):
    """A refusal of the engine.

    sentence  what is wrong, for people
    where     path of the faulty key, lists counted from 1: ``bands[2].points``; or ""
    """

    def __init__(self, sentence: Sentence, where: str = "") -> None:
        super().__init__(sentence, where)
        self.sentence = sentence
        self.where = where

    def located(self) -> Sentence:
        """The sentence with the place before it, where a place is known."""
        if not self.where:
            return self.sentence
        return say(
            N_("%(where)s: %(problem)s"), where=self.where, problem=self.sentence
        )

    def __str__(self) -> str:
        return self.located().english()


class JsonError(ScoringError):
    """A text that is no acceptable JSON."""


class ParametersError(ScoringError):
    """Parameters of a rule or of a round that the catalogue does not allow."""


class CellError(ScoringError):
    """Points, data, N/A state and reason that cannot stand together in a cell."""


class DataError(CellError):
    """Declared data that the rule of their leaf refuses."""


TreeFault = tuple[int, str, Sentence]


class TreeErrors(ScoringError):
    """All faults of a criteria set, as (row index from 0, column, sentence)."""

    def __init__(self, faults: list[TreeFault]) -> None:
        super().__init__(
            say(N_("The criteria set has errors: %(count)s."), count=len(faults))
        )
        self.faults = faults

    def __str__(self) -> str:
        lines = (f"row {i + 1}, {column}: {s}" for i, column, s in self.faults)
        return "\n".join((self.sentence.english(), *lines))
