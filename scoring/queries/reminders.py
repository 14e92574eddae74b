"""Whom a manager's reminder reaches, and what each of them would read."""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoring.labels import RoleName
from scoring.models import Assessment, User
from scoring.permissions import OF_AGENCY
from scoring.queries.notices import role_holders
from scoring.queries.progress import FileProgress, progress_of, round_files
from scoring.states import FileState
from scoring.vietnamese import search_text

# States in which an agency can be reminded of something.
STATES = (
    FileState.NOT_STARTED,
    FileState.SCORING,
    FileState.WITH_LEADER,
    FileState.LOCKED_BY_CLOCK,
)
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LOOSE_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose work is meant: states of files, codes of groups (none: all), roles."""

    states: frozenset
    groups: frozenset
    roles: frozenset


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person for one file."""

    user: User
    row: FileProgress

    @property
    def file(self):
        return self.row.assessment

    @property
    def has_address(self):
        return bool(self.user.email.strip())


@dataclass(frozen=True, slots=True)
class Addressees:
    """``nobody``: files that are meant, of agencies where no one holds the role."""

    people: list[Addressee]
    nobody: list[FileProgress]

    def fingerprint(self, subject, text):
        """Stands for exactly these people and this text, from preview to sending."""
        pairs = [[one.file.pk, one.user.pk] for one in self.people]
        facts = json.dumps([subject, text, sorted(pairs)], ensure_ascii=False)
        return hashlib.sha256(facts.encode()).hexdigest()

    def without_address(self):
        return [one for one in self.people if not one.has_address]

    def samples(self):
        """The first addressee of each group, in the round's order."""
        first = {}
        for one in self.people:
            first.setdefault(one.file.group_id, one)
        return list(first.values())


def addressees(round_, choice, now=None):
    """Addressees of the choice as the files stand now; five queries."""
    now = now or timezone.now()
    files = round_files(round_, Assessment.objects.filter(is_assessed=True))
    rows = [
        row
        for row in progress_of(files, now)
        if row.state in choice.states
        and (not choice.groups or row.assessment.group.group.code in choice.groups)
    ]
    agencies = [row.assessment.agency_id for row in rows]
    people = defaultdict(dict)
    for role in role_holders(round_, choice.roles & OF_AGENCY, agencies):
        people[role.agency_id].setdefault(role.user_id, role.user)
    found = [
        Addressee(user, row)
        for row in rows
        for user in people[row.assessment.agency_id].values()
    ]
    nobody = [row for row in rows if not people[row.assessment.agency_id]]
    return Addressees(found, nobody)


# --- placeholders -------------------------------------------------------------------------


_SHOWN = {
    "vi": {"agency": "cơ quan", "deadline": "thời hạn", "progress": "tiến độ"},
    "en": {"agency": "agency", "deadline": "deadline", "progress": "progress"},
}


def shown(meaning):
    """The placeholder in the reader's language; both languages' are understood."""
    names = _SHOWN.get(get_language(), _SHOWN["en"])
    return "{" + names[meaning] + "}"


def placeholders():
    """``[(name, what it stands for)]``"""
    return [
        (shown("agency"), _("name of the agency")),
        (shown("deadline"), _("until when the agency may write")),
        (shown("progress"), _("criteria with points, such as 12/60")),
    ]


def proposed_words():
    """Subject and text that the form begins with."""
    names = {meaning: shown(meaning) for meaning in _SHOWN["en"]}
    return {
        "subject": _("Self-assessment of %(agency)s: until %(deadline)s") % names,
        "text": _(
            "%(agency)s is asked to complete its self-assessment before %(deadline)s. "
            "Criteria with points so far: %(progress)s."
        )
        % names,
    }


# Without marks, so that {thoi han} is understood for {thời hạn}.
_NAMES = {
    "agency": "agency",
    "co quan": "agency",
    "ten co quan": "agency",
    "deadline": "deadline",
    "han": "deadline",
    "thoi han": "deadline",
    "progress": "progress",
    "tien do": "progress",
}


def _meaning(name):
    plain = search_text(unicodedata.normalize("NFC", name))
    return _NAMES.get(" ".join(plain.replace("_", " ").split()))


def unknown_placeholders(text):
    """What stands in braces and is none, as typed; a brace alone is one, too."""
    unknown = [
        match.group(0)
        for match in PLACEHOLDER.finditer(text)
        if _meaning(match.group(1)) is None
    ]
    return [*unknown, *LOOSE_BRACE.findall(PLACEHOLDER.sub("", text))]


def filled(text, row):
    """The text for one file; only whole placeholders are replaced, and once."""
    values = {
        "agency": row.assessment.name_vi,
        "deadline": date_format(localtime(row.deadline), "DATETIME_FORMAT")
        if row.deadline
        else "—",
        "progress": f"{row.self_scored}/{row.to_score}",
    }
    return PLACEHOLDER.sub(lambda match: values[_meaning(match.group(1))], text)


def role_choices():
    return [(name.value, name.label) for name in (RoleName.OFFICER, RoleName.LEADER)]
