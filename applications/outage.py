"""Planned work on the portal, told on every page beforehand: when, what for, and what becomes of the cases meanwhile.

Kept in the cache beside the sessions, so that no page asks the database for it; it is forgotten at its own end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from applications.acting import Actor, require_role
from applications.errors import InvalidInputError, written
from applications.journal import noted
from applications.standards import Text
from offices.models import Role

PLACE = "planned-outage"
CHAIN = "portal"
# It stands on every page.
LONGEST = 300


@dataclass(frozen=True)
class PlannedOutage:
    """The portal is away from `starts_at` to `ends_at` (aware instants); `why` in three languages."""

    starts_at: datetime
    ends_at: datetime
    why: Text

    @property
    def is_one_day(self) -> bool:
        """Whether it ends on the day (Asia/Almaty) on which it begins."""
        return timezone.localdate(self.starts_at) == timezone.localdate(self.ends_at)


def announce(*, actor: Actor, outage: PlannedOutage, now: datetime) -> None:
    """Tell of it on every page from now to its end; a later one takes its place.

    Raises NotAllowedError, InvalidInputError for one that is over, ends before it begins, or says no reason.
    """
    require_role(actor, Role.ADMINISTRATOR)
    if not now < outage.ends_at or not outage.starts_at < outage.ends_at:
        raise InvalidInputError({"ends_at": _("The end must lie ahead, and after the beginning.")})
    for text in (outage.why.ru, outage.why.kk, outage.why.en):
        written("why", text, _("Say in Russian and Kazakh what the work is for."), longest=LONGEST)
    cache.set(PLACE, outage, (outage.ends_at - now).total_seconds())
    told = {"from": outage.starts_at.isoformat(), "until": outage.ends_at.isoformat(), "reason": outage.why.ru}
    noted(chain=CHAIN, actor=actor, action="outage_announced", now=now, changes=told)


def call_off(*, actor: Actor, now: datetime) -> None:
    """Take the announcement from the pages: the work is done, or put off. Raises NotAllowedError."""
    require_role(actor, Role.ADMINISTRATOR)
    cache.delete(PLACE)
    noted(chain=CHAIN, actor=actor, action="outage_called_off", now=now)


def announced() -> PlannedOutage | None:
    """The work that is announced now, if any; nothing while the cache is away, because a page must still be shown."""
    try:
        found: PlannedOutage | None = cache.get(PLACE)
    except RedisError:
        return None
    return found
