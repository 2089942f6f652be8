"""The working calendar of Kazakhstan: the holidays library with decreed transfers, and the exceptions entered here.

Days off under the Labour Code (VR.7a). Art. 84 p.5 of the Code gives 7 January and the first day of Kurban Ait without
a substitute day; a holiday on a weekend otherwise makes the next working day free; the library knows both rules and
the transfers of each year. What it cannot know yet is a CalendarException.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version

import holidays
from django.utils import timezone

from offices.models import CalendarException

SATURDAY = 5
# The year before the order: nothing the portal accepts is older, evidence and demo cases may be a little.
FIRST_YEAR = 2023
# A term of working days started in the last hour of this year must find its end.
YEARS_AHEAD = 2


class DayKind(Enum):
    """What the calendar says of a day, before any office's schedule."""

    WORKING = "working"  # an ordinary Monday to Friday
    WEEKEND = "weekend"  # an ordinary Saturday or Sunday: a duty office may open
    OFF = "off"  # a holiday, its substitute or a day given in exchange
    MOVED = "moved"  # a Saturday or Sunday that works in exchange for a weekday


@dataclass(frozen=True)
class WorkingCalendar:
    """Days off and moved days of whole years. Pure; `version` names its contents for the record."""

    years: frozenset[int]
    days_off: frozenset[date]
    moved_days: frozenset[date]
    version: str

    def day_kind(self, day: date) -> DayKind:
        """What `day` is. Raises ValueError outside the calendar's years, rather than guess that nobody rests."""
        if day.year not in self.years:
            raise ValueError(f"The working calendar does not reach to {day}.")
        if day in self.days_off:
            return DayKind.OFF
        if day in self.moved_days:
            return DayKind.MOVED
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day of the five-day week; the Saturday of a duty office is not one."""
        return self.day_kind(day) in {DayKind.WORKING, DayKind.MOVED}


def working_calendar(years: Iterable[int] | None = None) -> WorkingCalendar:
    """The calendar in force now for `years` (by default from 2023 to two years ahead), in one query.

    The exceptions themselves are the cache key, so every process sees a change with its next call.
    """
    if years is None:
        years = range(FIRST_YEAR, timezone.localdate().year + YEARS_AHEAD + 1)
    exceptions = CalendarException.objects.order_by("date").values_list("date", "is_working")
    return build_calendar(tuple(sorted(years)), tuple(exceptions))


@lru_cache(maxsize=16)
def build_calendar(years: tuple[int, ...], exceptions: tuple[tuple[date, bool], ...] = ()) -> WorkingCalendar:
    """The library's calendar of `years` with `exceptions` (date, is it a working day) laid over it. Pure."""
    known = holidays.country_holidays("KZ", years=years)
    days_off = {day for day in known if day.year in years}
    moved_days = {day for day in known.weekend_workdays if day.year in years}
    for day, is_working in exceptions:
        if is_working:
            days_off.discard(day)
            if day.weekday() >= SATURDAY:
                moved_days.add(day)
        else:
            days_off.add(day)
            moved_days.discard(day)
    return WorkingCalendar(
        years=frozenset(years),
        days_off=frozenset(days_off),
        moved_days=frozenset(moved_days),
        version=f"holidays-{version('holidays')}+{_fingerprint(days_off, moved_days)}",
    )


def _fingerprint(days_off: set[date], moved_days: set[date]) -> str:
    contents = f"{sorted(map(str, days_off))}{sorted(map(str, moved_days))}"
    return sha256(contents.encode()).hexdigest()[:12]
