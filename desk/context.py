"""What the shell of every page knows: where one is, which pages one has, when the session ends."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from desk.navigation import DECIDERS_AND_DESK, items_for
from desk.sessions import STARTED, seconds_left


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of templates/base.html; a stranger gets the bare one."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"navigation": [], "may_search": False, "session_left": None}
    match = request.resolver_match
    here = match.url_name if match else ""
    return {
        "navigation": [
            {"name": f"desk:{item.name}", "word": item.word, "is_here": here == item.name or here in item.lit_by}
            for item in items_for(request.user.role)
        ],
        "may_search": request.user.role in DECIDERS_AND_DESK,
        "session_left": seconds_left(request, timezone.now()) if STARTED in request.session else None,
    }
