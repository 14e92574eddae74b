"""The manager's import pages: preview, confirm, repeat, and who is kept out."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from scoring.labels import LedgerKind, PhaseName
from scoring.models import Cell, LedgerLine, Round, SurveyResult
from tests.factories import UserFactory, World
from tests.scoring.exchange.sheets import workbook

pytestmark = pytest.mark.django_db

SCORE_HEADS = ("Mã cơ quan", "Mã tiêu chí", "Lớp điểm", "Điểm", "Lý do")
SURVEY_HEADS = ("agency", "criterion", "answers", "mean_percent")


@pytest.fixture
def world():
    return World(agencies=2, phase=PhaseName.SELF_ASSESSMENT)


def send(client, world, kind, rows):
    heads = SCORE_HEADS if kind == "scores" else SURVEY_HEADS
    upload = SimpleUploadedFile("tep.xlsx", workbook([heads, *rows]))
    return client.post(url(world, kind), {"workbook": upload})


def confirm(client, world, kind, preview):
    return client.post(
        url(world, kind), {"sealed": preview.context["sealed"]}, follow=True
    )


def url(world, kind):
    return reverse(f"scoring:import-{kind}", args=[world.round.year])


def score(world, points="0,5", code="1.3", reason="", file=0):
    return (world.files[file].agency.code, code, "tự chấm", points, reason)


def test_scores_are_shown_first_then_stored_then_a_repeat_changes_nothing(
    client, world
):
    manager = world.manager()
    client.force_login(manager)
    preview = send(client, world, "scores", [score(world), score(world, 1, file=1)])

    assert preview.status_code == 200
    assert Cell.objects.count() == 0
    shown = preview.content.decode()
    assert world.files[1].agency.code in shown
    assert "0,5" in shown

    done = confirm(client, world, "scores", preview)
    assert [str(cell.points) for cell in Cell.objects.order_by("pk")] == [
        "0.5000",
        "1.0000",
    ]
    line = LedgerLine.objects.first()
    assert (line.kind, line.actor) == (LedgerKind.IMPORTED, manager.username)
    assert "2" in str(next(iter(done.context["messages"])))

    confirm(client, world, "scores", preview)
    assert LedgerLine.objects.count() == 2


def test_a_confirmation_after_somebody_else_s_change_is_refused(client, world):
    client.force_login(world.manager())
    first = send(client, world, "scores", [score(world, "0,5")])
    second = send(client, world, "scores", [score(world, "0,75")])
    confirm(client, world, "scores", second)

    answer = client.post(url(world, "scores"), {"sealed": first.context["sealed"]})
    assert answer.status_code == 409
    assert str(Cell.objects.get().points) == "0.7500"


def test_a_file_with_faults_lists_all_of_them_and_stores_nothing(client, world):
    client.force_login(world.manager())
    answer = send(
        client,
        world,
        "scores",
        [
            score(world),
            score(world, "1,75", file=1),
            ("khong-co", "1.3", "tự chấm", 1, ""),
            score(world, "nhiều", code="9.9"),
        ],
    )

    assert answer.status_code == 422
    assert [fault.cell for fault in answer.context["faults"]] == [
        "D3",
        "A4",
        "B5",
        "D5",
    ]
    assert "D3" in answer.content.decode()
    assert "sealed" not in answer.context
    assert Cell.objects.count() == LedgerLine.objects.count() == 0


@pytest.mark.parametrize(
    "content", [b"", b"no workbook", b"PK\x03\x04 nor this", b"x" * (10 * 1024**2 + 1)]
)
def test_what_is_no_workbook_is_refused_with_a_sentence(client, world, content):
    client.force_login(world.manager())
    answer = client.post(
        url(world, "surveys"), {"workbook": SimpleUploadedFile("x.xlsx", content)}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors or answer.context["faults"]
    assert SurveyResult.objects.count() == 0


def test_survey_results_are_shown_stored_and_harmless_to_repeat(client, world):
    client.force_login(world.manager())
    rows = [(world.files[0].agency.code, "2.1", 150, 82.5)]
    preview = send(client, world, "surveys", rows)
    assert SurveyResult.objects.count() == 0

    confirm(client, world, "surveys", preview)
    confirm(client, world, "surveys", preview)
    assert str(SurveyResult.objects.get().mean_percent) == "82.5000"
    assert LedgerLine.objects.filter(kind=LedgerKind.SURVEY).count() == 1
    again = send(client, world, "surveys", rows)
    assert again.context["changes"] == 0


@pytest.mark.parametrize("kind", ["scores", "surveys"])
def test_a_preview_that_is_not_one_s_own_or_was_edited_is_refused(client, world, kind):
    rows = {
        "scores": [score(world)],
        "surveys": [(world.files[0].agency.code, "2.1", 1, 1)],
    }[kind]
    client.force_login(world.manager())
    preview = send(client, world, kind, rows).context["sealed"]
    other_kind = "surveys" if kind == "scores" else "scores"
    client.post(url(world, kind), {"sealed": preview + "x"})
    client.post(url(world, other_kind), {"sealed": preview})
    client.force_login(world.manager())
    client.post(url(world, kind), {"sealed": preview})

    assert Cell.objects.count() == SurveyResult.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200),
        ("officer", 403),
        ("appraiser", 403),
        ("inspector", 403),
        ("administrator", 403),
        ("stranger", 404),
        ("nobody", 302),
    ],
)
@pytest.mark.parametrize("kind", ["scores", "surveys"])
@pytest.mark.parametrize("part", ["", "-template"])
def test_only_the_round_s_manager_imports(client, world, who, status, kind, part):
    if who == "administrator":
        client.force_login(UserFactory(is_superuser=True, is_staff=True))
    elif who == "stranger":
        client.force_login(UserFactory())
    elif who != "nobody":
        client.force_login(getattr(world, who)())
    address = reverse(f"scoring:import-{kind}{part}", args=[world.round.year])
    answer = client.get(address)

    assert answer.status_code == status
    if status != 200:
        assert 'name="workbook"' not in answer.content.decode()
        assert status == 403 or world.round.name_vi not in answer.content.decode()
        posted = client.post(url(world, kind), {"sealed": "x"})
        assert posted.status_code == status


def test_the_template_comes_back_filled_in(client, world):
    client.force_login(world.manager())
    template = client.get(
        reverse("scoring:import-scores-template", args=[world.round.year])
    )
    book = load_workbook(io.BytesIO(template.content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    # Two agencies with five leaves that no survey measures.
    assert len(rows) == 10
    assert {row[heads.index("Lớp điểm")] for row in rows} == {"tự chấm"}
    assert sheet["C2"].number_format == "@"

    line = next(n for n, row in enumerate(rows, start=2) if "1.3" in row)
    sheet.cell(line, heads.index("Điểm") + 1).value = 0.25
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("diem.xlsx", out.getvalue())
    preview = client.post(url(world, "scores"), {"workbook": upload})
    assert preview.context["changes"] == 1


def test_the_results_workbook_is_for_those_who_see_results(client, world):
    address = reverse("scoring:result-export", args=[world.round.year])
    assert client.get(address).status_code == 404
    for user, status in [
        (world.officer(), 404),
        (UserFactory(), 404),
        (world.manager(), 200),
        (world.inspector(), 200),
    ]:
        client.force_login(user)
        assert client.get(address).status_code == status
    client.logout()
    Round.objects.update(
        state="published",
        decision_number="1",
        decided_on="2031-01-01",
        published_at="2031-01-01T00:00:00Z",
    )
    answer = client.get(address)
    assert load_workbook(io.BytesIO(answer.content)).sheetnames
    assert answer["Content-Disposition"] == (
        f'attachment; filename="chi-so-cchc-{world.round.year}.xlsx"'
    )


@pytest.mark.parametrize("agencies", [1, 3])
def test_the_preview_asks_the_database_a_fixed_number_of_times(
    client, agencies, django_assert_num_queries
):
    world = World(agencies=agencies)
    client.force_login(world.manager())
    rows = [(file.agency.code, "2.1", 10, 50) for file in world.files]
    send(client, world, "surveys", rows)

    with django_assert_num_queries(7):
        send(client, world, "surveys", rows)


def test_a_preview_as_large_as_a_workbook_can_be_sent_back(client, world):
    """Django's own limit of 2.5 MB would answer a bare 400."""
    client.force_login(world.manager())
    answer = client.post(url(world, "scores"), {"sealed": "x" * 4_000_000})

    assert answer.status_code == 302
