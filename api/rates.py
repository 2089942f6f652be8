"""How often a connected system may ask: a quota for the hour and a burst for ten seconds, each counted by itself."""

from __future__ import annotations

from datetime import datetime

from api import limits
from api.problems import Problem
from offices.models import ConnectedSystem

HOUR, BURST_SECONDS = 3600, 10


def count(system: ConnectedSystem, now: datetime) -> dict[str, str]:
    """Count a request of `system` and return its RateLimit headers. Raises Problem "too_many_requests" with them."""
    policies = (("burst", system.burst, BURST_SECONDS), ("quota", system.quota_per_hour, HOUR))
    policy, told, waits = [], [], []
    for name, most, seconds in policies:
        used, wait = limits.count(f"{name}:{system.pk}", window=seconds, now=now)
        policy.append(f'"{name}";q={most};w={seconds}')
        told.append(f'"{name}";r={max(0, most - used)};t={wait}')
        if used > most:
            waits.append(wait)
    headers = {"RateLimit-Policy": ", ".join(policy), "RateLimit": ", ".join(told)}
    if waits:
        raise Problem("too_many_requests", headers={**headers, "Retry-After": str(max(waits))})
    return headers
