"""What is said in Vietnamese: the words of an administration, from whatever part."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import polib
import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils import translation
from django.utils.timesince import timesince

import par_index.borrowed
from scoring.index.sentences import say as sentence
from scoring.wording import say

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / "locale/vi/LC_MESSAGES/django.po"
# Each part, its folder, and a language whose catalogue holds all of its sentences.
PARTS = [
    ("django", "conf", "en"),
    ("django", "contrib/auth", "en"),
    ("django", "contrib/admin", "en"),
    ("import_export", "", "fr"),
    ("axes", "", "fr"),
]
# Also what a document template writes to repeat a row: “tr for row in rows … tr endfor”.
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|\{[^}]*\}|“(?:tr |p )?for\b[^”]*”")
WORD = re.compile(r"[^\W\d_]{2,}")
# File forms, what a workbook or a bundle calls its parts, and switches: the same in
# every language.
SAME = {
    *("Excel", "MB", "JSON", "UTF", "zip", "csv", "xls", "xlsx", "Mac", "GET", "POST"),
    *("agencies", "groups", "criteria", "points", "share", "times", "NA", "if"),
    *("yes", "no", "true", "false", "True", "False", "YYYY", "MM", "DD", "HH", "TZ"),
    *("ss", "uuuuuu", "DEMO", "DEBUG", "replace", "href", "strong"),
    *("appraised", "sociological", "satisfaction", "penalty"),
    *("PDF", "PNG", "JPEG", "GIF", "Word", "LibreOffice", "docx", "SHA", "dpi"),
    *("KB", "https", "BC", "UBND"),  # sizes, addresses, symbols of documents
}


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@cache
def catalogue(path):
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]


def catalogue_of(part, folder, language):
    base = Path(find_spec(part).origin).parent / folder
    return catalogue(base / "locale" / language / "LC_MESSAGES/django.po")


def texts(entry):
    return [entry.msgstr, *entry.msgstr_plural.values()]


# --- our own sentences -----------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Lock and send the self-assessment", "Chốt và gửi bảng tự chấm điểm"),
        ("Return for completion", "Trả lại để bổ sung"),
        ("Accept as self-assessed", "Giữ nguyên điểm tự chấm"),
        ("SIMULATED DATA", "DỮ LIỆU MÔ PHỎNG"),
        ("Evidence", "Tài liệu kiểm chứng"),
        ("Declared data", "Số liệu kê khai"),
        ("Technical recheck", "Rà soát sai sót kỹ thuật"),
        ("ranked above by the unrounded value", "xếp trên theo giá trị chưa làm tròn"),
    ],
)
def test_the_words_of_the_trade(english, vietnamese):
    assert translation.gettext(english) == vietnamese


@pytest.mark.parametrize(
    ("context", "english", "vietnamese"),
    [
        ("figure", "N/A", "KAD"),
        ("layer sign: self-assessed", "S", "TC"),
        ("layer sign: appraised", "A", "TĐ"),
        ("layer sign: after explanation", "E", "GT"),
        ("layer sign: council", "C", "HĐ"),
        ("layer sign: survey", "V", "KS"),
        ("scoring rule", "Bands", "Theo mức đạt được"),
    ],
)
def test_the_signs_of_the_trade(context, english, vietnamese):
    assert translation.pgettext(context, english) == vietnamese


def test_a_refusal_names_figure_maximum_and_criterion():
    refusal = sentence(
        "Points %(points)s exceed the maximum %(bound)s of criterion %(code)s.",
        points="1,75",
        bound="1,5",
        code="1.1.3",
    )

    assert say(refusal) == "Điểm 1,75 vượt điểm tối đa 1,5 của tiêu chí 1.1.3."


def english_words(entry):
    """Words of the English sentence that its translation still has."""
    known = set(WORD.findall(PLACEHOLDER.sub(" ", entry.msgid))) - SAME
    return [
        word
        for text in texts(entry)
        for word in WORD.findall(PLACEHOLDER.sub(" ", text))
        if word in known
    ]


def test_no_english_is_left_on_the_vietnamese_side():
    assert {
        entry.msgid: found
        for entry in catalogue(OURS)
        if (found := english_words(entry))
    } == {}


def test_the_check_for_english_can_fail():
    entry = polib.POEntry(msgid="Lock the %(file)s", msgstr="Lock hồ sơ %(file)s")

    assert english_words(entry) == ["Lock"]


# --- sentences of the parts ------------------------------------------------------


def speaks_to_persons(text):
    return "!" in text or re.search(r"\bbạn\b", text, re.IGNORECASE) is not None


@pytest.mark.parametrize(("part", "folder", "language"), PARTS)
def test_no_part_speaks_to_persons(part, folder, language):
    """What a part's own Vietnamese says to "bạn" is said otherwise by ours."""
    entries = {entry.msgid: entry for entry in catalogue_of(part, folder, language)}
    offending = [
        msgid
        for msgid, entry in entries.items()
        if msgid
        and msgid != ":?.!"  # the signs that end a label
        and not entry.msgctxt
        and (said := translation.ngettext(msgid, entry.msgid_plural, 2)) != msgid
        and speaks_to_persons(said)
        and said != entry.msgid_plural
    ]

    assert offending == []


def test_what_is_borrowed_is_still_said_by_a_part():
    """A sentence that an upgrade reworded would be translated in vain."""
    said = {entry.msgid for part in PARTS for entry in catalogue_of(*part)}
    place = Path(par_index.borrowed.__file__).relative_to(ROOT).as_posix()
    borrowed = {
        entry.msgid
        for entry in catalogue(OURS)
        if [(place, "")] == [(file, line) for file, line in entry.occurrences]
    }

    assert len(borrowed) > 100
    assert borrowed - said == set()


def test_time_left_is_vietnamese():
    moment = forms.DateTimeField().clean("20/3/2020 08:00")
    later = forms.DateTimeField().clean("23/3/2020 12:00")

    assert timesince(moment, later).replace("\xa0", " ") == "3 ngày, 4 giờ"


def test_a_form_is_refused_in_the_words_of_the_administration():
    with pytest.raises(forms.ValidationError) as refusal:
        forms.CharField(max_length=5).clean("quá năm ký tự")

    assert refusal.value.messages == ["Nội dung không quá 5 ký tự (hiện có 13)."]
    assert forms.CharField().error_messages["required"] == "Mục này bắt buộc nhập."


@pytest.mark.django_db
def test_a_wrong_password_is_refused_in_the_words_of_the_administration(rf):
    form = AuthenticationForm(rf.post("/"), {"username": "a", "password": "b"})

    assert form.non_field_errors() == [
        "Tên đăng nhập hoặc mật khẩu không đúng. Cần phân biệt chữ hoa, chữ thường."
    ]
