"""The demonstration, loaded once for the whole module (it takes some seconds)."""

import io
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from councils.models import AgendaItem, Council, Meeting
from councils.states import MeetingState
from scoring.demo import people
from scoring.labels import Layer, PhaseName, RoleName, Status, View
from scoring.models import (
    Agency,
    Assessment,
    Cell,
    Exemption,
    FrozenResult,
    LedgerLine,
    Phase,
    Role,
    Round,
    RoundGroup,
    User,
)
from scoring.queries.results import computed_results, stored_results
from scoring.states import FileState, GroupState, RoundState

TODAY = date(2026, 11, 23)


def moment(day=TODAY, hour=12):
    return timezone.make_aware(datetime.combine(day, time(hour)))


def load(today=TODAY, **options):
    """Run the command; what it printed."""
    output = io.StringIO()
    with override_settings(DEMO=options.pop("demo", True)):
        call_command("load_demo", "--today", str(today), stdout=output, **options)
    return output.getvalue()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """What the first load printed; all of it is undone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demo, db):
    return demo


def round_of(year):
    return Round.objects.get(year=year)


def results_of(year, view=View.FINAL):
    return {
        result.group.group.code: result.rows
        for result in computed_results(round_of(year), view)
    }


def row_of(rows, code):
    (row,) = [row for row in rows if row.assessment.agency.code == code]
    return row


def states(year, now=None):
    files = Assessment.objects.filter(round__year=year, is_assessed=True)
    return {file.agency.code: file.state_at(now or moment()) for file in files}


def ledger_size():
    return LedgerLine.objects.count()


# --- what is there -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2019, {"so": (20, 20), "quan-huyen": (15, 15)}),
        (2025, {"so": (14, 14), "phuong": (45, 45), "xa-dac-khu": (69, 68)}),
        (2026, {"so": (14, 14), "phuong": (45, 45), "xa-dac-khu": (69, 69)}),
    ],
)
def test_every_round_has_the_agencies_of_its_year(loaded, year, expected):
    found = {
        group.group.code: (
            group.assessments.count(),
            group.assessments.filter(is_assessed=True).count(),
        )
        for group in RoundGroup.objects.filter(round__year=year)
    }

    assert found == expected


def test_all_rounds_say_that_they_are_simulated(loaded):
    assert list(Round.objects.values_list("is_simulated", flat=True)) == [True] * 3


def test_agencies_know_their_predecessors_and_the_end_of_the_districts(loaded):
    merged = Agency.objects.get(code="so-nong-nghiep-va-moi-truong")
    district = Agency.objects.get(code="quan-hong-bang")

    assert {agency.code for agency in merged.predecessors.all()} == {
        "so-nong-nghiep-va-phat-trien-nong-thon",
        "so-tai-nguyen-va-moi-truong",
    }
    assert district.valid_to == date(2025, 6, 30)


def test_2019_has_a_shorter_set_of_its_time(loaded):
    sets = {
        group.group.code: group.criteria_set
        for group in RoundGroup.objects.filter(round__year=2019)
    }
    (of_2019,) = set(sets.values())
    of_2025 = RoundGroup.objects.get(round__year=2025, group__code="so").criteria_set
    names = " ".join(of_2019.criteria.values_list("name_vi", flat=True))

    assert of_2019.criteria.count() < of_2025.criteria.count()
    assert "chính quyền điện tử" in names
    assert "chính quyền số" not in names
    assert "chuyển đổi số" not in names


# --- 2019: published -----------------------------------------------------------------


def test_2019_is_published_with_a_decision_marked_as_simulated(loaded):
    round_ = round_of(2019)

    assert round_.state == RoundState.PUBLISHED
    assert "mô phỏng" in round_.decision_number
    assert round_.decided_on == date(2020, 4, 6)


def test_2019_has_frozen_figures_equal_to_those_of_the_cells(loaded):
    frozen = {row.agency_code: row for row in FrozenResult.objects.all()}

    for rows in results_of(2019).values():
        for row in rows:
            kept = frozen.pop(row.assessment.agency.code)
            assert (kept.rank, kept.band) == (row.rank, row.band)
            assert kept.index == row.totals.index_2
            assert kept.status == Status.RANKED
    assert frozen == {}


def test_2019_was_adopted_in_a_meeting_with_votes(loaded):
    meeting = Meeting.objects.get(council__round__year=2019)
    items = AgendaItem.objects.filter(meeting=meeting)

    assert meeting.state == MeetingState.CLOSED
    assert timezone.localtime(meeting.held_at).date() == date(2020, 3, 20)
    assert [(item.agree_count, item.is_carried) for item in items] == [(6, True)] * 2
    assert set(
        RoundGroup.objects.filter(round__year=2019).values_list("state", flat=True)
    ) == {GroupState.ADOPTED}


# --- 2025: before the Council ----------------------------------------------------------


def test_2025_waits_for_its_council(loaded):
    round_ = round_of(2025)
    council = Council.objects.get(round=round_)
    meeting = council.meetings.get()

    assert round_.phase_at(moment()).name == PhaseName.COUNCIL
    assert meeting.state == MeetingState.PLANNED
    assert round_.phase(PhaseName.COUNCIL).includes(meeting.held_at)
    assert meeting.items.count() == 3
    assert council.members.count() == 6
    assert set(Role.objects.filter(round=round_).values_list("name", flat=True)) == {
        RoleName.CHAIR,
        RoleName.SECRETARY,
        RoleName.MEMBER,
    }


def test_2025_ranks_all_but_one_that_is_not_assessed_and_one_without_survey(loaded):
    for code, rows in results_of(2025).items():
        left = {
            row.assessment.agency.code: row.status for row in rows if row.rank is None
        }
        assert left == (
            {
                "dac-khu-bach-long-vi": Status.NOT_ASSESSED,
                "xa-tran-phu": Status.INCOMPLETE,
            }
            if code == "xa-dac-khu"
            else {}
        )


def test_the_agency_that_is_not_assessed_has_its_reason(loaded):
    file = Assessment.objects.get(round__year=2025, is_assessed=False)

    assert "mô phỏng" in file.not_assessed_reason
    assert not file.cells.exists()


def test_the_missing_survey_is_that_of_satisfaction(loaded):
    totals = row_of(results_of(2025)["xa-dac-khu"], "xa-tran-phu").totals

    assert (totals.missing_surveys, totals.not_scored) == (5, 0)
    assert totals.satisfaction_points == 0 < totals.satisfaction_max
    assert totals.sociological_points > 0


def test_two_departments_print_the_same_index_at_different_ranks(loaded):
    rows = results_of(2025)["so"]
    one, other = row_of(rows, "so-y-te"), row_of(rows, "so-xay-dung")

    assert one.totals.index_2 == other.totals.index_2
    assert one.totals.index != other.totals.index
    assert abs(one.rank - other.rank) == 1


def test_two_wards_are_truly_equal_and_share_their_rank(loaded):
    rows = results_of(2025)["phuong"]
    one, other = row_of(rows, "phuong-an-bien"), row_of(rows, "phuong-gia-vien")

    assert one.totals.index == other.totals.index
    assert one.rank == other.rank
    assert one.rank + 1 not in {row.rank for row in rows}


def test_exempted_branches_leave_the_maximum_and_nobody_scores_them(loaded):
    totals = row_of(results_of(2025)["so"], "thanh-tra-thanh-pho").totals
    exempted = Exemption.objects.filter(
        assessment__round__year=2025, assessment__agency__code="thanh-tra-thanh-pho"
    )
    cells = Cell.objects.filter(
        assessment__round__year=2025, assessment__agency__code="thanh-tra-thanh-pho"
    )

    assert {row.criterion.code for row in exempted} == {"3.3", "3.4", "7.1"}
    assert all("số hiệu mô phỏng" in row.document for row in exempted)
    assert totals.max_points <= 87
    assert not cells.filter(criterion__code__startswith="3.4.").exists()


def test_results_look_like_those_of_a_city(loaded):
    indices = [
        row.totals.index_2
        for year in (2019, 2025)
        for rows in results_of(year).values()
        for row in rows
        if row.rank
    ]

    assert min(indices) >= 70
    assert max(indices) <= 98
    assert len(set(indices)) > len(indices) * 3 // 4


def test_appraisers_corrected_some_points_and_gave_reasons(loaded):
    appraised = Cell.objects.filter(
        assessment__round__year=2025, layer=Layer.APPRAISED
    ).exclude(reason="")
    explained = Cell.objects.filter(assessment__round__year=2025, layer=Layer.EXPLAINED)

    assert appraised.count() > 200
    assert explained.count() > 50
    assert not explained.filter(reason="").exists()


def test_files_are_locked_by_their_leaders_or_by_the_clock(loaded):
    found = states(2025)

    assert {code for code, state in found.items() if state != FileState.LOCKED} == {
        "xa-tan-an",
        "phuong-nam-dong",
    }
    assert found["xa-tan-an"] == FileState.LOCKED_BY_CLOCK


# --- 2026: in self-assessment -----------------------------------------------------------


def test_2026_is_in_self_assessment_with_files_in_every_early_state(loaded):
    found = states(2026)

    assert round_of(2026).phase_at(moment()).name == PhaseName.SELF_ASSESSMENT
    assert set(found.values()) == {
        FileState.NOT_STARTED,
        FileState.SCORING,
        FileState.WITH_LEADER,
        FileState.LOCKED,
    }
    assert found["phuong-hong-bang"] == FileState.SCORING
    assert found["xa-an-lao"] == FileState.WITH_LEADER
    assert found["so-cong-thuong"] == FileState.LOCKED


def test_one_agency_has_an_extension_with_reason_and_document(loaded):
    file = Assessment.objects.get(extended_until__isnull=False)

    assert file.round.year == 2026
    assert file.extended_until > file.round.phase(PhaseName.SELF_ASSESSMENT).ends_at
    assert file.extension_reason
    assert "mô phỏng" in file.extension_document


def test_claimed_points_have_their_evidence(loaded):
    file = Assessment.objects.get(round__year=2026, agency__code="so-cong-thuong")
    proved = set(file.evidence.get().links.values_list("criterion__code", flat=True))
    claimed = file.cells.filter(layer=Layer.SELF, not_applicable="")

    assert "mô phỏng" in file.evidence.get().title
    assert proved.issuperset(claimed.values_list("criterion__code", flat=True))


# --- how it came about ---------------------------------------------------------------------


@pytest.mark.parametrize("year", [2019, 2025, 2026])
@pytest.mark.parametrize("view", View.values)
def test_stored_totals_are_those_of_the_cells(loaded, year, view):
    round_ = round_of(year)
    stored = stored_results(round_, view)

    for kept, fresh in zip(stored, computed_results(round_, view), strict=True):
        assert [(row.assessment.pk, row.rank) for row in kept.rows] == [
            (row.assessment.pk, row.rank) for row in fresh.rows
        ]
        assert kept.mean == fresh.mean


def test_every_cell_has_its_ledger_line_and_every_chain_holds(loaded):
    lines, heads = {}, {}
    for line in LedgerLine.objects.order_by("year", "agency_code", "sequence"):
        key = (line.year, line.agency_code)
        length, head = heads.get(key, (0, ""))
        assert (line.sequence, line.previous_hash) == (length + 1, head)
        assert line.hash == line.computed_hash()
        heads[key] = (line.sequence, line.hash)
        if line.layer:
            lines[(*key, line.layer, line.criterion_code)] = line.after
    files = Assessment.objects.select_related("round", "agency")
    cells = Cell.objects.values_list(
        "assessment__round__year",
        "assessment__agency__code",
        "layer",
        "criterion__code",
    )

    assert {
        (file.round.year, file.agency.code): (file.ledger_length, file.ledger_head)
        for file in files
        if file.ledger_length
    } == heads
    assert set(cells) == set(lines)


def test_nobody_keeps_the_powers_of_the_stand_ins(loaded):
    stand_ins = [people.STAND_IN_OFFICER.username, people.STAND_IN_LEADER.username]

    assert LedgerLine.objects.filter(actor__in=stand_ins).exists()
    assert not Role.objects.filter(user__username__in=stand_ins).exists()
    assert not User.objects.filter(username__in=stand_ins, is_staff=True).exists()


def test_nobody_appraised_the_own_agency(loaded):
    own = {"thamdinh1": "so-noi-vu", "thamdinh2": "so-tu-phap"}
    judged = LedgerLine.objects.filter(layer=Layer.APPRAISED)

    for actor, agency in own.items():
        assert judged.filter(actor=actor).exists()
        assert not judged.filter(actor=actor, agency_code=agency).exists()


# --- again ---------------------------------------------------------------------------------


def test_a_second_load_does_nothing_in_few_queries(
    loaded, django_assert_max_num_queries
):
    before = ledger_size()

    with django_assert_max_num_queries(25):
        printed = load()

    assert printed.count("không có nội dung cần thực hiện") == 3
    assert ledger_size() == before


def test_phases_that_have_passed_are_laid_anew_and_nothing_is_lost(loaded):
    later = TODAY + timedelta(days=60)
    Cell.objects.filter(assessment__round__year=2026).update(reason="của người dùng")
    before = list(Cell.objects.order_by("pk").values())

    printed = load(later)

    assert printed.count("đã xếp lại thời gian các bước") == 2
    assert round_of(2025).phase_at(moment(later)).name == PhaseName.COUNCIL
    assert round_of(2026).phase_at(moment(later)).name == PhaseName.SELF_ASSESSMENT
    assert Meeting.objects.get(council__round__year=2025).held_at >= moment(
        later, hour=0
    )
    assert list(Cell.objects.order_by("pk").values()) == before
    assert states(2026, moment(later))["so-cong-thuong"] == FileState.LOCKED


def test_dates_that_people_chose_stay(loaded):
    phase = Phase.objects.get(round__year=2026, name=PhaseName.SELF_ASSESSMENT)
    phase.ends_at -= timedelta(days=1)
    phase.save()
    chosen = list(Phase.objects.filter(round__year=2026).values())

    load(TODAY + timedelta(days=40))

    assert list(Phase.objects.filter(round__year=2026).values()) == chosen


def test_chosen_dates_that_are_all_over_are_laid_anew(loaded):
    phase = Phase.objects.get(round__year=2026, name=PhaseName.SELF_ASSESSMENT)
    phase.ends_at -= timedelta(days=1)
    phase.save()
    later = TODAY + timedelta(days=400)

    load(later)

    assert round_of(2026).phase_at(moment(later)).name == PhaseName.SELF_ASSESSMENT


def test_another_phase_can_be_opened_and_stays_open(loaded):
    printed = load(to_open=(2026, PhaseName.APPRAISAL))
    again = load(TODAY + timedelta(days=20))

    now = moment(TODAY + timedelta(days=20))
    assert "2026" in printed
    assert "Năm 2026: không có nội dung cần thực hiện" in again
    assert round_of(2026).phase_at(now).name == PhaseName.APPRAISAL


def test_a_published_round_is_not_opened_again(loaded):
    with pytest.raises(CommandError, match="2019 không ở trạng thái đang thực hiện"):
        load(to_open=(2019, PhaseName.APPRAISAL))


# --- accounts ------------------------------------------------------------------------------


def test_accounts_are_printed_and_named_by_role(loaded):
    table = [line for line in loaded.splitlines() if " | " in line]

    assert len(table) == 1 + len(people.ACCOUNTS) + 1
    assert "Cán bộ đầu mối – UBND phường Hồng Bàng | canbo.hongbang" in loaded


@pytest.mark.parametrize("username", ["canbo.hongbang", "thuky.hd", "admin"])
def test_the_printed_password_opens_the_accounts(loaded, client, username):
    answer = client.post(
        reverse("login"), {"username": username, "password": people.PASSWORD}
    )

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(
        User.objects.get(username=username).pk
    )


def test_the_administrator_has_no_role(loaded):
    admin = User.objects.get(username=people.ADMINISTRATOR)

    assert admin.is_superuser
    assert not admin.roles.exists()


def test_without_demo_the_known_password_is_taken_away(loaded, settings):
    settings.DEBUG = True

    printed = load(demo=False)

    users = User.objects.all()
    assert "DEMO=1" in printed
    assert people.PASSWORD not in printed
    assert not any(user.check_password(people.PASSWORD) for user in users)


def test_a_password_that_somebody_changed_is_kept(loaded):
    user = User.objects.get(username="quanly")
    user.set_password("mật khẩu riêng của người dùng")
    user.save()

    load()

    user.refresh_from_db()
    assert user.check_password("mật khẩu riêng của người dùng")
