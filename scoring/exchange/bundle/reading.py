"""From a bundle's files to a checked ``RoundContent``; nothing is stored here."""

from django.utils.translation import gettext as _

from scoring.actions.round_content import (
    FileContent,
    GroupContent,
    RoundContent,
    SetContent,
    canonical_rows,
)
from scoring.index.errors import ScoringError, TreeErrors
from scoring.index.figures import as_figure
from scoring.index.tree import read_tree
from scoring.index.values import CriterionRow
from scoring.refusals import Refused

from . import layout, tables
from .faults import Faults
from .round_file import RoundFile, read_round
from .source import opened
from .values import ScoreReader, SurveyReader, is_text


def read_bundle(path, *, progress=iter, more=lambda year: ""):
    """Read and check the bundle at ``path`` (folder or .zip).

    progress  wraps the rows of scores.csv while they are read
    more      asked for one further reason against the year that round.json names
    Returns a RoundContent, or refuses: BundleRefused with every fault, each with
    file, row and column; Refused when there is no bundle at all.
    """
    with opened(path) as source:
        reader = _Bundle(source, progress)
        content = reader.read()
        if reader.year is not None and (reason := more(reader.year)):
            reader.faults.add("", reason)
        reader.faults.refuse_if_any()
        return content


class _Bundle:
    """Reads file after file. What a faulty file would have said is None from there
    on, and what refers to it is not blamed again."""

    def __init__(self, source, progress):
        self.source = source
        self.progress = progress
        self.faults = Faults()
        self.year = None
        self.sets: dict[str, SetContent | None] = {}
        self.groups: dict[str, GroupContent] | None = None
        self.files: dict[str, FileContent] | None = None

    def read(self):
        self.check_names()
        round_file = self.read_with(layout.ROUND, read_round) or RoundFile()
        self.year = round_file.year
        self.read_sets(round_file)
        self.groups = self.read_groups(round_file)
        self.files = self.read_agencies()
        self.read_exemptions()
        self.read_scores()
        self.read_surveys()
        if self.faults.found:
            return None
        return RoundContent(
            year=round_file.year,
            facts=round_file.facts,
            phases=round_file.phases,
            sets=self.sets,
            groups=tuple(self.groups.values()),
            files=self.files,
        )

    # --- files -------------------------------------------------------------------

    def check_names(self):
        for name in layout.FILES:
            if name not in self.source.names:
                self.faults.add(name, _("This file is missing."))
        for name in sorted(self.source.names):
            if name not in layout.FILES and not layout.CRITERIA_FILE.fullmatch(name):
                self.faults.add(name, _("This file has no place in a round bundle."))

    def read_with(self, name, function):
        """What ``function`` makes of the file; None when it is missing or damaged."""
        if name not in self.source.names:
            return None
        try:
            with self.source.open(name) as stream:
                return function(stream, self.faults)
        except (Refused, OSError) as damage:
            self.faults.add(name, str(damage))
            return None

    def table(self, name, columns, take, *, most=None, progress=iter):
        """Give every sound row to ``take(row, *texts)``; False if none was read."""

        def read(stream, faults):
            known = len(faults.found)
            any_row = False
            rows = tables.rows(stream, name, columns, faults, most=most)
            for number, texts in progress(rows):
                any_row = True
                take(number, *texts)
            return any_row or len(faults.found) == known

        return bool(self.read_with(name, read))

    # --- criteria sets -----------------------------------------------------------

    def read_sets(self, round_file):
        found = {
            match[1]
            for match in map(layout.CRITERIA_FILE.fullmatch, self.source.names)
            if match
        }
        for name in sorted(found):
            rows, numbers, is_whole = self.read_criteria(name)
            meta = round_file.metas.get(name)
            if meta is None:
                if round_file.is_readable:
                    self.faults.add(
                        layout.ROUND,
                        _("This entry is missing."),
                        column=f"criteria.{name}",
                    )
                self.sets[name] = None
                continue
            self.sets[name] = self.checked_set(name, meta, rows, numbers, is_whole)
        for name in round_file.metas:
            if name not in found:
                self.sets[name] = None
                self.faults.add(layout.criteria_file(name), _("This file is missing."))

    def read_criteria(self, name):
        """The rows as they stand, their row numbers, whether all could be read."""
        file = layout.criteria_file(name)
        rows, numbers = [], []
        known = len(self.faults.found)

        def take(number, code, parent, name_vi, name_en, max_points, rule, parameters):
            self.check_text(file, number, "code", code, layout.CRITERION_CODE_LENGTH)
            self.check_text(file, number, "name_vi", name_vi, None)
            rows.append(
                CriterionRow(
                    code=code,
                    parent_code=parent,
                    name_vi=name_vi,
                    name_en=name_en,
                    max_points=self.max_points(file, number, max_points),
                    rule=rule,
                    parameters=parameters,
                )
            )
            numbers.append(number)

        self.table(file, layout.CRITERIA_COLUMNS, take, most=layout.MOST_PLACES)
        return rows, numbers, len(self.faults.found) == known

    def max_points(self, file, number, text):
        if not text:
            return None
        figure = as_figure(text)
        if figure is None:
            self.not_a_number(file, number, "max_points", text)
        return figure

    def checked_set(self, name, meta, rows, numbers, is_whole):
        """The set through the engine; None when anything is wrong with it."""
        if None in meta.values():
            return None
        file = layout.criteria_file(name)
        told = {(fault.row, fault.column) for fault in self.faults.found}
        try:
            tree = read_tree(
                rows,
                points_decimals=meta["points_decimals"],
                cap_at_100=meta["cap_at_100"],
            )
        except TreeErrors as errors:
            for index, column, sentence in errors.faults:
                row = numbers[index] if numbers else 1
                if (row, column) not in told and (rows or is_whole):
                    self.faults.add(
                        file, ScoringError(sentence), row=row, column=column
                    )
            return None
        if not is_whole:
            return None
        return SetContent(name, meta, canonical_rows(rows, tree), tree)

    # --- groups and agencies -----------------------------------------------------

    def read_groups(self, round_file):
        groups, first = {}, {}

        def take(number, code, name_vi, name_en, criteria):
            file = layout.GROUPS
            self.check_code(file, number, "code", code, layout.CODE_LENGTH)
            self.check_repeated(file, number, first, "code", code)
            self.check_text(file, number, "name_vi", name_vi, layout.NAME_LENGTH)
            self.check_length(file, number, "name_en", name_en, layout.NAME_LENGTH)
            if criteria not in self.sets:
                self.faults.add(
                    file,
                    _("There is no file criteria/%(name)s.csv.") % {"name": criteria},
                    row=number,
                    column="criteria",
                )
            groups.setdefault(code, GroupContent(code, name_vi, name_en, criteria))

        read = self.table(
            layout.GROUPS, layout.COLUMNS[layout.GROUPS], take, most=layout.MOST_PLACES
        )
        if not read:
            return None
        used = {group.criteria for group in groups.values()}
        for name in sorted(set(self.sets) - used):
            self.faults.add(
                layout.criteria_file(name), _("No group uses this criteria set.")
            )
        return groups

    def read_agencies(self):
        agencies, first = {}, {}

        def take(number, code, name_vi, group, assessed, reason):
            file = layout.AGENCIES
            self.check_code(file, number, "code", code, layout.AGENCY_CODE_LENGTH)
            self.check_repeated(file, number, first, "code", code)
            self.check_text(file, number, "name_vi", name_vi, layout.NAME_LENGTH)
            if self.groups is not None and group not in self.groups:
                self.faults.add(
                    file,
                    _("The group %(code)s does not stand in groups.csv.")
                    % {"code": group or "—"},
                    row=number,
                    column="group",
                )
            if assessed not in ("yes", "no"):
                self.faults.add(
                    file, _("Here yes or no is needed."), row=number, column="assessed"
                )
            agencies.setdefault(
                code, FileContent(code, name_vi, group, assessed == "yes", reason)
            )

        read = self.table(
            layout.AGENCIES,
            layout.COLUMNS[layout.AGENCIES],
            take,
            most=layout.MOST_PLACES,
        )
        return agencies if read else None

    def set_of(self, file):
        """The set by which an agency is scored; None where that is in doubt."""
        group = (self.groups or {}).get(file.group)
        return self.sets.get(group.criteria) if group else None

    # --- exemptions, scores, surveys ---------------------------------------------

    def read_exemptions(self):
        first = {}

        def take(number, agency, criterion, document):
            name = layout.EXEMPTIONS
            file = self.known_agency(name, number, agency)
            self.check_length(
                name, number, "document", document, layout.DOCUMENT_LENGTH
            )
            self.check_repeated(name, number, first, "criterion", agency, criterion)
            if file is None:
                return
            own_set = self.set_of(file)
            if own_set is not None and criterion not in own_set.tree.by_code:
                self.unknown_criterion(name, number, criterion)
            file.exemptions[criterion] = document

        self.table(layout.EXEMPTIONS, layout.COLUMNS[layout.EXEMPTIONS], take)

    def read_scores(self):
        first = {}
        read_score = ScoreReader(self.faults).read

        def take(number, agency, criterion, layer, *rest):
            name = layout.SCORES
            file = self.known_agency(name, number, agency)
            self.check_repeated(name, number, first, "layer", agency, criterion, layer)
            own_set = self.set_of(file) if file else None
            tree = own_set.tree if own_set else None
            if tree and criterion not in tree.by_code:
                self.unknown_criterion(name, number, criterion)
                tree = None
            cell = read_score(number, tree, criterion, layer, *rest)
            if cell is not None:
                file.cells[criterion, layer] = cell

        self.table(
            layout.SCORES, layout.COLUMNS[layout.SCORES], take, progress=self.progress
        )

    def read_surveys(self):
        first = {}
        read_survey = SurveyReader(self.faults).read

        def take(number, agency, criterion, *rest):
            name = layout.SURVEYS
            file = self.known_agency(name, number, agency)
            self.check_repeated(name, number, first, "criterion", agency, criterion)
            own_set = self.set_of(file) if file else None
            tree = own_set.tree if own_set else None
            if tree and criterion not in tree.by_code:
                self.unknown_criterion(name, number, criterion)
                tree = None
            figure = read_survey(number, tree, agency, criterion, *rest)
            if file is not None and figure is not None:
                file.surveys[criterion] = figure

        self.table(layout.SURVEYS, layout.COLUMNS[layout.SURVEYS], take)

    # --- checks of single texts --------------------------------------------------

    def known_agency(self, name, number, code):
        if self.files is None:
            return None
        if code not in self.files:
            self.faults.add(
                name,
                _("The agency %(code)s does not stand in agencies.csv.")
                % {"code": code or "—"},
                row=number,
                column="agency",
            )
        return self.files.get(code)

    def unknown_criterion(self, name, number, code):
        self.faults.add(
            name,
            _("The criterion %(code)s does not stand in the agency's criteria set.")
            % {"code": code or "—"},
            row=number,
            column="criterion",
        )

    def not_a_number(self, name, number, column, text):
        self.faults.add(
            name,
            _("“%(text)s” is not a number in plain digits.") % {"text": text[:40]},
            row=number,
            column=column,
        )

    def check_repeated(self, name, number, first, column, *key):
        earlier = first.setdefault(key, number)
        if earlier != number:
            self.faults.add(
                name,
                _("This row repeats row %(row)s.") % {"row": earlier},
                row=number,
                column=column,
            )

    def check_code(self, name, number, column, code, most):
        if not layout.CODE.fullmatch(code) or len(code) > most:
            self.faults.add(
                name,
                _(
                    "A code of letters a–z, digits, hyphens and underscores is needed, "
                    "at most %(most)s characters."
                )
                % {"most": most},
                row=number,
                column=column,
            )

    def check_text(self, name, number, column, text, most):
        if not is_text(text):
            self.faults.add(
                name, _("Here a text is needed."), row=number, column=column
            )
        if most is not None:
            self.check_length(name, number, column, text, most)

    def check_length(self, name, number, column, text, most):
        if len(text) > most:
            self.faults.add(
                name,
                _("The text is longer than %(most)s.") % {"most": most},
                row=number,
                column=column,
            )
