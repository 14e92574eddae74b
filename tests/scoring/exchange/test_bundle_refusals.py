"""Every fault of a bundle is told with its place, all at once, and nothing is kept."""

import csv
import os
import zipfile

import pytest
from django.utils import translation

from scoring.exchange.bundle import BundleRefused, Fault, read_bundle
from scoring.refusals import Refused

from . import bundles
from .bundles import CRITERIA_FILE, changed, small

ROUND, GROUPS, AGENCIES = "round.json", "groups.csv", "agencies.csv"
EXEMPTIONS, SCORES, SURVEYS = "exemptions.csv", "scores.csv", "surveys.csv"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def faults_of(path, texts):
    with pytest.raises(BundleRefused) as refusal:
        read_bundle(bundles.write_folder(path, texts))
    return refusal.value.errors


def places(faults):
    return [(fault.file, fault.row, fault.column) for fault in faults]


def line(name, number):
    """One line of a file of the small bundle, as a text that stands there once."""
    return small()[name].splitlines()[number - 1]


ONE_FAULT = [
    # --- round.json -----------------------------------------------------------------
    (ROUND, '"year": 2031', '"year": 1031', 0, "year", "below 1900"),
    (ROUND, '"year": 2031', '"year": 2031.5', 0, "year", "whole"),
    (ROUND, '"year": 2031', '"year": 2.031e3', 0, "", "plain digits"),
    (ROUND, '"year": 2031', '"year": true', 0, "year", "number"),
    (ROUND, '"year": 2031,', "", 0, "year", "missing"),
    (ROUND, '"year": 2031,', '"year": 2031, "note": 1,', 0, "note", "unknown"),
    (ROUND, '"year": 2031,', '"year": 2031, "year": 2032,', 0, "", "twice"),
    (ROUND, '"year": 2031,', '"year": 2031', 0, "", "no JSON: line 3"),
    (ROUND, '"year": 2031,', '"simulated": false, "year": 2031,', 0, "simulated", ""),
    (ROUND, '"Chỉ số CCHC năm 2031"', '" "', 0, "name_vi", "text"),
    (ROUND, '"PAR Index 2031"', '"\\u0000"', 0, "name_en", "cannot be stored"),
    (ROUND, '"PAR Index 2031"', f'"{"x" * 201}"', 0, "name_en", "longer than 200"),
    (ROUND, '"self_assessment"', '"scoring"', 0, "phases[1].phase", "one of"),
    (ROUND, '"phase": "recheck"', '"phase": "council"', 0, "phases", "All seven"),
    (
        ROUND,
        "2031-12-31T17:00:00+07:00",
        "2031-12-31T17:00",
        0,
        "phases[7].ends_at",
        "",
    ),
    (
        ROUND,
        "2031-12-31T17:00:00+07:00",
        "31/12/2031",
        0,
        "phases[7].ends_at",
        "offset",
    ),
    (ROUND, "2031-12-31T17", "2031-12-25T17", 0, "phases[7].ends_at", "before it has"),
    (ROUND, "2031-12-21T08", "2031-12-20T08", 0, "phases[6].starts_at", "one before"),
    (ROUND, '"penalty"', '"index"', 0, "tie_breakers[3]", "one of"),
    (ROUND, '"penalty"', '"appraised"', 0, "tie_breakers[3]", "twice"),
    (ROUND, '"kha"', '"xuat-sac"', 0, "bands[2].code", "twice"),
    (ROUND, "69.5", "90.0", 0, "bands[2].from_percent", "twice"),
    (ROUND, "69.5", "69.12345", 0, "bands[2].from_percent", "4 decimals"),
    (ROUND, "69.5", "-1", 0, "bands[2].from_percent", "below 0"),
    (
        ROUND,
        '"not_scored": "wait"',
        '"not_scored": "no"',
        0,
        "not_scored",
        "wait, zero",
    ),
    (ROUND, '"missing_survey": "wait"', '"missing_survey": 0', 0, "missing_survey", ""),
    (
        ROUND,
        '"points_decimals": 3',
        '"points_decimals": 5',
        0,
        "criteria.bo-chung.points_decimals",
        "above 4",
    ),
    (ROUND, "true", "1", 0, "criteria.bo-chung.cap_at_100", "true or false"),
    # --- groups.csv -----------------------------------------------------------------
    (GROUPS, "code,name_vi", "Mã,name_vi", 1, "code", "missing"),
    (GROUPS, "phuong,", "so,", 3, "code", "repeats row 2"),
    (GROUPS, "phuong,", "khối phường,", 3, "code", "letters"),
    (GROUPS, "Khối UBND phường,", ",", 3, "name_vi", "text"),
    (GROUPS, "phường,,bo-chung", "phường,,bo-rieng", 3, "criteria", "bo-rieng"),
    # --- agencies.csv ---------------------------------------------------------------
    (AGENCIES, "so-z,Sở Z,so", "so-z,Sở Z,quan", 2, "group", "quan"),
    (AGENCIES, "so-z,Sở Z,so,yes", "so-z,Sở Z,so,có", 2, "assessed", "yes or no"),
    (AGENCIES, "Sở Z", "Z" * 201, 2, "name_vi", "longer than 200"),
    (AGENCIES, "Sở Z,so,yes,", "Sở Z,so,yes", 2, "", "4 columns instead of 5"),
    (AGENCIES, "Sở Z,so,yes,", 'Sở Z,so,yes,"a"b', 2, "", "quotation marks"),
    (AGENCIES, "Sở Z", "Sở\x00Z", 2, "name_vi", "cannot be stored"),
    # --- criteria -------------------------------------------------------------------
    (CRITERIA_FILE, "1.3,1,", "1.2,1,", 5, "code", "twice"),
    (CRITERIA_FILE, "1.3,1,", "1.3,7,", 5, "parent_code", "unknown"),
    (CRITERIA_FILE, ",,1,manual", ',,"1,5",manual', 5, "max_points", "plain digits"),
    (CRITERIA_FILE, ",,1,manual", ",,0,manual", 5, "max_points", "above 0"),
    (CRITERIA_FILE, ",,1,manual", ",,1.0005,manual", 5, "max_points", "3 decimals"),
    (CRITERIA_FILE, ",,1,manual", ",,1,magic", 5, "rule", "magic"),
    (CRITERIA_FILE, '""points"": 2}', '""points"": 3}', 3, "parameters", "above 2"),
    (CRITERIA_FILE, '""points"": 2}', '""points"": 2e0}', 3, "parameters", "plain"),
    (CRITERIA_FILE, "1.3,1,Sáng kiến", "1.3,1,", 5, "name_vi", "text"),
    # --- exemptions.csv -------------------------------------------------------------
    (EXEMPTIONS, "phuong-a,1.3", "phuong-b,1.3", 2, "agency", "phuong-b"),
    (EXEMPTIONS, "phuong-a,1.3", "phuong-a,1.9", 2, "criterion", "1.9"),
    (EXEMPTIONS, "phuong-a,1.3", "phuong-a,2", 3, "criterion", "repeats row 2"),
    # --- scores.csv: row 10 is so-a,1.3,self ------------------------------------------
    (SCORES, "so-a,1.3,self", "so-b,1.3,self", 10, "agency", "so-b"),
    (SCORES, "so-a,1.3,self", "so-a,1.8,self", 10, "criterion", "1.8"),
    (SCORES, "so-a,1.3,self", "so-a,1,self", 10, "criterion", "takes points"),
    (SCORES, "so-a,1.3,self", "so-a,2.1,self", 10, "criterion", "survey"),
    (SCORES, "so-a,1.3,self", "so-a,1.3,final", 10, "layer", "self, appraised"),
    (SCORES, "1.3,appraised,0.5", "1.3,self,0.5", 11, "layer", "repeats row 10"),
    (
        SCORES,
        "1.3,self,1,,,",
        "1.3,self,1.001,,,",
        10,
        "points",
        "exceed the maximum 1",
    ),
    (SCORES, "1.3,self,1,,,", "1.3,self,0.1234,,,", 10, "points", "3 decimals"),
    (SCORES, "1.3,self,1,,,", "1.3,self,-0.5,,,", 10, "points", "below 0"),
    (SCORES, "1.3,self,1,,,", '1.3,self,"0,5",,,', 10, "points", "plain digits"),
    (SCORES, "1.3,self,1,,,", "1.3,self,1e0,,,", 10, "points", "plain digits"),
    (SCORES, "1.3,self,1,,,", '1.3,self,1,"{""count"": 1}",,', 10, "data", ""),
    (SCORES, "1.3,self,1,,,", '1.3,self,1,"{""a"": 1",,', 10, "data", "JSON"),
    (SCORES, "1.3,self,1,,,", "1.3,self,1,[],,", 10, "data", "object"),
    (SCORES, "1.3,self,1,,,", "1.3,self,,,proposed,lý do", 10, "not_applicable", "1.3"),
    (SCORES, "1.3,self,1,,,", "1.3,self,,,maybe,lý do", 10, "not_applicable", "one of"),
    (SCORES, "so-z,1.2,self,,,proposed", "so-z,1.2,self,,,confirmed", 17, None, "only"),
    (SCORES, "so-z,1.2,self", "so-z,1.2,council", 17, "not_applicable", "only"),
    (SCORES, "proposed,Không có thủ tục", "proposed, ", 17, "reason", "reason"),
    (SCORES, "1.1,council,2,,,", "1.1,council,3,,,", 7, "points", "exceed"),
    (
        SCORES,
        '1.1,council,2,,,"Hội đồng thống nhất\n""kịp thời"""',
        "1.1,council,2,,,",
        7,
        "reason",
        "not computed",
    ),
    (SCORES, '1,"{""yes"": true}"', '0.5,"{""yes"": true}"', 13, "points", "computed"),
    (SCORES, '1,"{""yes"": true}"', '1,"{""yes"": 1}"', 13, "data", "true or false"),
    (SCORES, '{""count"": 1}', '{""count"": -1}', 15, "data", "below 0"),
    (
        SCORES,
        'self,3,"{""denominator"": 50, ""numerator"": 45}"',
        'self,3,"{""denominator"": 40, ""numerator"": 45}"',
        8,
        "data",
        "larger than the whole",
    ),
    # --- surveys.csv ----------------------------------------------------------------
    (SURVEYS, "so-a,2.1,", "so-x,2.1,", 2, "agency", "so-x"),
    (SURVEYS, "so-a,2.1,", "so-a,2.9,", 2, "criterion", "2.9"),
    (SURVEYS, "so-a,2.1,", "so-a,1.1,", 2, "criterion", "No survey"),
    (SURVEYS, "so-a,2.2,", "so-a,2.1,", 3, "criterion", "repeats row 2"),
    (SURVEYS, ",120,", ",-1,", 2, "answers", "0 to"),
    (SURVEYS, ",120,", ",1.5,", 2, "answers", "whole"),
    (SURVEYS, ",120,", ",,", 2, "answers", "number"),
    (SURVEYS, ",120,", ",3000000000,", 2, "answers", "0 to"),
    (SURVEYS, "88.125", "100.0001", 2, "mean_percent", "0 to 100"),
    (SURVEYS, "88.125", "88.12345", 2, "mean_percent", "4 decimals"),
    (SURVEYS, "88.125", "", 2, "mean_percent", "number"),
    (SURVEYS, "12.5", "-12.5", 2, "standard_deviation", "0 to"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column", "words"),
    ONE_FAULT,
    ids=[f"{fault[0]}-{number}" for number, fault in enumerate(ONE_FAULT)],
)
def test_a_fault_is_told_once_with_its_place(
    tmp_path, name, old, new, row, column, words
):
    faults = faults_of(tmp_path, changed(name, old, new))

    own = [fault for fault in faults if fault.file == name]
    place = (name, row, "not_applicable" if column is None else column)
    assert place in places(own)
    (told,) = [fault for fault in own if places([fault]) == [place]]
    assert words in told.problem
    assert str(told).startswith(name)


@pytest.mark.parametrize("name", [ROUND, GROUPS, AGENCIES, EXEMPTIONS, SCORES, SURVEYS])
def test_every_file_is_needed(tmp_path, name):
    texts = small()
    del texts[name]

    assert places(faults_of(tmp_path, texts)) == [(name, 0, "")]


def test_sets_stand_in_round_json_and_in_their_files_and_are_used(tmp_path):
    texts = small()
    texts["criteria/bo-rieng.csv"] = texts.pop(CRITERIA_FILE)

    faults = faults_of(tmp_path, texts)

    assert places(faults) == [
        (ROUND, 0, "criteria.bo-rieng"),
        (CRITERIA_FILE, 0, ""),
        ("criteria/bo-rieng.csv", 0, ""),
    ]


@pytest.mark.parametrize(
    "name", ["notes.txt", "criteria/bộ.csv", "criteria/a/b.csv", "Scores.csv"]
)
def test_files_without_a_place_are_refused(tmp_path, name):
    assert places(faults_of(tmp_path, {**small(), name: "x"})) == [(name, 0, "")]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("code,name_vi,name_en", [(1, "criteria")]),
        ("code,name_vi,name_en,criteria,note", [(1, "note")]),
        ("code,name_vi,name_en,criteria,code", [(1, "code")]),
        ("CODE,name_vi,name_en,criteria", [(1, "code"), (1, "CODE")]),
        ("code;name_vi;name_en;criteria", None),
    ],
)
def test_headings_hold_exactly_the_known_columns(tmp_path, heading, expected):
    texts = changed(GROUPS, line(GROUPS, 1), heading)

    own = [fault for fault in faults_of(tmp_path, texts) if fault.file == GROUPS]

    if expected is None:
        expected = [(1, name) for name in line(GROUPS, 1).split(",")] + [(1, heading)]
    assert [(fault.row, fault.column) for fault in own] == expected


def test_an_empty_file_lacks_its_heading(tmp_path):
    faults = faults_of(tmp_path, {**small(), SURVEYS: ""})

    assert places(faults) == [(SURVEYS, 1, "")]


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16"])
def test_another_encoding_is_told_with_its_row(tmp_path, encoding):
    texts = small()
    row = {"cp1258": 2, "utf-16": 1}[encoding]
    texts[EXEMPTIONS] = "agency,criterion,document\nso-a,1.3,Quyết định\n".encode(
        encoding, errors="replace" if encoding == "cp1258" else "strict"
    )
    if encoding == "cp1258":
        texts[EXEMPTIONS] = b"agency,criterion,document\nso-a,1.3,Quy\xeat\n"

    faults = faults_of(tmp_path, texts)

    assert places(faults) == [(EXEMPTIONS, row, "")]
    assert "UTF-8" in faults[0].problem


def test_a_quotation_mark_that_never_ends_is_told_where_it_begins(tmp_path):
    faults = faults_of(tmp_path, changed(SCORES, "so-moi,1.3", '"so-moi,1.3'))

    assert places(faults) == [(SCORES, 16, "")]


def test_a_field_beyond_measure_is_refused(tmp_path):
    texts = changed(SCORES, "Chấp nhận giải trình", "x" * (csv.field_size_limit() + 1))

    (fault,) = faults_of(tmp_path, texts)

    assert (fault.file, fault.row) == (SCORES, 12)
    assert "longer than" in fault.problem


def test_all_faults_of_all_files_come_at_once_in_reading_order(tmp_path):
    texts = changed(ROUND, '"year": 2031', '"year": 0')
    texts = changed(GROUPS, "phường,,bo-chung", "phường,,bo-rieng", texts)
    texts = changed(AGENCIES, "so-z,Sở Z,so,yes", "so-z,Sở Z,so,Y", texts)
    texts = changed(EXEMPTIONS, "phuong-a,1.3", "phuong-b,1.3", texts)
    texts = changed(SCORES, "1.3,self,1,,,", "1.3,self,9,,,", texts)
    texts = changed(SCORES, "1.3,explained,0.875", "1.3,explained,0.8755", texts)
    texts = changed(SURVEYS, "88.125", "188.125", texts)

    faults = faults_of(tmp_path, texts)

    assert places(faults) == [
        (ROUND, 0, "year"),
        (GROUPS, 3, "criteria"),
        (AGENCIES, 2, "assessed"),
        (EXEMPTIONS, 2, "agency"),
        (SCORES, 10, "points"),
        (SCORES, 12, "points"),
        (SURVEYS, 2, "mean_percent"),
    ]
    assert str(faults[4]) == (
        "scores.csv, row 10, column points: "
        "Points 9 exceed the maximum 1 of criterion 1.3."
    )


def test_what_refers_to_a_faulty_file_is_not_blamed_again(tmp_path):
    """One wrong heading, one fault; not one for each row that names an agency."""
    texts = changed(AGENCIES, "code,name_vi", "id,name_vi")

    assert places(faults_of(tmp_path, texts)) == [
        (AGENCIES, 1, "code"),
        (AGENCIES, 1, "id"),
    ]


def test_the_same_fault_is_told_in_every_row(tmp_path):
    """Equal rows are checked once; that must not hide the second of two faults."""
    texts = changed(SCORES, "so-z,1.3,self,0", "so-z,1.3,self,7")
    texts = changed(SCORES, "so-moi,1.3,self,0.125", "so-moi,1.3,self,7", texts)

    assert places(faults_of(tmp_path, texts)) == [
        (SCORES, 16, "points"),
        (SCORES, 18, "points"),
    ]


# --- places that hold no bundle --------------------------------------------------------


def test_no_bundle_at_all_is_refused(tmp_path):
    text = tmp_path / "scores.zip"
    text.write_text("not an archive")

    for path in (tmp_path / "nothing", text):
        with pytest.raises(Refused, match=path.name):
            read_bundle(path)


@pytest.mark.parametrize("name", ["../scores.csv", "/scores.csv", "a\\scores.csv"])
def test_paths_that_lead_out_of_an_archive_are_refused(tmp_path, name):
    path = bundles.write_zip(tmp_path / "in.zip", {**small(), name: "x"})

    with pytest.raises(Refused, match="leads out"):
        read_bundle(path)


def test_archives_that_would_fill_a_disk_are_refused(tmp_path):
    path = tmp_path / "in.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("scores.csv", "w") as stream,
    ):
        for __ in range(300):
            stream.write(bytes(1024 * 1024))

    with pytest.raises(Refused, match="megabytes"):
        read_bundle(path)


def test_archives_of_very_many_files_are_refused(tmp_path):
    many = {f"criteria/c{number}.csv": "" for number in range(201)}

    with pytest.raises(Refused, match="200 files"):
        read_bundle(bundles.write_zip(tmp_path / "in.zip", many))


def test_a_damaged_archive_is_told(tmp_path):
    path = bundles.write_zip(tmp_path / "in.zip", small())
    content = path.read_bytes()
    path.write_bytes(content.replace(b"88.125", b"88.126"))

    with pytest.raises(BundleRefused) as refusal:
        read_bundle(path)

    assert "damaged" in str(refusal.value)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_stands_twice_in_an_archive_is_refused(tmp_path):
    path = bundles.write_zip(tmp_path / "in.zip", small())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("scores.csv", small()["scores.csv"])

    with pytest.raises(Refused, match="twice"):
        read_bundle(path)


def test_links_in_a_folder_are_never_followed(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("agency,criterion,document\nsecret,1,x\n")
    path = bundles.write_folder(tmp_path / "in", small())
    (path / EXEMPTIONS).unlink()
    os.symlink(secret, path / EXEMPTIONS)

    with pytest.raises(Refused) as refusal:
        read_bundle(path)

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        pytest.param(
            'so-x,1.3,final,"0,5",{,maybe,',
            ["agency", "layer", "points", "data", "not_applicable"],
            id="an unknown agency",
        ),
        pytest.param(
            "so-a,1.8,final,1e0,,,",
            ["criterion", "layer", "points"],
            id="an unknown criterion",
        ),
        pytest.param(
            'so-a,1.3,self,9,"{""count"": 1}",confirmed,',
            ["points", "data"],
            id="points and data that the rule refuses",
        ),
        pytest.param(
            'so-a,1.3,final,9,"{""count"": 1}",,',
            ["layer", "points", "data"],
            id="an unknown layer beside them",
        ),
    ],
)
def test_a_row_with_several_faults_tells_them_all(tmp_path, row, columns):
    files = small()
    files[SCORES] = files[SCORES].replace("so-a,1.3,self,1,,,", row)
    path = bundles.write_folder(tmp_path / "in", files)

    with pytest.raises(BundleRefused) as refusal:
        read_bundle(path)

    found = [(fault.row, fault.column) for fault in refusal.value.errors]
    assert found == [(10, column) for column in columns]


def test_the_place_of_a_fault_is_named_in_the_reader_s_way():
    assert str(Fault("scores.csv", 3, "points", "x")) == (
        "scores.csv, row 3, column points: x"
    )
    assert str(Fault("round.json", 0, "bands[1].code", "x")) == (
        "round.json, entry bands[1].code: x"
    )
    assert str(Fault("", 0, "", "x")) == "x"
