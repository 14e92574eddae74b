"""The table of results: who sees which view, and that its figures are the engine's."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from scoring.actions import appraisals, cells, results
from scoring.actions.cells import CellChange
from scoring.labels import Layer, PhaseName, RoleName, View
from scoring.models import Assessment, FrozenResult
from scoring.queries.standings import standings
from tests.factories import World
from tests.scoring.appraisal_worlds import appraising, judged, survey

pytestmark = pytest.mark.django_db
VIEWS = ["self", "appraised", "explained", "final"]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "en"
    return client


def complete(agencies=2, lower=True, groups=1):
    """All files accepted as self-assessed; the second, if ``lower``, loses a point."""
    world = appraising(agencies=agencies, groups=groups)
    survey(world)
    by = world.appraiser()
    if lower and agencies > 1:
        change = judged("1.1", data={"option": 2}, reason="Ban hành chậm")
        cells.save(world.files[1], [change], by=by)
    for file in world.files:
        appraisals.accept_rest(file, by=by)
    world.open_phase(PhaseName.COUNCIL)
    return world


def adopt(world):
    chair = world.person(RoleName.CHAIR)
    for group in world.groups:
        results.adopt(group, by=chair)


def publish(world):
    world.round.decision_number, world.round.decided_on = "1/QĐ-UBND", "2026-01-09"
    world.round.state, world.round.published_at = "published", "2026-01-09T00:00Z"
    world.round.save()


def address(world):
    return reverse("scoring:result-list", args=[world.round.year])


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def row_of(page, file):
    return page.partition(f'id="agency-{file.agency.code}"')[2].partition("</tr>")[0]


# --- who sees what ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "draft", "published", "views"),
    [
        ("manager", 200, 200, VIEWS),
        ("inspector", 200, 200, VIEWS),
        (RoleName.MEMBER, 200, 200, VIEWS),
        (RoleName.APPROVER, 200, 200, VIEWS),
        ("appraiser", 404, 200, ["final"]),
        ("officer", 404, 200, ["final"]),
        ("leader", 404, 200, ["final"]),
        ("nobody", 404, 200, ["final"]),
        ("stranger", 404, 200, ["final"]),
    ],
)
def test_each_role_meets_its_answer(client, who, draft, published, views):
    world = complete()
    if who == "stranger":
        client.force_login(World().manager())
    elif who in RoleName.values and not hasattr(world, who):
        client.force_login(world.person(who))
    elif who != "nobody":
        client.force_login(getattr(world, who)())

    before = client.get(address(world))
    assert before.status_code == draft
    assert (world.file.name_vi in before.content.decode()) == (draft == 200)
    adopt(world)
    publish(world)

    assert client.get(address(world)).status_code == published
    for view in VIEWS:
        expected = 200 if view in views else 404
        assert client.get(address(world), {"view": view}).status_code == expected
    assert client.get(address(world), {"view": "council"}).status_code == 404


def test_the_public_page_leads_nowhere_that_needs_an_account(client):
    world = complete()
    adopt(world)
    publish(world)

    page = text_of(client.get(address(world)))

    assert "Published by decision 1/QĐ-UBND" in page
    assert "/derivation/" not in page
    assert "?view=self" not in page


def test_simulated_results_say_so_to_the_public_too(client):
    world = complete()
    world.round.is_simulated = True
    adopt(world)
    publish(world)

    assert "SIMULATED DATA" in text_of(client.get(address(world)))


# --- the figures --------------------------------------------------------------------


def test_the_table_shows_rank_index_band_parts_and_difference(client):
    world = complete()
    client.force_login(world.manager())

    page = text_of(client.get(address(world)))
    first, second = row_of(page, world.file), row_of(page, world.files[1])

    assert "<strong>1</strong>" in first
    assert "<strong>87.00</strong>" in first
    assert "Good" in first
    assert 'data-label="Difference" title="in index: 0">0</td>' in first
    assert "<strong>2</strong>" in second
    assert "<strong>77.00</strong>" in second
    assert "Fair" in second
    assert 'title="in index: −10.00">−1.00</td>' in second
    assert '8.65</span> <span class="figure-max">/ 10</span>' in first
    assert "mean of the group <strong>82.00</strong>" in page


def test_the_view_of_the_self_assessment_has_its_own_ranks(client):
    world = complete()
    client.force_login(world.manager())

    page = text_of(client.get(address(world), {"view": "self"}))

    for file in world.files:
        assert "<strong>1</strong>" in row_of(page, file)
        assert "<strong>87.00</strong>" in row_of(page, file)


def test_an_incomplete_agency_says_what_is_missing_and_has_no_rank(client):
    world = appraising()
    client.force_login(world.manager())

    row = row_of(text_of(client.get(address(world))), world.file)

    assert "Incomplete" in row
    assert "3 criteria not scored, 2 survey results missing" in row
    assert "—" in row
    assert "<strong>" not in row
    for part in ("Appraised part", "Sociological survey", "Satisfaction survey"):
        cell = row.partition(f'data-label="{part}">')[2].partition("</td>")[0]
        assert re.sub("<[^>]+>", "", cell) == "—", "missing is not zero"
    assert 'data-label="Difference">—</td>' in row


def test_an_agency_that_is_not_assessed_has_its_reason_and_no_figures(client):
    world = complete()
    Assessment.objects.filter(pk=world.file.pk).update(
        is_assessed=False, not_assessed_reason="Thành lập giữa năm"
    )
    client.force_login(world.manager())

    row = row_of(text_of(client.get(address(world))), world.file)

    assert "Not assessed this year: Thành lập giữa năm" in row
    assert "87.00" not in row
    assert 'class="num"' not in row.partition("</th>")[2]


def test_equal_published_figures_with_different_ranks_carry_a_note(client):
    """As 90.02 was once printed twice with ranks 2 and 3: here it is 87.00."""
    world = complete(lower=False)
    assert "ranked by the value before rounding" not in _page(client, world)
    lower = world.files[1]
    world.open_phase(PhaseName.SECOND_APPRAISAL)
    change = CellChange(
        "1.3", Layer.EXPLAINED, points=Decimal("0.7499"), reason="Thiếu một phần"
    )
    cells.save(lower, [change], by=world.appraiser())

    page = _page(client, world)

    assert "<strong>87.00</strong> <abbr" in row_of(page, world.file)
    assert "<strong>87.00</strong> <abbr" in row_of(page, lower)
    assert "<strong>1</strong>" in row_of(page, world.file)
    assert "<strong>2</strong>" in row_of(page, lower)
    assert "Equal published figures: ranked by the value before rounding." in page


def _page(client, world):
    client.force_login(world.manager())
    return text_of(client.get(address(world)))


def test_one_group_is_chosen(client):
    world = complete(agencies=1, groups=2, lower=False)
    client.force_login(world.manager())

    page = text_of(client.get(address(world), {"group": world.groups[1].group.code}))

    assert row_of(page, world.files[1])
    assert not row_of(page, world.files[0])


# --- adopted ------------------------------------------------------------------------


def test_an_adopted_group_is_read_from_its_frozen_rows(client):
    """Whatever is stored elsewhere afterwards, what was adopted is shown."""
    world = complete()
    adopt(world)
    before = standings(world.round, View.FINAL)
    Assessment.objects.filter(group=world.group).update(
        totals={
            view: {**figures, "appraised_points": "0"}
            for view, figures in world.reload().totals.items()
        }
    )
    client.force_login(world.manager())

    page = text_of(client.get(address(world)))

    assert "Adopted by the Council at" in page
    assert "<strong>87.00</strong>" in row_of(page, world.file)
    (group,), (old,) = standings(world.round, View.FINAL), before
    assert group.mean == old.mean == 82
    for row, was in zip(group.rows, old.rows, strict=True):
        assert (row.rank, row.index, row.band) == (was.rank, was.index, was.band)
        assert (row.self_points, row.difference) == (was.self_points, was.difference)


def test_frozen_and_stored_rows_say_the_same():
    world = complete(agencies=3)
    (stored,) = standings(world.round, View.FINAL)
    adopt(world)
    (frozen,) = standings(world.round, View.FINAL)

    assert FrozenResult.objects.count() == 3
    assert frozen.rows == stored.rows
    assert frozen.mean == stored.mean
    assert (stored.adopted_at, frozen.adopted_at is None) == (None, False)


@pytest.mark.parametrize(("is_adopted", "queries"), [(False, 7), (True, 9)])
@pytest.mark.parametrize("agencies", [1, 3])
def test_the_table_asks_the_database_a_fixed_number_of_times(
    client, agencies, is_adopted, queries, django_assert_num_queries
):
    world = complete(agencies=agencies)
    if is_adopted:
        adopt(world)
    client.force_login(world.manager())
    client.get(address(world))

    with django_assert_num_queries(queries):
        page = client.get(address(world))

    assert page.content.decode().count('id="agency-') == agencies
