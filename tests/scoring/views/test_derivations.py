"""The page that explains an index, and who may read which view of it."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from scoring.actions import appraisals, cells
from tests.factories import World
from tests.scoring.appraisal_worlds import (
    INDEX,
    PROPOSED_ONE,
    SCORED,
    appraising,
    judged,
    survey,
)

pytestmark = pytest.mark.django_db
QUERIES_OF_DERIVATION = 7
SECRET = "Nhận xét chưa công bố"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def world():
    """The agency's 87.00, lowered by the appraiser to 77.00."""
    world = appraising()
    survey(world)
    change = judged("1.1", data={"option": 2}, reason=SECRET)
    by = world.appraiser()
    cells.save(world.file, [change], by=by)
    appraisals.accept_rest(world.file, by=by)
    return world


def address(world, file=None):
    file = file or world.file
    return reverse(
        "scoring:derivation-detail", args=[world.round.year, file.agency.code]
    )


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize(
    ("who", "draft", "own_view"),
    [
        ("manager", 200, 200),
        ("inspector", 200, 200),
        ("appraiser", 200, 200),
        ("officer", 404, 200),
        ("leader", 404, 200),
        ("stranger", 404, 404),
    ],
)
def test_each_role_meets_its_answer(client, world, who, draft, own_view):
    user = World().manager() if who == "stranger" else getattr(world, who)()
    client.force_login(user)

    for view in ("appraised", "explained", "final"):
        page = client.get(address(world), {"view": view})
        assert page.status_code == draft
        assert (SECRET in page.content.decode()) == (draft == 200)
    assert client.get(address(world), {"view": "self"}).status_code == own_view
    assert client.get(address(world), {"view": "council"}).status_code == 404


def test_the_own_agency_reads_its_self_assessment_and_no_word_of_the_appraisal(
    client, world
):
    client.force_login(world.officer())

    page = text_of(client.get(address(world)))

    # Its own 5.45 of 10, a bonus and a penalty; survey results are not out yet.
    assert "55.00" in page
    assert "survey result missing" in page
    assert "87.00" not in page
    assert "77.00" not in page
    assert SECRET not in page
    assert "?view=final" not in page
    assert client.get(address(world, world.files[1])).status_code == 404


def test_after_publication_the_agency_reads_all_views_of_its_own_file_alone(
    client, world
):
    world.round.decision_number, world.round.decided_on = "1/QĐ", "2026-01-09"
    world.round.state, world.round.published_at = "published", "2026-01-09T00:00Z"
    world.round.save()
    client.force_login(world.officer())

    assert "77.00" in text_of(client.get(address(world)))
    assert client.get(address(world, world.files[1])).status_code == 404


def test_anonymous_people_sign_in_first(client, world):
    assert client.get(address(world))["Location"].startswith(reverse("login"))


def test_the_page_reproduces_the_figure_step_by_step(client, world):
    client.force_login(world.manager())

    page = text_of(client.get(address(world), {"view": "self"}))

    assert f'<p class="figure-big">{INDEX}</p>' in page
    assert "100 × 8.65 / 10 + (1) + (−0.5) = 87/1" in page
    assert "45 / 50 × 3 = 2.7" in page
    assert "2 × 80 / 100 = 1.6" in page
    final = text_of(client.get(address(world)))
    assert '<p class="figure-big">77.00</p>' in final
    assert SECRET in final


def test_lost_points_stand_beside_each_criterion_and_its_field(client, world):
    client.force_login(world.manager())

    page = text_of(client.get(address(world), {"view": "final"}))

    def lost(anchor):
        row = page.partition(f'id="{anchor}"')[2].partition("</tr>")[0]
        return re.search(r'data-label="Lost points">([^<]*)</td>', row).group(1)

    assert lost("leaf-1-1") == "1"
    assert lost("leaf-1-2") == "0.3"
    assert lost("leaf-1") == "1.55"
    assert lost("leaf-2") == "0.8"
    assert lost("leaf-9-1") == ""
    assert lost("leaf-9-2") == "0.5"


def test_what_has_no_value_is_named_and_never_zero(client):
    world = appraising(changes=PROPOSED_ONE)
    client.force_login(world.manager())

    page = text_of(client.get(address(world), {"view": "self"}))

    def points(anchor):
        row = page.partition(f'id="{anchor}"')[2].partition("</tr>")[0]
        return re.search(r'data-label="Points">(.*?)</td>', row).group(1)

    assert points("leaf-1-2") == '<abbr title="not scored">—</abbr>'
    assert points("leaf-2-1") == "survey result missing"
    assert "Incomplete: values are missing" in page


def test_an_agency_that_is_not_assessed_has_no_derivation(client, world):
    world.file.is_assessed, world.file.not_assessed_reason = False, "Mới thành lập"
    world.file.save()
    client.force_login(world.manager())

    page = text_of(client.get(address(world)))

    assert "Mới thành lập" in page
    assert "figure-big" not in page


@pytest.mark.parametrize("changes", [SCORED[:1], SCORED])
def test_the_page_asks_the_database_a_fixed_number_of_times(
    client, changes, django_assert_num_queries
):
    world = appraising(changes=changes)
    client.force_login(world.manager())
    client.get(address(world))

    with django_assert_num_queries(QUERIES_OF_DERIVATION):
        client.get(address(world), {"view": "self"})
