"""What every request passes: the language of the page, and refusals as messages."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import csrf

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


# Why a fragment is refused, for the scripts that can do something about it.
BECAUSE = "X-Refusal"


class SignedOut(NotAllowed):
    """The session ended while a page stood open."""

    because = "signed-out"

    def __init__(self):
        super().__init__(
            _(
                "The session has ended and nothing was saved. Copy what is typed here, "
                "load the page again and sign in."
            )
        )


class SomebodyElse(NotAllowed):
    """Another person signed in in the same browser while a page stood open."""

    because = "another-person"

    def __init__(self, user):
        super().__init__(
            _(
                "%(who)s is signed in in this browser now, so nothing was saved. What is "
                "typed here stays on this machine until its own user signs in again."
            )
            % {"who": user}
        )


class TokenOutdated(NotAllowed):
    """The page's token against forged requests is no longer that of the browser."""

    because = "csrf"

    def __init__(self):
        super().__init__(
            _(
                "Somebody signed in in another window since this page was loaded, so "
                "nothing was saved. Copy what is typed here and load the page again."
            )
        )


def csrf_failure(request, reason=""):
    """Instead of Django's: a fragment gets a notice, a page the page."""
    if request.headers.get("HX-Request"):
        return fragment(request, TokenOutdated())
    return csrf.csrf_failure(request, reason)


def is_somebody_elses(request):
    """Whether the page that asks was loaded by another person than is signed in now.

    Pages that send by themselves name who loaded them.
    """
    named = request.headers.get("X-Page-User", "")
    return (
        bool(named) and request.user.is_authenticated and named != str(request.user.pk)
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
        if is_somebody_elses(request):
            return fragment(request, SomebodyElse(request.user))
        response = self.get_response(request)
        if request.headers.get("HX-Request") and leads_to_sign_in(response):
            return fragment(request, SignedOut())
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, PermissionDenied) and request.headers.get(
            "HX-Request"
        ):
            return fragment(request, NotAllowed())
        if not isinstance(exception, Refused):
            return None
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse(
                {"error": str(exception), **exception.details},
                status=exception.status,
            )
        if request.headers.get("HX-Request"):
            return fragment(request, exception)
        if isinstance(exception, Conflict):
            return render(request, "409.html", {"text": exception}, status=409)
        messages.error(request, str(exception))
        back = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(
            back, {request.get_host()}, require_https=request.is_secure()
        )
        return redirect(back if is_ours else "/")


def fragment(request, exception):
    """A refusal as a notice in the place that every page has for them."""
    response = render(
        request,
        "components/alert.html",
        {"text": exception},
        status=exception.status,
    )
    response["HX-Retarget"] = "#alerts"
    response["HX-Reswap"] = "innerHTML"
    if because := getattr(exception, "because", ""):
        response[BECAUSE] = because
    return response
