"""LibreOffice without a window, in a profile of its own that recalculates on load."""

import json
import subprocess
from pathlib import Path

from .programs import LIBREOFFICE, UNO

FILLING = Path(__file__).with_name("uno_fill.py")

# Without it LibreOffice trusts the cached values of files it did not write itself.
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def recalculated(workbook, folder):
    """The bytes of ``workbook`` after LibreOffice has computed and saved it anew."""
    return convert(workbook, folder, "xlsx:Calc MS Excel 2007 XML")


def convert(workbook, folder, target):
    """``workbook`` (bytes of an .xlsx) in another form; ``folder`` takes the files."""
    profile, out = _profile(folder), folder / "out"
    given = folder / "given.xlsx"
    given.write_bytes(workbook)
    subprocess.run(
        [
            LIBREOFFICE.path(),
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            *("--convert-to", target),
            *("--outdir", str(out)),
            str(given),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    ending = target.partition(":")[0]
    return (out / f"given.{ending}").read_bytes()


def filled(workbook, folder, entries):
    """``workbook`` opened in LibreOffice, filled in and saved as .xlsx by it.

    entries  ``{(name of a sheet, address): text}``, typed as a person types them: a
             number becomes one, a text stays one; "" clears the cell
    Returns the bytes. A cell that the protection keeps closed is an error.
    """
    given, out = folder / "to-fill.xlsx", folder / "filled.xlsx"
    given.write_bytes(workbook)
    typed = [[sheet, cell, text] for (sheet, cell), text in entries.items()]
    subprocess.run(
        [
            UNO.path(),
            str(FILLING),
            LIBREOFFICE.path(),
            _profile(folder).as_uri(),
            given.as_uri(),
            out.as_uri(),
        ],
        input=json.dumps(typed),
        text=True,
        check=True,
        timeout=180,
    )
    return out.read_bytes()


def _profile(folder):
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    return profile
