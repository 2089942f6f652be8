"""The portal's map: the desk behind sign-in, the portals' door and the public pages."""

from django.urls import include, path

from portal.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("api.urls")),
    path("", include("desk.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler400 = "desk.errors.bad_request"
handler403 = "desk.errors.forbidden"
handler404 = "desk.errors.not_found"
