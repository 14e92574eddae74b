"""Answers that are files: of agencies, of the city, or drawn up for them."""

from django.http import FileResponse

from scoring.queries.evidence import open_content

# Nothing may run in what somebody uploaded, nor reach anything; its kind is ours, never
# the browser's guess. Chromium's PDF viewer works in this sandbox (a test looks); an
# old browser whose viewer does not start in one still has the download.
ATTACHMENT_POLICY = "sandbox; default-src 'none'"
INLINE_POLICY = (
    "sandbox allow-downloads; default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def stored_file(row, *, media_type="application/octet-stream", inline=False):
    """The stored bytes, never from a public path.

    row     has ``file`` and ``file_name``
    inline  shown by the browser beside the page instead of downloaded
    """
    response = FileResponse(
        open_content(row),
        as_attachment=not inline,
        filename=row.file_name,
        content_type=media_type,
    )
    return apart(response, inline=inline)


def apart(response, *, inline=False):
    """Keep a file apart from the site that it is read through."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = INLINE_POLICY if inline else ATTACHMENT_POLICY
    response["Cache-Control"] = "private, no-store"
    if inline:
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response
