"""The score sheet as a page: filters without script, later columns, its weight."""

import gzip
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from scoring.actions.cells import CellChange, save
from scoring.demo.sources import criteria_rows
from scoring.labels import Layer, PhaseName, RoleName
from scoring.models import Cell, Remark
from scoring.queries.criteria import tree_of
from scoring.states import FileState
from tests.factories import World

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<tbody class="(?:row|branch)-group"[^>]*>\s*<tr id="row-([^"]+)"')
HIDDEN = re.compile(
    r'<tbody class="(?:row|branch)-group"[^>]* hidden>\s*<tr id="row-([^"]+)"'
)
ASSET = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script) (?:href|src)="([^"]+)"')
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.)")
MOST_KILOBYTES = 250


@pytest.fixture
def world():
    return World()


def page_of(client, world, user, query=""):
    client.force_login(user)
    answer = client.get(f"{world.file.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def shown(page):
    return [row for row in ROW.findall(page) if row not in set(HIDDEN.findall(page))]


def judge(world, code, layer, points):
    leaf = tree_of(world.set).leaf(code)
    Cell.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code=code),
        layer=layer,
        points=Decimal(points),
        low_points=leaf.low,
        high_points=leaf.high,
        updated_at=timezone.now(),
        updated_by=world.manager(),
    )


# --- filters without script ---------------------------------------------------------


def test_a_filter_is_a_link_that_hides_lines(client, world):
    user = world.officer()
    save(world.file, [CellChange("1.1", Layer.SELF, data={"option": 1})], by=user)

    page = page_of(client, world, user, "?show=not_scored")

    assert shown(page) == ["1", "1-2", "1-3"]
    assert len(ROW.findall(page)) == 10
    assert 'href="?show=not_scored"' not in page
    assert f'href="{world.file.get_absolute_url()}?show=not_scored"' in page
    assert page.count('aria-current="true"') == 1
    assert re.search(r'data-show="not_scored" aria-current="true"', page)


def test_a_search_is_a_form_that_keeps_the_filter(client, world):
    page = page_of(client, world, world.officer(), "?show=not_scored&q=KE+HOACH")

    assert shown(page) == ["1", "1-1"]
    assert '<input type="hidden" name="show" value="not_scored">' in page
    assert 'name="q" value="KE HOACH"' in page
    assert re.search(r'id="sheet-empty" hidden', page)


def test_nothing_found_says_so_and_leads_back(client, world):
    page = page_of(client, world, world.officer(), "?q=<script>")

    assert shown(page) == []
    assert re.search(r'<p class="sheet-empty" id="sheet-empty">', page)
    assert "<script>" not in page.replace("<script src", "")
    assert 'value="&lt;script&gt;"' in page


def test_an_unknown_filter_shows_everything(client, world):
    assert len(shown(page_of(client, world, world.officer(), "?show=none"))) == 10


# --- the leader's remarks -------------------------------------------------------------


@pytest.fixture
def remarked(world):
    Remark.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code="1.3"),
        text="Nêu rõ số quyết định",
        by=world.leader(),
        at=timezone.now(),
    )
    return world


def test_a_remarked_line_says_so_and_is_found(client, remarked):
    page = page_of(client, remarked, remarked.officer(), "?show=remarked")

    assert shown(page) == ["1", "1-3"]
    assert page.count("state-returned") == 1
    assert re.search(r'data-show="remarked".*?class="filter-count">1<', page)
    assert "Nêu rõ số quyết định" in page


def test_remarks_do_not_exist_for_who_may_not_read_them(client, remarked):
    page = page_of(client, remarked, remarked.manager(), "?show=remarked")

    assert shown(page) == []
    assert "state-returned" not in page
    assert re.search(r'data-show="remarked".*?class="filter-count">0<', page)
    assert "Nêu rõ số quyết định" not in page


# --- later columns ------------------------------------------------------------------


@pytest.fixture
def judged(world):
    """Secret until it is shown: 1,3117 appraised, 1,4229 afterwards."""
    world.open_phase(PhaseName.SECOND_APPRAISAL)
    judge(world, "1.1", Layer.APPRAISED, "1.3117")
    judge(world, "1.1", Layer.EXPLAINED, "1.4229")
    return world


def in_state(world, state):
    world.file.state = state
    world.file.save(update_fields=["state"])


@pytest.mark.parametrize("who", ["officer", "leader"])
def test_an_agency_reads_no_draft(client, judged, who):
    in_state(judged, FileState.LOCKED)

    for query in ("", "?show=lost", "?q=1.1", "?open=1.1"):
        page = page_of(client, judged, getattr(judged, who)(), query)

        assert "1,3117" not in page
        assert "1,4229" not in page
        assert "0,6883" not in page
        assert "layer-appraised" not in page
        assert 'data-show="lost"' not in page


def test_a_consulted_agency_reads_the_first_appraisal(client, judged):
    in_state(judged, FileState.EXPLAINING)

    page = page_of(client, judged, judged.officer(), "?show=lost")

    assert "1,3117" in page
    assert ">0,6883<" in page
    assert "1,4229" not in page
    assert shown(page) == ["1", "1-1"]


@pytest.mark.parametrize("role", [RoleName.MANAGER, RoleName.APPRAISER])
def test_readers_read_every_layer_with_its_name(client, judged, role):
    in_state(judged, FileState.LOCKED)

    page = page_of(client, judged, judged.person(role))

    assert "1,3117" in page
    assert "1,4229" in page
    assert ">0,5771<" in page
    assert page.count('class="num layer-explained') == 6  # the head, five leaves
    assert 'colspan="10"' in page  # seven columns and three


def test_later_layers_cost_no_query_more(client, judged, django_assert_num_queries):
    in_state(judged, FileState.LOCKED)
    manager = judged.manager()
    page_of(client, judged, manager)

    with django_assert_num_queries(9):
        client.get(judged.file.get_absolute_url())
    Cell.objects.filter(layer__in=[Layer.APPRAISED, Layer.EXPLAINED]).delete()
    with django_assert_num_queries(9):
        client.get(judged.file.get_absolute_url())


# --- weight -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["commune", "department"])
def test_the_first_load_weighs_little_on_a_weak_line(client, name):
    """Everything but the typeface, compressed as it is served."""
    world = World(agencies=1, rows=criteria_rows(name))
    page = page_of(client, world, world.officer())
    assets = ASSET.findall(page)

    weights = {address: weight(content(address)) for address in assets}
    weights["page"] = weight(page.encode())

    assert len(ROW.findall(page)) >= 100
    assert any("bootstrap" in address for address in assets)
    assert any("htmx" in address for address in assets)
    assert sum(weights.values()) < MOST_KILOBYTES * 1000, weights


def content(address):
    name = HASH.sub("", address.removeprefix("/static/"))
    return Path(finders.find(name)).read_bytes()


def weight(data):
    return len(gzip.compress(data, 6))
