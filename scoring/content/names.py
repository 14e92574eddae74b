"""Names of uploaded files: Vietnamese letters stay, what is dangerous goes."""

import re
import unicodedata
from pathlib import PurePosixPath

MOST_LETTERS = 150
MOST_BYTES = 255
# Control, format (bidirectional overrides, zero width), surrogate, private, unknown.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# Names that Windows keeps for devices, whatever their extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
NAMELESS = "tai-lieu"

# What a machine would run when somebody opens it.
PROGRAMS = frozenset(
    [
        "apk",
        "app",
        "appimage",
        "bat",
        "cmd",
        "com",
        "cpl",
        "dll",
        "dmg",
        "elf",
        "exe",
        "gadget",
        "hta",
        "inf",
        "jar",
        "js",
        "jse",
        "lnk",
        "msc",
        "msi",
        "msp",
        "mst",
        "pif",
        "ps1",
        "psm1",
        "py",
        "reg",
        "scf",
        "scr",
        "sh",
        "sys",
        "vb",
        "vbe",
        "vbs",
        "wsf",
        "wsh",
    ]
)


def extension_of(name):
    """The extension in small letters without its dot; "" for none."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


def is_program_name(name):
    return extension_of(name.rstrip(" .\x00")) in PROGRAMS


def clean_name(name):
    """A file's name as it is kept and shown: one line, no path, composed letters.

    At most 150 letters and 255 bytes; the extension outlives the cut.
    """
    text = unicodedata.normalize("NFC", str(name).replace("\\", "/")).split("/")[-1]
    text = "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in _INVISIBLE
    )
    text = " ".join(_FORBIDDEN.sub("_", text).split()).rstrip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot:
        stem, extension = text, ""
    stem = stem.strip(" .") or NAMELESS
    if _DEVICES.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    return _cut(stem, f"{dot}{extension.strip()}")


def _cut(stem, ending):
    ending = ending[:20]
    stem = stem[: MOST_LETTERS - len(ending)]
    while len((stem + ending).encode()) > MOST_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(" .") or NAMELESS) + ending
