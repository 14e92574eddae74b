"""All addresses: people's own pages, the two apps, the admin."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LoginView, PasswordResetView
from django.urls import include, path
from django.views.i18n import set_language

from par_index import style_guide
from scoring.forms.accounts import (
    AdminSignInForm,
    QueuedPasswordResetForm,
    SignInForm,
)

admin.site.login_form = AdminSignInForm

urlpatterns = [
    path("", include("scoring.urls")),
    path("", include("councils.urls")),
    path(
        "accounts/login/",
        LoginView.as_view(authentication_form=SignInForm),
        name="login",
    ),
    path(
        "accounts/password_reset/",
        PasswordResetView.as_view(form_class=QueuedPasswordResetForm),
        name="password_reset",
    ),
    path("accounts/", include("django.contrib.auth.urls")),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns += [
        path("style-guide/", style_guide.page, name="style-guide"),
        path(
            "style-guide/<str:code>/",
            style_guide.error_page,
            name="style-guide-error",
        ),
    ]

handler400 = "par_index.errors.refused_request"
