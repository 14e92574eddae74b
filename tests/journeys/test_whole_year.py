"""One year twice: by all roles on their pages, and from files alone, same figures.

The pages are asked without script. The files: the round that the pages made is
exported, loaded under another year, computed, and leaves as a workbook.
"""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from scoring.labels import PhaseName, View
from scoring.models import FrozenResult
from scoring.queries.criteria import forget_trees
from scoring.states import GroupState
from tests.councils.worlds import CouncilWorld
from tests.factories import PASSWORD
from tests.papers import pdf
from tests.scoring.exchange.sheets import workbook

pytestmark = pytest.mark.django_db

OTHER_YEAR = 2099
# Per agency: option of 1.1, on time and all cases of 1.2, points of 1.3.
DECLARED = [("1", "45", "50", "0,5"), ("2", "49", "50", "0,75")]
SURVEYED = [("80", "90"), ("72,5", "81,25")]
# By hand. A: 1 + 2.7 + 0.5 + 1.6 + 1.8 = 7.6 of 10, and a bonus of 1.
# B: 1 + 2.94 + 0.75 + 1.45 + 1.625 = 7.765 of 10, and a bonus of 1.
INDICES = [("77.00", 2), ("78.65", 1)]
A_OWN = "87.00"  # before the appraiser took one point of 1.1


class Year(CouncilWorld):
    """Nobody has done anything yet."""

    def complete(self, file, spare=None):
        pass


@pytest.fixture
def year(client):
    year = Year(agencies=2, members=1, phase=PhaseName.SELF_ASSESSMENT)
    for file, declared in zip(year.files, DECLARED, strict=True):
        score_and_lock(client, year, file, declared)
    year.open_phase(PhaseName.APPRAISAL)
    appraise(client, year)
    import_surveys(client, year)
    year.open_phase(PhaseName.COUNCIL)
    adopt(client, year)
    return year


# --- by the pages ---------------------------------------------------------------------


def sign_in(client, user):
    client.logout()
    typed = {"username": user.username, "password": PASSWORD}
    assert client.post(reverse("login"), typed)["Location"] == "/"


def send(client, name, *place, **typed):
    """Send a form and follow to the page behind it, which shows no refusal."""
    answer = client.post(reverse(name, args=place), typed, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    refusals = [m for m in answer.context["messages"] if m.level_tag == "error"]
    assert refusals == []
    return answer


def score_and_lock(client, year, file, declared):
    option, on_time, cases, idea = declared
    place = (year.round.year, file.agency.code)
    sign_in(client, year.officer(file))
    for code, typed in {
        "1.1": {"d-option": option},
        "1.2": {"d-numerator": on_time, "d-denominator": cases},
        "1.3": {"points": idea},
        "9.1": {"d-count": "1"},
    }.items():
        typed = {"version": 0, "reason": "Theo báo cáo", **typed}
        send(client, "scoring:cell-save", *place, code, **typed)
    upload = pdf("ke-hoach.pdf")
    send(client, "scoring:evidence-attach", *place, "1.1", upload=upload)
    send(client, "scoring:assessment-hand-over", *place)
    sign_in(client, year.leader(file))
    send(client, "scoring:assessment-lock", *place)


def appraise(client, year):
    """One criterion of the first agency otherwise; all the rest as they say."""
    sign_in(client, year.appraiser())
    first = (year.round.year, year.files[0].agency.code)
    sheet = client.get(reverse("scoring:appraisal-detail", args=first) + "?open=1.1")
    form = sheet.context["form"]
    (choice,) = form.data_inputs()
    send(
        client,
        "scoring:appraisal-save",
        *first,
        "1.1",
        **{choice.html_name: "2"},
        reason="Ban hành chậm",
        expected_version=form["expected_version"].value(),
    )
    for file in year.files:
        place = (year.round.year, file.agency.code)
        send(client, "scoring:appraisal-accept-rest", *place)


def import_surveys(client, year):
    sign_in(client, year.clerk_of_the_round)
    rows = [
        (file.agency.code, code, 100, percent)
        for file, percents in zip(year.files, SURVEYED, strict=True)
        for code, percent in zip(("2.1", "2.2"), percents, strict=True)
    ]
    heads = ("Mã cơ quan", "Mã tiêu chí", "Số phiếu", "Tỷ lệ %")
    upload = SimpleUploadedFile("khao-sat.xlsx", workbook([heads, *rows]))
    place = ("scoring:import-surveys", year.round.year)
    preview = send(client, *place, workbook=upload)
    send(client, *place, sealed=preview.context["sealed"])


def adopt(client, year):
    meeting = (year.round.year, year.meeting.number)
    item = (*meeting, year.group.group.code)
    sign_in(client, year.secretary)
    send(client, "councils:meeting-open", *meeting)
    send(client, "councils:presence-mark", *meeting, present="1")
    send(client, "councils:vote-open", *item)
    for person in (year.voters[0], year.chair, year.secretary):
        sign_in(client, person)
        send(client, "councils:vote-cast", *item, choice="agree")
    send(client, "councils:vote-close", *item)
    sign_in(client, year.chair)
    send(client, "councils:item-adopt", *item)


# --- from files -----------------------------------------------------------------------


def run(*words):
    out = io.StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def computed(year, view=View.FINAL):
    return json.loads(run("compute_index", year, "--json", "--layer", view))


def loaded_again(year, folder):
    """The round as files, loaded as another year into the same database."""
    bundle = folder / "bundle"
    run("export_round", year, bundle)
    told = json.loads((bundle / "round.json").read_text(encoding="utf-8"))
    told["year"] = OTHER_YEAR
    (bundle / "round.json").write_text(json.dumps(told), encoding="utf-8")
    forget_trees()
    run("load_round", bundle)


def ranking_of(content):
    """The lines of the first group's ranking, by its headings, as cached values."""
    book = load_workbook(io.BytesIO(content), data_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "Hạng")
    return [
        dict(zip(rows[start], row, strict=True))
        for row in rows[start + 1 :]
        if isinstance(row[0], int)
    ]


# --- the same figures -----------------------------------------------------------------


def test_the_pages_lead_to_the_adopted_ranking(year, client):
    assert year.group_now().state == GroupState.ADOPTED
    frozen = {row.agency_code: row for row in FrozenResult.objects.all()}
    for file, (index, rank) in zip(year.files, INDICES, strict=True):
        row = frozen[file.agency.code]
        assert (row.rank, f"{row.index:.2f}") == (rank, index)

    client.force_login(year.clerk_of_the_round)
    page = client.get(reverse("scoring:result-list", args=[year.round.year]))
    text = page.content.decode()
    first, second = (file.name_vi for file in year.files)
    assert text.index(second) < text.index(first)
    assert "77,00" in text
    assert "78,65" in text
    own = client.get(page.request["PATH_INFO"] + "?view=self").content.decode()
    assert A_OWN.replace(".", ",") in own


@pytest.mark.parametrize("view", View.values)
def test_files_alone_give_the_figures_of_the_pages(year, tmp_path, view):
    by_pages = computed(year.round.year, view)

    loaded_again(year.round.year, tmp_path)

    assert computed(OTHER_YEAR, view) == by_pages
    assert len(by_pages) == 2
    if view == View.FINAL:
        found = {row["agency"]: (row["index"], row["rank"]) for row in by_pages}
        codes = [file.agency.code for file in year.files]
        assert found == dict(zip(codes, INDICES, strict=True))


def test_the_workbook_of_the_pages_is_the_workbook_of_the_files(year, client, tmp_path):
    client.force_login(year.clerk_of_the_round)
    download = client.get(reverse("scoring:result-export", args=[year.round.year]))
    by_pages = ranking_of(download.content)

    loaded_again(year.round.year, tmp_path)
    run("export_results", OTHER_YEAR, tmp_path / "results.xlsx")

    by_files = ranking_of((tmp_path / "results.xlsx").read_bytes())
    assert by_files == by_pages
    assert [
        (row["Hạng"], row["Cơ quan, đơn vị"], f"{row['Chỉ số CCHC (%)']:.2f}")
        for row in by_files
    ] == [(1, year.files[1].name_vi, "78.65"), (2, year.files[0].name_vi, "77.00")]


def test_the_round_leaves_the_pages_and_comes_back_unchanged(year, tmp_path):
    loaded_again(year.round.year, tmp_path)

    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    run("export_round", year.round.year, first)
    run("export_round", OTHER_YEAR, second)

    assert members_of(second, OTHER_YEAR) == members_of(first, year.round.year)


def members_of(path, year):
    with zipfile.ZipFile(path) as archive:
        return {
            name: archive.read(name).decode().replace(f'"year": {year}', '"year": …')
            for name in archive.namelist()
        }
