import pytest

from councils.actions import items, meetings, opinions
from councils.models import Opinion
from scoring.labels import PhaseName
from scoring.refusals import Late, NotAllowed, Refused
from tests.councils.worlds import CouncilWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = CouncilWorld(agencies=1, groups=2, members=1)
    world.gather()
    return world


def record(world, text="Đề nghị rà soát.", **options):
    options = {"token": "a1", "by": world.chair, **options}
    return opinions.record(world.item, text, **options)


def test_an_opinion_keeps_who_said_what_of_which_criterion(world):
    opinion = record(
        world, " Cần làm rõ. ", assessment=world.file, criterion_code="1.2"
    )

    assert opinion.member.user == world.chair
    assert (opinion.text, opinion.criterion_code) == ("Cần làm rõ.", "1.2")
    assert opinion.assessment == world.file


def test_the_same_post_twice_is_one_opinion(world):
    first = record(world)
    again = record(world, "Bản khác của cùng một lần gửi")

    assert first.pk == again.pk
    assert Opinion.objects.count() == 1


def test_the_same_words_in_another_post_are_another_opinion(world):
    record(world)
    record(world, token="a2")

    assert Opinion.objects.count() == 2


def test_a_repeat_after_the_close_still_answers(world):
    first = record(world)
    meetings.close(world.meeting, by=world.secretary)

    assert record(world).pk == first.pk


def test_two_members_may_have_the_same_token(world):
    record(world)
    record(world, by=world.secretary)

    assert Opinion.objects.count() == 2


@pytest.mark.parametrize("text", ["", "   \r\n ", "x" * 4001])
def test_blank_and_overlong_texts_are_refused(world, text):
    with pytest.raises(Refused):
        record(world, text)
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("token", ["", "x" * 41])
def test_a_post_without_its_token_is_refused(world, token):
    with pytest.raises(Refused):
        record(world, token=token)


def test_an_agency_of_another_group_is_refused(world):
    with pytest.raises(Refused):
        record(world, assessment=world.files[1])


def test_an_unknown_criterion_is_refused_by_its_code(world):
    with pytest.raises(Refused, match=r"7\.7"):
        record(world, assessment=world.file, criterion_code="7.7")


def test_a_criterion_without_its_agency_is_refused(world):
    with pytest.raises(Refused):
        record(world, criterion_code="1.2")


def test_who_has_no_seat_gives_no_opinion(world):
    for user in (world.clerk_of_the_round, world.inspector()):
        with pytest.raises(NotAllowed):
            record(world, by=user)


def test_who_is_not_present_gives_no_opinion(world):
    world.leave(world.voters[0])

    with pytest.raises(NotAllowed):
        record(world, by=world.voters[0])


def test_before_and_after_the_meeting_there_are_no_opinions(world):
    meetings.close(world.meeting, by=world.secretary)
    with pytest.raises(Refused):
        record(world)

    world.meeting = meetings.plan(
        world.council, held_at=world.meeting.held_at, by=world.secretary
    )
    world.item = world.item_of(world.group)
    with pytest.raises(Refused):
        record(world)


def test_after_the_phase_there_are_no_opinions(world):
    world.open_phase(PhaseName.RECHECK)

    with pytest.raises(Late):
        record(world)


def test_opinions_go_on_after_the_adoption_of_the_group(world):
    world.open_vote()
    world.vote("agree")
    world.close_vote()
    items.adopt(world.item, by=world.chair)

    assert record(world).pk


def test_bytes_that_nobody_types_break_nothing(world):
    """PostgreSQL takes no NUL byte in any text."""
    assert record(world, "Nhất\x00 trí").text == "Nhất trí"
    with pytest.raises(Refused):
        record(world, token="a\x00")
    with pytest.raises(Refused):
        record(world, "\x00", token="a3")
