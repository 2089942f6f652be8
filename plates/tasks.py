"""What beat runs for the stock of plates. Losing a run loses nothing: the next one finds the same rows."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from plates import choosing, storing


@shared_task  # type: ignore[untyped-decorator]
def expire() -> None:
    """Set aside what nobody took back in time, and free the chosen numbers that nobody paid."""
    now = timezone.now()
    storing.expire(now)
    choosing.release_expired(now)
