"""What the shell of every page knows: where one is, which pages one has, when the session ends."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from applications.outage import announced
from desk.navigation import DECIDERS_AND_DESK, items_for
from desk.sessions import STARTED, seconds_left
from offices.models import Staff


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of templates/base.html; a stranger gets the bare one."""
    staff = getattr(request, "user", None)
    told = {"outage": SimpleLazyObject(announced)}
    if not isinstance(staff, Staff) or not staff.is_authenticated:
        return {**told, "navigation": [], "may_search": False, "session_left": None}
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    return {
        **told,
        # Only whole pages have a top bar; the panels that pages renew do not count what waits.
        "navigation": SimpleLazyObject(lambda: navigation(staff, here)),
        "may_search": staff.role in DECIDERS_AND_DESK,
        "session_left": seconds_left(request, timezone.now()) if STARTED in request.session else None,
    }


def navigation(staff: Staff, here: str) -> list[dict[str, Any]]:
    """The entries of the top bar for `staff` on the page of that URL name."""
    return [
        {
            "name": item.name if ":" in item.name else f"desk:{item.name}",
            "word": item.word,
            "is_here": here == item.name.rpartition(":")[2] or here in item.lit_by,
            "waiting": item.waiting(staff) if item.waiting else 0,
        }
        for item in items_for(staff.role)
    ]
