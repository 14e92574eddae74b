"""Store a whole round at once: an administrator's act, from a round bundle.

Bound by the rules of the trade like every change (the engine has checked each
cell), but not by phases or the states of files. All or nothing, each difference
with its ledger line. What a bundle does not speak of stays: states, evidence,
opinions, votes.
"""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions import files, round_files, round_sets, surveys
from scoring.actions.round_content import FileContent
from scoring.actions.statistics import refresh_statistics
from scoring.actions.totals import refresh_round
from scoring.models import (
    Agency,
    AgencyGroup,
    Assessment,
    LedgerLine,
    Phase,
    Round,
    RoundGroup,
    User,
)
from scoring.queries.criteria import forget_trees
from scoring.refusals import Refused
from scoring.states import GroupState, RoundState

SYSTEM = "system"


@dataclass(slots=True)
class LoadReport:
    """How much a load changed (or would change).

    cells     changed or new; withdrawn  cells whose value is gone
    kept      agencies that the bundle lacks and that stay, as not assessed
    settings  names of the facts of a present round that changed
    versions  new versions of criteria sets that a present round takes
    """

    agencies: int = 0
    cells: int = 0
    withdrawn: int = 0
    surveys: int = 0
    exemptions: int = 0
    kept: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


def load(content, *, by=None, replace=False, dry_run=False, at=None, progress=iter):
    """Store a checked ``RoundContent``; returns a LoadReport.

    by        who loads; None: the account ``system``, made when first needed
    replace   an existing round takes the bundle's content; refused without it
    dry_run   do everything, then undo it, so that the report is exact
    progress  wraps the files while they are written
    Refused: an existing year without ``replace``; a year of which a group has been
    adopted, always.
    """
    at = at or timezone.now()
    try:
        with transaction.atomic():
            round_ = _lock_round(content.year, replace=replace)
            report = _Load(content, round_, by or system_user(), at).run(progress)
            refresh_statistics()
            transaction.set_rollback(dry_run)
    finally:
        # When it was undone, the keys of its sets may be given again.
        forget_trees()
    return report


def system_user():
    """The account in whose name commands act; nobody can sign in with it."""
    user, __ = User.objects.get_or_create(
        username=SYSTEM,
        defaults={
            "full_name": _("System"),
            "is_active": False,
            "password": make_password(None),
        },
    )
    return user


def refusal(year, *, replace):
    """Why a bundle of that year cannot be loaded whatever it says; else empty."""
    round_ = Round.objects.filter(year=year).first()
    return _refusal(round_, replace=replace) if round_ else ""


def _lock_round(year, *, replace):
    """The rows of the round and its groups, held; None for a new year.

    Groups before files, as an adoption locks them: neither can pass the other.
    """
    round_ = Round.objects.select_for_update().filter(year=year).first()
    if round_ is None:
        return None
    list(RoundGroup.objects.select_for_update().filter(round=round_).order_by("pk"))
    if sentence := _refusal(round_, replace=replace):
        raise Refused(sentence)
    return round_


def _refusal(round_, *, replace):
    if round_.state != RoundState.OPEN:
        return _("The round %(year)s is closed; a bundle cannot change it.") % {
            "year": round_.year
        }
    adopted = round_.groups.exclude(state=GroupState.OPEN).first()
    if adopted:
        return _(
            "%(group)s of %(year)s has been adopted by the Council; a bundle cannot "
            "change it."
        ) % {"group": adopted.name, "year": round_.year}
    if not replace:
        return _(
            "The round %(year)s exists. Load the bundle with --replace to change it."
        ) % {"year": round_.year}
    return ""


class _Load:
    """One load: the round, then its sets and groups, then its files."""

    def __init__(self, content, round_, by, at):
        self.content = content
        self.round = round_
        self.by = by
        self.at = at
        self.report = LoadReport(agencies=len(content.files))

    def run(self, progress):
        present = self._present_files()
        sets = round_sets.sets_for(self.content, self.round, at=self.at)
        self._note_settings(sets)
        self._save_round()
        wanted = {**self.content.files, **self._kept(present)}
        before = {code: round_files.facts_of(file) for code, file in present.items()}
        self._leave_old_sets(present, wanted, sets)
        groups = self._save_groups(sets)
        self._save_files(present, wanted, groups)
        self._write_files(wanted, before, progress)
        self._drop_groups()
        refresh_round(self.round)
        return self.report

    # --- the round ---------------------------------------------------------------

    def _note_settings(self, sets):
        """What a present round's own rules lose or gain: it moves ranks, too."""
        if self.round is None:
            return
        changed = [
            name
            for name, value in self.content.facts.items()
            if getattr(self.round, name) != value
        ]
        if self._phase_facts(self.round.phase_rows) != self._phase_facts(
            self.content.phases
        ):
            changed.append("phases")
        self.report.settings = tuple(changed)
        used = set(
            RoundGroup.objects.filter(round=self.round).values_list(
                "criteria_set", flat=True
            )
        )
        self.report.versions = tuple(
            str(criteria_set)
            for criteria_set in sets.values()
            if criteria_set.pk not in used
        )

    def _phase_facts(self, phases):
        return [(phase.name, phase.starts_at, phase.ends_at) for phase in phases]

    def _save_round(self):
        self.round = self.round or Round(year=self.content.year)
        for name, value in self.content.facts.items():
            setattr(self.round, name, value)
        self.round.save()
        self.round.phases.all().delete()
        Phase.objects.bulk_create(
            Phase(
                round=self.round,
                name=phase.name,
                starts_at=phase.starts_at,
                ends_at=phase.ends_at,
            )
            for phase in self.content.phases
        )

    def _save_groups(self, sets):
        """``{group code: RoundGroup}``, new and known, those not named included."""
        known = {group.group.code: group for group in self._stored_groups()}
        for position, group in enumerate(self.content.groups):
            stored = known.get(group.code) or RoundGroup(
                round=self.round, group=self._agency_group(group, position)
            )
            stored.criteria_set = sets[group.criteria]
            stored.position = position
            stored.name_vi, stored.name_en = group.name_vi, group.name_en
            stored.save()
            known[group.code] = stored
        named = {group.code for group in self.content.groups}
        for code, stored in known.items():
            if code not in named:
                stored.position += len(self.content.groups)
                stored.save(update_fields=["position"])
        return known

    def _stored_groups(self):
        return RoundGroup.objects.filter(round=self.round).select_related("group")

    def _agency_group(self, group, position):
        """The group among all groups; a known one keeps its name and place."""
        return AgencyGroup.objects.get_or_create(
            code=group.code,
            defaults={
                "name_vi": group.name_vi,
                "name_en": group.name_en,
                "position": position,
            },
        )[0]

    def _drop_groups(self):
        """Groups that the bundle lacks go, unless something hangs on them."""
        named = {group.code for group in self.content.groups}
        for group in self._stored_groups():
            if group.group.code not in named:
                _delete_unless_used(group)

    # --- its files ---------------------------------------------------------------

    def _present_files(self):
        if self.round is None:
            return {}
        known = files.lock_all(Assessment.objects.filter(round=self.round))
        return {file.agency.code: file for file in known.values()}

    def _kept(self, present):
        """Files that the bundle lacks: emptied, not assessed, never deleted, since
        their ledger, evidence and opinions outlive the load."""
        missing = {
            code: file
            for code, file in present.items()
            if code not in self.content.files
        }
        kept = {
            code: FileContent(
                agency=code,
                name_vi=file.name_vi,
                group=file.group.group.code,
                is_assessed=False,
                reason=_("Not in the round bundle that was loaded last."),
            )
            for code, file in missing.items()
        }
        self.report.kept = tuple(sorted(kept))
        return kept

    def _leave_old_sets(self, present, wanted, sets):
        """Move every file whose set changes from the old set's rows to the new's."""
        set_of_group = {g.code: sets[g.criteria] for g in self.content.groups}
        for code, file in present.items():
            new_set = set_of_group.get(wanted[code].group, file.group.criteria_set)
            if new_set.pk != file.group.criteria_set_id:
                self.report.withdrawn += round_files.move_to_set(
                    file, new_set, by=self.by, at=self.at
                )

    def _save_files(self, present, wanted, groups):
        agencies = self._agencies(wanted, groups)
        heads = _ledger_heads(self.content.year, set(wanted) - set(present))
        new = []
        for position, (code, content) in enumerate(wanted.items()):
            file = present.get(code)
            if file is None:
                file = Assessment(round=self.round, agency=agencies[code])
                file.ledger_length, file.ledger_head = heads.get(code, (0, ""))
                new.append(file)
            file.group = groups[content.group]
            file.position = position
            file.name_vi = content.name_vi
            file.is_assessed = content.is_assessed
            file.not_assessed_reason = content.reason
        Assessment.objects.bulk_create(new)
        Assessment.objects.bulk_update(
            present.values(),
            [
                "group",
                "position",
                "name_vi",
                "is_assessed",
                "not_assessed_reason",
                "ledger_length",
                "ledger_head",
            ],
            batch_size=50,
        )

    def _agencies(self, wanted, groups):
        known = {a.code: a for a in Agency.objects.filter(code__in=wanted)}
        for code, content in wanted.items():
            if code not in known:
                known[code] = Agency.objects.create(
                    code=code,
                    name_vi=content.name_vi,
                    group=groups[content.group].group,
                )
        return known

    def _write_files(self, wanted, before, progress):
        locked = files.lock_all(Assessment.objects.filter(round=self.round))
        for file in progress(locked.values()):
            code = file.agency.code
            file.round = self.round
            changes = round_files.write(
                file, wanted[code], before.get(code), by=self.by, at=self.at
            )
            self.report.cells += changes.cells
            self.report.withdrawn += changes.withdrawn
            self.report.surveys += changes.surveys_removed
            self.report.exemptions += changes.exemptions
        figures = [
            figure for content in wanted.values() for figure in content.surveys.values()
        ]
        self.report.surveys += surveys.write(
            self.round, figures, by=self.by, at=self.at
        )


def _ledger_heads(year, codes):
    """``{agency: (length, head)}`` of chains that a deleted file left behind: a new
    file of that agency and year goes on where its ledger stopped."""
    lines = LedgerLine.objects.filter(year=year, agency_code__in=codes)
    return {
        line.agency_code: (line.sequence, line.hash)
        for line in lines.order_by("agency_code", "sequence")
    }


def _delete_unless_used(group):
    try:
        with transaction.atomic():
            group.delete()
    except ProtectedError:
        return
