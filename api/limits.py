"""How often somebody may ask a public page: counted in the cache, for a window of the clock."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.http import HttpResponse


def seconds_to_wait(who: str, *, limit: int, window: int, now: datetime) -> int:
    """Count one request of `who` in this window of `window` seconds; 0, or the wait once it is over `limit`."""
    turn, passed = divmod(int(now.timestamp()), window)
    key = f"limit:{who}:{turn}"
    cache.add(key, 0, timeout=2 * window)
    try:
        asked: int = cache.incr(key)
    except ValueError:
        # The row ran out between the two calls: a first request again.
        return 0
    return window - passed if asked > limit else 0


def unlogged(answer: HttpResponse) -> HttpResponse:
    """Keep Django from writing the path of a refused request to its log."""
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
