"""How often a connected system may ask: a quota for the hour and a burst for ten seconds, each counted by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from api.problems import Problem
from offices.models import ConnectedSystem

HOUR, BURST_SECONDS = 3600, 10


@dataclass(frozen=True)
class Policy:
    """`most` requests within a window of `seconds`; windows begin at multiples of their length."""

    name: str
    most: int
    seconds: int

    def count(self, system: ConnectedSystem, now: datetime) -> tuple[int, int]:
        """Count one request; how many are left, below zero once it is one too many, and seconds to the next window."""
        instant = int(now.timestamp())
        place = f"rate:{self.name}:{system.pk}:{instant // self.seconds}"
        cache.add(place, 0, timeout=self.seconds + 5)
        try:
            used = cache.incr(place)
        except ValueError:
            used = 1
        return self.most - used, self.seconds - instant % self.seconds


def count(system: ConnectedSystem, now: datetime) -> dict[str, str]:
    """Count a request of `system` and return its RateLimit headers. Raises Problem "too_many_requests" with them."""
    policies = (Policy("burst", system.burst, BURST_SECONDS), Policy("quota", system.quota_per_hour, HOUR))
    counted = [(policy, *policy.count(system, now)) for policy in policies]
    headers = {
        "RateLimit-Policy": ", ".join(f'"{item.name}";q={item.most};w={item.seconds}' for item in policies),
        "RateLimit": ", ".join(f'"{policy.name}";r={max(0, left)};t={reset}' for policy, left, reset in counted),
    }
    waits = [reset for _policy, left, reset in counted if left < 0]
    if waits:
        raise Problem("too_many_requests", headers={**headers, "Retry-After": str(max(waits))})
    return headers
