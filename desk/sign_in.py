"""Signing in and out of the desk, and keeping a session alive."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from applications import journal
from applications.acting import Actor
from desk import sessions
from desk.guards import EVERY_ROLE, StaffRequest, actor, public_view, staff_view
from desk.navigation import landing
from offices.models import Staff

# A name from one address, and an address whatever the name: the second stops a list of names, and neither locks
# out a colleague who signs in from elsewhere (ASVS 6.3.1).
TRIES_PER_NAME = 5
TRIES_PER_ADDRESS = 50
THROTTLE_SECONDS = 5 * 60


@never_cache
@sensitive_post_parameters("password")
@public_view(methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; after it, the place one came for."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(_place_after(request, request.user))
        return _page(request)
    now = timezone.now()
    # A NUL is in nobody's name, and the journal cannot keep it.
    username = request.POST.get("username", "").replace("\x00", "").strip()[:60]
    if not _may_try(request, username):
        return _too_often(request)
    staff = authenticate(request, username=username, password=request.POST.get("password", ""))
    if not isinstance(staff, Staff):
        _note_failure(request, username, now)
        return _page(request, status=422, error=_("The user name or the password is not right. Check both."))
    cache.delete(_name_key(request, username))
    login(request, staff)
    sessions.begin(request, now)
    journal.noted(chain=f"staff:{staff.username}", actor=_who(request, staff), action="signed_in", now=now)
    return _in_own_language(request, staff, redirect(_place_after(request, staff)))


@never_cache
@staff_view(*EVERY_ROLE, methods=("POST",))
def sign_out(request: StaffRequest) -> HttpResponseBase:
    """End the session on the server and go back to the sign-in page."""
    chain = f"staff:{request.user.username}"
    journal.noted(chain=chain, actor=actor(request), action="signed_out", now=timezone.now())
    logout(request)
    return redirect("desk:sign_in")


@staff_view(*EVERY_ROLE, methods=("GET", "POST"))
def session(request: StaffRequest) -> JsonResponse:
    """How long the session still lasts; a POST extends it. The token lets an open page go on after a new sign-in."""
    now = timezone.now()
    if request.method == "POST":
        sessions.extend(request, now)
    idle, absolute = sessions.seconds_left(request, now)
    return JsonResponse({"idle": idle, "absolute": absolute, "token": get_token(request)})


@staff_view(*EVERY_ROLE)
def home(request: StaffRequest) -> HttpResponseBase:
    """To the page one's role starts the day on."""
    return redirect(landing(request.user.role))


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {
        "username": request.POST.get("username", ""),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "has_ended": "ended" in request.GET,
    }
    return render(request, "desk/sign_in.html", context, status=status)


def _too_often(request: HttpRequest) -> HttpResponse:
    minutes = THROTTLE_SECONDS // 60
    response = _page(
        request,
        status=429,
        error=ngettext(
            "Too many tries. Wait %(minutes)d minute and try again, or ask your administrator.",
            "Too many tries. Wait %(minutes)d minutes and try again, or ask your administrator.",
            minutes,
        )
        % {"minutes": minutes},
    )
    response.headers["Retry-After"] = str(THROTTLE_SECONDS)
    return response


def _who(request: HttpRequest, staff: Staff) -> Actor:
    return Actor.of(staff, request.META.get("REMOTE_ADDR"))


def _name_key(request: HttpRequest, username: str) -> str:
    # Hashed: whatever was typed as a name, a password in the wrong field among it, stays out of the cache's keys.
    digest = hashlib.sha256(username.casefold().encode()).hexdigest()
    return f"sign-in:{request.META.get('REMOTE_ADDR')}:{digest}"


def _address_key(request: HttpRequest) -> str:
    return f"sign-in:{request.META.get('REMOTE_ADDR')}"


def _may_try(request: HttpRequest, username: str) -> bool:
    # Counted before the password is looked at, so that parallel tries cannot slip past the limit.
    tries_of_name = _count(_name_key(request, username))
    tries_of_address = _count(_address_key(request))
    return tries_of_name <= TRIES_PER_NAME and tries_of_address <= TRIES_PER_ADDRESS


def _count(key: str) -> int:
    cache.add(key, 0, THROTTLE_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1


def _note_failure(request: HttpRequest, username: str, now: datetime) -> None:
    staff = Staff.objects.filter(username=username).first()
    if staff is not None:
        journal.noted(chain=f"staff:{staff.username}", actor=_who(request, staff), action="sign_in_failed", now=now)


def _place_after(request: HttpRequest, staff: Staff) -> str:
    place = request.POST.get("next") or request.GET.get("next", "")
    if place and url_has_allowed_host_and_scheme(
        place, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return place
    return landing(staff.role)


def _in_own_language(request: HttpRequest, staff: Staff, response: HttpResponse) -> HttpResponse:
    """Give the account's language to a browser nobody chose a language on yet."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            staff.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response
