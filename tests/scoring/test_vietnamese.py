"""Vietnamese names: sorted by their alphabet and tones, found without diacritics."""

import random

from scoring.vietnamese import search_text, sort_key


def test_names_sort_by_the_vietnamese_alphabet():
    names = [
        "Ái Quốc",
        "An Biên",
        "An Dương",
        "An Hải",
        "Bạch Đằng",
        "Dương Kinh",
        "Đồ Sơn",
        "Đông Hải",
        "Gia Viên",
        "Hải An",
        "Hòa Bình",
        "Hồng An",
        "Hồng Bàng",
        "Lê Chân",
        "Lưu Kiếm",
        "Ngô Quyền",
        "Nguyễn Trãi",
        "Tứ Minh",
    ]
    shuffled = names[:]
    random.Random(1).shuffle(shuffled)

    assert sorted(shuffled, key=sort_key) == names


def test_tones_decide_between_equal_letters_only():
    names = ["ma", "mà", "mả", "mã", "má", "mạ", "man"]
    shuffled = ["má", "man", "ma", "mạ", "mã", "mà", "mả"]

    assert sorted(shuffled, key=sort_key) == names


def test_case_and_composition_do_not_matter():
    assert sort_key("HỒNG") == sort_key("hồng")


def test_search_text_has_neither_diacritics_nor_capitals():
    assert search_text("UBND phường Đồ Sơn") == "ubnd phuong do son"
