"""What every request passes: the language of the page, and refusals as messages."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from scoring.refusals import Conflict, NotAllowed, Refused


class LanguageMiddleware:
    """Vietnamese unless the reader chose otherwise.

    Django's LocaleMiddleware follows the browser's language first; an office
    machine with an English browser would then get English pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        known = dict(settings.LANGUAGES)
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SignedOut(NotAllowed):
    """The session ended while a page stood open."""

    def __init__(self):
        super().__init__(
            _(
                "The session has ended and nothing was saved. Copy what is typed here, "
                "load the page again and sign in."
            )
        )


def leads_to_sign_in(response):
    address = response.headers.get("Location", "")
    return response.status_code == 302 and address.startswith(
        resolve_url(settings.LOGIN_URL)
    )


class RefusalMiddleware:
    """Turn a refused action into a message, so that no view has to catch one.

    A fragment of a page is never answered by a whole page: it would stand inside the
    row that was being filled in, in place of what was typed there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.headers.get("HX-Request") and leads_to_sign_in(response):
            return self.fragment(request, SignedOut())
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, PermissionDenied) and request.headers.get(
            "HX-Request"
        ):
            return self.fragment(request, NotAllowed())
        if not isinstance(exception, Refused):
            return None
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse(
                {"error": str(exception), **exception.details},
                status=exception.status,
            )
        if request.headers.get("HX-Request"):
            return self.fragment(request, exception)
        if isinstance(exception, Conflict):
            return render(request, "409.html", {"text": exception}, status=409)
        messages.error(request, str(exception))
        back = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(
            back, {request.get_host()}, require_https=request.is_secure()
        )
        return redirect(back if is_ours else "/")

    def fragment(self, request, exception):
        response = render(
            request,
            "components/alert.html",
            {"text": exception},
            status=exception.status,
        )
        response["HX-Retarget"] = "#alerts"
        response["HX-Reswap"] = "innerHTML"
        return response
