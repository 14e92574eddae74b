"""The session of a page that stands open: whose it is now, and to sign in in place.

For scripts alone (static/js/session.js): a page that keeps what was typed must not
leave for the sign-in page.
"""

from django.contrib.auth import login
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from scoring.forms.accounts import SignInForm


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def session(request):
    """GET says who is signed in; POST signs the named person in.

    ``{"user": key or null, "token": ...}``, or ``{"error": sentence}``: 422 for wrong
    words, 409 when another person is signed in in this browser.
    """
    if request.method == "GET":
        return _state(request)
    name = request.POST.get("username", "")
    if request.user.is_authenticated and request.user.get_username() != name:
        return _error(
            _(
                "%(who)s is signed in in this browser now. Load the page again; what is "
                "typed here stays on this machine for its own user."
            )
            % {"who": request.user},
            409,
        )
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return _error(_("The password is not right. It is asked for once more."), 422)
    login(request, form.get_user())
    return _state(request)


def _state(request):
    user = request.user.pk if request.user.is_authenticated else None
    return JsonResponse({"user": user, "token": get_token(request)})


def _error(sentence, status):
    return JsonResponse({"error": sentence}, status=status)
