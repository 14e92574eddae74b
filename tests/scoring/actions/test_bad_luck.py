"""Several people at once on one file, one group, one round: nothing lost, no deadlock.

On PostgreSQL with its row locks, on SQLite with its one writer at a time.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections

from scoring.actions import (
    appraisals,
    assessments,
    cells,
    imports,
    memberships,
    results,
    rounds,
    surveys,
)
from scoring.actions.cells import CellChange
from scoring.actions.surveys import SurveyFigure
from scoring.exchange.bundle import read_bundle, write_bundle
from scoring.labels import Layer, LedgerKind, PhaseName, RoleName
from scoring.models import (
    Assessment,
    Cell,
    Freeze,
    LedgerLine,
    Round,
    SurveyResult,
)
from scoring.refusals import Conflict, Refused
from scoring.states import FileState
from tests.councils.worlds import CouncilWorld
from tests.factories import World, lay_phases

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30
ROUNDS = 5


def at_once(*acts):
    """Start all acts at the same moment; what each gave, or how it was refused."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(PATIENCE)
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(PATIENCE) for done in [pool.submit(run, a) for a in acts]]


def chain_is_sound(file):
    """The file's ledger has no gap, each line holds the one before, the head is last."""
    lines = list(
        LedgerLine.objects.filter(
            year=file.round.year, agency_code=file.agency.code
        ).order_by("sequence")
    )
    hashes = ["", *(line.hash for line in lines)]
    stored = Assessment.objects.get(pk=file.pk)
    return (
        [line.sequence for line in lines] == list(range(1, len(lines) + 1))
        and all(line.previous_hash == hashes[i] for i, line in enumerate(lines))
        and all(line.hash == line.computed_hash() for line in lines)
        and (stored.ledger_length, stored.ledger_head) == (len(lines), hashes[-1])
    )


def own(code="1.3", points="0.5", **more):
    return CellChange(code, Layer.SELF, points=Decimal(points), reason="lý do", **more)


def judged(points, code="1.3", version=0):
    return CellChange(
        code,
        Layer.APPRAISED,
        points=Decimal(points),
        reason=f"vì {points}",
        expected_version=version,
    )


def test_many_saves_of_one_file_leave_one_unbroken_chain():
    world = World(agencies=1)
    officer = world.officer()
    given = at_once(
        *(
            lambda n=n: cells.save(world.file, [own(points=f"0.{n}")], by=officer)
            for n in range(1, 7)
        )
    )

    assert not any(isinstance(answer, Refused) for answer in given)
    assert Cell.objects.get().version == 6
    assert LedgerLine.objects.count() == 6
    assert chain_is_sound(world.file)


def test_of_two_appraisers_on_one_cell_the_later_is_told():
    world = CouncilWorld(agencies=1, phase=PhaseName.APPRAISAL)
    Cell.objects.filter(layer=Layer.APPRAISED).delete()
    first, second = world.appraiser(), world.appraiser()
    Assessment.objects.update(state=FileState.LOCKED)
    given = at_once(
        lambda: cells.save(world.file, [judged("0.3")], by=first),
        lambda: cells.save(world.file, [judged("0.4")], by=second),
    )

    told = [answer for answer in given if isinstance(answer, Conflict)]
    assert len(told) == 1
    assert told[0].details["version"] == 1
    kept = Cell.objects.get(layer=Layer.APPRAISED)
    assert kept.version == 1
    assert chain_is_sound(world.file)


def test_accepting_the_rest_never_overwrites_a_judgement_made_meanwhile():
    for __ in range(ROUNDS):
        world = CouncilWorld(agencies=1, phase=PhaseName.APPRAISAL)
        Cell.objects.filter(layer=Layer.APPRAISED).delete()
        first, second = world.appraiser(), world.appraiser()
        Assessment.objects.filter(pk=world.file.pk).update(state=FileState.LOCKED)
        given = at_once(
            lambda w=world, a=first: appraisals.accept_rest(w.file, by=a),
            lambda w=world, a=second: cells.save(w.file, [judged("0.3")], by=a),
        )

        kept = Cell.objects.get(
            assessment=world.file, layer=Layer.APPRAISED, criterion__code="1.3"
        )
        # Either the judgement stands, or its writer was told that it came too late.
        assert kept.points == Decimal("0.3") or isinstance(given[1], Conflict)
        assert chain_is_sound(world.file)


def test_a_save_and_the_hand_over_at_once_agree_with_the_ledger():
    for __ in range(ROUNDS):
        world = World(agencies=1)
        officer = world.officer()
        cells.save(world.file, [own(points="0.1")], by=officer)
        saved, __ = at_once(
            lambda w=world, o=officer: cells.save(w.file, [own()], by=o),
            lambda w=world, o=officer: assessments.hand_over(w.file, by=o),
        )

        assert world.reload().state == FileState.WITH_LEADER
        last = LedgerLine.objects.filter(agency_code=world.file.agency.code).last()
        assert last.kind == LedgerKind.MOVED
        stands = Cell.objects.get(assessment=world.file).points == Decimal("0.5")
        assert stands != isinstance(saved, Refused)
        assert chain_is_sound(world.file)


def test_reopening_and_appraising_at_once_leave_a_sound_file():
    for __ in range(ROUNDS):
        world = CouncilWorld(agencies=1, phase=PhaseName.APPRAISAL)
        Cell.objects.filter(layer=Layer.APPRAISED).delete()
        Assessment.objects.filter(pk=world.file.pk).update(state=FileState.LOCKED)
        manager, appraiser = world.clerk_of_the_round, world.appraiser()
        deadline = world.round.phase(PhaseName.APPRAISAL).ends_at
        __, saved = at_once(
            lambda w=world, m=manager, d=deadline: assessments.reopen(
                w.file, until=d, reason="bổ sung", document="01/CV", by=m
            ),
            lambda w=world, a=appraiser: cells.save(w.file, [judged("0.3")], by=a),
        )

        assert world.reload().state == FileState.SCORING
        written = Cell.objects.filter(
            assessment=world.file, layer=Layer.APPRAISED
        ).exists()
        assert written != isinstance(saved, Refused)
        assert chain_is_sound(world.file)


@pytest.mark.parametrize("times", range(2))
def test_adoption_against_surveys_saves_and_imports_of_all_files(times):
    """Adoption takes group, then files; the others files alone, in one order."""
    world = CouncilWorld(agencies=4, phase=PhaseName.COUNCIL)
    manager, chair = world.clerk_of_the_round, world.person(RoleName.CHAIR)
    codes = [file.agency.code for file in world.files]
    figures = [SurveyFigure(code, "2.1", 50, Decimal("10")) for code in reversed(codes)]
    correction = CellChange("1.3", Layer.COUNCIL, points=Decimal("0.1"), reason="sửa")
    given = at_once(
        lambda: results.adopt(world.group, by=chair),
        lambda: surveys.save(world.round, figures, by=manager),
        lambda: imports.save_scores(
            world.round, {code: [correction] for code in reversed(codes)}, by=manager
        ),
        *(
            lambda file=file: cells.save(file, [correction], by=manager)
            for file in reversed(world.files)
        ),
    )

    assert not isinstance(given[0], Refused)
    frozen = {
        row.agency_code: row.index_exact for row in Freeze.objects.get().results.all()
    }
    (result,) = results.computed_results(world.round, "final", [world.group_now()])
    now = {
        row.assessment.agency.code: f"{row.totals.index.numerator}"
        f"/{row.totals.index.denominator}"
        for row in result.rows
    }
    assert frozen == now
    assert all(chain_is_sound(file) for file in world.files)


def test_an_import_confirmed_in_two_windows_is_one_import():
    world = World(agencies=3)
    manager = world.manager()
    changes = {file.agency.code: [own()] for file in world.files}
    figures = [
        SurveyFigure(f.agency.code, "2.1", 5, Decimal("10")) for f in world.files
    ]
    given = at_once(
        lambda: imports.save_scores(world.round, changes, by=manager),
        lambda: imports.save_scores(world.round, changes, by=manager),
    )
    assert sorted(given) == [0, 3]
    given = at_once(
        lambda: surveys.save(world.round, figures, by=manager),
        lambda: surveys.save(world.round, figures, by=manager),
    )
    assert sorted(given) == [0, 3]
    assert SurveyResult.objects.count() == 3
    assert LedgerLine.objects.count() == 6
    assert all(chain_is_sound(file) for file in world.files)


def test_the_deadline_passes_between_opening_the_page_and_saving():
    world = World(agencies=1)
    officer = world.officer()
    stale = world.reload()
    stale.round.phase_rows  # noqa: B018  the page has read the phases
    lay_phases(world.round, PhaseName.APPRAISAL)

    with pytest.raises(Refused):
        cells.save(stale, [own()], by=officer)
    with pytest.raises(Refused):
        assessments.hand_over(stale, by=officer)
    assert not Cell.objects.exists()


def test_a_score_and_the_load_of_its_round_at_once_lose_nothing(tmp_path):
    """A load takes round, group, files; a save its file alone."""
    for __ in range(ROUNDS):
        world = World(agencies=3)
        content = _content_of(world, tmp_path)
        officer = world.officer(world.files[2])
        loaded, saved = at_once(
            lambda c=content: rounds.load(c, replace=True),
            lambda w=world, o=officer: cells.save(w.files[2], [own()], by=o),
        )

        assert not isinstance(loaded, Refused)
        assert not isinstance(saved, Refused)
        # First saved, then withdrawn by the bundle, which knows no scores; or after it.
        kept = Cell.objects.get(assessment=world.files[2])
        assert kept.points in (None, Decimal("0.5"))
        assert all(chain_is_sound(file) for file in world.files)


def test_a_load_and_an_adoption_at_once_do_not_block_each_other(tmp_path):
    for __ in range(ROUNDS):
        world = CouncilWorld(agencies=3, phase=PhaseName.COUNCIL)
        chair, content = world.person(RoleName.CHAIR), _content_of(world, tmp_path)
        given = at_once(
            lambda c=content: rounds.load(c, replace=True),
            lambda w=world, c=chair: results.adopt(w.group, by=c),
        )
        assert not isinstance(given[1], Refused)
        assert world.group_now().is_adopted
        assert all(chain_is_sound(file) for file in world.files)


def test_an_agency_moved_while_its_new_group_is_adopted_stays_out_or_counts():
    for __ in range(ROUNDS):
        world = CouncilWorld(agencies=2, groups=2, phase=PhaseName.COUNCIL)
        chair = world.person(RoleName.CHAIR)
        mover, target = world.reload(world.files[0]), world.groups[1]
        mover.group = target
        adopted, __ = at_once(
            lambda g=target, c=chair: results.adopt(g, by=c),
            lambda m=mover, b=world.clerk_of_the_round: memberships.save(m, by=b),
        )

        assert not isinstance(adopted, Refused)
        frozen = Freeze.objects.get(group=target).results.values_list(
            "agency_code", flat=True
        )
        inside = Assessment.objects.filter(group=target)
        assert set(frozen) == {file.agency.code for file in inside}
        assert all(chain_is_sound(file) for file in world.files)


def test_a_form_of_the_admin_does_not_take_back_what_happened_meanwhile():
    world = World(agencies=1)
    officer, opened = world.officer(), world.reload()
    cells.save(world.file, [own()], by=officer)
    assessments.hand_over(world.file, by=officer)
    opened.name_vi = "Tên in mới"
    memberships.save(opened, by=world.manager())

    file = world.reload()
    assert (file.name_vi, file.state) == ("Tên in mới", FileState.WITH_LEADER)
    assert chain_is_sound(file)


def _content_of(world, folder):
    """The round as its bundle says it."""
    path = folder / f"{world.round.year}"
    write_bundle(Round.objects.get(pk=world.round.pk), path)
    return read_bundle(path)
