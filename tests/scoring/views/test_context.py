import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve

from scoring.labels import PhaseName, RoleName
from scoring.models import Role
from scoring.views.context import page_frame
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db


def frame(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    request.resolver_match = resolve(path)
    return page_frame(request)


def addresses(shown):
    return [address for __, address, __ in shown["nav_items"]]


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("officer", ["", "sheet", "rounds"]),
        ("leader", ["", "sheet", "rounds"]),
        ("appraiser", ["", "appraisals", "rounds"]),
        ("manager", ["", "progress", "council", "results", "rounds"]),
        ("inspector", ["", "progress", "results", "rounds"]),
    ],
)
def test_each_role_finds_its_own_pages(role, names):
    world = World()
    year = f"/rounds/{world.round.year}/"
    places = {
        "": "/",
        "sheet": world.file.get_absolute_url(),
        "rounds": "/rounds/",
        **{n: f"{year}{n}/" for n in ("appraisals", "progress", "council", "results")},
    }

    shown = frame(getattr(world, role)())

    assert addresses(shown) == [places[name] for name in names]


def test_the_page_that_is_open_is_marked():
    world = World()
    path = world.file.get_absolute_url()

    shown = frame(world.officer(), path)

    assert [address for __, address, here in shown["nav_items"] if here] == [path]


def test_an_agency_s_appraisal_lies_below_the_list_of_appraisals():
    world = World()

    shown = frame(world.appraiser(), f"{world.file.get_absolute_url()}appraisal/")

    marked = [address for __, address, here in shown["nav_items"] if here]
    assert marked == [f"/rounds/{world.round.year}/appraisals/"]


def test_the_round_of_the_address_is_the_one_that_is_shown():
    older, newer = World(), World()
    manager = older.manager()
    Role.objects.create(user=manager, name=RoleName.MANAGER, round=newer.round)

    assert frame(manager)["current_round"].round == newer.round
    path = older.round.get_absolute_url()
    assert frame(manager, path)["current_round"].round == older.round


def test_the_phase_of_the_clock_is_shown_with_its_end():
    world = World(phase=PhaseName.COUNCIL)

    shown = frame(world.manager())["current_round"]

    assert shown.phase_label == PhaseName.COUNCIL.label
    assert shown.phase_ends_at == world.round.phase(PhaseName.COUNCIL).ends_at


def test_outside_all_phases_none_is_shown():
    world = World(phase=PhaseName.COUNCIL)
    world.open_phase(None)

    assert frame(world.manager())["current_round"].phase_label == ""


def test_a_round_that_one_may_not_see_is_not_named():
    hidden = World()

    shown = frame(UserFactory(), f"/rounds/{hidden.round.year}/")

    assert shown["current_round"] is None
    assert addresses(shown) == ["/"]


def test_roles_are_said_in_words():
    world = World()
    user = world.officer()
    Role.objects.create(
        user=user, name=RoleName.LEADER, round=world.round, agency=world.file.agency
    )

    words = f"{RoleName.OFFICER.label}, {RoleName.LEADER.label}"
    assert frame(user)["role_label"] == words


def test_an_officer_of_two_agencies_finds_both_sheets_by_name():
    world = World()
    user = world.officer()
    Role.objects.create(
        user=user,
        name=RoleName.OFFICER,
        round=world.round,
        agency=world.files[1].agency,
    )

    labels = [label for label, __, __ in frame(user)["nav_items"]]

    assert sum(world.files[0].name_vi in label for label in labels) == 1
    assert sum(world.files[1].name_vi in label for label in labels) == 1


def test_the_admin_has_its_own_frame():
    assert frame(UserFactory(), "/admin/login/") == {}


def test_an_error_page_stands_before_anyone_is_known():
    request = RequestFactory().get("/nowhere/")

    assert page_frame(request) == {}
    assert "404" in render_to_string("404.html", request=request)
