"""Agencies, appraisers and surveys at work in a round of the demonstration.

Every step is the action that the pages call, by a person with the right to it, at
a moment at which the clock allows it.
"""

import contextlib
from dataclasses import dataclass

from scoring.actions import appraisals, assessments, cells, surveys
from scoring.actions.surveys import SurveyFigure
from scoring.demo import people
from scoring.demo.papers import attach_report
from scoring.demo.simulate import chance_of, survey_figures
from scoring.demo.stories import story_of
from scoring.labels import Layer, PhaseName, RoleName
from scoring.models import Assessment, Role
from scoring.queries.criteria import tree_of


@dataclass(frozen=True, slots=True)
class Skills:
    """How good an agency is at its tasks, and in the eyes of those asked."""

    work: int
    survey: int


class Stage:
    """One round at work: who acts, when, and what each agency is like.

    twins  agencies that are like another one in all: ``{agency: its model}``
    """

    def __init__(self, round_, periods, users, skills, twins=None):
        self.round = round_
        self.periods = {period.name: period for period in periods}
        self.users = users
        self.skills = skills
        self.twins = twins or {}
        self.files = list(
            Assessment.objects.filter(round=round_)
            .select_related("round", "agency", "group__criteria_set", "group__round")
            .order_by("group__position", "position")
        )

    @property
    def assessed(self):
        return [file for file in self.files if file.is_assessed]

    def moment(self, phase, file, step=0):
        """A moment of the phase, another one for each file and step."""
        place = chance_of(self.round.year, phase, file.agency.code).randrange(100, 250)
        return self.periods[phase].at(place + 20 * step)

    # --- who acts ------------------------------------------------------------------

    def officer(self, file):
        return (
            self._of_agency(file, RoleName.OFFICER)
            or self.users[people.STAND_IN_OFFICER.username]
        )

    def leader(self, file):
        return (
            self._of_agency(file, RoleName.LEADER)
            or self.users[people.STAND_IN_LEADER.username]
        )

    def _of_agency(self, file, role):
        for account in people.AGENCY_ACCOUNTS:
            if account.agency == file.agency.code and account.role == role:
                return self.users[account.username]
        return None

    def appraiser(self, file):
        """Home Affairs appraises, but never itself."""
        first, second = people.APPRAISERS
        own = file.agency.code == first.agency
        return self.users[second.username if own else first.username]

    @property
    def manager(self):
        return self.users[people.MANAGER.username]

    @contextlib.contextmanager
    def stand_ins(self):
        """Officers and leaders of agencies without an account, while work is done."""
        pairs = (
            (people.STAND_IN_OFFICER, RoleName.OFFICER),
            (people.STAND_IN_LEADER, RoleName.LEADER),
        )
        rows = Role.objects.bulk_create(
            Role(
                user=self.users[account.username],
                name=name,
                round=self.round,
                agency=file.agency,
            )
            for account, name in pairs
            for file in self.assessed
        )
        self._forget_roles(pairs)
        yield
        Role.objects.filter(pk__in=[row.pk for row in rows]).delete()
        self._forget_roles(pairs)

    def _forget_roles(self, pairs):
        for account, __ in pairs:
            self.users[account.username].__dict__.pop("role_rows", None)

    # --- what is done --------------------------------------------------------------

    def stories(self, file):
        """What happens to each leaf of the file, in the set's order."""
        model = self.twins.get(file.agency.code, file.agency.code)
        skill = self.skills[model].work
        tree = tree_of(file.group.criteria_set).tree
        made = []
        for leaf in tree.leaves:
            if not leaf.is_survey:
                chance = chance_of(self.round.year, model, leaf.code)
                made.append(story_of(leaf, skill, chance, tree.points_decimals))
        return [story for story in made if story is not None]

    def score(self, file, stories, *, with_report=True):
        """The agency enters what it claims, with its evidence."""
        by = self.officer(file)
        claimed = [story for story in stories if story.claimed is not None]
        if with_report:
            codes = [
                story.code for story in claimed if not story.claimed.not_applicable
            ]
            at = self.moment(PhaseName.SELF_ASSESSMENT, file)
            attach_report(file, codes, by=by, at=at)
        cells.save(
            file,
            [story.claimed.change(story.code, Layer.SELF) for story in claimed],
            by=by,
            at=self.moment(PhaseName.SELF_ASSESSMENT, file, 1),
        )

    def hand_over(self, file):
        at = self.moment(PhaseName.SELF_ASSESSMENT, file, 2)
        assessments.hand_over(file, by=self.officer(file), at=at)

    def lock(self, file):
        self.hand_over(file)
        at = self.moment(PhaseName.SELF_ASSESSMENT, file, 3)
        assessments.lock(file, by=self.leader(file), at=at)

    def appraise(self, file, stories):
        """Judge what differs, with reasons; accept the rest as self-assessed."""
        by = self.appraiser(file)
        at = self.moment(PhaseName.APPRAISAL, file)
        judged = [
            story.appraised.change(story.code, Layer.APPRAISED)
            for story in stories
            if story.appraised is not None
        ]
        cells.save(file, judged, by=by, at=at)
        appraisals.accept_rest(
            file, by=by, at=self.moment(PhaseName.APPRAISAL, file, 1)
        )

    def appraise_again(self, file, stories):
        """Take up explanations that were accepted."""
        again = [
            story.explained.change(story.code, Layer.EXPLAINED)
            for story in stories
            if story.explained is not None
        ]
        if again:
            at = self.moment(PhaseName.SECOND_APPRAISAL, file)
            cells.save(file, again, by=self.appraiser(file), at=at)

    def survey(self, file, missing=frozenset()):
        """The figures of every leaf that a survey measures."""
        model = self.twins.get(file.agency.code, file.agency.code)
        skill = self.skills[model].survey
        for leaf in tree_of(file.group.criteria_set).tree.leaves:
            if leaf.is_survey and leaf.kind not in missing:
                chance = chance_of(self.round.year, model, leaf.code)
                yield SurveyFigure(
                    file.agency.code, leaf.code, *survey_figures(skill, chance)
                )

    def bring_surveys(self, figures):
        at = self.periods[PhaseName.SECOND_APPRAISAL].at(500)
        surveys.save(self.round, list(figures), by=self.manager, at=at)


def skills_of(year, codes, lowest, highest):
    """``{agency: Skills}`` spread over a range of thousandths."""
    skills = {}
    for code in codes:
        chance = chance_of(year, "skills", code)
        work = chance.randrange(lowest, highest)
        survey = min(970, work * 2 // 3 + 290 + chance.randrange(-30, 31))
        skills[code] = Skills(work, survey)
    return skills
