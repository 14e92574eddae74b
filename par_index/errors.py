"""Pages for requests that Django itself refuses before any view has seen them."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render


def refused_request(request, exception):
    """Of all bad requests one is honest: too much at once, which gets its own page."""
    if isinstance(exception, RequestDataTooBig):
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        return render(request, "413.html", {"limit": limit}, status=413)
    return render(request, "400.html", status=400)
