"""What enters by a bundle leaves as the same bytes, on either database."""

import zipfile
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.actions import rounds
from scoring.exchange.bundle import bundle_files, read_bundle, write_bundle
from scoring.models import (
    Agency,
    AgencyGroup,
    Assessment,
    Cell,
    CriteriaSet,
    Round,
)
from scoring.queries.criteria import forget_trees
from scoring.refusals import Refused
from tests.factories import World

from . import bundles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trees_of_this_test():
    """Undone sets leave their keys to those of the next test."""
    forget_trees()


def load(path, texts, **options):
    content = read_bundle(bundles.write_folder(path, texts))
    rounds.load(content, **options)
    return Round.objects.get(year=content.year)


def test_a_bundle_comes_back_byte_by_byte(tmp_path):
    """The texts are written down here, so both databases give the same bytes."""
    round_ = load(tmp_path / "in", bundles.small())

    assert bundle_files(round_) == bundles.as_bytes(bundles.small())


def test_an_export_loads_and_exports_to_the_same_bytes(tmp_path):
    first = bundle_files(load(tmp_path / "one", bundles.small()))
    elsewhere = bundles.of_year(2041, {k: v.decode() for k, v in first.items()})

    second = bundle_files(load(tmp_path / "two", elsewhere))

    assert second == bundles.as_bytes(elsewhere)


def test_rows_of_another_order_and_form_are_sorted_and_written_in_one_form(tmp_path):
    texts = bundles.small()
    heading, *rows = bundles.SURVEYS.splitlines()
    texts["surveys.csv"] = "\n".join([heading, *reversed(rows)])
    texts["exemptions.csv"] = (
        "document,agency,criterion\n"
        '"Công văn số 6/SNV, mục 2",phuong-a,2\n'
        "Công văn số 5/SNV,phuong-a,1.3\n"
    )
    texts["scores.csv"] = bundles.SCORES.replace(
        "so-a,1.3,self,1,,,", "so-a,1.3,self,1.000,,,"
    ).replace(
        'so-a,1.2,appraised,2.7,"{""denominator"": 50, ""numerator"": 45}"',
        'so-a,1.2,appraised,,"{""numerator"": ""45.0"", ""denominator"": 50}"',
    )
    texts["round.json"] = bundles.ROUND.replace("69.5", '"69.50"').replace(
        "2031-10-01T08:00:00+07:00", "2031-10-01T01:00:00Z"
    )

    round_ = load(tmp_path, texts)

    assert bundle_files(round_) == bundles.as_bytes(bundles.small())


@pytest.mark.parametrize("form", ["CR LF", "BOM", "both"])
def test_line_ends_and_byte_order_marks_of_spreadsheet_programs_are_read(
    tmp_path, form
):
    texts = bundles.as_bytes(bundles.small())
    for name, content in texts.items():
        ends = b"\r\n" if form != "BOM" else b"\n"
        mark = b"" if form == "CR LF" else b"\xef\xbb\xbf"
        texts[name] = mark + content.replace(b"\n", ends)

    round_ = load(tmp_path, texts)

    assert bundle_files(round_) == bundles.as_bytes(bundles.small())


@pytest.mark.parametrize("inside", ["", "round-2031/"])
def test_an_archive_says_what_its_folder_says(tmp_path, inside):
    path = bundles.write_zip(tmp_path / "in.zip", bundles.small(), inside)

    rounds.load(read_bundle(path))

    round_ = Round.objects.get(year=bundles.YEAR)
    assert bundle_files(round_) == bundles.as_bytes(bundles.small())


def test_litter_of_file_managers_is_passed_over(tmp_path):
    litter = {".DS_Store": "x", "__MACOSX/._scores.csv": "x", "Thumbs.db": "x"}

    round_ = load(tmp_path, {**bundles.small(), **litter})

    assert bundle_files(round_) == bundles.as_bytes(bundles.small())


def test_a_bundle_is_written_as_folder_and_as_archive_alike(tmp_path):
    round_ = load(tmp_path / "in", bundles.small())

    write_bundle(round_, tmp_path / "out")
    write_bundle(round_, tmp_path / "out.zip")
    once = (tmp_path / "out.zip").read_bytes()
    write_bundle(round_, tmp_path / "out.zip")

    written = {
        place.relative_to(tmp_path / "out").as_posix(): place.read_bytes()
        for place in (tmp_path / "out").rglob("*.*")
    }
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert written == packed == bundles.as_bytes(bundles.small())
    assert (tmp_path / "out.zip").read_bytes() == once
    assert sorted(place.name for place in tmp_path.iterdir()) == [
        "in",
        "out",
        "out.zip",
    ]


def test_an_older_bundle_is_replaced_and_anything_else_is_left_alone(tmp_path):
    round_ = load(tmp_path / "in", bundles.small())
    older = bundles.write_folder(
        tmp_path / "out", {**bundles.small(), "criteria/cu.csv": "x"}
    )
    other = bundles.write_folder(tmp_path / "other", {"thesis.txt": "x"})

    write_bundle(round_, older)
    with pytest.raises(Refused, match=r"thesis\.txt"):
        write_bundle(round_, other)

    assert [place.name for place in (older / "criteria").iterdir()] == ["bo-chung.csv"]
    assert [place.name for place in other.iterdir()] == ["thesis.txt"]


def test_a_simulated_round_says_so_and_only_then(tmp_path):
    texts = bundles.changed("round.json", "  }\n}\n", '  },\n  "simulated": true\n}\n')

    round_ = load(tmp_path, texts)

    assert round_.is_simulated
    assert bundle_files(round_) == bundles.as_bytes(texts)


def test_a_round_that_was_made_by_hand_leaves_and_enters(tmp_path):
    """Line ends typed into forms, equal places, one set in two versions."""
    world = World(agencies=2, groups=2)
    world.file.name_vi = "Tên in"
    world.file.save()
    version = CriteriaSet.objects.create(
        year=world.round.year,
        code=world.set.code,
        version=2,
        reason="Sửa lỗi",
        name_vi="Bản 2",
        content_hash="2",
    )
    for criterion in world.set.criteria.filter(code="1.3"):
        criterion.pk, criterion.parent, criterion.criteria_set = None, None, version
        criterion.save()
    world.groups[1].criteria_set = version
    world.groups[1].save()
    manager = world.manager()
    Cell.objects.create(
        assessment=world.file,
        criterion=world.set.criteria.get(code="1.3"),
        layer="self",
        points=Decimal("0.5"),
        low_points=0,
        high_points=1,
        reason="một\r\nhai",
        updated_at=world.round.phases.first().starts_at,
        updated_by=manager,
    )

    first = bundle_files(world.round)
    texts = {name: content.decode() for name, content in first.items()}
    texts["round.json"] = texts["round.json"].replace(
        f'"year": {world.round.year},', '"year": 2099,'
    )
    second = bundle_files(load(tmp_path, texts))

    assert {"criteria/bo-thu.csv", "criteria/bo-thu-v2.csv"} <= set(first)
    assert '"một\nhai"' in texts["scores.csv"]
    assert second == bundles.as_bytes(texts)


def test_a_round_without_dates_for_every_phase_cannot_leave():
    world = World()
    world.round.phases.filter(name="recheck").delete()

    with pytest.raises(Refused, match=str(world.round.year)):
        bundle_files(Round.objects.get(pk=world.round.pk))


def test_unknown_agencies_and_groups_are_created_and_known_ones_not_renamed(tmp_path):
    group = AgencyGroup.objects.create(code="so", name_vi="Tên cũ của khối", position=7)
    Agency.objects.create(code="so-a", name_vi="Tên cũ")

    round_ = load(tmp_path, bundles.small())

    group.refresh_from_db()
    assert (group.name_vi, group.position) == ("Tên cũ của khối", 7)
    assert Agency.objects.get(code="so-a").name_vi == "Tên cũ"
    assert Agency.objects.get(code="so-z").name_vi == "Sở Z"
    assert Agency.objects.get(code="phuong-a").group.code == "phuong"
    assert [g.name_vi for g in round_.groups.order_by("position")] == [
        "Khối sở, ban, ngành",
        "Khối UBND phường",
    ]
    file = Assessment.objects.get(round=round_, agency__code="so-a")
    assert file.name_vi == "Sở A"


def test_rows_without_a_value_are_no_cells(tmp_path):
    texts = bundles.changed(
        "scores.csv",
        "so-a,1.3,self,1,,,",
        "so-a,1.3,council,,,,chưa có\nso-a,1.3,self,1,,,",
    )

    round_ = load(tmp_path, texts)

    assert bundle_files(round_) == bundles.as_bytes(bundles.small())
    assert not Cell.objects.filter(layer="council", criterion__code="1.3").exists()


# --- any small bundle ----------------------------------------------------------------

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12
)
REASONS = TEXTS.filter(str.strip)
CELLS = {
    "1.1": st.sampled_from(["", "2", "0.5"]).flatmap(
        lambda points: st.tuples(
            st.just(points),
            st.sampled_from(['{"option": 1}', '{"option": 2}']),
            REASONS,
        )
    ),
    "1.2": st.tuples(
        st.just(""),
        st.sampled_from(
            ['{"numerator": 1, "denominator": 3}', '{"numerator": 0, "denominator": 0}']
        ),
        TEXTS,
    ),
    "1.3": st.tuples(
        st.integers(0, 1000).map(lambda n: str(Decimal(n) / 1000)), st.just(""), TEXTS
    ),
    "9.2": st.tuples(
        st.just(""), st.integers(0, 9).map(lambda n: f'{{"count": {n}}}'), TEXTS
    ),
}
LAYERS = ["self", "appraised", "explained", "council"]


@st.composite
def score_rows(draw):
    keys = st.tuples(
        st.sampled_from(["so-a", "so-z", "phuong-a"]),
        st.sampled_from(sorted(CELLS)),
        st.sampled_from(LAYERS),
    )
    rows = []
    for agency, code, layer in draw(st.lists(keys, unique=True, max_size=12)):
        points, data, reason = draw(CELLS[code])
        rows.append((agency, code, layer, points, data, "", reason))
    return rows


def csv_text(heading, rows):
    def quoted(text):
        return '"' + text.replace('"', '""') + '"'

    lines = [",".join(quoted(text) for text in row) for row in rows]
    return "\n".join([heading, *lines]) + "\n"


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=score_rows(), name=REASONS, document=TEXTS)
def test_any_small_bundle_comes_back(tmp_path, rows, name, document):
    texts = bundles.small()
    heading = bundles.SCORES.splitlines()[0]
    texts["scores.csv"] = csv_text(heading, rows)
    texts["agencies.csv"] = csv_text(
        bundles.AGENCIES.splitlines()[0],
        [
            ("so-z", name, "so", "yes", document),
            ("phuong-a", "A", "phuong", "yes", ""),
            ("so-a", name, "so", "no", document),
        ],
    )
    texts["exemptions.csv"] = csv_text(
        "agency,criterion,document", [("so-a", "2", document)]
    )
    texts["surveys.csv"] = bundles.SURVEYS.splitlines()[0] + "\n"

    with transaction.atomic():
        first = bundle_files(load(tmp_path, texts))
        again = bundles.of_year(2041, {k: v.decode() for k, v in first.items()})
        second = bundle_files(load(tmp_path, again))
        stored = Cell.objects.filter(assessment__round__year=bundles.YEAR)
        found = {
            (c.assessment.agency.code, c.criterion.code, c.layer, c.reason.strip())
            for c in stored.select_related("assessment__agency", "criterion")
        }
        transaction.set_rollback(True)
    forget_trees()

    assert second == bundles.as_bytes(again)
    assert found == {(a, c, layer, r.strip()) for a, c, layer, *__, r in rows}
