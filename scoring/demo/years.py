"""The three rounds of the demonstration: what is told of each."""

from decimal import Decimal
from types import MappingProxyType

from scoring.actions import assessments, exemptions, files, surveys
from scoring.actions.surveys import SurveyFigure
from scoring.actions.totals import refresh_totals
from scoring.demo import notices
from scoring.demo.calendar import DATES_2019, at_hour, periods_around, periods_of
from scoring.demo.rounds import RoundPlan, SetPlan, open_round
from scoring.demo.simulate import chance_of
from scoring.demo.work import Stage, skills_of
from scoring.index.rollup import exempted_leaves
from scoring.index.values import index_of, round_half_up
from scoring.labels import LeafKind, PhaseName, View
from scoring.models import SurveyResult
from scoring.queries.criteria import tree_of
from scoring.queries.totals import totals_from_json
from scoring.states import FileState

DEPARTMENT = SetPlan(
    "department",
    "Bộ tiêu chí đánh giá CCHC của sở, ban, ngành",
    "Criteria set for departments and agencies",
    4,
)
COMMUNE = SetPlan(
    "commune",
    "Bộ tiêu chí đánh giá CCHC của UBND xã, phường, đặc khu",
    "Criteria set for communes, wards and special zones",
    4,
)
GENERAL = SetPlan(
    "general",
    "Bộ tiêu chí đánh giá CCHC của các sở, ban, ngành và UBND các quận, huyện",
    "Criteria set for departments and districts",
    2,
)
SINCE_2025 = (("so", "department"), ("phuong", "commune"), ("xa-dac-khu", "commune"))

PUBLISHED = RoundPlan(2019, (GENERAL,), (("so", "general"), ("quan-huyen", "general")))
BEFORE_COUNCIL = RoundPlan(
    2025,
    (DEPARTMENT, COMMUNE),
    SINCE_2025,
    not_assessed=(
        (
            "dac-khu-bach-long-vi",
            "Chưa tổ chức đánh giá trong kỳ này (giả định của dữ liệu mô phỏng).",
        ),
    ),
)
SELF_ASSESSMENT = RoundPlan(2026, (DEPARTMENT, COMMUNE), SINCE_2025)

# Which phase is open on the day the demonstration runs, and since how many days.
OPEN_PHASES = {
    2025: (PhaseName.COUNCIL, 3),
    2026: (PhaseName.SELF_ASSESSMENT, 12),
}

EXEMPTIONS = {
    "thanh-tra-thanh-pho": ("3.3", "3.4", "7.1"),
    "van-phong-ubnd-thanh-pho": ("6.4",),
    "so-ngoai-vu": ("6.1", "6.4"),
    "dac-khu-cat-hai": ("6.4",),
}
EXEMPTING_DOCUMENT = "Công văn số 15/SNV-CCHC ngày 10/11/2025 (số hiệu mô phỏng)"
# The leader of these did not approve in time: the clock locked them.
LOCKED_BY_CLOCK = ("xa-tan-an", "phuong-nam-dong")
NOT_SURVEYED = "xa-tran-phu"
# Alike in everything, so that they share a rank.
EQUAL = {"phuong-an-bien": "phuong-gia-vien"}
# Alike but for a thousandth of a point: the same published index, another rank.
NEARLY_EQUAL = {"so-y-te": "so-xay-dung"}
NUDGES = (Decimal("0.1"), Decimal("-0.1"))

# What the officer of a file has to find when the demonstration begins.
GIVEN_STATES = {
    "phuong-hong-bang": FileState.SCORING,
    "xa-an-lao": FileState.WITH_LEADER,
    "so-cong-thuong": FileState.LOCKED,
    "xa-vinh-am": FileState.SCORING,
}
EXTENDED = "xa-vinh-am"


def periods_on(year, today):
    open_phase, days_gone = OPEN_PHASES[year]
    return periods_around(today, open_phase, days_gone)


# --- 2019: published -----------------------------------------------------------------


def tell_2019(agencies, users):
    """Everything up to the Council; the Council itself is told by councils/demo.py."""
    periods = periods_of(DATES_2019)
    round_ = open_round(PUBLISHED, periods, agencies)
    stage = Stage(round_, periods, users, _skills(round_, 700, 950))
    _assess_all(stage)
    notices.forget(round_)
    return stage


# --- 2025: before the Council ----------------------------------------------------------


def tell_2025(agencies, users, today):
    periods = periods_on(2025, today)
    round_ = open_round(BEFORE_COUNCIL, periods, agencies)
    twins = {**EQUAL, **NEARLY_EQUAL}
    stage = Stage(round_, periods, users, _skills(round_, 680, 950), twins)
    for file in stage.assessed:
        if file.agency.code in EXEMPTIONS:
            _exempt(stage, file, EXEMPTIONS[file.agency.code])
    _assess_all(stage, EXEMPTIONS)
    for file in stage.files:
        if file.agency.code in NEARLY_EQUAL:
            _nudge(stage, file)
    notices.forget(round_)
    return stage


def _skills(round_, lowest, highest):
    codes = round_.assessments.values_list("agency__code", flat=True)
    return skills_of(round_.year, codes, lowest, highest)


def _assess_all(stage, exempted=MappingProxyType({})):
    figures = []
    with stage.stand_ins():
        for file in stage.assessed:
            stories = _stories(stage, file, exempted.get(file.agency.code, ()))
            stage.score(file, stories)
            if file.agency.code in LOCKED_BY_CLOCK:
                stage.hand_over(file)
            else:
                stage.lock(file)
            stage.appraise(file, stories)
            stage.appraise_again(file, stories)
            code = file.agency.code
            missing = {LeafKind.SATISFACTION} if code == NOT_SURVEYED else set()
            figures += stage.survey(file, missing)
    stage.bring_surveys(figures)


def _stories(stage, file, exempted):
    """Nobody scores what does not apply to the agency."""
    out = exempted_leaves(tree_of(file.group.criteria_set).tree, exempted)
    return [story for story in stage.stories(file) if story.code not in out]


def _exempt(stage, file, codes):
    at = stage.periods[PhaseName.SELF_ASSESSMENT].at(0)
    locked = files.lock(file)
    documents = dict.fromkeys(codes, EXEMPTING_DOCUMENT)
    exemptions.write(locked, documents, by=stage.manager, at=at)
    refresh_totals(locked)
    locked.save(update_fields=["totals", "ledger_length", "ledger_head"])


def _nudge(stage, file):
    """Move one survey figure so little that the published index stays."""
    file.refresh_from_db(fields=["totals"])
    totals = totals_from_json(file.totals, View.FINAL)
    tree = tree_of(file.group.criteria_set)
    leaf = next(
        leaf
        for leaf in tree.tree.leaves
        if leaf.kind == LeafKind.SOCIOLOGICAL and leaf.max_points == 1
    )
    result = SurveyResult.objects.get(assessment=file, criterion=tree.ids[leaf.code])
    nudge = next(nudge for nudge in NUDGES if _stays_published(totals, nudge / 100))
    figure = SurveyFigure(
        file.agency.code,
        leaf.code,
        result.answers,
        result.mean_percent + nudge,
        result.standard_deviation,
    )
    at = stage.periods[PhaseName.SECOND_APPRAISAL].at(600)
    surveys.save(stage.round, [figure], by=stage.manager, at=at)


def _stays_published(totals, points):
    index = index_of(
        totals.points + points,
        totals.max_points,
        totals.bonus_points,
        totals.penalty_points,
        cap_at_100=True,
    )
    return round_half_up(index, 2) == totals.index_2


# --- 2026: in self-assessment ------------------------------------------------------------


def tell_2026(agencies, users, today):
    periods = periods_on(2026, today)
    round_ = open_round(SELF_ASSESSMENT, periods, agencies)
    stage = Stage(round_, periods, users, _skills(round_, 680, 950))
    with stage.stand_ins():
        for file in stage.assessed:
            _begin(stage, file)
        _extend(stage, today)
    notices.tell(stage)
    return stage


def _begin(stage, file):
    state = _early_state(file)
    stories = stage.stories(file)
    if state == FileState.NOT_STARTED:
        return
    if state == FileState.SCORING:
        share = chance_of(2026, "share", file.agency.code).randrange(15, 85)
        stories = stories[: len(stories) * share // 100]
    stage.score(file, stories)
    if state == FileState.WITH_LEADER:
        stage.hand_over(file)
    elif state == FileState.LOCKED:
        stage.lock(file)


def _early_state(file):
    code = file.agency.code
    drawn = chance_of(2026, "state", code).choices(
        (
            FileState.NOT_STARTED,
            FileState.SCORING,
            FileState.WITH_LEADER,
            FileState.LOCKED,
        ),
        (25, 45, 10, 20),
    )
    return GIVEN_STATES.get(code, drawn[0])


def _extend(stage, today):
    (file,) = [f for f in stage.files if f.agency.code == EXTENDED]
    period = stage.periods[PhaseName.SELF_ASSESSMENT]
    last = period.ends_at.date().toordinal() + 10
    until = at_hour(type(today).fromordinal(last), period.ends_at.time())
    assessments.extend(
        file,
        until=until,
        reason="Cán bộ đầu mối thay đổi, cần thêm thời gian tập hợp tài liệu.",
        document="Công văn số 27/SNV-CCHC (số hiệu mô phỏng)",
        by=stage.manager,
        at=stage.moment(PhaseName.SELF_ASSESSMENT, file, 3),
    )
