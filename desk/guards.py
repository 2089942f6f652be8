"""The door of every desk page: who may enter, what a refusal of the portal looks like, and one click counting once."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from desk.sessions import sign_in_first
from offices.models import Role, Staff

FORM_KEY = "form_key"
FORM_KEY_SECONDS = 15 * 60
RUNNING = "running"
WITHOUT_REDIRECT = "done"
# How long a second click waits for the first one's result before it says so.
PATIENCE_SECONDS = 5.0

View = Callable[..., HttpResponseBase]
EVERY_ROLE = tuple(Role)


class StaffRequest(HttpRequest):
    """A request whose user is signed in: what a view behind `staff_view` receives."""

    user: Staff
    htmx: HtmxDetails


def staff_view(*roles: Role, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Open a page to staff of `roles`; others are told so (403), strangers are sent to sign in.

    A DomainError of the verbs becomes a page, or for htmx the alert on top of the page, with its own status. A POST
    whose form carries `{% form_key %}` happens once: a second click is led to where the first one went.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            try:
                if request.user.role not in roles:
                    raise NotAllowedError("role", _("This page is for other roles than yours."))
                _require_storable(request)
                return _once(cast("StaffRequest", request), lambda: view(request, *args, **kwargs))
            except DomainError as error:
                return problem(cast("StaffRequest", request), error)

        opened = require_http_methods(list(methods))(guarded)
        opened.roles = frozenset(roles)  # type: ignore[attr-defined]
        return opened

    return guard


def public_view(*, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Open a desk page to anybody; said aloud, because a view without roles stays shut."""

    def guard(view: View) -> View:
        opened = require_http_methods(list(methods))(view)
        opened.roles = frozenset()  # type: ignore[attr-defined]
        return opened

    return guard


class ShutUnlessOpened:
    """Refuses desk URLs whose view was opened neither by `staff_view` nor by `public_view`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is not None and match.app_names[:1] == ["desk"] and not hasattr(view, "roles"):
            return HttpResponse(status=403)
        return None


def actor(request: StaffRequest) -> Actor:
    """Who acts in this request, and from which address (proxies were judged by portal/middleware.py)."""
    return Actor.of(request.user, request.META.get("REMOTE_ADDR"))


def problem(request: StaffRequest, error: DomainError) -> HttpResponse:
    """The refusal as a page of its own, or as the alert on top of the page that htmx has open."""
    if request.htmx:
        response = render(request, "desk/_problem.html", {"error": error}, status=error.status)
        response.headers["HX-Retarget"] = "#problem"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "desk/problem.html", {"error": error}, status=error.status)


def _require_storable(request: HttpRequest) -> None:
    """No text that is sent has a NUL, which the database takes nowhere and no keyboard types."""
    for sent in (request.GET, request.POST):
        wrong = {name for name, values in sent.lists() if any("\x00" in value for value in [name, *values])}
        if wrong:
            raise InvalidInputError(
                dict.fromkeys(wrong, _("There is a character that cannot be stored. Type it anew."))
            )


def _once(request: StaffRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    form_key = request.POST.get(FORM_KEY, "") if request.method == "POST" else ""
    if not form_key:
        return answer()
    place = f"form:{request.user.pk}:{form_key[:64]}"
    if not cache.add(place, RUNNING, FORM_KEY_SECONDS):
        return _result_of_the_first(request, place)
    try:
        response = answer()
    except BaseException:
        # Nothing was done: the same page may be sent again.
        cache.delete(place)
        raise
    _remember(request, place, response)
    return response


def _remember(request: StaffRequest, place: str, response: HttpResponseBase) -> None:
    led_to = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    if response.status_code >= 400 or (response.status_code == 200 and not led_to and not request.htmx):
        cache.delete(place)
    else:
        cache.set(place, led_to or WITHOUT_REDIRECT, FORM_KEY_SECONDS)


def _result_of_the_first(request: StaffRequest, place: str) -> HttpResponseBase:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (result := cache.get(place)) == RUNNING:
        if time.monotonic() > deadline:
            raise DomainError(
                "running", _("This was already sent and is still being worked on. Wait a moment, then open the page.")
            )
        time.sleep(0.05)
    if result is None:
        raise DomainError("resend", _("The first sending did not succeed and nothing was changed. Send it again."))
    if result == WITHOUT_REDIRECT:
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Redirect": result}) if request.htmx else redirect(result)
