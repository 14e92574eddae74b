"""Packages (docx) whose bytes depend on their content alone."""

import zipfile
from io import BytesIO

# The first moment that a zip can name.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def fixed(package):
    """The same members in the same order with the same date."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(package)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        # A package begins with its content types, then in any order that is always one.
        names = sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n))
        for name in names:
            member = zipfile.ZipInfo(name, NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            target.writestr(member, source.read(name))
    return buffer.getvalue()
