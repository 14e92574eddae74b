import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.content import clean_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Kế hoạch số 12.pdf", "Kế hoạch số 12.pdf"),
        (unicodedata.normalize("NFD", "Quyết định.pdf"), "Quyết định.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\Báo cáo.docx", "Báo cáo.docx"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("thanh-toan\u202efdp.exe", "thanh-toanfdp.exe"),
        ('a<b>:"c|d?*.pdf', "a_b___c_d__.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1.tar.pdf", "_com1.tar.pdf"),
        ("a.pdf. . ", "a.pdf"),
        ("...pdf", "tai-lieu.pdf"),
        (".an.pdf", "an.pdf"),
        ("", "tai-lieu"),
        ("\u200b.pdf", "tai-lieu.pdf"),
        ("ế" * 300 + ".docx", "ế" * 83 + ".docx"),
        ("a" * 300 + ".docx", "a" * 145 + ".docx"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_is_dangerous(given, kept):
    assert clean_name(given) == kept


@given(st.text(max_size=400))
def test_a_kept_name_is_short_on_one_line_and_stays_as_it_is(text):
    kept = clean_name(text)

    assert kept
    assert len(kept.encode()) <= 255
    assert not set(kept) & set('/\\<>:"|?*\x00\r\n')
    assert kept.isprintable()
    assert clean_name(kept) == kept
