"""Accepting what the agency gave itself: what is taken over, what is left alone."""

from decimal import Decimal

import pytest

from scoring.actions import appraisals, cells
from scoring.labels import Layer, LedgerKind, PhaseName, View
from scoring.models import Cell, Exemption, LedgerLine, RoundGroup
from scoring.queries.criteria import tree_of
from scoring.queries.totals import totals_from_json
from scoring.refusals import Conflict, Late, NotAllowed, Refused
from scoring.states import GroupState
from tests.factories import World
from tests.scoring.appraisal_worlds import (
    PROPOSED_ONE,
    SCORED,
    appraising,
    judged,
    own,
    score_and_lock,
)

pytestmark = pytest.mark.django_db


def layer_of(world, layer, file=None):
    """``{code: (points, data, N/A)}`` of one layer of a file."""
    codes = tree_of(world.set).codes
    rows = Cell.objects.filter(assessment=file or world.file, layer=layer)
    return {
        codes[cell.criterion_id]: (cell.points, cell.data, cell.not_applicable)
        for cell in rows
        if not cell.is_blank
    }


def test_the_rest_is_accepted_as_the_agency_gave_it():
    world = appraising()

    accepted = appraisals.accept_rest(world.file, by=world.appraiser())

    assert len(accepted) == len(SCORED)
    assert layer_of(world, Layer.APPRAISED) == layer_of(world, Layer.SELF)
    assert layer_of(world, Layer.APPRAISED)["1.2"] == (
        Decimal("2.7"),
        '{"denominator": 50, "numerator": 45}',
        "",
    )


def test_the_ledger_says_accepted_by_whom_and_the_totals_follow():
    world = appraising()
    appraiser = world.appraiser()
    before = LedgerLine.objects.count()

    appraisals.accept_rest(world.file, by=appraiser)

    lines = LedgerLine.objects.order_by("pk")[before:]
    assert [line.criterion_code for line in lines] == [
        "1.1",
        "1.2",
        "1.3",
        "9.1",
        "9.2",
    ]
    assert {(line.kind, line.layer, line.actor) for line in lines} == {
        (LedgerKind.ACCEPTED, Layer.APPRAISED, appraiser.username)
    }
    stored = world.reload().totals
    assert totals_from_json(stored, View.APPRAISED) == totals_from_json(
        stored, View.SELF
    )
    assert totals_from_json(stored, View.APPRAISED).appraised_points == Decimal("5.45")


def test_a_repeat_changes_nothing():
    world = appraising()
    appraisals.accept_rest(world.file, by=world.appraiser())
    lines, head = LedgerLine.objects.count(), world.reload().ledger_head

    assert appraisals.accept_rest(world.file, by=world.appraiser()) == []
    assert (LedgerLine.objects.count(), world.reload().ledger_head) == (lines, head)


def test_what_somebody_has_appraised_is_never_touched():
    world = appraising()
    change = judged("1.1", data={"option": 3}, reason="Ban hành chậm")
    cells.save(world.file, [change], by=world.appraiser())

    accepted = appraisals.accept_rest(world.file, by=world.appraiser())

    assert len(accepted) == len(SCORED) - 1
    assert layer_of(world, Layer.APPRAISED)["1.1"][0] == Decimal(0)


def test_a_withdrawn_judgement_counts_as_none():
    world = appraising()
    appraiser = world.appraiser()
    change = judged("1.1", data={"option": 3}, reason="Ban hành chậm")
    cells.save(world.file, [change], by=appraiser)
    cells.save(world.file, [judged("1.1")], by=appraiser)

    appraisals.accept_rest(world.file, by=appraiser)

    assert layer_of(world, Layer.APPRAISED)["1.1"][0] == Decimal(2)


def test_a_proposed_not_applicable_waits_for_a_decision():
    world = appraising(changes=PROPOSED_ONE)

    accepted = appraisals.accept_rest(world.file, by=world.appraiser())

    assert len(accepted) == len(SCORED) - 1
    assert "1.2" not in layer_of(world, Layer.APPRAISED)


def test_not_applicable_by_the_rule_is_accepted():
    nothing = own("1.2", data={"numerator": 0, "denominator": 0})
    world = appraising(changes=[nothing])

    appraisals.accept_rest(world.file, by=world.appraiser())

    assert layer_of(world, Layer.APPRAISED) == {
        "1.2": (None, '{"denominator": 0, "numerator": 0}', "confirmed")
    }


def test_what_the_agency_has_not_scored_stays_not_scored():
    world = appraising(changes=SCORED[:1])

    appraisals.accept_rest(world.file, by=world.appraiser())

    assert set(layer_of(world, Layer.APPRAISED)) == {"1.1"}
    assert totals_from_json(world.reload().totals, View.APPRAISED).not_scored == 2


def test_exempted_criteria_are_left_alone():
    world = appraising()
    field = tree_of(world.set).ids["1"]
    Exemption.objects.create(
        assessment=world.file, criterion_id=field, document="12/QĐ-UBND"
    )

    appraisals.accept_rest(world.file, by=world.appraiser())

    assert set(layer_of(world, Layer.APPRAISED)) == {"9.1", "9.2"}


def test_the_agency_s_reason_goes_along_only_where_points_were_not_computed():
    override = own("1.1", data={"option": 2}, points=Decimal(2), reason="Theo kết luận")
    remark = own("1.2", data={"numerator": 45, "denominator": 50}, reason="Ghi chú")
    world = appraising(changes=[override, remark])

    by_points = {
        cell.points: cell.reason
        for cell in appraisals.accept_rest(world.file, by=world.appraiser())
    }

    assert by_points == {Decimal(2): "Theo kết luận", Decimal("2.7"): ""}


def test_after_explanation_only_what_nobody_ever_appraised_is_accepted():
    world = appraising()
    change = judged("1.1", data={"option": 3}, reason="Ban hành chậm")
    cells.save(world.file, [change], by=world.appraiser())
    world.open_phase(PhaseName.SECOND_APPRAISAL)

    appraisals.accept_rest(world.file, by=world.appraiser())

    assert set(layer_of(world, Layer.EXPLAINED)) == {"1.2", "1.3", "9.1", "9.2"}
    assert set(layer_of(world, Layer.APPRAISED)) == {"1.1"}


# --- one criterion ------------------------------------------------------------------


def test_one_criterion_is_accepted():
    world = appraising()

    cell = appraisals.accept(world.file, "1.1", by=world.appraiser())

    assert (cell.layer, cell.points, cell.reason) == (Layer.APPRAISED, Decimal(2), "")
    assert LedgerLine.objects.latest("pk").kind == LedgerKind.ACCEPTED


def test_accepting_may_take_a_judgement_back_but_not_a_newer_one():
    world = appraising()
    change = judged("1.1", data={"option": 3}, reason="Ban hành chậm")
    cells.save(world.file, [change], by=world.appraiser())

    with pytest.raises(Conflict):
        appraisals.accept(world.file, "1.1", by=world.appraiser(), expected_version=0)
    appraisals.accept(world.file, "1.1", by=world.appraiser(), expected_version=1)

    assert layer_of(world, Layer.APPRAISED)["1.1"][0] == Decimal(2)


def test_after_explanation_the_agency_s_points_need_a_reason():
    world = appraising()
    change = judged("1.1", data={"option": 3}, reason="Ban hành chậm")
    cells.save(world.file, [change], by=world.appraiser())
    world.open_phase(PhaseName.SECOND_APPRAISAL)

    with pytest.raises(Refused, match=r"1\.1"):
        appraisals.accept(world.file, "1.1", by=world.appraiser())
    cell = appraisals.accept(
        world.file, "1.1", by=world.appraiser(), reason="Đã bổ sung văn bản"
    )

    assert (cell.layer, cell.points) == (Layer.EXPLAINED, Decimal(2))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(PROPOSED_ONE, "1.2", id="a proposal is confirmed or refused"),
        pytest.param(SCORED[:1], "1.3", id="nothing stands there"),
        pytest.param(SCORED, "2.1", id="a survey measures it"),
        pytest.param(SCORED, "7.7", id="no such criterion"),
    ],
)
def test_accepting_is_refused_where_there_is_nothing_to_accept(changes, code):
    world = appraising(changes=changes)

    with pytest.raises(Refused, match=code):
        appraisals.accept(world.file, code, by=world.appraiser())
    assert not layer_of(world, Layer.APPRAISED)


# --- who and when -------------------------------------------------------------------


def refused_everywhere(world, kind, by):
    with pytest.raises(kind):
        appraisals.accept_rest(world.file, by=by)
    with pytest.raises(kind):
        appraisals.accept(world.file, "1.1", by=by)
    assert not layer_of(world, Layer.APPRAISED)


@pytest.mark.parametrize("role", ["officer", "leader", "manager", "inspector"])
def test_only_appraisers_accept(role):
    world = appraising()

    refused_everywhere(world, NotAllowed, getattr(world, role)())


def test_nobody_appraises_the_own_agency():
    world = appraising()
    of_this_agency = world.person("appraiser", agency=world.file.agency)

    refused_everywhere(world, NotAllowed, of_this_agency)


def test_an_appraiser_of_another_agency_is_refused():
    world = appraising()

    refused_everywhere(world, NotAllowed, world.appraiser(world.files[1].agency))


@pytest.mark.parametrize(
    "phase",
    [PhaseName.SELF_ASSESSMENT, PhaseName.CONSULTATION, PhaseName.COUNCIL, None],
)
def test_outside_the_phases_of_appraisal_it_is_too_early_or_too_late(phase):
    world = appraising(phase=phase)

    refused_everywhere(world, Late, world.appraiser())


def test_a_file_that_the_manager_has_reopened_is_not_appraised():
    world = World()
    score_and_lock(world)
    world.open_phase(PhaseName.APPRAISAL)
    world.file.__class__.objects.filter(pk=world.file.pk).update(
        state="scoring",
        locked_at=None,
        locked_by=None,
        extended_until=world.round.phase(PhaseName.DECISION).ends_at,
        extension_reason="Bổ sung",
        extension_document="1/SNV",
    )

    with pytest.raises(Refused):
        appraisals.accept_rest(world.file, by=world.appraiser())
    assert not layer_of(world, Layer.APPRAISED)


def test_after_adoption_nothing_is_accepted():
    world = appraising()
    RoundGroup.objects.update(state=GroupState.ADOPTED)

    with pytest.raises(Refused):
        appraisals.accept_rest(world.file, by=world.appraiser())
    assert not layer_of(world, Layer.APPRAISED)


def test_accepting_ninety_criteria_asks_as_often_as_accepting_one(
    django_assert_num_queries, django_assert_max_num_queries
):
    few, many = appraising(changes=SCORED[:1]), appraising()
    by = few.appraiser(), many.appraiser()
    with django_assert_max_num_queries(40) as asked:
        appraisals.accept_rest(few.file, by=by[0])

    with django_assert_num_queries(len(asked)):
        appraisals.accept_rest(many.file, by=by[1])
