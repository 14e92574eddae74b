import re

import pytest

from councils.actions import items, opinions
from councils.models import Opinion, Vote
from councils.views.items import LINES_OF_A_WALL
from scoring.labels import Layer
from scoring.models import Assessment
from tests.councils.worlds import CouncilWorld

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def world():
    return CouncilWorld(agencies=2, members=2)


def poll(client, world, page):
    """Ask for the counts as the page would after it was drawn."""
    asked = {"seen": page.context["seen"], "shown": page.context["shown"]}
    return client.get(world.url("item-counters"), asked, **HTMX)


# --- the ranking --------------------------------------------------------------------


def test_the_ranking_shows_the_engine_s_figures_in_their_order(client, world):
    client.force_login(world.voters[0])

    answer = client.get(world.url("item-detail"))

    first, second = answer.context["ranking"].rows
    assert (first.rank, first.name) == (1, world.files[0].name_vi)
    # 1.1 → 1, 1.2 → 3, 1.3 → 0,9; surveys 80 % and 90 % of 2: 8,3 of 10.
    assert (first.self_points, first.appraised) == ("6,00", "4,90")
    assert (first.sociological, first.satisfaction) == ("1,60", "1,80")
    assert (first.total, first.maximum, first.index) == ("8,30", "10,00", "83,00")
    assert (first.difference, first.direction) == ("−1,10", "down")
    assert (second.rank, second.index) == (2, "82,00")
    text = answer.content.decode()
    cells = [
        re.sub(r"<[^>]*>", " ", row).split()
        for row in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)[1:3]
    ]
    assert ["83,00" in cells[0], "82,00" in cells[1]] == [True, True]


def test_equal_published_figures_say_why_one_stands_above(client, world):
    for file, points in zip(world.files, ("0.9", "0.8999"), strict=True):
        world.write(file, "1.3", Layer.COUNCIL, points=points)
    client.force_login(world.voters[0])

    first, second = client.get(world.url("item-detail")).context["ranking"].rows

    assert first.index == second.index == "83,00"
    assert (first.rank, second.rank) == (1, 2)
    assert first.note
    assert second.note == ""


def test_truly_equal_agencies_share_their_rank_and_say_so(client, world):
    for file in world.files:
        world.write(file, "1.3", Layer.COUNCIL, points="0.9")
    client.force_login(world.voters[0])

    first, second = client.get(world.url("item-detail")).context["ranking"].rows

    assert (first.rank, second.rank) == (1, 1)
    assert first.note


def test_equal_indices_told_apart_by_the_tie_rule_say_so(client, world):
    one, other = world.files
    world.survey(one, "2.1", "85")
    world.write(one, "1.3", Layer.COUNCIL, points="0.8")
    world.write(other, "1.3", Layer.COUNCIL, points="0.9")
    client.force_login(world.voters[0])

    first, second = client.get(world.url("item-detail")).context["ranking"].rows

    assert first.index == second.index
    assert (first.name, first.rank, second.rank) == (other.name_vi, 1, 2)
    assert first.note
    world.round.tie_breakers = []
    world.round.save()
    shared, __ = client.get(world.url("item-detail")).context["ranking"].rows
    assert shared.note
    assert shared.note != first.note


def test_incomplete_and_not_assessed_agencies_have_no_rank_and_a_reason(client):
    world = CouncilWorld(agencies=3)
    world.survey(world.files[1], "2.1", "70")
    world.files[1].survey_results.filter(criterion__code="2.1").delete()
    world.write(world.files[1], "1.3", Layer.COUNCIL, points="1")
    Assessment.objects.filter(pk=world.files[2].pk).update(
        is_assessed=False, not_assessed_reason="mới thành lập"
    )
    world.write(world.files[2], "1.3", Layer.COUNCIL, points="1")
    client.force_login(world.voters[0])

    answer = client.get(world.url("item-detail"))

    rows = {row.name: row for row in answer.context["ranking"].rows}
    incomplete = rows[world.files[1].name_vi]
    assert (incomplete.rank, incomplete.band) == (None, "")
    assert (incomplete.sociological, incomplete.satisfaction) == ("—", "1,80")
    assert "1" in incomplete.remark
    out = rows[world.files[2].name_vi]
    assert (out.rank, out.index, out.total) == (None, "", "")
    assert "mới thành lập" in answer.content.decode()
    assert answer.context["ranking"].incomplete == 1


def test_after_adoption_the_frozen_figures_are_shown(client, world):
    client.force_login(world.voters[0])
    before = client.get(world.url("item-detail")).context["ranking"]
    world.carry()
    items.adopt(world.item, by=world.chair)
    # Whatever happens to the stored totals, the adopted figures stay.
    Assessment.objects.filter(group=world.group).update(totals={})

    after = client.get(world.url("item-detail")).context["ranking"]

    assert after.freeze is not None
    assert (after.rows, after.mean) == (before.rows, before.mean)


# --- voting in the page ---------------------------------------------------------------


def test_a_vote_answers_with_the_panel_and_the_counts_alone(client, world):
    world.gather()
    world.open_vote()
    client.force_login(world.voters[0])

    answer = client.post(world.url("vote-cast"), {"choice": "agree"}, **HTMX)

    text = answer.content.decode()
    assert Vote.objects.get().choice == "agree"
    assert 'id="ballot"' in text
    assert 'id="counters"' in text
    assert "<textarea" not in text
    assert re.search(r'value="agree" aria-pressed="true"', text)


def test_without_script_a_vote_leads_back_to_the_page(client, world):
    world.gather()
    world.open_vote()
    client.force_login(world.voters[0])

    for __ in range(2):
        answer = client.post(world.url("vote-cast"), {"choice": "disagree"})
        assert answer["Location"] == f"{world.url('item-detail')}#ballot"

    assert Vote.objects.get().choice == "disagree"


def test_during_the_vote_the_page_does_not_say_who_voted_how(client, world):
    world.gather()
    world.open_vote()
    world.vote("disagree", world.voters[1])
    client.force_login(world.voters[0])

    text = client.get(world.url("item-detail")).content.decode()
    assert world.voters[1].full_name not in text

    world.close_vote()
    text = client.get(world.url("item-detail")).content.decode()
    assert world.voters[1].full_name in text


def test_the_counts_are_silent_while_nothing_changes(client, world):
    world.gather()
    world.open_vote()
    client.force_login(world.voters[0])
    page = client.get(world.url("item-detail"))

    quiet = poll(client, world, page)
    assert (quiet.status_code, quiet.content) == (204, b"")

    world.vote("agree", world.chair)
    news = poll(client, world, page)
    assert news.status_code == 200
    assert news.context["outcome"].agree == 1


def test_the_counts_never_bring_a_form_that_could_be_half_filled(client, world):
    world.gather()
    client.force_login(world.voters[0])
    page = client.get(world.url("item-detail"))
    world.open_vote()

    text = poll(client, world, page).content.decode()

    assert "<textarea" not in text
    assert 'id="opinions"' not in text
    assert 'type="text"' not in text


def test_when_the_vote_opens_its_buttons_come_with_the_counts(client, world):
    world.gather()
    client.force_login(world.voters[0])
    page = client.get(world.url("item-detail"))
    assert world.url("vote-cast") not in page.content.decode()
    world.open_vote()

    text = poll(client, world, page).content.decode()

    assert 'id="ballot" aria-live="polite" hx-swap-oob="true"' in text
    assert world.url("vote-cast") in text


def test_another_s_vote_leaves_the_own_panel_alone(client, world):
    world.gather()
    world.open_vote()
    client.force_login(world.voters[0])
    page = client.get(world.url("item-detail"))
    world.vote("agree", world.chair)

    text = poll(client, world, page).content.decode()

    assert 'id="counters"' in text
    assert 'id="ballot"' not in text


def test_a_meeting_that_is_not_in_session_is_not_asked_again_and_again(client, world):
    client.force_login(world.voters[0])

    text = client.get(world.url("item-detail")).content.decode()

    assert "hx-trigger" not in text


# --- opinions -------------------------------------------------------------------------


def test_an_opinion_is_recorded_within_the_page_with_a_new_token(client, world):
    world.gather()
    client.force_login(world.voters[0])
    token = client.get(world.url("item-detail")).context["token"]

    answer = client.post(
        world.url("opinion-record"), {"text": "Nhất <trí>.", "token": token}, **HTMX
    )

    assert Opinion.objects.get().text == "Nhất <trí>."
    text = answer.content.decode()
    assert "Nhất &lt;trí&gt;." in text
    assert f'value="{token}"' not in text
    assert answer.context["token"] != token


def test_posting_the_same_form_twice_is_one_opinion(client, world):
    world.gather()
    client.force_login(world.voters[0])
    form = {"text": "Nhất trí.", "token": "t1", "agency": world.file.agency.code}

    for __ in range(2):
        answer = client.post(world.url("opinion-record"), form)

    opinion = Opinion.objects.get()
    assert opinion.assessment == world.file
    here = world.url("item-agency", world.file.agency.code)
    assert answer["Location"] == f"{here}#opinions"


def test_an_opinion_on_an_agency_elsewhere_is_not_found(client):
    world = CouncilWorld(agencies=1, groups=2)
    world.gather()
    client.force_login(world.voters[0])
    form = {"text": "x", "token": "t", "agency": world.files[1].agency.code}

    assert client.post(world.url("opinion-record"), form).status_code == 404
    assert not Opinion.objects.exists()


def test_an_agency_s_page_holds_its_own_opinions_alone(client, world):
    world.gather()
    for file, text in zip(world.files, ("Về một", "Về hai"), strict=True):
        opinions.record(
            world.item, text, token=text, assessment=file, by=world.voters[0]
        )
    client.force_login(world.chair)

    text = client.get(world.url("item-agency", world.file.agency.code)).content.decode()

    assert "Về một" in text
    assert "Về hai" not in text


# --- an agency --------------------------------------------------------------------------


def test_an_agency_s_sheet_shows_each_step_and_the_engine_s_sums(client, world):
    file = world.file
    world.write(file, "1.2", Layer.EXPLAINED, points="2.5", reason="Công văn 12")
    world.write(file, "1.3", Layer.COUNCIL, points="1", reason="Kết luận họp")
    client.force_login(world.voters[0])

    answer = client.get(world.url("item-agency", file.agency.code))

    sheet = answer.context["sheet"]
    rows = {row.code: row for row in sheet.rows}
    texts = {code: [f.text for f in row.figures] for code, row in rows.items()}
    assert texts["1.2"] == ["3", "3", "2,5", "2,5"]
    assert texts["1.3"] == ["1", "0,9", "0,9", "1"]
    assert texts["1"] == ["6", "4,9", "4,4", "4,5"]
    taken = [figure.is_taken_over for figure in rows["1.2"].figures]
    assert taken == [False, False, False, True]
    assert [view.index for view in sheet.sums] == ["94,00", "83,00", "78,00", "79,00"]
    assert [(r.layer, r.text) for r in rows["1.3"].reasons][-1] == (
        Layer.COUNCIL,
        "Kết luận họp",
    )
    text = answer.content.decode()
    assert "Công văn 12" in text
    assert "Kết luận họp" in text


def test_not_scored_zero_and_not_applicable_look_different(client, world):
    file = world.file
    world.write(file, "1.1", Layer.COUNCIL, data={"option": 3})
    world.write(
        file, "1.2", Layer.COUNCIL, data={"numerator": 0, "denominator": 0}, reason=""
    )
    client.force_login(world.voters[0])

    sheet = client.get(world.url("item-agency", file.agency.code)).context["sheet"]

    final = {row.code: row.figures[-1] for row in sheet.rows}
    assert final["1.1"].text == "0"
    assert final["9.1"].text == "—"
    assert final["1.2"].text not in {"0", "—"}
    assert final["1.2"].title


# --- the projector ------------------------------------------------------------------------


def test_the_wall_has_no_controls(client, world):
    world.gather()
    world.open_vote()
    client.force_login(world.secretary)

    text = client.get(world.url("item-projector")).content.decode()

    body = text.split("<main")[1].split("</main>")[0]
    assert world.file.name_vi in body
    for control in ("<form", "<button", "<input", "<a "):
        assert control not in body


def test_the_wall_turns_its_pages_until_every_agency_was_shown(client):
    world = CouncilWorld(agencies=1)
    for place in range(LINES_OF_A_WALL):
        world.files.append(world._file(world.group, place + 1))
    client.force_login(world.secretary)

    url, seen = world.url("item-projector"), []
    for __ in range(2):
        answer = client.get(url, **HTMX)
        seen += [row.name for column in answer.context["columns"] for row in column]
        url = re.search(r'hx-get="([^"]+)"', answer.content.decode()).group(1)

    assert sorted(seen) == sorted(file.name_vi for file in world.files)
    assert url.endswith("page=1")


@pytest.mark.parametrize("page", ["0", "99", "x", "²", "9" * 5000])
def test_a_page_that_is_not_there_is_a_page_that_is(client, world, page):
    client.force_login(world.secretary)

    answer = client.get(world.url("item-projector"), {"page": page})

    assert answer.status_code == 200
    assert answer.context["page"] == 1


# --- queries --------------------------------------------------------------------------------


def crowded(count):
    """``count`` agencies, members, votes and opinions."""
    world = CouncilWorld(agencies=count, members=count)
    world.gather()
    world.open_vote()
    for number, user in enumerate(world.voters):
        world.vote("agree", user)
        opinions.record(
            world.item,
            "Ý kiến",
            token=str(number),
            assessment=world.files[number],
            by=user,
        )
    return world


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"),
    [("item-detail", 9), ("item-projector", 8), ("item-agency", 11)],
)
def test_pages_ask_the_database_a_fixed_number_of_times(
    client, count, page, queries, django_assert_num_queries
):
    world = crowded(count)
    client.force_login(world.chair)
    rest = [world.file.agency.code] if page == "item-agency" else []
    client.get(world.url(page, *rest))  # the criteria set's tree is read once

    with django_assert_num_queries(queries):
        answer = client.get(world.url(page, *rest))

    assert world.file.name_vi in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_quiet_question_for_the_counts_is_cheap(
    client, count, django_assert_num_queries
):
    world = crowded(count)
    client.force_login(world.chair)
    page = client.get(world.url("item-detail"))

    with django_assert_num_queries(7):
        answer = poll(client, world, page)

    assert answer.status_code == 204


def test_after_adoption_the_page_asks_as_often_at_one_agency_as_at_three(
    client, django_assert_num_queries
):
    for count in (1, 3):
        world = crowded(count)
        world.vote("agree")
        world.close_vote()
        items.adopt(world.item, by=world.chair)
        client.force_login(world.inspector())

        with django_assert_num_queries(11):
            answer = client.get(world.url("item-detail"))

        assert len(answer.context["ranking"].rows) == count
