"""Scans of signed papers: a PDF or a picture, and inside what its name says."""

from django.utils.translation import gettext as _

from scoring.actions import reports
from scoring.content.inspection import inspect
from scoring.refusals import Refused

SCANS = frozenset({"pdf", "png", "jpg", "jpeg"})


def receive(assessment, upload, *, by):
    """Check an uploaded scan and keep it with the file; returns the SignedScan."""
    content = inspect(upload)
    if content.extension not in SCANS:
        raise Refused(
            _("“%(name)s”: a scan is a PDF or a picture (PNG, JPEG).")
            % {"name": content.name}
        )
    return reports.attach_scan(
        assessment,
        upload=upload,
        name=content.name,
        size=content.size,
        sha256=content.sha256,
        by=by,
    )
