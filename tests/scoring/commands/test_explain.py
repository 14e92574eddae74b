import pytest

from scoring.queries.criteria import forget_trees
from tests.scoring.exchange import bundles

from .running import refused, run

pytestmark = pytest.mark.django_db
ENGLISH = ("--language", "en")


@pytest.fixture(autouse=True)
def loaded(tmp_path):
    forget_trees()
    run("load_round", bundles.write_folder(tmp_path, bundles.small()))


def test_the_derivation_leads_from_the_data_to_the_index():
    lines = run("explain", 2031, "so-a", *ENGLISH).splitlines()

    assert lines[0] == "Sở A · PAR Index 2031 · Final"
    for line in (
        "1 Direction: 6.575 of 7",
        "  1.2 Giải quyết hồ sơ: 2.7 of 3 (appraised points)",
        "  1.3 Sáng kiến: 0.875 of 1 (points after explanation)",
        "    Reason: Chấp nhận giải trình",
        "2 Khảo sát: 2.666 of 3",
        "    Rounded to 3 decimals: 1.763",
        "100 × 9.241 / 10 + (1) + (−0.25) = 2329/25",
        "Index, two decimals: 93.16",
    ):
        assert line in lines


def test_the_derivation_of_a_layer_reads_that_layer():
    text = run("explain", 2031, "so-a", "--layer", "self", *ENGLISH)

    assert "1.3 Sáng kiến: 1 of 1 (self-assessed points)" in text
    assert "1.4 Công khai: not scored (maximum 1)" in text
    assert "Index, two decimals: 86.66" in text


def test_exempted_and_not_applicable_criteria_are_told_apart():
    text = run("explain", 2031, "phuong-a", *ENGLISH)

    assert "1.2 Giải quyết hồ sơ: not applicable" in text
    assert "1.3 Sáng kiến: exempted" in text


def test_figures_are_written_in_the_language_of_the_reader():
    assert "93,16" in run("explain", 2031, "so-a")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((2099, "so-a"), "There is no round of the year 2099."),
        ((2031, "so-b"), "The round 2031 has no agency so-b."),
    ],
)
def test_what_is_not_there_is_refused(words, sentence):
    assert refused("explain", *words, *ENGLISH) == (1, sentence)
