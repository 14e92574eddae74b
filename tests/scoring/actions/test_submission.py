"""Handing over and taking back, remarks at single criteria, withdrawing a locked file."""

from datetime import timedelta
from decimal import Decimal

import pytest

from scoring.actions import assessments, cells, evidence, remarks
from scoring.actions.cells import CellChange
from scoring.labels import Layer, LedgerKind, NotApplicable, PhaseName
from scoring.models import Cell, LedgerLine, Remark, RoundGroup
from scoring.queries.explained import unexplained
from scoring.queries.remarks import all_remarks, open_remarks, remarks_of
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import FileState, GroupState, MoveRefused
from tests.factories import World, lay_phases

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(world):
    return world.officer()


@pytest.fixture
def leader(world):
    return world.leader()


def enter(world, officer, code, data, reason=""):
    change = CellChange(code, Layer.SELF, data=data, reason=reason)
    cells.save(world.file, [change], by=officer)


def with_leader(world, officer):
    return assessments.hand_over(world.file, by=officer)


def last_line():
    return LedgerLine.objects.order_by("-sequence").first()


# --- what stops handing over and locking ----------------------------------------------


def test_points_without_evidence_and_words_are_not_handed_over(world, officer):
    enter(world, officer, "1.1", {"option": 1})

    with pytest.raises(Refused) as refusal:
        assessments.hand_over(world.file, by=officer)

    assert refusal.value.details["codes"] == ["1.1"]
    assert "1.1" in str(refusal.value)
    assert world.reload().state == FileState.SCORING


def test_an_explanation_or_the_evidence_is_enough(world, officer):
    enter(world, officer, "1.1", {"option": 1}, reason="Theo hệ thống một cửa")
    enter(world, officer, "1.2", {"numerator": 9, "denominator": 10})
    assert unexplained(world.file) == ["1.2"]

    evidence.attach(
        world.file,
        "1.2",
        document={"title": "Báo cáo", "link": "https://example.vn/bao-cao"},
        by=officer,
    )

    assert unexplained(world.file) == []
    assert with_leader(world, officer).state == FileState.WITH_LEADER


def test_nought_points_and_what_needs_no_evidence_need_no_words(world, officer):
    enter(world, officer, "1.1", {"option": 3})
    change = CellChange("1.3", Layer.SELF, points=Decimal("0.5"), reason="Sáng kiến")
    cells.save(world.file, [change], by=officer)
    Cell.objects.filter(criterion__code="1.3").update(reason="")

    assert unexplained(world.file) == []


def test_a_proposal_without_reason_and_an_exempted_criterion(world, officer):
    change = CellChange(
        "1.2",
        Layer.SELF,
        not_applicable=NotApplicable.PROPOSED,
        reason="Không phát sinh",
    )
    cells.save(world.file, [change], by=officer)
    assert unexplained(world.file) == []

    Cell.objects.filter(criterion__code="1.2").update(reason="")
    assert unexplained(world.file) == ["1.2"]

    world.file.exemptions.create(
        criterion=world.set.criteria.get(code="1"), document="QĐ 1"
    )
    assert unexplained(world.file) == []


def test_the_leader_cannot_lock_what_is_not_explained(world, officer, leader):
    with_leader(world, officer)
    Cell.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code="1.1"),
        layer=Layer.SELF,
        points="2",
        low_points="0",
        high_points="2",
        updated_at=world.round.phases.first().starts_at,
        updated_by=officer,
    )

    with pytest.raises(Refused, match=r"1\.1"):
        assessments.lock(world.file, by=leader)

    file = world.reload()
    assert (file.state, file.locked_at) == (FileState.WITH_LEADER, None)


@pytest.mark.parametrize("count", [0, 3])
def test_asking_what_is_unexplained_costs_two_queries_at_most(
    world, officer, count, django_assert_max_num_queries
):
    for code, data in [("1.1", {"option": 1}), ("9.1", {"count": 1})][:count]:
        enter(world, officer, code, data)
    unexplained(world.file)

    with django_assert_max_num_queries(2):
        unexplained(world.file)


# --- remarks ----------------------------------------------------------------------------


def test_a_remark_is_written_read_and_done(world, officer, leader):
    with_leader(world, officer)
    remark = remarks.write(world.file, "1.1", "  Bổ sung số văn bản ", by=leader)
    assert {c: [r.text for r in rs] for c, rs in open_remarks(world.file).items()} == {
        "1.1": ["Bổ sung số văn bản"]
    }

    assessments.hand_back(world.file, by=leader)
    remarks.resolve(remark, by=officer)

    assert open_remarks(world.file) == {}
    (kept,) = all_remarks(world.file)["1.1"]
    assert (kept.resolved_by, kept.is_taken_back) == (officer, False)
    assert remarks_of(world.file, "1.1") == [kept]


def test_a_remark_pressed_twice_is_one(world, officer, leader):
    with_leader(world, officer)

    first = remarks.write(world.file, "1.1", "Xem lại", by=leader)
    second = remarks.write(world.file, "1.1", "Xem lại", by=leader)
    remarks.write(world.file, "1.1", "Xem lại nữa", by=leader)

    assert first == second
    assert Remark.objects.count() == 2


def test_done_twice_keeps_the_first_time(world, officer, leader):
    with_leader(world, officer)
    remark = remarks.write(world.file, "1.1", "Xem lại", by=leader)
    assessments.hand_back(world.file, by=leader)
    at = remarks.resolve(remark, by=officer).resolved_at

    again = remarks.resolve(remark, by=world.officer())

    assert (again.resolved_at, again.resolved_by) == (at, officer)


@pytest.mark.parametrize(
    ("code", "text"), [("1.1", "   "), ("1.1", "x" * 2001), ("2.1", "x"), ("1", "x")]
)
def test_what_is_no_remark(world, officer, leader, code, text):
    with_leader(world, officer)

    with pytest.raises(Refused):
        remarks.write(world.file, code, text, by=leader)

    assert not Remark.objects.exists()


def test_no_remark_at_what_is_exempted(world, officer, leader):
    with_leader(world, officer)
    world.file.exemptions.create(
        criterion=world.set.criteria.get(code="1"), document="QĐ 1"
    )

    with pytest.raises(Refused, match=r"1\.1"):
        remarks.write(world.file, "1.1", "Xem lại", by=leader)

    assert not Remark.objects.exists()


def test_remarks_are_the_leaders_and_only_while_the_file_is_there(
    world, officer, leader
):
    with pytest.raises(Refused):
        remarks.write(world.file, "1.1", "x", by=leader)
    with_leader(world, officer)
    for stranger in (officer, world.manager(), world.leader(world.files[1])):
        with pytest.raises(NotAllowed):
            remarks.write(world.file, "1.1", "x", by=stranger)
    remark = remarks.write(world.file, "1.1", "x", by=leader)
    with pytest.raises(Refused):
        remarks.resolve(remark, by=officer)
    assert remarks.take_back(remark, by=leader).is_taken_back

    lay_phases(world.round, PhaseName.APPRAISAL)
    with pytest.raises(Late):
        remarks.write(world.file, "1.1", "y", by=leader)


def test_a_neighbour_cannot_settle_a_remark(world, officer, leader):
    with_leader(world, officer)
    remark = remarks.write(world.file, "1.1", "x", by=leader)
    assessments.hand_back(world.file, by=leader)

    with pytest.raises(NotAllowed):
        remarks.resolve(remark, by=world.officer(world.files[1]))

    remark.refresh_from_db()
    assert remark.is_open


def test_the_hand_back_says_all_of_it_in_the_ledger(world, officer, leader):
    with_leader(world, officer)
    remarks.write(world.file, "1.1", "Thiếu văn bản", by=leader)
    taken = remarks.write(world.file, "1.2", "Nhầm", by=leader)
    remarks.take_back(taken, by=leader)

    assessments.hand_back(world.file, by=leader, reason="Xem lại cả bảng")

    line = last_line()
    assert (line.kind, line.after) == (LedgerKind.MOVED, FileState.SCORING)
    assert line.reason == "Xem lại cả bảng\n1.1: Thiếu văn bản"


def test_without_any_remark_nothing_is_handed_back(world, officer, leader):
    with_leader(world, officer)

    with pytest.raises(Refused):
        assessments.hand_back(world.file, by=leader, reason=" ")

    assert world.reload().state == FileState.WITH_LEADER


# --- taking back and withdrawing --------------------------------------------------------


def test_the_officer_takes_back_what_the_leader_has_not_decided(world, officer, leader):
    with_leader(world, officer)
    with pytest.raises(NotAllowed):
        assessments.take_back(world.file, by=leader)

    assessments.take_back(world.file, by=officer)

    assert world.reload().state == FileState.SCORING
    line = last_line()
    assert (line.before, line.after, line.actor) == (
        FileState.WITH_LEADER,
        FileState.SCORING,
        officer.username,
    )


def test_a_locked_file_is_not_taken_back(world, officer, leader):
    with_leader(world, officer)
    assessments.lock(world.file, by=leader)

    with pytest.raises(MoveRefused):
        assessments.take_back(world.file, by=officer)


def locked(world, officer, leader):
    with_leader(world, officer)
    return assessments.lock(world.file, by=leader)


def test_the_leader_withdraws_before_the_deadline_with_a_reason(world, officer, leader):
    locked(world, officer, leader)
    with pytest.raises(Refused):
        assessments.withdraw(world.file, by=leader, reason=" ")
    with pytest.raises(NotAllowed):
        assessments.withdraw(world.file, by=officer, reason="Sửa số liệu")
    assert world.reload().locked_by == leader

    assessments.withdraw(world.file, by=leader, reason="Sửa số liệu")

    file = world.reload()
    assert (file.state, file.locked_at, file.locked_by) == (
        FileState.SCORING,
        None,
        None,
    )
    assert (last_line().before, last_line().reason) == (FileState.LOCKED, "Sửa số liệu")


def test_after_the_deadline_nothing_is_withdrawn(world, officer, leader):
    locked(world, officer, leader)
    deadline = world.round.phase(PhaseName.SELF_ASSESSMENT).ends_at

    with pytest.raises(Late):
        assessments.withdraw(
            world.file, by=leader, reason="x", at=deadline + timedelta(seconds=1)
        )

    assert world.reload().state == FileState.LOCKED


def test_what_is_being_appraised_is_not_withdrawn(world, officer, leader):
    """An extended agency can lock while the others are appraised already."""
    locked(world, officer, leader)
    Cell.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code="1.1"),
        layer=Layer.APPRAISED,
        points="1",
        low_points="0",
        high_points="2",
        updated_at=world.round.phases.first().starts_at,
        updated_by=officer,
    )

    with pytest.raises(Refused):
        assessments.withdraw(world.file, by=leader, reason="x")

    assert world.reload().state == FileState.LOCKED


def test_an_adopted_groups_file_is_not_withdrawn(world, officer, leader):
    locked(world, officer, leader)
    RoundGroup.objects.filter(pk=world.group.pk).update(state=GroupState.ADOPTED)

    with pytest.raises(Refused):
        assessments.withdraw(world.file, by=leader, reason="x")

    assert world.reload().state == FileState.LOCKED
