"""A whole round is stored at once; a replacement leaves its differences in the ledger."""

from collections import Counter
from decimal import Decimal

import pytest
from django.utils import timezone

from scoring.actions import rounds
from scoring.exchange.bundle import bundle_files, read_bundle
from scoring.index.values import VIEWS
from scoring.labels import LedgerKind
from scoring.models import (
    Agency,
    Assessment,
    Cell,
    CriteriaSet,
    Criterion,
    EvidenceLink,
    Exemption,
    LedgerLine,
    Round,
    SurveyResult,
    User,
)
from scoring.queries.criteria import forget_trees
from scoring.queries.results import computed_results, stored_results
from scoring.refusals import Refused
from scoring.states import FileState, GroupState
from tests import papers
from tests.factories import UserFactory
from tests.scoring.exchange import bundles
from tests.scoring.exchange.bundles import CRITERIA_FILE, YEAR, changed, small

pytestmark = pytest.mark.django_db

SCORES, SURVEYS, EXEMPTIONS = "scores.csv", "surveys.csv", "exemptions.csv"


@pytest.fixture(autouse=True)
def trees_of_this_test():
    """Undone sets leave their keys to those of the next test."""
    forget_trees()


@pytest.fixture
def load(tmp_path):
    """Load texts; ``(round, report)``."""
    numbers = iter(range(100))

    def load_texts(texts, **options):
        path = bundles.write_folder(tmp_path / str(next(numbers)), texts)
        report = rounds.load(read_bundle(path), **options)
        return Round.objects.filter(year=YEAR).first(), report

    return load_texts


def file_of(agency):
    return Assessment.objects.get(round__year=YEAR, agency__code=agency)


def cell_of(agency, code, layer):
    return Cell.objects.get(
        assessment=file_of(agency), criterion__code=code, layer=layer
    )


def lines_after(count, agency):
    return list(LedgerLine.objects.filter(agency_code=agency)[count:])


def length(agency):
    return LedgerLine.objects.filter(agency_code=agency).count()


def everything():
    """Every row that a load could touch, to compare before and after."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (
            Round,
            CriteriaSet,
            Criterion,
            Agency,
            Assessment,
            Cell,
            SurveyResult,
            Exemption,
            LedgerLine,
            User,
        )
    }


def assert_chains_hold():
    for file in Assessment.objects.select_related("agency", "round"):
        lines = LedgerLine.objects.filter(
            year=file.round.year, agency_code=file.agency.code
        )
        head = ""
        for place, line in enumerate(lines, start=1):
            assert (line.sequence, line.previous_hash) == (place, head)
            assert line.hash == line.computed_hash()
            head = line.hash
        assert (file.ledger_length, file.ledger_head) == (len(lines), head)


def assert_totals_are_fresh(round_):
    for view in VIEWS:
        fresh = computed_results(round_, view)
        stored = stored_results(round_, view)
        assert [[row.totals for row in group.rows] for group in fresh] == [
            [row.totals for row in group.rows] for group in stored
        ]


# --- a new round -----------------------------------------------------------------------


def test_every_value_of_a_new_round_has_its_ledger_line(load):
    round_, report = load(small())

    kinds = Counter(LedgerLine.objects.values_list("kind", flat=True))
    assert kinds == {
        LedgerKind.LOADED: 17,
        LedgerKind.SURVEY: 3,
        LedgerKind.EXEMPTION: 2,
    }
    assert (report.cells, report.surveys, report.exemptions) == (17, 3, 2)
    assert (report.withdrawn, report.kept) == (0, ())
    line = LedgerLine.objects.get(
        agency_code="so-a", criterion_code="1.1", layer="appraised"
    )
    assert line.actor == "system"
    assert '"points": "0.5"' in line.after
    assert line.reason == "Kế hoạch ban hành chậm, ngày 5/2"
    assert line.rule_version.startswith("2031/bo-chung/v1#")
    assert_chains_hold()
    assert_totals_are_fresh(round_)


def test_the_account_system_is_made_on_demand_and_can_never_sign_in(load):
    load(small())

    user = User.objects.get(username="system")
    assert not user.is_active
    assert not user.has_usable_password()
    assert not user.roles.exists()


def test_a_named_person_stands_in_the_ledger(load):
    person = UserFactory(full_name="Quản trị", post="Văn phòng")

    load(small(), by=person)

    assert set(LedgerLine.objects.values_list("actor", "actor_name", "actor_post")) == {
        (person.username, "Quản trị", "Văn phòng")
    }
    assert not User.objects.filter(username="system").exists()


def test_files_stand_where_their_scores_say(load):
    """Appraised: locked; self-assessed: begun; nothing at all: not started."""
    texts = changed(SCORES, "so-z,1.2,self,,,proposed,Không có thủ tục\n", "")
    load(changed(SCORES, "so-z,1.3,self,0,,,\n", "", texts))

    states = {
        file.agency.code: file.state
        for file in Assessment.objects.select_related("agency")
    }
    assert states == {
        "so-a": FileState.LOCKED,
        "phuong-a": FileState.LOCKED,
        "so-moi": FileState.SCORING,
        "so-z": FileState.NOT_STARTED,
    }


def test_sets_are_frozen_and_their_parameters_canonical(load):
    texts = changed(
        CRITERIA_FILE,
        '"{""no"": 0, ""override_allowed"": false, ""yes"": 1}"',
        '"{""yes"":1.0,""no"":""0.00"",  ""override_allowed"":false}"',
    )
    load(texts)

    criteria_set = CriteriaSet.objects.get()
    assert criteria_set.frozen_at is not None
    assert criteria_set.criteria.get(code="1.4").parameters == (
        '{"no": 0, "override_allowed": false, "yes": 1}'
    )


def test_rows_of_agencies_that_are_not_assessed_are_kept_and_do_not_count(load):
    round_, __ = load(small())

    (so, __) = computed_results(round_, "self")
    row = next(r for r in so.rows if r.assessment.agency.code == "so-moi")
    assert cell_of("so-moi", "1.3", "self").points == Decimal("0.125")
    assert (row.status, row.rank, row.totals.index) == ("not_assessed", None, None)


def test_a_set_that_stands_ready_is_used_and_frozen_where_it_says_the_same(load):
    load(small())
    CriteriaSet.objects.update(year=2032, frozen_at=None)

    load(bundles.of_year(2032))

    (criteria_set,) = CriteriaSet.objects.all()
    assert criteria_set.frozen_at is not None


def test_a_set_that_stands_ready_and_differs_becomes_the_next_version(load):
    load(small())
    CriteriaSet.objects.update(year=2032)

    load(bundles.of_year(2032, changed(CRITERIA_FILE, "Sáng kiến", "Cách làm mới")))

    assert list(
        CriteriaSet.objects.order_by("version").values_list("year", "version")
    ) == [(2032, 1), (2032, 2)]


# --- refusals --------------------------------------------------------------------------


def test_an_existing_year_is_refused_without_replace(load):
    load(small())
    before = everything()

    with pytest.raises(Refused, match="--replace"):
        load(small())

    assert everything() == before


def test_an_adopted_year_is_refused_also_with_replace(load):
    round_, __ = load(small())
    round_.groups.filter(group__code="phuong").update(state=GroupState.ADOPTED)
    before = everything()

    for replace in (False, True):
        with pytest.raises(Refused, match="Khối UBND phường"):
            load(small(), replace=replace)

    assert everything() == before
    assert rounds.refusal(YEAR, replace=True)
    assert not rounds.refusal(YEAR + 1, replace=False)


def test_a_dry_run_counts_exactly_and_changes_nothing(load):
    before = everything()

    __, trial = load(small(), dry_run=True)

    assert everything() == before
    __, report = load(small())
    assert trial == report
    before = everything()
    texts = changed(SCORES, "so-a,1.3,appraised,0.5", "so-a,1.3,appraised,0.25")
    __, trial = load(texts, replace=True, dry_run=True)
    assert (trial.cells, trial.withdrawn) == (1, 0)
    assert everything() == before


def test_a_fault_in_the_middle_of_writing_leaves_nothing(load):
    before = everything()

    def stops(files):
        yield next(iter(files))
        raise Refused("stop")

    with pytest.raises(Refused, match="stop"):
        load(small(), progress=stops)

    assert everything() == before


# --- replace ---------------------------------------------------------------------------


def test_replacing_by_the_same_changes_nothing_but_the_clock(load):
    load(small())
    before = everything()

    round_, report = load(small(), replace=True)

    assert everything() == before
    assert (report.cells, report.withdrawn, report.surveys, report.exemptions) == (
        0,
        0,
        0,
        0,
    )
    assert bundle_files(round_) == bundles.as_bytes(small())


def test_cells_that_differ_are_changed_and_missing_ones_withdrawn(load):
    load(small())
    count = length("so-a")
    texts = changed(SCORES, "so-a,1.3,explained,0.875", "so-a,1.3,explained,0.5")
    texts = changed(SCORES, 'so-a,1.4,appraised,1,"{""yes"": true}",,\n', "", texts)

    round_, report = load(texts, replace=True)

    changed_line, withdrawn = lines_after(count, "so-a")
    assert (changed_line.kind, changed_line.criterion_code, changed_line.layer) == (
        LedgerKind.LOADED,
        "1.3",
        "explained",
    )
    assert '"points": "0.875"' in changed_line.before
    assert '"points": "0.5"' in changed_line.after
    assert (withdrawn.kind, withdrawn.criterion_code, withdrawn.after) == (
        LedgerKind.WITHDRAWN,
        "1.4",
        "",
    )
    assert (report.cells, report.withdrawn) == (1, 1)
    assert cell_of("so-a", "1.4", "appraised").is_blank
    assert cell_of("so-a", "1.3", "explained").version == 2
    assert bundle_files(round_) == bundles.as_bytes(texts)
    assert_chains_hold()
    assert_totals_are_fresh(round_)

    load(small(), replace=True)
    assert cell_of("so-a", "1.4", "appraised").points == 1
    assert cell_of("so-a", "1.4", "appraised").version == 3


def test_surveys_and_exemptions_change_and_go_with_their_lines(load):
    load(small())
    before = {"so-a": length("so-a"), "phuong-a": length("phuong-a")}
    texts = changed(SURVEYS, "88.125", "88.5")
    texts = changed(SURVEYS, "so-a,2.2,300,90.3333,\n", "", texts)
    texts = changed(EXEMPTIONS, "Công văn số 5/SNV", "Công văn số 7/SNV", texts)
    texts = changed(EXEMPTIONS, 'phuong-a,2,"Công văn số 6/SNV, mục 2"\n', "", texts)

    round_, report = load(texts, replace=True)

    surveys = {
        line.criterion_code: (line.kind, line.before != "", line.after != "")
        for line in lines_after(before["so-a"], "so-a")
    }
    assert surveys == {
        "2.1": (LedgerKind.SURVEY, True, True),
        "2.2": (LedgerKind.SURVEY, True, False),
    }
    exemptions = {
        line.criterion_code: (line.kind, line.after)
        for line in lines_after(before["phuong-a"], "phuong-a")
    }
    assert exemptions == {
        "1.3": (LedgerKind.EXEMPTION, '{"document": "Công văn số 7/SNV"}'),
        "2": (LedgerKind.EXEMPTION, ""),
    }
    assert (report.surveys, report.exemptions) == (2, 2)
    assert bundle_files(round_) == bundles.as_bytes(texts)
    assert_chains_hold()
    assert_totals_are_fresh(round_)


def test_no_ledger_line_is_lost_or_changed_by_replacing(load):
    load(small())
    before = list(LedgerLine.objects.order_by("pk").values())
    texts = {**small(), SCORES: small()[SCORES].splitlines()[0] + "\n"}

    load(texts, replace=True)

    assert list(LedgerLine.objects.order_by("pk").values())[: len(before)] == before
    assert LedgerLine.objects.filter(kind=LedgerKind.WITHDRAWN).count() == 17


def test_states_evidence_and_extensions_stay(load):
    load(small())
    person = UserFactory()
    file = file_of("so-z")
    Assessment.objects.filter(pk=file.pk).update(
        state=FileState.WITH_LEADER,
        extended_until=timezone.now(),
        extension_reason="bão",
        extension_document="12/SNV",
    )
    document = papers.document(file, "Kế hoạch", by=person)
    criteria_set = CriteriaSet.objects.get()
    for code in ("1.3", "1.4"):
        EvidenceLink.objects.create(
            document=document, criterion=criteria_set.criteria.get(code=code), page="3"
        )

    texts = changed(CRITERIA_FILE, "1.4,1,Công khai,,1,yes_no", "1.5,1,Mới,,1,yes_no")
    texts = changed(SCORES, "so-a,1.4,", "so-a,1.5,", texts)
    load(texts, replace=True)

    stayed = file_of("so-z")
    assert (stayed.state, stayed.extension_document) == (
        FileState.WITH_LEADER,
        "12/SNV",
    )
    links = EvidenceLink.objects.filter(document=document).order_by("pk")
    assert [
        (link.criterion.code, link.criterion.criteria_set.version, link.page)
        for link in links
    ] == [("1.3", 2, "3"), ("1.4", 1, "3")]
    load(small(), replace=True)
    assert [link.criterion.criteria_set.version for link in links.all()] == [3, 3]


def test_a_changed_set_becomes_a_new_version_and_everything_moves_there(load):
    load(small())
    old = CriteriaSet.objects.get()
    rows = list(old.criteria.values())
    texts = changed(CRITERIA_FILE, "1.3,1,Sáng kiến,,1,", "1.3,1,Sáng kiến,,2,")

    round_, report = load(texts, replace=True)

    new = CriteriaSet.objects.get(version=2)
    assert new.reason
    assert new.frozen_at is not None
    assert list(old.criteria.values()) == rows
    assert set(round_.groups.values_list("criteria_set", flat=True)) == {new.pk}
    for model in (Cell, SurveyResult, Exemption):
        sets = set(model.objects.values_list("criterion__criteria_set", flat=True))
        assert sets == {new.pk}
    assert cell_of("so-a", "1.3", "self").high_points == 2
    assert (report.cells, report.withdrawn) == (0, 0)
    moved = LedgerLine.objects.filter(agency_code="so-a").last()
    assert moved.kind == LedgerKind.LOADED
    assert "2031/bo-chung/v1#" in moved.before
    assert "2031/bo-chung/v2#" in moved.after
    assert bundle_files(round_) == bundles.as_bytes(texts)
    assert_chains_hold()
    assert_totals_are_fresh(round_)


def test_what_the_new_set_has_no_place_for_is_withdrawn(load):
    """1.3 becomes a survey's, 2.2 is scored by hand, 9.2 is gone, 1.1 is a branch."""
    load(small())
    texts = changed(CRITERIA_FILE, "1,manual,", "1,sociological,")
    texts = changed(
        CRITERIA_FILE, '1,satisfaction,"{""factor"": ""Kết quả""}"', "1,manual,", texts
    )
    texts[CRITERIA_FILE] = "\n".join(
        line
        for line in texts[CRITERIA_FILE].splitlines()
        if not line.startswith("9.2,")
    )
    texts[CRITERIA_FILE] += "\n"
    first, __, last = texts[CRITERIA_FILE].partition("1.1,1,Ban hành kế hoạch,,2,")
    texts[CRITERIA_FILE] = first + (
        "1.1,1,Ban hành kế hoạch,,,,\n1.1.1,1.1,Đúng hạn,,2," + last
    )
    heading, *rows = (
        texts[SCORES]
        .replace('Hội đồng thống nhất\n""kịp', 'Hội đồng thống nhất ""kịp')
        .replace(
            '"=làm tròn; đã nêu\ntrong báo cáo"', "=làm tròn; đã nêu trong báo cáo"
        )
        .splitlines()
    )
    gone = ("1.1,", "1.3,", "9.2,")
    rows = [row for row in rows if not row.partition(",")[2].startswith(gone)]
    texts[SCORES] = "\n".join([heading, *rows, "so-a,2.2,appraised,0.5,,,"]) + "\n"
    texts[SURVEYS] = texts[SURVEYS].replace("so-a,2.2,", "so-a,1.3,")

    round_, report = load(texts, replace=True)

    withdrawn = LedgerLine.objects.filter(kind=LedgerKind.WITHDRAWN)
    assert Counter(withdrawn.values_list("criterion_code", flat=True)) == {
        "1.1": 4,
        "1.3": 5,
        "9.2": 1,
    }
    assert report.withdrawn == 10
    assert not Cell.objects.filter(criterion__code__in=["1.1", "1.3", "9.2"]).exists()
    survey = LedgerLine.objects.filter(kind=LedgerKind.SURVEY, criterion_code="2.2")
    assert [line.after == "" for line in survey.order_by("pk")] == [False, True]
    assert_chains_hold()
    assert_totals_are_fresh(round_)
    forget_trees()
    assert read_back(round_) == texts_without_order(texts)


def read_back(round_):
    files = bundle_files(round_)
    return {
        name: sorted(files[name].decode().splitlines()) for name in (SCORES, SURVEYS)
    }


def texts_without_order(texts):
    return {name: sorted(texts[name].splitlines()) for name in (SCORES, SURVEYS)}


def test_an_agency_that_the_bundle_lacks_stays_emptied_and_not_assessed(load):
    load(small())
    texts = small()
    for name in ("agencies.csv", SCORES, SURVEYS):
        texts[name] = "".join(
            line
            for line in texts[name].splitlines(keepends=True)
            if not line.startswith("so-z,")
        )

    round_, report = load(texts, replace=True)

    file = file_of("so-z")
    assert report.kept == ("so-z",)
    assert not file.is_assessed
    assert file.not_assessed_reason
    assert report.withdrawn == 2
    assert not SurveyResult.objects.filter(assessment=file).exists()
    exported = bundle_files(round_)["agencies.csv"].decode().splitlines()
    assert exported[-1].startswith("so-z,Sở Z,so,no,")
    assert_totals_are_fresh(round_)
    load(small(), replace=True)
    assert file_of("so-z").is_assessed
    assert file_of("so-z").pk == file.pk
    assert_chains_hold()


def test_agencies_change_their_group_and_groups_go_when_nobody_is_left(load):
    load(small())
    texts = changed("agencies.csv", "phuong-a,UBND phường A,phuong", "phuong-a,A,so")
    texts = changed("groups.csv", "phuong,Khối UBND phường,,bo-chung\n", "", texts)

    round_, __ = load(texts, replace=True)

    assert [group.group.code for group in round_.groups.all()] == ["so"]
    assert file_of("phuong-a").name_vi == "A"
    moved = LedgerLine.objects.filter(agency_code="phuong-a").last()
    assert '"group": "phuong"' in moved.before
    assert '"group": "so"' in moved.after
    assert bundle_files(round_) == bundles.as_bytes(texts)


def test_the_round_s_own_facts_take_the_bundle_s_values(load):
    load(small())
    texts = changed("round.json", '"not_scored": "wait"', '"not_scored": "zero"')
    texts = changed("round.json", "2031-12-31T17:00:00", "2032-01-31T17:00:00", texts)

    round_, __ = load(texts, replace=True)

    assert bundle_files(round_) == bundles.as_bytes(texts)
    (so, phuong) = computed_results(round_, "final")
    assert [row.status for row in so.rows] == ["ranked", "not_assessed", "incomplete"]
    assert [row.status for row in phuong.rows] == ["ranked"]
    assert_totals_are_fresh(round_)


def test_a_reason_with_other_line_ends_is_no_change(load):
    load(small())
    cell = cell_of("so-a", "1.2", "self")
    Cell.objects.filter(pk=cell.pk).update(reason=cell.reason.replace("\n", "\r\n"))
    count = length("so-a")

    load(small(), replace=True)

    assert length("so-a") == count


def test_a_file_that_was_removed_goes_on_where_its_ledger_stopped(load):
    load(small())
    count = length("so-z")
    file_of("so-z").delete()

    load(small(), replace=True)

    assert [line.sequence for line in lines_after(count, "so-z")] == [
        count + 1,
        count + 2,
        count + 3,
    ]
    assert_chains_hold()
