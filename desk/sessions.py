"""How long a sign-in lasts: 30 minutes after the last sign of its owner, 12 hours at most (ASVS 7.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

# How often it is noted that the owner is there; a finer grain would only cost writes.
SEEN_EVERY_SECONDS = 60
# Carried by what a page asks for by itself, such as the queue's refresh: no sign of its owner.
BACKGROUND_HEADER = "X-Background"
STARTED = "started"


class SessionLimits:
    """Ends sessions that are over; notes that the owner is there, at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY not in request.session:
            return self.get_response(request)
        now = timezone.now()
        if STARTED not in request.session:
            begin(request, now)
        if min(seconds_left(request, now)) <= 0:
            logout(request)
            return sign_in_first(request, has_ended=True)
        is_background = BACKGROUND_HEADER in request.headers
        if not is_background and now.timestamp() - _seen(request, now) >= SEEN_EVERY_SECONDS:
            extend(request, now)
        return self.get_response(request)


def begin(request: HttpRequest, now: datetime) -> None:
    """Start both limits for a session that was just signed in to."""
    request.session[STARTED] = now.timestamp()
    extend(request, now)


def extend(request: HttpRequest, now: datetime) -> None:
    """Note that the owner is there. Kept beside the session, not in it: a click must not cost a database write."""
    cache.set(_key(request), now.timestamp(), settings.SESSION_COOKIE_AGE)


def seconds_left(request: HttpRequest, now: datetime) -> tuple[int, int]:
    """Seconds until the session ends for want of activity, and until it ends in any case."""
    idle = settings.SESSION_IDLE_SECONDS - (now.timestamp() - _seen(request, now))
    absolute = settings.SESSION_COOKIE_AGE - (now.timestamp() - request.session[STARTED])
    return int(idle), int(absolute)


def sign_in_first(request: HttpRequest, *, has_ended: bool = False) -> HttpResponseBase:
    """To the sign-in page and back to this place; a part of a page gets 401, and the page itself asks to sign in."""
    if "HX-Request" in request.headers or BACKGROUND_HEADER in request.headers:
        return HttpResponse(status=401)
    place = {"next": request.get_full_path()} if request.method == "GET" and request.path != "/" else {}
    query = urlencode(place | ({"ended": "1"} if has_ended else {}))
    address = resolve_url(settings.LOGIN_URL)
    return redirect(f"{address}?{query}" if query else address)


def _key(request: HttpRequest) -> str:
    return f"seen:{request.session.session_key}"


def _seen(request: HttpRequest, now: datetime) -> float:
    # After a loss of the cache nobody is thrown out for it: the time starts anew, within the absolute limit.
    return float(cache.get_or_set(_key(request), now.timestamp(), settings.SESSION_COOKIE_AGE) or now.timestamp())
