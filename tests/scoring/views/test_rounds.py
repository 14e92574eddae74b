"""A round's overview, the progress of its files, deadlines given anew."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import localtime

from scoring.labels import PhaseName
from scoring.models import LedgerLine, RoundGroup
from scoring.states import FileState, GroupState
from tests.factories import World
from tests.scoring.appraisal_worlds import SCORED, appraising, score_and_lock

pytestmark = pytest.mark.django_db
QUERIES_OF_PROGRESS = 10


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "en"
    return client


def address(world, name, *args):
    return reverse(f"scoring:{name}", args=[world.round.year, *args])


def deadline_address(world, act):
    return address(world, f"assessment-{act}", world.file.agency.code)


def typed(moment):
    return localtime(moment).strftime("%Y-%m-%dT%H:%M")


def given(**changed):
    return {
        "until": typed(timezone.now() + timedelta(days=60)),
        "reason": "Cơ quan mới sáp nhập",
        "document": "15/SNV-CCHC ngày 3/3/2026",
    } | changed


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


# --- who sees what ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "overview", "progress", "act"),
    [
        ("manager", 200, 200, 200),
        ("inspector", 200, 200, 403),
        ("appraiser", 200, 404, 403),
        ("officer", 200, 404, 403),
        ("leader", 200, 404, 403),
        ("stranger", 404, 404, 404),
    ],
)
def test_each_role_meets_its_answer(client, who, overview, progress, act):
    world = World()
    user = World().manager() if who == "stranger" else getattr(world, who)()
    client.force_login(user)

    assert client.get(address(world, "round-detail")).status_code == overview
    assert client.get(address(world, "round-progress")).status_code == progress
    for name in ("extend", "reopen"):
        assert client.get(deadline_address(world, name)).status_code == act
        posted = client.post(deadline_address(world, name), given())
        assert posted.status_code in ((302, 200) if who == "manager" else (act,))
    extended = world.reload().extended_until is not None
    assert extended == (who == "manager")


def test_anonymous_people_sign_in_first(client):
    world = World()
    for url in (
        address(world, "round-detail"),
        address(world, "round-progress"),
        deadline_address(world, "extend"),
        deadline_address(world, "reopen"),
    ):
        assert client.get(url)["Location"].startswith(reverse("login"))


def test_an_officer_s_overview_names_no_other_agency(client):
    world = World()
    client.force_login(world.officer())

    page = text_of(client.get(address(world, "round-detail")))

    assert world.file.name_vi in page
    assert world.files[1].name_vi not in page
    assert "Locked by the deadline" not in page
    assert address(world, "result-list") not in page


# --- the overview -------------------------------------------------------------------


def test_the_overview_shows_the_phase_that_the_clock_says(client):
    world = World(phase=PhaseName.APPRAISAL)
    client.force_login(world.manager())

    page = text_of(client.get(address(world, "round-detail")))

    assert re.search(r'<li class="is-now" aria-current="step">Appraisal<br>', page)
    assert page.count('class="is-now"') == 1
    assert page.count('<li class="is-done">') == 1


def test_the_overview_names_who_is_late(client):
    world = World()
    score_and_lock(world)
    world.open_phase(PhaseName.APPRAISAL)
    client.force_login(world.manager())

    page = text_of(client.get(address(world, "round-detail")))

    late = page.partition("Locked by the deadline, not approved")[2]
    assert world.files[1].name_vi in late
    assert world.file.name_vi not in late


@pytest.mark.parametrize("agencies", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [("manager", 10), ("inspector", 10)])
def test_the_overview_asks_the_database_a_fixed_number_of_times(
    client, who, queries, agencies, django_assert_num_queries
):
    world = World(agencies=agencies, phase=PhaseName.APPRAISAL)
    client.force_login(getattr(world, who)())
    client.get(address(world, "round-detail"))

    with django_assert_num_queries(queries):
        page = client.get(address(world, "round-detail"))

    assert page.content.decode().count('class="work-item"') == agencies


# --- the matrix ---------------------------------------------------------------------


def test_the_matrix_counts_states_scores_and_missing_evidence(client):
    world = World()
    score_and_lock(world, changes=SCORED[:2])
    client.force_login(world.manager())

    page = text_of(client.get(address(world, "round-progress")))
    scored = page.partition(f">{world.file.name_vi}</a>")[2].partition("</tr>")[0]
    fresh = page.partition(f">{world.files[1].name_vi}</a>")[2].partition("</tr>")[0]

    assert "state-locked" in scored
    assert "2 / 3" in scored
    assert '<strong class="diff-down">2</strong>' in scored  # 1.1 and 1.2 lack it
    assert "0 / 3" in fresh
    assert "state-none" in fresh
    group = world.group.group.code
    assert f'href="?group={group}&amp;state=locked">1</a>' in page
    assert f'href="?group={group}&amp;state=not_started">1</a>' in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "nhà bè"}, [0]),
        ({"q": "NHA BE"}, [0]),
        ({"q": "duc"}, [1]),
        ({"q": "khong co"}, []),
        ({"state": "locked"}, [0]),
        ({"state": "not_started"}, [1, 2]),
        ({"group": "second"}, [2]),
        ({"group": "second", "state": "locked"}, []),
    ],
)
def test_the_matrix_is_searched_without_marks_and_filtered(client, asked, found):
    world = World(groups=2, agencies=2)
    files = world.files[:3]
    names = ("Xã Nhà Bè", "Phường Đức Giang", "Sở Tư pháp")
    for file, name in zip(files, names, strict=True):
        file.name_vi = name
        file.save()
        file.agency.name_vi = name
        file.agency.save()
    world.files[3].delete()
    score_and_lock(world)
    if asked.get("group"):
        asked = asked | {"group": world.groups[1].group.code}
    client.force_login(world.manager())

    page = text_of(client.get(address(world, "round-progress"), asked))

    shown = [n for n, name in enumerate(names) if f">{name}</a>" in page]
    assert shown == found
    assert ("No agency matches" in page) == (not found)


def test_a_file_locked_by_the_clock_is_late_and_an_extended_one_is_not(client):
    world = World()
    manager = world.manager()
    world.open_phase(PhaseName.APPRAISAL)
    client.force_login(manager)
    client.post(deadline_address(world, "extend"), given())

    page = text_of(client.get(address(world, "round-progress")))

    extended = page.partition(f">{world.file.name_vi}</a>")[2].partition("</tr>")[0]
    late = page.partition(f">{world.files[1].name_vi}</a>")[2].partition("</tr>")[0]
    assert "state-late" not in extended
    assert "15/SNV-CCHC" in extended
    assert "state-late" in late


def test_an_agency_that_is_not_assessed_says_so(client):
    world = World()
    world.file.is_assessed = False
    world.file.not_assessed_reason = "Mới thành lập"
    world.file.save()
    client.force_login(world.manager())

    page = text_of(client.get(address(world, "round-progress")))
    row = page.partition(f">{world.file.name_vi}</a>")[2].partition("</tr>")[0]

    assert "Mới thành lập" in row
    assert "0 / 3" not in row


@pytest.mark.parametrize("agencies", [1, 3])
def test_the_matrix_asks_the_database_a_fixed_number_of_times(
    client, agencies, django_assert_num_queries
):
    world = World(agencies=agencies)
    client.force_login(world.manager())
    client.get(address(world, "round-progress"))

    with django_assert_num_queries(QUERIES_OF_PROGRESS):
        page = client.get(address(world, "round-progress"))

    assert page.content.decode().count("0 / 3 <progress") == agencies


# --- deadlines given anew -----------------------------------------------------------


def test_the_manager_extends_one_agency_s_deadline(client):
    world = World()
    client.force_login(world.manager())
    until = timezone.now() + timedelta(days=60)

    page = client.post(
        deadline_address(world, "extend"), given(until=typed(until)), follow=True
    )

    assert "has been extended" in text_of(page)
    file = world.reload()
    assert typed(file.extended_until) == typed(until)
    assert file.extension_document == "15/SNV-CCHC ngày 3/3/2026"
    assert LedgerLine.objects.get().reason == "Cơ quan mới sáp nhập"
    assert world.reload(world.files[1]).extended_until is None


def test_the_manager_returns_a_locked_file_for_completion(client):
    world = appraising()
    client.force_login(world.manager())

    page = client.post(deadline_address(world, "reopen"), given(), follow=True)

    assert "returned for completion" in text_of(page)
    assert world.reload().state == FileState.SCORING
    assert world.reload(world.files[1]).state == FileState.LOCKED


@pytest.mark.parametrize("act", ["extend", "reopen"])
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"until": ""}, "This field is required"),
        ({"reason": "  "}, "This field is required"),
        ({"document": ""}, "This field is required"),
        ({"until": "2020-01-01T08:00"}, "must lie in the future"),
        ({"until": "hôm nào đó"}, "Enter a valid date/time"),
    ],
)
def test_a_refused_deadline_says_why_and_keeps_what_was_typed(
    client, act, changed, words
):
    world = World()
    client.force_login(world.manager())

    page = client.post(deadline_address(world, act), given(**changed))

    assert page.status_code == 422
    assert words in text_of(page)
    if "reason" not in changed:
        assert "Cơ quan mới sáp nhập" in text_of(page)
    assert world.reload().extended_until is None


def test_an_extension_must_pass_the_present_deadline(client):
    world = World()
    client.force_login(world.manager())
    soon = world.round.phase(PhaseName.SELF_ASSESSMENT).ends_at - timedelta(days=1)

    page = client.post(deadline_address(world, "extend"), given(until=typed(soon)))

    assert page.status_code == 422
    assert "in the future and after" in text_of(page)


@pytest.mark.parametrize(
    ("act", "locked"),
    [
        pytest.param("extend", True, id="a locked file is returned, not extended"),
        pytest.param("reopen", False, id="an open file needs no return"),
    ],
)
def test_what_the_file_s_state_forbids_is_refused_by_the_action(client, act, locked):
    world = World()
    if locked:
        score_and_lock(world)
    client.force_login(world.manager())

    client.post(deadline_address(world, act), given())

    assert world.reload().extended_until is None


def test_after_adoption_no_file_is_returned(client):
    world = appraising()
    RoundGroup.objects.update(state=GroupState.ADOPTED)
    client.force_login(world.manager())

    page = text_of(client.get(address(world, "round-progress")))
    client.post(deadline_address(world, "reopen"), given())

    assert deadline_address(world, "reopen") not in page
    assert world.reload().state == FileState.LOCKED
