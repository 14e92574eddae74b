import os
import subprocess
import sys

import pytest
from django.conf import settings

from scoring.models import LedgerLine, Round
from scoring.queries.criteria import forget_trees
from tests.factories import UserFactory
from tests.scoring.exchange import bundles

from .running import refused, run

ENGLISH = ("--language", "en")


@pytest.fixture(autouse=True)
def trees_of_this_test():
    forget_trees()


@pytest.mark.django_db
class TestLoadRound:
    def test_it_says_what_was_loaded(self, tmp_path):
        path = bundles.write_zip(tmp_path / "in.zip", bundles.small())

        text = run("load_round", path, *ENGLISH)

        assert text == (
            "Round 2031 loaded: 4 agencies; changes of scores: 17, withdrawals: 0, of "
            "survey results: 3, of exemptions: 2.\n"
        )
        assert set(LedgerLine.objects.values_list("actor", flat=True)) == {"system"}

    def test_it_acts_in_the_name_of_a_person(self, tmp_path):
        person = UserFactory()
        path = bundles.write_folder(tmp_path, bundles.small())

        run("load_round", path, "--by", person.username)

        actors = set(LedgerLine.objects.values_list("actor", flat=True))
        assert actors == {person.username}

    def test_an_unknown_person_is_refused(self, tmp_path):
        path = bundles.write_folder(tmp_path, bundles.small())

        status, text = refused("load_round", path, "--by", "nobody", *ENGLISH)

        assert (status, text) == (1, "There is no account nobody.")
        assert not Round.objects.exists()

    def test_all_errors_come_line_by_line_and_nothing_is_written(self, tmp_path):
        texts = bundles.changed("scores.csv", "1.3,self,1,,,", "1.3,self,9,,,")
        texts = bundles.changed("surveys.csv", "88.125", "188", texts)
        path = bundles.write_folder(tmp_path, texts)

        status, text = refused("load_round", path, *ENGLISH)

        assert status == 1
        assert text.splitlines() == [
            "scores.csv, row 10, column points: "
            "Points 9 exceed the maximum 1 of criterion 1.3.",
            "surveys.csv, row 2, column mean_percent: 188 does not lie in 0 to 100.",
            "Refused. Errors: 2. Nothing was changed.",
        ]
        assert not Round.objects.exists()

    def test_an_existing_year_and_faults_are_told_together(self, tmp_path):
        run("load_round", bundles.write_folder(tmp_path / "a", bundles.small()))
        texts = bundles.changed("scores.csv", "1.3,self,1,,,", "1.3,self,9,,,")
        path = bundles.write_folder(tmp_path / "b", texts)

        status, text = refused("load_round", path, *ENGLISH)

        assert status == 1
        assert "scores.csv, row 10, column points" in text
        assert "The round 2031 exists." in text

    def test_a_dry_run_says_so_and_writes_nothing(self, tmp_path):
        path = bundles.write_folder(tmp_path, bundles.small())

        text = run("load_round", path, "--dry-run", *ENGLISH)

        assert text.startswith("Round 2031 could be loaded: 4 agencies;")
        assert text.endswith("Nothing was written.\n")
        assert not Round.objects.exists()

    def test_replacing_names_the_agencies_that_the_bundle_lacks(self, tmp_path):
        run("load_round", bundles.write_folder(tmp_path / "a", bundles.small()))
        texts = bundles.changed("agencies.csv", "so-moi,", "so-khac,")
        texts = bundles.changed("scores.csv", "so-moi,", "so-khac,", texts)
        path = bundles.write_folder(tmp_path / "b", texts)

        text = run("load_round", path, "--replace", *ENGLISH)

        assert "Not in the bundle, kept as not assessed: so-moi." in text

    def test_replacing_names_the_settings_that_change(self, tmp_path):
        run("load_round", bundles.write_folder(tmp_path / "a", bundles.small()))
        other = bundles.changed(
            "round.json", '"not_scored": "wait"', '"not_scored": "zero"'
        )
        path = bundles.write_folder(tmp_path / "b", other)

        text = run("load_round", path, "--replace", *ENGLISH)

        assert "Settings of the round that change: not_scored.\n" in text
        assert "versions" not in text

    def test_the_same_again_changes_no_setting(self, tmp_path):
        path = bundles.write_folder(tmp_path / "a", bundles.small())
        run("load_round", path)

        assert "Settings" not in run("load_round", path, "--replace", *ENGLISH)

    def test_a_place_without_bundle_is_refused(self, tmp_path):
        status, text = refused("load_round", tmp_path / "none", *ENGLISH)

        assert status == 1
        assert text == f"There is no file or folder {tmp_path / 'none'}."


@pytest.mark.sqlite
def test_from_files_alone_with_the_promised_exit_statuses(tmp_path):
    """The commands as a shell sees them, each in a process of its own."""
    good = bundles.write_folder(tmp_path / "good", bundles.small())
    bad = bundles.write_folder(
        tmp_path / "bad", bundles.changed("scores.csv", ",self,2,", ",self,7,")
    )
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "SECRET_KEY": "for this test only, and long enough to be no warning at all",
    }

    def manage(*words):
        command = [sys.executable, "manage.py", *map(str, words)]
        return subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert manage("migrate", "--verbosity", "0").returncode == 0
    wrong = manage("load_round", "--replace")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    refusal = manage("load_round", bad)
    assert (refusal.returncode, refusal.stdout) == (1, "")
    assert "scores.csv" in refusal.stderr
    assert "points" in refusal.stderr
    loaded = manage("load_round", good)
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert manage("export_round", "2031", tmp_path / "out").returncode == 0
    assert manage("export_round", "2032", tmp_path / "out").returncode == 1
    assert manage("compute_index", "2031", "--layer", "last").returncode == 2
    written = {
        place.relative_to(tmp_path / "out").as_posix(): place.read_bytes()
        for place in (tmp_path / "out").rglob("*.*")
    }
    assert written == bundles.as_bytes(bundles.small())
