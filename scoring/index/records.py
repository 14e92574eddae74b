"""Checked reading of JSON objects: parameters of rules, and declared data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .errors import ScoringError
from .figures import as_figure, decimal_places_ok
from .sentences import N_, Sentence, say

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object with its place in the whole.

    error     what a fault raises
    decimals  most decimals a figure may have; None for any number of them
    figures   filled while reading: every figure by its path, so that a canonical text
              can show decimal strings as numbers without a second schema
    """

    raw: Mapping[str, object]
    error: type[ScoringError]
    decimals: int | None = None
    path: Path = ()
    figures: dict[Path, Decimal] = field(default_factory=dict, compare=False)

    def check_keys(
        self, required: Collection[str], optional: Collection[str] = ()
    ) -> None:
        """Refuse keys that are missing or that nobody knows."""
        for key in required:
            if key not in self.raw:
                raise self.fault(key, say(N_("This entry is missing.")))
        for key in self.raw:
            if key not in required and key not in optional:
                raise self.fault(key, say(N_("This entry is unknown here.")))

    def number(
        self,
        key: str,
        *,
        low: Decimal | int | None = None,
        high: Decimal | int | None = None,
        default: Decimal | None = None,
    ) -> Decimal:
        """The figure at ``key``, within low..high."""
        if default is not None and key not in self.raw:
            return default
        return self._figure((key,), self.raw.get(key), low, high)

    def whole(self, key: str, *, low: int = 0, high: int | None = None) -> int:
        """The whole figure at ``key`` (3.0 is whole), within low..high."""
        return self._whole((key,), self.raw.get(key), low, high)

    def wholes(
        self, key: str, *, low: int = 0, high: int | None = None
    ) -> tuple[int, ...]:
        """The list of whole figures at ``key``; it may be empty."""
        return tuple(
            self._whole((key, position), item, low, high)
            for position, item in enumerate(self._list(key), start=1)
        )

    def text(self, key: str) -> str:
        """The text at ``key``; blank text is refused."""
        return self._text((key,), self.raw.get(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts at ``key``; it may be empty, as when the key is missing."""
        if key not in self.raw:
            return ()
        return tuple(
            self._text((key, position), item)
            for position, item in enumerate(self._list(key), start=1)
        )

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """The yes or no at ``key``."""
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            raise self.fault(key, say(N_("Here true or false is needed.")))
        return value

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        """The text at ``key``, one of ``allowed``."""
        value = self.raw.get(key)
        if not isinstance(value, str) or value not in allowed:
            choices = ", ".join(allowed)
            raise self.fault(
                key,
                say(N_("Here one of these is needed: %(choices)s."), choices=choices),
            )
        return value

    def records(self, key: str) -> tuple[Record, ...]:
        """The objects in the list at ``key``; an empty list is refused."""
        items = self._list(key)
        if not items:
            raise self.fault(key, say(N_("The list is empty.")))
        return tuple(
            self._record((key, position), item)
            for position, item in enumerate(items, start=1)
        )

    def record(self, key: str) -> Record:
        """The object at ``key``."""
        return self._record((key,), self.raw.get(key))

    def fault(self, key: str | Path, sentence: Sentence) -> ScoringError:
        """The refusal of what stands at ``key``, ready to be raised."""
        path = (key,) if isinstance(key, str) else key
        return self.error(sentence, where_text(self.path + path))

    def _record(self, path: Path, value: object) -> Record:
        if not isinstance(value, Mapping):
            raise self.fault(path, say(N_("Here an object {…} is needed.")))
        return Record(value, self.error, self.decimals, self.path + path, self.figures)

    def _list(self, key: str) -> list[object] | tuple[object, ...]:
        value = self.raw.get(key)
        if not isinstance(value, list | tuple):
            raise self.fault(key, say(N_("Here a list is needed.")))
        return value

    def _text(self, path: Path, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.fault(path, say(N_("Here a text is needed.")))
        if not is_storable(value):
            raise self.fault(
                path, say(N_("The text holds a character that cannot be stored."))
            )
        return value

    def _whole(self, path: Path, value: object, low: int, high: int | None) -> int:
        figure = self._figure(path, value, low, high)
        if figure != figure.to_integral_value():
            raise self.fault(
                path,
                say(N_("%(figure)s is not a whole number."), figure=figure),
            )
        return int(figure)

    def _figure(
        self,
        path: Path,
        value: object,
        low: Decimal | int | None,
        high: Decimal | int | None,
    ) -> Decimal:
        figure = as_figure(value)
        if figure is None:
            raise self.fault(path, say(N_("Here a number is needed.")))
        if self.decimals is not None and not decimal_places_ok(figure, self.decimals):
            raise self.fault(
                path,
                say(
                    N_("%(figure)s has more than %(places)s decimals."),
                    figure=figure,
                    places=self.decimals,
                ),
            )
        self._check_bounds(path, figure, low, high)
        self.figures[self.path + path] = figure
        return figure

    def _check_bounds(
        self,
        path: Path,
        figure: Decimal,
        low: Decimal | int | None,
        high: Decimal | int | None,
    ) -> None:
        if low is not None and figure < low:
            raise self.fault(
                path,
                say(N_("%(figure)s is below %(bound)s."), figure=figure, bound=low),
            )
        if high is not None and figure > high:
            raise self.fault(
                path,
                say(N_("%(figure)s is above %(bound)s."), figure=figure, bound=high),
            )


def where_text(path: Path) -> str:
    """``("bands", 2, "points")`` as ``bands[2].points``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def is_storable(text: str) -> bool:
    """Whether a database takes the text: no zero character, no half of a pair."""
    return not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in text)
