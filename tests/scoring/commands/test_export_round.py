import zipfile

import pytest

from scoring.queries.criteria import forget_trees
from tests.scoring.exchange import bundles

from .running import refused, run

pytestmark = pytest.mark.django_db
ENGLISH = ("--language", "en")


@pytest.fixture(autouse=True)
def loaded(tmp_path):
    forget_trees()
    run("load_round", bundles.write_folder(tmp_path / "in", bundles.small()))


def test_the_round_is_written_as_an_archive_and_the_place_is_told(tmp_path):
    text = run("export_round", 2031, tmp_path / "out.zip", *ENGLISH)

    assert text == f"Round 2031 written to {tmp_path / 'out.zip'}.\n"
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == [
            "round.json",
            "groups.csv",
            "agencies.csv",
            "criteria/bo-chung.csv",
            "exemptions.csv",
            "scores.csv",
            "surveys.csv",
        ]


def test_an_unknown_year_is_refused(tmp_path):
    status, text = refused("export_round", 2099, tmp_path / "out", *ENGLISH)

    assert (status, text) == (1, "There is no round of the year 2099.")
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_refused_and_left_as_it_is(tmp_path):
    other = bundles.write_folder(tmp_path / "other", {"thesis.txt": "x"})

    status, text = refused("export_round", 2031, other, *ENGLISH)

    assert status == 1
    assert "thesis.txt" in text
    assert [place.name for place in other.iterdir()] == ["thesis.txt"]


def test_a_place_that_cannot_be_written_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "file").write_text("x")

    status, text = refused(
        "export_round", 2031, tmp_path / "file" / "out.zip", *ENGLISH
    )

    assert status == 1
    assert "cannot be read or written" in text
