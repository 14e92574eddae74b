import pytest
from django.utils import timezone

from scoring.actions import assessments
from scoring.labels import PhaseName, RoleName
from scoring.models import User
from scoring.states import RoundState
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db


def home(client, user):
    client.force_login(user)
    return client.get("/").content.decode()


def test_the_officer_is_led_to_the_sheet_with_what_is_left(client):
    world = World()

    page = home(client, world.officer())

    assert f'href="{world.file.get_absolute_url()}"' in page
    line = page[page.index("work-meta") :]
    assert "3/3" in line
    assert world.round.name in line
    assert world.files[1].name_vi not in page
    assert "btn-primary" in page


def test_the_leader_is_asked_when_the_file_has_come(client):
    world = World()
    leader = world.leader()
    before = home(client, leader)
    assessments.hand_over(world.file, by=world.officer())

    after = home(client, leader)

    assert "btn-primary" not in before[before.index("<main") : before.index("</main")]
    assert "btn-primary" in after[after.index("<main") : after.index("</main")]
    assert "state-waiting" in after


def test_the_appraiser_is_led_to_the_files_of_the_phase(client):
    world = World(phase=PhaseName.APPRAISAL)

    page = home(client, world.appraiser())

    assert f"/rounds/{world.round.year}/appraisals/" in page
    assert "0" in page[page.index("work-meta") :]


def test_the_appraiser_has_nothing_before_the_phase(client):
    world = World()

    page = home(client, world.appraiser())

    assert "work-list" not in page
    assert 'class="empty"' in page


def test_the_manager_sees_files_by_state_and_who_is_late(client):
    world = World(agencies=3)
    assessments.hand_over(world.file, by=world.officer())
    early = home(client, world.manager())
    world.open_phase(PhaseName.APPRAISAL)

    late = home(client, world.manager())

    assert f"/rounds/{world.round.year}/progress/" in early
    assert "state-late" not in early
    assert "state-late" in late
    assert "3" in late[late.index("state-late") :][:40]


@pytest.mark.parametrize(
    ("phase", "is_due"), [(PhaseName.COUNCIL, True), (PhaseName.APPRAISAL, False)]
)
def test_the_council_is_called_in_its_phase(client, phase, is_due):
    world = World(phase=phase)

    page = home(client, world.person(RoleName.MEMBER))

    main = page[page.index("<main") : page.index("</main")]
    assert f"/rounds/{world.round.year}/council/" in main
    assert ("btn-primary" in main) == is_due


@pytest.mark.parametrize("role", [RoleName.INSPECTOR, RoleName.APPROVER])
def test_who_reads_everything_is_led_to_the_round(client, role):
    world = World()

    page = home(client, world.person(role))

    assert f'href="{world.round.get_absolute_url()}"' in page


def test_who_has_no_role_is_told_who_gives_one(client):
    World()

    page = home(client, UserFactory())

    assert 'class="empty"' in page
    assert "/admin/" not in page
    assert "work-list" not in page


def test_a_superuser_without_roles_is_led_to_the_administration(client):
    World()

    page = home(client, User.objects.create_superuser("admin", password="x"))

    assert 'href="/admin/"' in page


def test_a_late_file_says_who_can_help(client):
    world = World()
    officer = world.officer()
    world.open_phase(PhaseName.APPRAISAL)

    page = home(client, officer)

    assert "state-late" in page
    main = page[page.index("<main") : page.index("</main")]
    assert "btn-primary" not in main


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.get("/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("agencies", [1, 3])
@pytest.mark.parametrize(
    ("role", "phase", "queries"),
    [
        ("officer", PhaseName.SELF_ASSESSMENT, 12),
        ("appraiser", PhaseName.APPRAISAL, 11),
        ("manager", PhaseName.SELF_ASSESSMENT, 11),
    ],
)
def test_my_work_asks_the_database_a_fixed_number_of_times(
    client, django_assert_num_queries, agencies, role, phase, queries
):
    world = World(agencies=agencies, phase=phase)
    client.force_login(getattr(world, role)())
    client.get("/")

    with django_assert_num_queries(queries):
        client.get("/")


# --- rounds -------------------------------------------------------------------------


def publish(round_):
    round_.state = RoundState.PUBLISHED
    round_.decision_number, round_.decided_on = "99/QĐ-UBND", timezone.now().date()
    round_.published_at = timezone.now()
    round_.save()


def test_the_public_sees_published_rounds_alone(client):
    open_round, published = World().round, World().round
    publish(published)

    page = client.get("/rounds/").content.decode()

    assert published.name_vi in page
    assert "99/QĐ-UBND" in page
    assert open_round.name_vi not in page


def test_the_list_of_rounds_says_what_will_stand_there(client):
    World()

    assert 'class="empty"' in client.get("/rounds/").content.decode()


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_list_of_rounds_asks_a_fixed_number_of_times(
    client, django_assert_num_queries, rounds
):
    for _ in range(rounds):
        publish(World(agencies=0).round)

    with django_assert_num_queries(4):
        page = client.get("/rounds/").content.decode()

    assert page.count('class="work-item"') == rounds
