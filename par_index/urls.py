"""All addresses: people's own pages, the two apps, the admin."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("scoring.urls")),
    path("", include("councils.urls")),
    path("accounts/", include("django.contrib.auth.urls")),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
]
