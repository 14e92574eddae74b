"""Run by the system's Python: open a workbook in LibreOffice, type, save as .xlsx.

    /usr/bin/python3 uno_fill.py SOFFICE PROFILE GIVEN OUT < entries.json

PROFILE, GIVEN and OUT are addresses (file://…); the entries are lists of
[sheet, address, text]. Standard library and uno only.
"""

import json
import subprocess
import sys
import time
from uuid import uuid4

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PATIENCE = 90
TEXT_FORMAT = 100  # the standard number of the format "@" in every document
XLSX = "Calc MS Excel 2007 XML"


def main():
    office, profile, given, out = sys.argv[1:]
    entries = json.load(sys.stdin)
    pipe = f"par{uuid4().hex}"
    running = subprocess.Popen(
        [
            office,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--norestore",
            "--nologo",
            f"--accept=pipe,name={pipe};urp;",
        ]
    )
    try:
        desktop = connected(pipe, running)
        document = desktop.loadComponentFromURL(
            given, "_blank", 0, options(Hidden=True)
        )
        for sheet, address, text in entries:
            fill(document.Sheets.getByName(sheet), address, text)
        document.calculateAll()
        document.storeToURL(out, options(FilterName=XLSX))
        document.close(True)
        desktop.terminate()
        running.wait(PATIENCE)
    finally:
        running.kill()


def connected(pipe, running):
    """The desktop, once LibreOffice listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            context = resolver.resolve(
                f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
            )
            break
        except NoConnectException:
            if time.monotonic() > until or running.poll() is not None:
                raise
            time.sleep(0.2)
    return context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )


def options(**values):
    return tuple(
        PropertyValue(Name=name, Value=value) for name, value in values.items()
    )


def fill(sheet, address, text):
    """Type into one cell; what is closed to people is closed here too."""
    cell = sheet.getCellRangeByName(address)
    if sheet.isProtected() and cell.CellProtection.IsLocked:
        raise SystemExit(f"{address} is locked")
    if cell.NumberFormat == TEXT_FORMAT:
        cell.setString(text)
    else:
        cell.setFormula(text)


if __name__ == "__main__":
    main()
