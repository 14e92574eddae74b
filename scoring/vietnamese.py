"""Sorting and searching Vietnamese names.

Neither SQLite nor every PostgreSQL has a Vietnamese collation, and SQLite
ignores case for ASCII only; so two texts are stored beside a name.
"""

import unicodedata

# The Vietnamese alphabet: đ after d, ă and â after a, ê after e, ô and ơ after o, ư
# after u; then the tones: none, grave, hook, tilde, acute, dot below.
_LETTERS = {
    letter: f"{ord('a') + index:02x}"
    for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: another letter


def search_text(name):
    """Lower case without diacritics; đ becomes d."""
    decomposed = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def sort_key(name):
    """A text whose plain comparison gives the Vietnamese order of names.

    Letters decide first, tones only between names with the same letters.
    """
    letters, tones = [], []
    for letter, tone in _letters_with_tones(name):
        letters.append(_LETTERS.get(letter, "00" if letter == " " else f"01{letter}"))
        tones.append(tone)
    return "".join(letters) + " " + "".join(tones)


def _letters_with_tones(name):
    for letter in unicodedata.normalize("NFC", name.lower()):
        parts = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[part] for part in parts if part in _TONES), "0")
        shaped = parts[0] + "".join(part for part in parts[1:] if part in _SHAPES)
        yield unicodedata.normalize("NFC", shaped), tone
