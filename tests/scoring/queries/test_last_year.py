"""What stands beside a row of the earlier round, for whom, and what is used again."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from scoring.actions.cells import CellChange, save
from scoring.labels import Layer, RoleName
from scoring.models import Assessment, CriterionMapping, Round
from scoring.queries.criteria import tree_of
from scoring.queries.last_year import (
    Beside,
    NothingBeside,
    beside_of,
    earlier_file,
    earlier_link,
    jumps,
)
from scoring.queries.sheets import sheet_of
from scoring.states import RoundState
from tests.earlier import file_of_last_year, prove, say
from tests.factories import CRITERIA, AgencyFactory, World, criteria_set

pytestmark = pytest.mark.django_db

SHARE = '{"denominator": 50, "numerator": 45}'


@pytest.fixture
def world():
    return World(agencies=1)


@pytest.fixture
def officer(world):
    return world.officer()


def again(world, user, code):
    beside = beside_of(user, fresh(world), code)
    return json.loads(beside.again) if beside.again else beside.hindrance


def fresh(world):
    """The file as a view has it."""
    return Assessment.objects.select_related(
        "round", "agency", "group__criteria_set"
    ).get(pk=world.file.pk)


def set_of_before(world, change):
    """Last year's set: this year's rows, changed one by one; None leaves a row out."""
    rows = [row for row in map(change, CRITERIA) if row is not None]
    return criteria_set(world.round.year - 1, code="bo-cu", rows=rows)


def renamed(code, **facts):
    return lambda row: replace(row, **facts) if row.code == code else row


def parameters_of(code, **changed):
    (row,) = [row for row in CRITERIA if row.code == code]
    return json.dumps({**json.loads(row.parameters), **changed})


# --- which file -----------------------------------------------------------------------


def test_the_latest_earlier_round_of_the_agency_counts(world):
    file_of_last_year(world.file, years=3)
    latest = file_of_last_year(world.file, years=2)

    found = earlier_file(world.file)

    assert (found.file, found.inherited) == (latest, False)


def test_a_year_in_which_the_agency_was_not_assessed_is_passed_over(world):
    before = file_of_last_year(world.file, years=2)
    not_assessed = file_of_last_year(world.file)
    Assessment.objects.filter(pk=not_assessed.pk).update(is_assessed=False)

    assert earlier_file(world.file).file == before


def test_an_agency_without_a_file_looks_back_to_its_single_predecessor(world, officer):
    old = AgencyFactory(name_vi="Quận Đồ Sơn")
    world.file.agency.predecessors.add(old)
    before = file_of_last_year(world.file, agency=old)
    say(before, "1.3", points="0.5")

    found = earlier_file(world.file)
    beside = beside_of(officer, fresh(world), "1.3")

    assert (found.file, found.inherited) == (before, True)
    assert (beside.agency, beside.own.points) == ("Quận Đồ Sơn", "0,5")


def test_of_two_predecessors_neither_speaks_for_the_agency(world):
    for years in (1, 2):
        old = AgencyFactory()
        world.file.agency.predecessors.add(old)
        file_of_last_year(world.file, agency=old, years=years)

    assert earlier_file(world.file) is None


def test_the_own_file_goes_before_the_predecessors(world):
    old = AgencyFactory()
    world.file.agency.predecessors.add(old)
    file_of_last_year(world.file, agency=old)
    own = file_of_last_year(world.file, years=4)

    assert earlier_file(world.file).file == own


# --- which criterion ---------------------------------------------------------------------


def test_the_same_code_and_name_are_the_same_criterion(world, officer):
    spaced = set_of_before(world, renamed("1.3", name_vi="  SÁNG   kiến "))
    before = file_of_last_year(world.file, criteria_set=spaced)
    say(before, "1.3", points="0.5", reason="Một sáng kiến")

    beside = beside_of(officer, fresh(world), "1.3")

    assert (beside.year, beside.text.code) == (world.round.year - 1, "1.3")
    assert not beside.is_mapped
    assert (beside.own.points, beside.own.reason) == ("0,5", "Một sáng kiến")


def test_the_same_code_with_another_name_is_another_criterion(world, officer):
    other = set_of_before(world, renamed("1.3", name_vi="Phối hợp"))
    say(file_of_last_year(world.file, criteria_set=other), "1.3", points="0.5")

    beside = beside_of(officer, fresh(world), "1.3")

    assert beside == NothingBeside(world.round.year - 1)


def mapped(world, pairs):
    """Last year's set with 1.3 named otherwise, the pairs laid, and its file."""
    other = set_of_before(world, renamed("1.3", name_vi="Phối hợp"))
    now, then = tree_of(world.set).ids, tree_of(other).ids
    for code, previous in pairs:
        CriterionMapping.objects.create(
            criterion_id=now[code], previous_id=then[previous]
        )
    return file_of_last_year(world.file, criteria_set=other)


def test_a_pair_says_what_a_criterion_continues(world, officer):
    say(mapped(world, [("1.3", "1.3")]), "1.3", points="0.5")

    beside = beside_of(officer, fresh(world), "1.3")

    assert beside.is_mapped
    assert (beside.text.name, beside.own.points) == ("Phối hợp", "0,5")


def test_once_two_sets_are_mapped_only_the_pairs_count(world, officer):
    """1.1 is called the same in both, but the table of pairs does not name it."""
    say(mapped(world, [("1.3", "1.3")]), "1.1", points="1", data='{"option":2}')

    beside = beside_of(officer, fresh(world), "1.1")

    assert isinstance(beside, NothingBeside)


# --- for whom --------------------------------------------------------------------------


def test_without_an_earlier_round_there_is_nothing(world, officer):
    assert beside_of(officer, fresh(world), "1.3") == NothingBeside()


def judged(world, **options):
    before = file_of_last_year(world.file, **options)
    say(before, "1.3", points="0.5")
    say(before, "1.3", Layer.APPRAISED, points="0.25", reason="Thiếu quyết định")
    return before


def test_an_agency_sees_no_draft_of_what_became_of_its_points(world):
    officer = world.officer()
    judged(world, people=[officer])

    beside = beside_of(officer, fresh(world), "1.3")

    assert (beside.own.points, beside.later) == ("0,5", None)


def publish(file):
    Round.objects.filter(pk=file.round_id).update(
        state=RoundState.PUBLISHED,
        decision_number="1/QĐ",
        decided_on=date(2030, 1, 1),
        published_at=file.round.phases.last().ends_at,
    )


def test_once_published_the_agency_sees_the_last_judgement(world):
    officer = world.officer()
    before = judged(world, people=[officer])
    say(before, "1.3", Layer.COUNCIL, points="0.75")
    publish(before)

    beside = beside_of(officer, fresh(world), "1.3")

    assert (beside.later.layer, beside.later.points) == (Layer.COUNCIL, "0,75")


def test_a_withdrawn_layer_hides_no_earlier_one(world):
    officer = world.officer()
    before = judged(world, people=[officer])
    say(before, "1.3", Layer.COUNCIL)
    publish(before)

    beside = beside_of(officer, fresh(world), "1.3")

    assert (beside.later.points, beside.later.reason) == ("0,25", "Thiếu quyết định")


def test_data_of_a_judgement_are_told_where_they_were_corrected(world):
    reader = world.inspector()
    before = file_of_last_year(world.file)
    reader.roles.create(name=RoleName.INSPECTOR, round=before.round)
    say(before, "1.2", points="2.7", data=SHARE)
    say(before, "1.2", Layer.APPRAISED, points="2.7", data=SHARE)
    taken_over = beside_of(reader, fresh(world), "1.2").later
    corrected = SHARE.replace("45", "40")
    say(before, "1.2", Layer.COUNCIL, points="2.4", data=corrected)

    later = beside_of(reader, fresh(world), "1.2").later

    assert (taken_over.points, taken_over.data) == ("2,7", "")
    assert later.points == "2,4"
    assert "40" in later.data


def test_an_officer_of_this_round_alone_sees_what_the_own_agency_entered(world):
    judged(world)

    beside = beside_of(world.officer(), fresh(world), "1.3")

    assert beside.own.points == "0,5"


def test_a_reader_of_this_round_alone_learns_of_no_earlier_file(world):
    judged(world)

    assert beside_of(world.inspector(), fresh(world), "1.3") == NothingBeside()


def test_a_reader_of_both_rounds_sees_every_layer_and_uses_nothing(world):
    before = judged(world)
    reader = world.inspector()
    reader.roles.create(name=RoleName.INSPECTOR, round=before.round)

    beside = beside_of(reader, fresh(world), "1.3")

    assert (beside.own.points, beside.later.points) == ("0,5", "0,25")
    assert not beside.may_use
    assert not beside.may_use_documents


def test_after_the_hand_over_nothing_is_used_again(world, officer):
    judged(world)
    Assessment.objects.filter(pk=world.file.pk).update(state="with_leader")

    assert not beside_of(officer, fresh(world), "1.3").may_use


# --- used again ---------------------------------------------------------------------------


def test_data_and_explanation_come_as_the_rows_inputs(world, officer):
    before = file_of_last_year(world.file)
    say(before, "1.2", points="2.7", data=SHARE, reason="Theo báo cáo số 5")

    assert again(world, officer, "1.2") == {
        "d-numerator": ["45"],
        "d-denominator": ["50"],
        "reason": ["Theo báo cáo số 5"],
    }


def test_what_is_used_again_saves_the_same_data(world, officer):
    """And points by this year's rule: an override of then is not carried on."""
    before = file_of_last_year(world.file)
    say(before, "1.2", points="2.8", data=SHARE, reason="Hồ sơ trùng")

    values = again(world, officer, "1.2")

    assert "points" not in values
    assert values["d-numerator"] == ["45"]


def test_a_chosen_answer_is_the_inputs_value(world, officer):
    say(file_of_last_year(world.file), "1.1", points="1", data='{"option":2}')

    assert again(world, officer, "1.1") == {"d-option": ["2"]}


def test_a_proposal_of_not_applicable_is_used_again_with_its_reason(world, officer):
    say(file_of_last_year(world.file), "1.2", na="proposed", reason="Không có thủ tục")

    assert again(world, officer, "1.2") == {"na": ["1"], "reason": ["Không có thủ tục"]}


def test_judged_points_are_used_again(world, officer):
    say(file_of_last_year(world.file), "1.3", points="0.5")

    assert again(world, officer, "1.3") == {"points": ["0,5"]}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        pytest.param(
            "1.2",
            {"parameters": parameters_of("1.2", denominator="hồ sơ tiếp nhận")},
            id="a figure of something else",
        ),
        pytest.param(
            "1.1",
            {
                "parameters": json.dumps(
                    {
                        "options": [
                            {"label": "Kịp thời", "points": 2},
                            {"label": "Không", "points": 0},
                        ]
                    }
                )
            },
            id="other answers",
        ),
        pytest.param(
            "1.2",
            {
                "rule": "count",
                "parameters": '{"unit": "hồ sơ", "per_unit": 1, "ceiling": 3}',
            },
            id="another rule",
        ),
    ],
)
def test_other_inputs_are_shown_and_not_used_again(world, officer, code, change):
    data = '{"option":1}' if code == "1.1" else SHARE
    data = '{"count":2}' if change.get("rule") else data
    other = set_of_before(world, renamed(code, **change))
    say(file_of_last_year(world.file, criteria_set=other), code, points="1", data=data)

    beside = beside_of(officer, fresh(world), code)

    assert beside.own.data
    assert beside.again == ""
    assert beside.hindrance


def test_other_points_of_the_same_answers_do_not_hinder(world, officer):
    cheaper = json.loads(parameters_of("1.1"))
    cheaper["options"][1]["points"] = 0.5
    other = set_of_before(world, renamed("1.1", parameters=json.dumps(cheaper)))
    before = file_of_last_year(world.file, criteria_set=other)
    say(before, "1.1", points="0.5", data='{"option":2}')

    assert again(world, officer, "1.1") == {"d-option": ["2"]}


def test_points_above_this_years_maximum_are_not_used_again(world, officer):
    richer = set_of_before(world, renamed("1.3", max_points=Decimal(2)))
    before = file_of_last_year(world.file, criteria_set=richer)
    say(before, "1.3", points="1.5")

    beside = beside_of(officer, fresh(world), "1.3")

    assert (beside.text.maximum, beside.own.points) == ("2", "1,5")
    assert (beside.again, bool(beside.hindrance)) == ("", True)


def test_points_by_hand_on_a_computing_rule_are_not_used_again(world, officer):
    say(file_of_last_year(world.file), "1.1", points="1.5", reason="Theo kết luận")

    beside = beside_of(officer, fresh(world), "1.1")

    assert (beside.again, bool(beside.hindrance)) == ("", True)


# --- documents ----------------------------------------------------------------------------


def test_documents_of_then_with_place_and_age(world):
    officer = world.officer()
    before = file_of_last_year(world.file, people=[officer])
    year = world.round.year
    prove(before, "1.3", title="Cũ", issued_on=date(year - 1, 12, 31), page="7")
    prove(before, "1.3", title="Mới", issued_on=date(year, 1, 1), section="Mục II")
    prove(before, "1.3", title="Không rõ ngày")
    prove(before, "1.1", title="Của tiêu chí khác")

    documents = beside_of(officer, fresh(world), "1.3").documents

    assert [document.item.title.split(" (")[0] for document in documents] == [
        "Cũ",
        "Mới",
        "Không rõ ngày",
    ]
    assert [document.is_old for document in documents] == [True, False, False]
    assert documents[0].item.place.endswith("7")
    assert documents[1].item.place == "Mục II"
    assert all(document.is_open for document in documents)


def test_a_document_that_proves_the_row_again_is_marked(world):
    officer = world.officer()
    before = file_of_last_year(world.file, people=[officer])
    link = prove(before, "1.3", title="Quyết định")
    now = prove(world.file, "1.3", title="Quyết định")
    now.document.current.link = link.document.current.link
    now.document.current.save()

    (document,) = beside_of(officer, fresh(world), "1.3").documents

    assert document.is_used


def test_documents_of_a_file_that_may_not_be_opened_are_only_named(world, officer):
    before = file_of_last_year(world.file)
    link = prove(before, "1.3", title="Quyết định")

    beside = beside_of(officer, fresh(world), "1.3")

    assert [document.is_open for document in beside.documents] == [False]
    assert not beside.may_use_documents
    assert earlier_link(officer, fresh(world), "1.3", link.pk) is None


def test_a_link_of_another_criterion_or_file_is_not_found(world):
    officer = world.officer()
    before = file_of_last_year(world.file, people=[officer])
    here = prove(before, "1.3", title="Đúng")
    there = prove(before, "1.1", title="Khác")
    now = prove(world.file, "1.3", title="Năm nay")

    found = [
        earlier_link(officer, fresh(world), "1.3", pk)
        for pk in (here.pk, there.pk, now.pk)
    ]

    assert found == [here, None, None]


@pytest.mark.parametrize("filled", [1, 3])
def test_a_fixed_number_of_questions(world, django_assert_num_queries, filled):
    officer = world.officer()
    before = file_of_last_year(world.file, people=[officer])
    for layer in (Layer.SELF, Layer.APPRAISED, Layer.COUNCIL)[:filled]:
        say(before, "1.3", layer, points="0.5")
    for number in range(filled):
        prove(before, "1.3", title=f"Văn bản {number}")
    file = fresh(world)
    assert officer.role_rows
    beside_of(officer, file, "1.3")

    # File, phases, pairs, cells, contents now, documents; phases of this round once.
    with django_assert_num_queries(6):
        beside = beside_of(officer, file, "1.3")

    assert isinstance(beside, Beside)
    assert len(beside.documents) == filled


# --- odd jumps -----------------------------------------------------------------------------


def test_points_that_moved_by_half_of_the_maximum_are_listed(world, officer):
    before = file_of_last_year(world.file)
    say(before, "1.1", points="1", data='{"option":2}')
    say(before, "1.2", points="2.7", data=SHARE)
    say(before, "1.3", points="0.5")
    save(
        world.file,
        [
            CellChange("1.1", Layer.SELF, data={"option": 1}),
            CellChange("1.2", Layer.SELF, data={"numerator": 90, "denominator": 100}),
            CellChange("1.3", Layer.SELF, points=Decimal("0.01")),
        ],
        by=officer,
    )

    found = jumps(fresh(world), sheet_of(world.file).rows)

    assert found == [("1.1", Decimal(1), Decimal(2))]


def test_no_jump_without_points_on_both_sides(world, officer):
    before = file_of_last_year(world.file)
    say(before, "1.1", points="0", data='{"option":3}')
    say(before, "1.2", na="proposed", reason="Không có")
    save(
        world.file,
        [CellChange("1.2", Layer.SELF, data={"numerator": 50, "denominator": 50})],
        by=officer,
    )

    assert jumps(fresh(world), sheet_of(world.file).rows) == []


def test_shares_of_the_maximum_are_compared_when_it_changed(world, officer):
    """1 of 2 then, 1 of 1 now: half of the maximum."""
    richer = set_of_before(world, renamed("1.3", max_points=Decimal(2)))
    say(file_of_last_year(world.file, criteria_set=richer), "1.3", points="1")
    save(
        world.file,
        [CellChange("1.3", Layer.SELF, points=Decimal(1))],
        by=officer,
    )

    found = jumps(fresh(world), sheet_of(world.file).rows)

    assert [code for code, then, now in found] == ["1.3"]


@pytest.mark.parametrize("filled", [1, 3])
def test_jumps_ask_a_fixed_number_of_times(world, django_assert_num_queries, filled):
    before = file_of_last_year(world.file)
    for code in ("1.1", "1.2", "1.3")[:filled]:
        say(before, code, points="0")
        say(world.file, code, points="1")
    file, rows = fresh(world), sheet_of(world.file).rows

    with django_assert_num_queries(3):
        found = jumps(file, rows)

    assert len(found) == min(filled, 1) + (filled == 3)


# --- the pairs ------------------------------------------------------------------------------


def test_a_criterion_continues_one_earlier_criterion(world):
    other = set_of_before(world, lambda row: row)
    now, then = tree_of(world.set).ids, tree_of(other).ids
    CriterionMapping.objects.create(criterion_id=now["1.3"], previous_id=then["1.3"])

    for previous in (then["1.1"], now["1.3"]):
        criterion = now["1.3"] if previous == then["1.1"] else previous
        with pytest.raises(IntegrityError), transaction.atomic():
            CriterionMapping.objects.create(
                criterion_id=criterion, previous_id=previous
            )


@pytest.mark.parametrize(
    ("code", "previous"),
    [
        pytest.param("1", "1.3", id="a branch"),
        pytest.param("1.3", "9", id="the branch of adjustments"),
    ],
)
def test_only_criteria_with_points_are_paired(world, code, previous):
    other = set_of_before(world, lambda row: row)
    pair = CriterionMapping(
        criterion_id=tree_of(world.set).ids[code],
        previous_id=tree_of(other).ids[previous],
    )

    with pytest.raises(ValidationError):
        pair.full_clean()


def test_a_pair_looks_back_and_its_sets_are_in_use(world):
    other = set_of_before(world, lambda row: row)
    now, then = tree_of(world.set).ids, tree_of(other).ids
    forward = CriterionMapping(criterion_id=then["1.3"], previous_id=now["1.3"])
    sound = CriterionMapping(criterion_id=now["1.3"], previous_id=then["1.3"])

    with pytest.raises(ValidationError):
        forward.full_clean()
    sound.full_clean()
    other.frozen_at = None
    other.save()
    unfrozen = CriterionMapping(criterion_id=now["1.3"], previous_id=then["1.3"])
    with pytest.raises(ValidationError):
        unfrozen.full_clean()
