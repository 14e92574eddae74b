"""Several people at once: the meeting's row makes their acts follow one another."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections, transaction

from councils.actions import items, meetings, opinions, votes
from councils.labels import Choice
from councils.models import Meeting, Opinion, Vote
from councils.states import ItemState
from scoring.actions import cells
from scoring.actions.cells import CellChange
from scoring.labels import Layer, LedgerKind
from scoring.models import Cell, Freeze, LedgerLine
from scoring.refusals import Refused
from tests.councils.worlds import CouncilWorld

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20


@pytest.fixture
def world():
    world = CouncilWorld(agencies=1, members=4)
    world.gather()
    return world


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


def test_a_vote_sent_from_several_windows_is_one_row(world):
    world.open_vote()

    given = at_once(
        *(
            lambda choice=choice: votes.cast(world.item, choice, by=world.chair)
            for choice in [*Choice, *Choice]
        )
    )

    assert {vote.pk for vote in given} == {Vote.objects.get().pk}


def test_everybody_votes_at_once(world):
    world.open_vote()

    at_once(
        *(
            lambda user=user: votes.cast(world.item, Choice.AGREE, by=user)
            for user in world.people
        )
    )

    assert Vote.objects.count() == len(world.people)
    assert Vote.objects.values("member").distinct().count() == len(world.people)


def test_votes_and_the_close_at_once_agree_with_what_is_kept(world):
    world.open_vote()

    at_once(
        lambda: items.close_vote(world.item, by=world.secretary),
        *(
            lambda user=user: votes.cast(world.item, Choice.AGREE, by=user)
            for user in world.people
        ),
    )

    item = world.fresh(world.item)
    assert item.state == ItemState.CLOSED
    assert item.agree_count == Vote.objects.count()


def test_one_opinion_sent_from_several_windows_is_one_row(world):
    at_once(
        *(
            lambda: opinions.record(world.item, "Nhất trí.", token="t", by=world.chair)
            for __ in range(4)
        )
    )

    assert Opinion.objects.count() == 1


def test_a_meeting_planned_from_two_windows_is_one(world):
    at_once(
        *(
            lambda: meetings.plan(
                world.council,
                held_at=world.meeting.held_at,
                place="Phòng 3",
                by=world.secretary,
            )
            for __ in range(3)
        )
    )

    assert Meeting.objects.filter(place="Phòng 3").count() == 1


def test_two_meetings_opened_at_once_leave_one_in_session():
    world = CouncilWorld(agencies=1, members=1)
    other = meetings.plan(
        world.council,
        held_at=world.meeting.held_at,
        place="Phòng 3",
        by=world.secretary,
    )

    at_once(
        lambda: meetings.open_(world.meeting, by=world.secretary),
        lambda: meetings.open_(other, by=world.chair),
    )

    assert Meeting.objects.filter(opened_at__isnull=False).count() == 1


def test_adoption_from_two_windows_freezes_once(world):
    world.open_vote()
    world.vote("agree")
    world.close_vote()

    at_once(*(lambda: items.adopt(world.item, by=world.chair) for __ in range(2)))

    assert Freeze.objects.count() == 1
    assert LedgerLine.objects.filter(kind=LedgerKind.ADOPTED).count() == 1


def test_a_score_sent_during_the_adoption_is_refused(world):
    """It waits for the file's row and must then see that the group is adopted."""
    world.open_vote()
    world.vote("agree")
    world.close_vote()
    adopted = threading.Event()
    change = CellChange("1.3", Layer.COUNCIL, points=Decimal("0.1"), reason="muộn")

    def adopt():
        with transaction.atomic():
            items.adopt(world.item, by=world.chair)
            adopted.set()
            time.sleep(0.5)

    def save():
        adopted.wait(PATIENCE)
        return cells.save(world.file, [change], by=world.clerk_of_the_round)

    __, late = at_once(adopt, save)

    assert isinstance(late, Refused)
    assert not Cell.objects.filter(layer=Layer.COUNCIL).exists()
