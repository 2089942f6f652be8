"""How often somebody may ask: counted in the cache, for a window of the clock."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.http import HttpResponse


def count(who: str, *, window: int, now: datetime, by: int = 1) -> tuple[int, int]:
    """Count `by` for `who` in this window of `window` seconds: how many it are now, and seconds to the next window.

    Windows begin at multiples of their length; `by` 0 only looks.
    """
    turn, passed = divmod(int(now.timestamp()), window)
    place = f"limit:{who}:{turn}"
    cache.add(place, 0, timeout=2 * window)
    try:
        counted: int = cache.incr(place, by)
    except ValueError:
        # The row ran out between the two calls: a first one again.
        counted = by
    return counted, window - passed


def seconds_to_wait(who: str, *, limit: int, window: int, now: datetime) -> int:
    """Count one request of `who` in this window of `window` seconds; 0, or the wait once it is over `limit`."""
    asked, wait = count(who, window=window, now=now)
    return wait if asked > limit else 0


def unlogged(answer: HttpResponse) -> HttpResponse:
    """Keep Django from writing the path of a refused request to its log."""
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
