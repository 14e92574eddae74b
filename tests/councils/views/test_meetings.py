import pytest

from councils.actions import meetings
from councils.models import Attendance
from councils.states import MeetingState
from scoring.labels import PhaseName
from tests.councils.worlds import CouncilWorld

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def world():
    return CouncilWorld(agencies=1, groups=2, members=2)


def test_the_secretary_opens_and_closes_by_two_buttons(client, world):
    client.force_login(world.secretary)

    client.post(world.url("meeting-open"))
    assert world.fresh(world.meeting).state == MeetingState.OPEN

    answer = client.post(world.url("meeting-close"))
    assert answer["Location"] == world.meeting.get_absolute_url()
    assert world.fresh(world.meeting).state == MeetingState.CLOSED


def test_a_double_click_on_opening_and_closing_is_harmless(client, world):
    client.force_login(world.secretary)

    for step in ("meeting-open", "meeting-open", "meeting-close", "meeting-close"):
        assert client.post(world.url(step)).status_code == 302

    assert world.fresh(world.meeting).state == MeetingState.CLOSED


def test_the_agenda_names_every_group(client, world):
    client.force_login(world.voters[0])

    answer = client.get(world.url("meeting-detail"))

    text = answer.content.decode()
    assert all(group.name in text for group in world.groups)
    assert [line["item"].position for line in answer.context["agenda"]] == [1, 2]


def test_outside_the_phase_the_page_says_so(client, world):
    client.force_login(world.secretary)
    world.open_phase(PhaseName.SECOND_APPRAISAL)

    text = client.get(world.url("meeting-detail")).content.decode()

    assert "read-only-note" in text
    assert world.url("meeting-open") not in text


def test_one_member_is_noted_as_present_within_the_page(client, world):
    client.force_login(world.secretary)
    seat = world.seat(world.voters[0])

    answer = client.post(
        world.url("presence-mark"), {"member": seat.pk, "present": "1"}, **HTMX
    )

    assert Attendance.objects.get().member == seat
    text = answer.content.decode()
    assert text.strip().startswith('<section class="section" id="presence"')
    assert "1/4" in text


def test_all_members_are_noted_by_one_button_and_without_script(client, world):
    client.force_login(world.secretary)

    answer = client.post(world.url("presence-mark"), {"present": "1"})

    assert answer["Location"] == f"{world.meeting.get_absolute_url()}#presence"
    assert Attendance.objects.filter(left_at__isnull=True).count() == 4


@pytest.mark.parametrize("member", ["0", "abc", "²", "9" * 5000])
def test_an_unknown_member_is_not_found(client, world, member):
    client.force_login(world.secretary)

    answer = client.post(world.url("presence-mark"), {"member": member, "present": "1"})

    assert answer.status_code == 404
    assert not Attendance.objects.exists()


def test_the_chair_s_conclusion_is_saved_within_the_page(client, world):
    world.gather()
    client.force_login(world.chair)
    page = client.get(world.url("meeting-detail"))
    seen = page.context["conclusion_form"]["seen"].value()

    answer = client.post(
        world.url("meeting-conclude"), {"text": "Thống nhất.", "seen": seen}, **HTMX
    )

    assert world.fresh(world.meeting).conclusion == "Thống nhất."
    text = answer.content.decode()
    assert 'id="conclusion"' in text
    assert "is-saved" in text
    fresh = meetings.conclusion_digest("Thống nhất.")
    assert fresh in text


def test_two_tabs_of_the_chair_show_both_texts(client, world):
    world.gather()
    client.force_login(world.chair)
    seen = meetings.conclusion_digest("")
    url = world.url("meeting-conclude")

    client.post(url, {"text": "Bản một", "seen": seen})
    answer = client.post(url, {"text": "Bản hai", "seen": seen})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Bản một" in text
    assert "Bản hai" in text


def test_a_blank_conclusion_is_refused_at_its_field(client, world):
    world.gather()
    client.force_login(world.chair)

    answer = client.post(world.url("meeting-conclude"), {"text": "  "})

    assert answer.status_code == 422
    assert "text" in answer.context["conclusion_form"].errors


def test_readers_read_the_conclusion(client, world):
    world.gather()
    meetings.conclude(world.meeting, "Rà soát <lại>.", by=world.chair)
    client.force_login(world.voters[0])

    text = client.get(world.url("meeting-detail")).content.decode()

    assert "Rà soát &lt;lại&gt;." in text
    assert "<textarea" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_a_fixed_number_of_times(
    client, count, django_assert_num_queries
):
    world = CouncilWorld(agencies=1, groups=count, members=count)
    world.gather()
    client.force_login(world.chair)

    with django_assert_num_queries(7):
        answer = client.get(world.url("meeting-detail"))

    assert len(answer.context["agenda"]) == count
    assert len(answer.context["seats"]) == count + 2
