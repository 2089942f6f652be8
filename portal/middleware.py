"""What every request passes and every response carries: proxies, headers, language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from offices.models import Staff

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Everything comes from the portal itself: no inline script, no inline style, no other host.
PAGE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "object-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
PERMISSIONS = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"


class TrustedProxy:
    """Believes forwarded headers from the proxies of TRUSTED_PROXIES only (ASVS 4.1.3); others' are dropped."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if request.META.get("REMOTE_ADDR") not in settings.TRUSTED_PROXIES:
            for name in ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED"):
                request.META.pop(name, None)
        elif forwarded:
            # The last address is the one our own proxy saw; the ones before it are the client's word.
            request.META["REMOTE_ADDR"] = forwarded.rsplit(",", maxsplit=1)[-1].strip()
        return self.get_response(request)


class SecurityHeaders:
    """Content-Security-Policy and its neighbours on every response (ASVS 3.4).

    A view that is shown inside the portal's own pages says so with Django's `xframe_options_sameorigin`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(response))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if isinstance(getattr(request, "user", None), Staff):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def _policy(response: HttpResponseBase) -> str:
    ancestors = "'self'" if response.headers.get("X-Frame-Options") == "SAMEORIGIN" else "'none'"
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        # The browser's own viewer is a page with inline style: only the frame is ours to govern.
        return f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    return "; ".join([*(f"{name} {value}" for name, value in PAGE_POLICY.items()), f"frame-ancestors {ancestors}"])


class Language:
    """The language somebody chose, else the portal's own.

    Browsers are not asked: office machines come in whatever language they were bought with. Programs are.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if not chosen and request.path.startswith("/api/"):
            chosen = translation.get_language_from_request(request)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
