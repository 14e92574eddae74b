"""What every request passes: the language of the page, and refusals as messages."""

from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from scoring.refusals import Conflict, Refused


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


class RefusalMiddleware:
    """Turn a refused action into a message, so that no view has to catch one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
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
