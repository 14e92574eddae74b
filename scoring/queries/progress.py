"""How far the files of a round have come: states, counts, deadlines, who is late."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from scoring.index.rollup import exempted_leaves
from scoring.labels import Layer, View
from scoring.models import Assessment, Cell, EvidenceLink, Exemption
from scoring.queries.criteria import tree_of
from scoring.states import FileState
from scoring.vietnamese import search_text


@dataclass(frozen=True, slots=True)
class FileProgress:
    """One file.

    to_score          criteria that take points of this agency (no surveys, no
                      exemptions, no bonus or penalty)
    self_scored, appraised
                      of those, how many have a value (N/A is one)
    explained         criteria judged again after explanation
    evidence_missing  self-assessed points above 0 whose required evidence is missing
    deadline          until when the agency may write
    is_late           locked by the deadline, not approved by the leader
    """

    assessment: Assessment
    state: FileState
    to_score: int
    self_scored: int
    appraised: int
    explained: int
    evidence_missing: int
    deadline: datetime | None
    is_late: bool

    @property
    def is_fully_appraised(self):
        return self.appraised == self.to_score


def round_files(round_, visible):
    """The round's files among ``visible``, in its order, with all they need; one query.

    visible  a queryset of permissions.visible_assessments
    """
    files = list(
        visible.filter(round=round_)
        .select_related("agency", "group__criteria_set", "group__group")
        .order_by("group__position", "group_id", "position", "pk")
    )
    for file in files:
        file.round = file.group.round = round_
    return files


def progress_of(files, now=None):
    """``[FileProgress]`` in the order of ``files``; three queries for any number.

    files  with round, agency and group__criteria_set at hand
    """
    now = now or timezone.now()
    out = _exempted(files)
    lacking = _evidence_missing(files)
    again = _counts(Cell.objects.filter(assessment__in=files, layer=Layer.EXPLAINED))
    return [
        _file_progress(file, out[file.pk], again[file.pk], lacking[file.pk], now)
        for file in files
    ]


def filtered(rows, *, group="", state="", query=""):
    """Rows of one group's code, one state, and names or codes that hold ``query``."""
    wanted = search_text(query.strip())
    return [
        row
        for row in rows
        if (not group or row.assessment.group.group.code == group)
        and (not state or row.state == state)
        and wanted in search_text(_searched(row.assessment))
    ]


def counts_by_group(rows):
    """``[(group, {state: number of files}, number late)]`` in the rows' order."""
    groups, states, late = {}, defaultdict(Counter), Counter()
    for row in rows:
        group = row.assessment.group
        groups.setdefault(group.pk, group)
        states[group.pk][row.state] += 1
        late[group.pk] += row.is_late
    return [(group, states[pk], late[pk]) for pk, group in groups.items()]


def _searched(assessment):
    agency = assessment.agency
    return f"{assessment.name_vi} {agency.name_vi} {agency.name_en} {agency.code}"


def _exempted(files):
    codes = defaultdict(set)
    trees = {file.pk: tree_of(file.group.criteria_set) for file in files}
    rows = Exemption.objects.filter(assessment__in=files)
    for pk, criterion_id in rows.values_list("assessment_id", "criterion_id"):
        codes[pk].add(trees[pk].codes[criterion_id])
    return {pk: exempted_leaves(tree.tree, codes[pk]) for pk, tree in trees.items()}


def _evidence_missing(files):
    """``{file: number of leaves}`` whose self-assessed points lack their evidence."""
    sets = {file.group.criteria_set for file in files}
    required = [
        tree.ids[leaf.code]
        for tree in map(tree_of, sets)
        for leaf in tree.tree.leaves
        if leaf.options.evidence_required
    ]
    linked = EvidenceLink.objects.filter(
        document__assessment=OuterRef("assessment"), criterion=OuterRef("criterion")
    )
    cells = Cell.objects.filter(
        assessment__in=files,
        criterion__in=required,
        layer=Layer.SELF,
        points__gt=0,
    )
    return _counts(cells.filter(~Exists(linked)))


def _counts(cells):
    rows = cells.order_by().values_list("assessment_id").annotate(Count("pk"))
    return Counter(dict(rows))


def _file_progress(file, out, explained, evidence_missing, now):
    tree = tree_of(file.group.criteria_set).tree
    to_score = sum(code not in out for code, __ in tree.plan.appraised)
    state = file.state_at(now)
    return FileProgress(
        assessment=file,
        state=state,
        to_score=to_score if file.is_assessed else 0,
        self_scored=_scored(file, View.SELF, to_score),
        appraised=_scored(file, View.APPRAISED, to_score),
        explained=explained,
        evidence_missing=evidence_missing,
        deadline=file.self_deadline(),
        is_late=file.is_assessed and state == FileState.LOCKED_BY_CLOCK,
    )


def _scored(file, view, to_score):
    """Criteria with a value, from the count of those without that is stored."""
    stored = file.totals.get(str(view))
    if not stored or not file.is_assessed:
        return 0
    return to_score - stored["not_scored"]
