"""LibreOffice without a window, in a profile of its own that recalculates on load."""

import subprocess

from .programs import LIBREOFFICE

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
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
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
