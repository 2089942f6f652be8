from django.urls import URLPattern, URLResolver, include, path

from api import services_pages, status, systems_page, verification
from api.payment_callback import payment_callback

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    # What connected systems call.
    path("api/v1/", include("api.v1")),
    # Signed messages of the payment gateway.
    path("gateway/payments/", payment_callback, name="payment_callback"),
    # What the law requires, generated from the standards.
    path("services/", services_pages.services, name="services"),
    path("services/<slug:code>/", services_pages.service, name="service"),
    # What administrators do about connected systems.
    path("administration/systems/", systems_page.systems, name="systems"),
    path("administration/systems/new/", systems_page.new, name="system_new"),
    path("administration/systems/<slug:code>/", systems_page.system, name="system"),
    path("administration/systems/<slug:code>/secret/", systems_page.secret, name="system_secret"),
    path("administration/systems/<slug:code>/key/", systems_page.key, name="system_key"),
    path("administration/systems/<slug:code>/revoke/", systems_page.revoke, name="system_revoke"),
    # Where does my application stand? Asked by POST, so that no address and no log holds who asked what.
    path("status/", status.status, name="status"),
    # Is this paper genuine? The address stands in its QR code and never changes.
    path("verify/keys/", verification.keys, name="verify_keys"),
    path("verify/<str:code>/", verification.verify, name="verify"),
]
