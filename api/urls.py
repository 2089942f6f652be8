from django.urls import URLPattern, URLResolver, include, path

from api import services_pages, status, verification
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
    # Where does my application stand? Asked by POST, so that no address and no log holds who asked what.
    path("status/", status.status, name="status"),
    # Is this paper genuine? The address stands in its QR code and never changes.
    path("verify/keys/", verification.keys, name="verify_keys"),
    path("verify/<str:code>/", verification.verify, name="verify"),
]
