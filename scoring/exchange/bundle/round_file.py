"""``round.json``: the round's own facts, its phases, its rules and its sets' facts."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from scoring.actions.round_content import PhaseContent
from scoring.index.errors import JsonError, ScoringError
from scoring.index.figures import shortest
from scoring.index.jsontext import read_object
from scoring.index.records import Record, is_storable
from scoring.index.sentences import N_, say
from scoring.index.values import MISSING_SURVEY, NOT_SCORED, TIE_BREAKERS
from scoring.labels import PhaseName

from . import layout
from .tables import BOM


@dataclass(slots=True)
class RoundFile:
    """What round.json says; entries that were faulty are missing."""

    year: int | None = None
    facts: dict = field(default_factory=dict)
    phases: tuple[PhaseContent, ...] = ()
    metas: dict[str, dict] = field(default_factory=dict)
    is_readable: bool = False


def read_round(stream, faults):
    """Read round.json; every fault goes to ``faults`` with the entry's path."""
    result = RoundFile()
    try:
        raw = read_object(stream.read().removeprefix(BOM).decode())
    except UnicodeDecodeError:
        faults.add(layout.ROUND, _("The text is not encoded as UTF-8."))
        return result
    except JsonError as error:
        faults.add(layout.ROUND, error)
        return result
    result.is_readable = True
    _Reader(Record(raw, JsonError), result, faults).read()
    return result


class _Reader:
    """Reads entry by entry, so that one fault hides no other."""

    def __init__(self, record, result, faults):
        self.record = record
        self.result = result
        self.faults = faults

    def read(self):
        self.check_keys(self.record, layout.ROUND_KEYS, (layout.SIMULATED,))
        self.result.year = self.given(self.record, "year", self.year)
        facts = self.result.facts
        facts["name_vi"] = self.text(self.record, "name_vi")
        facts["name_en"] = self.text(self.record, "name_en", may_be_blank=True)
        for key, words in (
            ("not_scored", NOT_SCORED),
            ("missing_survey", MISSING_SURVEY),
        ):
            facts[key] = self.given(self.record, key, self.record.one_of, words)
        facts["tie_breakers"] = self.given(
            self.record, "tie_breakers", self.tie_breakers
        )
        facts["bands"] = self.given(self.record, "bands", self.bands)
        facts["is_simulated"] = bool(self.attempt(self.simulated))
        self.result.phases = tuple(self.given(self.record, "phases", self.phases) or ())
        self.result.metas = self.given(self.record, "criteria", self.metas) or {}

    # --- tools -------------------------------------------------------------------

    def fault(self, error):
        self.faults.add(layout.ROUND, error, column=error.where)

    def attempt(self, function, *arguments, **options):
        """The result of ``function``, or None after its fault was noted."""
        try:
            return function(*arguments, **options)
        except ScoringError as error:
            self.fault(error)
            return None

    def given(self, record, key, function, *arguments):
        """As ``attempt``, for a key whose absence has been told already."""
        if key not in record.raw:
            return None
        return self.attempt(function, key, *arguments)

    def check_keys(self, record, required, optional=()):
        for key in required:
            if key not in record.raw:
                self.fault(record.fault(key, say(N_("This entry is missing."))))
        for key in record.raw:
            if key not in required and key not in optional:
                self.fault(record.fault(key, say(N_("This entry is unknown here."))))

    def text(self, record, key, *, most=layout.NAME_LENGTH, may_be_blank=False):
        return self.given(record, key, self.checked_text, record, most, may_be_blank)

    def checked_text(self, key, record, most, may_be_blank):
        text = record.raw[key]
        if not isinstance(text, str) or not (text.strip() or may_be_blank):
            raise record.fault(key, say(N_("Here a text is needed.")))
        if not is_storable(text):
            raise record.fault(
                key, say(N_("The text holds a character that cannot be stored."))
            )
        if len(text) > most:
            raise record.fault(
                key, say(N_("The text is longer than %(most)s."), most=most)
            )
        return text

    def items(self, record, key):
        """The objects of a list that may be empty."""
        return record.records(key) if record.raw[key] != [] else ()

    # --- entries -----------------------------------------------------------------

    def year(self, key):
        return self.record.whole(key, low=layout.FIRST_YEAR, high=layout.LAST_YEAR)

    def simulated(self):
        if layout.SIMULATED not in self.record.raw:
            return False
        if self.record.raw[layout.SIMULATED] is not True:
            raise self.record.fault(
                layout.SIMULATED,
                say(N_("This entry is true, or left out when nothing is simulated.")),
            )
        return True

    def tie_breakers(self, key):
        names = self.record.texts(key)
        for place, name in enumerate(names, start=1):
            path = (key, place)
            if name not in TIE_BREAKERS:
                raise self.record.fault(
                    path,
                    say(
                        N_("Here one of these is needed: %(choices)s."),
                        choices=", ".join(TIE_BREAKERS),
                    ),
                )
            if name in names[: place - 1]:
                raise self.record.fault(path, say(N_("It stands twice.")))
        return list(names)

    def bands(self, key):
        bands = []
        for record in self.items(self.record, key):
            self.check_keys(record, layout.BAND_KEYS)
            band = {
                "code": self.text(record, "code", most=layout.BAND_CODE_LENGTH),
                "name_vi": self.text(record, "name_vi"),
                "name_en": self.text(record, "name_en", may_be_blank=True),
                "from_percent": self.given(
                    record, "from_percent", self.percent, record
                ),
            }
            for unique in ("code", "from_percent"):
                if band[unique] in [other[unique] for other in bands if other[unique]]:
                    self.fault(record.fault(unique, say(N_("It stands twice."))))
            bands.append(band)
        return bands

    def percent(self, key, record):
        """A figure of at most four decimals, as the text that is stored."""
        limited = Record(record.raw, record.error, 4, record.path)
        return shortest(limited.number(key, low=0, high=layout.MOST_DEVIATION))

    def phases(self, key):
        names = list(PhaseName.values)
        records = self.items(self.record, key)
        phases = []
        for record in records:
            self.check_keys(record, layout.PHASE_KEYS)
            name = self.given(record, "phase", record.one_of, names)
            starts_at = self.given(record, "starts_at", self.moment, record)
            ends_at = self.given(record, "ends_at", self.moment, record)
            if starts_at and ends_at and ends_at <= starts_at:
                self.fault(
                    record.fault(
                        "ends_at", say(N_("The phase ends before it has begun."))
                    )
                )
            phases.append((record, PhaseContent(name, starts_at, ends_at)))
        self.check_order(key, [phase.name for __, phase in phases], names)
        for (__, earlier), (record, later) in itertools.pairwise(phases):
            if (
                earlier.ends_at
                and later.starts_at
                and later.starts_at < earlier.ends_at
            ):
                self.fault(
                    record.fault(
                        "starts_at",
                        say(N_("The phase begins before the one before it has ended.")),
                    )
                )
        return [phase for __, phase in phases]

    def check_order(self, key, found, names):
        if None not in found and found != names:
            self.fault(
                self.record.fault(
                    key,
                    say(
                        N_("All seven phases are needed, in this order: %(phases)s."),
                        phases=", ".join(names),
                    ),
                )
            )

    def moment(self, key, record):
        text = record.raw[key]
        refused = record.fault(
            key,
            say(
                N_(
                    "Here a date and time with its offset is needed, such as "
                    "%(example)s."
                ),
                example="2025-12-01T08:00:00+07:00",
            ),
        )
        if not isinstance(text, str):
            raise refused
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise refused from None
        in_range = layout.FIRST_YEAR <= moment.year <= layout.LAST_YEAR
        if moment.utcoffset() is None or not in_range:
            raise refused
        return moment

    def metas(self, key):
        metas = {}
        criteria = self.record.record(key)
        for name in criteria.raw:
            if not layout.CRITERIA_FILE.fullmatch(layout.criteria_file(name)):
                self.fault(
                    criteria.fault(
                        name,
                        say(
                            N_(
                                "The name may hold letters a–z, digits, hyphens and "
                                "underscores, at most %(most)s."
                            ),
                            most=layout.CODE_LENGTH,
                        ),
                    )
                )
                continue
            record = self.attempt(criteria.record, name)
            if record is not None:
                metas[name] = self.meta(record)
        return metas

    def meta(self, record):
        """A set's own facts; None where one of them is faulty."""
        self.check_keys(record, layout.SET_KEYS)
        most = layout.SET_NAME_LENGTH
        return {
            "name_vi": self.text(record, "name_vi", most=most),
            "name_en": self.text(record, "name_en", most=most, may_be_blank=True),
            "decision": self.text(record, "decision", most=most, may_be_blank=True),
            "points_decimals": self.given(
                record, "points_decimals", self.decimals, record
            ),
            "cap_at_100": self.given(record, "cap_at_100", record.flag),
        }

    def decimals(self, key, record):
        return record.whole(key, low=2, high=4)


# --- writing ---------------------------------------------------------------------


def round_text(round_, phases, sets):
    """round.json of a round: its keys in the documented order, figures as numbers.

    sets  ``{name: CriteriaSet}``
    """
    facts = {
        "year": round_.year,
        "name_vi": round_.name_vi,
        "name_en": round_.name_en,
        "phases": [
            {
                "phase": str(phase.name),
                "starts_at": _local(phase.starts_at),
                "ends_at": _local(phase.ends_at),
            }
            for phase in phases
        ],
        "tie_breakers": list(round_.tie_breakers),
        "bands": [
            {
                "code": band["code"],
                "name_vi": band.get("name_vi") or band["code"],
                "name_en": band.get("name_en", ""),
                "from_percent": Decimal(str(band["from_percent"])),
            }
            for band in round_.bands
        ],
        "not_scored": str(round_.not_scored),
        "missing_survey": str(round_.missing_survey),
        "criteria": {
            name: {key: getattr(sets[name], key) for key in layout.SET_KEYS}
            for name in sorted(sets)
        },
    }
    if round_.is_simulated:
        facts[layout.SIMULATED] = True
    return _json(facts, 0) + "\n"


def _local(moment):
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat()


def _json(value, depth):
    """JSON of two spaces a level with figures as exact numbers (json knows floats)."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict) and value:
        parts = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_json(item, depth + 1)}"
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(parts) + f"\n{outer}}}"
    if isinstance(value, list) and value:
        parts = [f"{inner}{_json(item, depth + 1)}" for item in value]
        return "[\n" + ",\n".join(parts) + f"\n{outer}]"
    if isinstance(value, Decimal):
        return shortest(value)
    return json.dumps(value, ensure_ascii=False)
