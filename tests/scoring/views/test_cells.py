"""The answers to a row that saves itself, as static/js/saving.js reads them."""

import re

import pytest

from scoring.actions.cells import CellChange, save
from scoring.labels import Layer
from scoring.models import Cell, LedgerLine
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World(agencies=1)


@pytest.fixture
def officer(client, world):
    user = world.officer()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def send(client, world, code, version="0", headers=None, **typed):
    return client.post(
        f"{world.file.get_absolute_url()}cells/{code}/",
        {"version": version, **typed},
        headers={"HX-Request": "true", **(headers or {})},
    )


def words_of(response):
    return " ".join(response.content.decode().split())


def store(world, by, code="1.3", **value):
    save(world.file, [CellChange(code=code, layer=Layer.SELF, **value)], by=by)


def test_a_save_says_which_version_is_stored_and_since_when(client, world, officer):
    first = send(client, world, "1.1", **{"d-option": "1"})
    second = send(client, world, "1.1", version="1", **{"d-option": "2"})

    assert (first.status_code, first["X-Cell-Version"]) == (200, "1")
    assert second["X-Cell-Version"] == "2"
    hour, minute = second["X-Saved-At"].split(":")
    assert 0 <= int(hour) < 24
    assert 0 <= int(minute) < 60


def test_the_same_save_sent_again_is_one_save(client, world, officer):
    answers = [
        send(client, world, "1.3", points="0,5", reason="Một lần") for __ in range(3)
    ]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert {answer["X-Cell-Version"] for answer in answers} == {"1"}
    assert LedgerLine.objects.filter(criterion_code="1.3").count() == 1


def test_clearing_sent_again_is_one_clearing(client, world, officer):
    store(world, officer, points=1)
    answers = [send(client, world, "1.3", version="1", clear="1") for __ in range(2)]

    assert [answer.status_code for answer in answers] == [200] * 2
    assert LedgerLine.objects.filter(criterion_code="1.3").count() == 2


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        pytest.param("1.2", {"d-numerator": "45"}, id="one of two figures"),
        pytest.param(
            "1.2",
            {"d-numerator": "45", "d-denominator": "50", "points": "2"},
            id="other points, no reason yet",
        ),
        pytest.param("1.2", {"na": "1"}, id="a proposal, no reason yet"),
        pytest.param("1.3", {"reason": "Một sáng kiến"}, id="a reason, no points yet"),
    ],
)
def test_what_only_lacks_what_is_typed_next_is_no_alarm(
    client, world, officer, code, typed
):
    calm = send(client, world, code, typing="1", **typed)
    pressed = send(client, world, code, **typed)

    assert (calm.status_code, pressed.status_code) == (422, 422)
    assert calm["X-Incomplete"] == "1"
    assert 'role="alert"' not in words_of(calm)
    assert "Not complete yet" in words_of(calm)
    assert "X-Incomplete" not in pressed
    assert 'role="alert"' in words_of(pressed)
    assert not Cell.objects.exists()


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        pytest.param("1.3", {"points": "1,5"}, id="above the maximum"),
        pytest.param("1.3", {"points": "1.234"}, id="a doubtful number"),
        pytest.param(
            "1.2", {"d-numerator": "51", "d-denominator": "50"}, id="more than all"
        ),
        pytest.param(
            "1.2",
            {"d-numerator": "4", "d-denominator": "5", "points": "9"},
            id="above the maximum, no reason either",
        ),
    ],
)
def test_what_is_wrong_is_said_while_typing(client, world, officer, code, typed):
    answer = send(client, world, code, typing="1", **typed)

    assert answer.status_code == 422
    assert "X-Incomplete" not in answer
    assert 'role="alert"' in words_of(answer)


def test_the_explanation_of_a_stored_value_is_not_lost_with_the_value(
    client, world, officer
):
    store(world, officer, points=1, reason="Một sáng kiến")
    answer = send(client, world, "1.3", version="1", points="", reason="Một sáng kiến")

    assert answer.status_code == 422
    assert Cell.objects.get(layer=Layer.SELF).reason == "Một sáng kiến"


def test_two_values_stand_side_by_side_with_who_and_when(client, world, officer):
    colleague = world.officer()
    store(
        world,
        colleague,
        code="1.2",
        data={"numerator": 40, "denominator": 50},
        reason="Số liệu quý IV",
    )
    answer = send(
        client,
        world,
        "1.2",
        **{"d-numerator": "45", "d-denominator": "50", "reason": "Số liệu cả năm"},
    )

    assert answer.status_code == 409
    assert answer["X-Cell-Version"] == "1"
    page = words_of(answer)
    pairs = re.findall(
        r'rowheader">(.+?)</span><span role="cell">(.+?)</span>'
        r'<span role="cell">(.+?)</span>',
        page,
    )
    assert [(entered, stored) for __, entered, stored in pairs] == [
        ("2.7", "2.4"),
        (
            "hồ sơ đúng hạn: 45; hồ sơ đã giải quyết: 50",
            "hồ sơ đúng hạn: 40; hồ sơ đã giải quyết: 50",
        ),
        ("Số liệu cả năm", "Số liệu quý IV"),
    ]
    assert colleague.full_name in page
    assert 'name="keep" value="1"' in page


def test_a_stored_row_that_is_asked_for_names_its_version(client, world, officer):
    store(world, officer, points=1)
    answer = client.get(
        f"{world.file.get_absolute_url()}cells/1.3/", headers={"HX-Request": "true"}
    )

    assert answer["X-Cell-Version"] == "1"
    assert 'name="version" id="version-' in answer.content.decode()


def test_a_page_of_somebody_else_saves_nothing(client, world, officer):
    other = world.officer()
    answer = send(
        client,
        world,
        "1.3",
        points="1",
        headers={"X-Page-User": str(other.pk)},
    )
    own = send(
        client, world, "1.3", points="1", headers={"X-Page-User": str(officer.pk)}
    )

    assert (answer.status_code, answer["X-Refusal"]) == (403, "another-person")
    assert str(officer) in words_of(answer)
    assert own.status_code == 200
    assert Cell.objects.filter(layer=Layer.SELF).count() == 1


@pytest.mark.parametrize("code", ["1", "7.7"])
def test_no_row_is_answered_for_what_takes_no_points(client, world, officer, code):
    assert send(client, world, code, points="1").status_code == 404


def test_the_checklist_is_sent_when_the_page_shows_another(client, world, officer):
    first = send(client, world, "1.3", points="1")
    headers = {"X-Checklist": first["X-Checklist"]}
    same = send(client, world, "1.3", version="1", points="0,5", headers=headers)
    other = send(client, world, "1.1", headers=headers, **{"d-option": "1"})

    assert [
        'id="checklist"' in words_of(answer) for answer in (first, same, other)
    ] == [True, False, True]


@pytest.mark.parametrize("others", [0, 3])
def test_a_save_asks_a_fixed_number_of_questions(
    client, world, officer, others, django_assert_num_queries
):
    for code in ("1.1", "9.1", "9.2")[:others]:
        data = {"option": 1} if code == "1.1" else {"count": 1}
        store(world, officer, code=code, data=data)
    send(client, world, "1.3", points="1")

    with django_assert_num_queries(16):
        answer = send(client, world, "1.3", version="1", points="0,5")
    assert answer.status_code == 200
