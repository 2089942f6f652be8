"""Terms in working time, as pure functions over a calendar and a schedule; no database, no reading of the time.

How a term is counted:
- a term in minutes runs only while the office is open (VR.7a); what is accepted outside its hours starts at the next
  opening (VR.7b);
- a term in working days does not count the day of acceptance and ends at the closing time of its last day (PD.3);
- the closing instant belongs to the day that closes: a term may end on it, none starts on it.

Every instant is time zone aware. The law's day is that of Asia/Almaty with the zone's own history (UTC+6 before
1 March 2024); sums are made in UTC, so a change of offset cannot stretch or shrink a term.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from applications.standards import Term
from offices.calendar import SATURDAY, DayKind, WorkingCalendar
from offices.models import ScheduleKind

ZONE = ZoneInfo("Asia/Almaty")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)
# The share of the term after which a case counts as at risk.
AT_RISK_SHARE = 0.75

Hours = tuple[time, time]


@dataclass(frozen=True)
class Schedule:
    """Opening hours of one kind of office in local time (VR.7a)."""

    kind: str
    weekday: Hours
    saturday: Hours | None
    moved_day: Hours


STANDARD_DAY: Hours = (time(9), time(18))
# A weekend day that works in exchange for a weekday keeps the ordinary working day in every office: the order that
# moves it moves a day of the five-day week, while the long evenings and the short Saturday of VR.7a belong to the
# duty roster of an ordinary week. Where that is doubtful the shorter day is the safe one: no term then ends at an
# hour at which the desk may be shut.
SCHEDULES = {
    ScheduleKind.STANDARD: Schedule("standard", weekday=STANDARD_DAY, saturday=None, moved_day=STANDARD_DAY),
    ScheduleKind.DUTY: Schedule(
        "duty", weekday=(time(9), time(20)), saturday=(time(9), time(13)), moved_day=STANDARD_DAY
    ),
}


@dataclass(frozen=True)
class Deadlines:
    """The instants of one term, in Asia/Almaty; `at_risk_at` is when 75 % of its working time has gone."""

    accepted_at: datetime
    starts_at: datetime
    due_at: datetime
    at_risk_at: datetime


class ClockSnapshot(TypedDict):
    """The calendar a promise was made with, as JSON: local day to its opening and closing time, or None if closed."""

    zone: str
    schedule: str
    calendar_version: str
    days: dict[str, list[str] | None]


def schedule_of(kind: str) -> Schedule:
    """The hours of an office's `schedule` field. Raises ValueError for a word that is no schedule."""
    return SCHEDULES[ScheduleKind(kind)]


def local_day(instant: datetime) -> date:
    """The day in Asia/Almaty that `instant` belongs to. Raises ValueError for an instant without time zone."""
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(ZONE).date()


def opening(calendar: WorkingCalendar, schedule: Schedule, day: date) -> tuple[datetime, datetime] | None:
    """When an office with `schedule` opens and closes on `day`, in Asia/Almaty, or None if it stays closed (VR.7a)."""
    hours = _hours(calendar, schedule, day)
    if hours is None:
        return None
    return datetime.combine(day, hours[0], ZONE), datetime.combine(day, hours[1], ZONE)


def is_open(instant: datetime, calendar: WorkingCalendar, schedule: Schedule) -> bool:
    """Whether the office works at `instant`; at its opening yes, at its closing no longer."""
    today = opening(calendar, schedule, local_day(instant))
    return today is not None and today[0] <= instant < today[1]


def starts_at(accepted_at: datetime, calendar: WorkingCalendar, schedule: Schedule) -> datetime:
    """The first instant at or after `accepted_at` at which the office works (VR.7b)."""
    begins, _closes = next(_work_from(accepted_at, calendar, schedule))
    return begins.astimezone(ZONE)


def due_after_minutes(accepted_at: datetime, minutes: int, calendar: WorkingCalendar, schedule: Schedule) -> datetime:
    """The instant at which `minutes` of working time have gone since `accepted_at` (VR.3, DL.3), in Asia/Almaty.

    Raises ValueError unless `minutes` is positive.
    """
    return add_working_time(accepted_at, minutes * MINUTE, calendar, schedule)


def due_after_days(accepted_on: date, days: int, calendar: WorkingCalendar, schedule: Schedule) -> datetime:
    """Closing time of the last of `days` working days after `accepted_on`, a day in Asia/Almaty (PD.3).

    The Saturday of a duty office is not counted: its duty shift is no working day of the five-day week, which PD.3 and
    the decreed transfers speak of. Raises ValueError unless `days` is positive.
    """
    _require_positive(days > 0)
    day = accepted_on
    left = days
    while left:
        day += DAY
        left -= calendar.is_working(day)
    last = opening(calendar, schedule, day)
    if last is None:
        raise ValueError(f"The schedule {schedule.kind} closes on the working day {day}.")
    return last[1]


def add_working_time(instant: datetime, amount: timedelta, calendar: WorkingCalendar, schedule: Schedule) -> datetime:
    """The instant at which `amount` of working time has gone since `instant`, in Asia/Almaty.

    An amount that ends exactly at closing ends there, not at the next opening. Raises ValueError unless `amount` is
    positive.
    """
    _require_positive(amount > NOTHING)
    left = amount
    spans = _work_from(instant, calendar, schedule)
    begins, closes = next(spans)
    while left > closes - begins:
        left -= closes - begins
        begins, closes = next(spans)
    return (begins + left).astimezone(ZONE)


def working_time_between(start: datetime, end: datetime, calendar: WorkingCalendar, schedule: Schedule) -> timedelta:
    """Working time from `start` to `end`; negative when `end` comes first."""
    if end < start:
        return -working_time_between(end, start, calendar, schedule)
    total = NOTHING
    day, last_day = local_day(start), local_day(end)
    while day <= last_day:
        total += _overlap(start, end, opening(calendar, schedule, day))
        day += DAY
    return total


def working_minutes_between(start: datetime, end: datetime, calendar: WorkingCalendar, schedule: Schedule) -> int:
    """Whole working minutes from `start` to `end`, rounded down: half a minute late is -1, half a minute left is 0."""
    return working_time_between(start, end, calendar, schedule) // MINUTE


def remaining(now: datetime, due_at: datetime, calendar: WorkingCalendar, schedule: Schedule) -> int:
    """Whole working minutes left until `due_at`, negative when late."""
    return working_minutes_between(now, due_at, calendar, schedule)


def deadlines(accepted_at: datetime, term: Term, calendar: WorkingCalendar, schedule: Schedule) -> Deadlines:
    """When a term accepted at `accepted_at` starts, becomes at risk and is due."""
    if term.minutes is not None:
        starts = starts_at(accepted_at, calendar, schedule)
        due = due_after_minutes(accepted_at, term.minutes, calendar, schedule)
    else:
        accepted_on = local_day(accepted_at)
        starts = starts_at(_midnight_after(accepted_on), calendar, schedule)
        due = due_after_days(accepted_on, term.working_days or 0, calendar, schedule)
    at_risk_after = AT_RISK_SHARE * working_time_between(starts, due, calendar, schedule)
    return Deadlines(
        accepted_at=accepted_at.astimezone(ZONE),
        starts_at=starts,
        due_at=due,
        at_risk_at=add_working_time(starts, at_risk_after, calendar, schedule),
    )


def snapshot(promised: Deadlines, calendar: WorkingCalendar, schedule: Schedule) -> ClockSnapshot:
    """The opening hours of every day from acceptance to the due time, to be stored beside `promised`.

    With it a promise can be checked by hand years later, whatever has become of the calendar since.
    """
    days: dict[str, list[str] | None] = {}
    day, last_day = local_day(promised.accepted_at), local_day(promised.due_at)
    while day <= last_day:
        hours = _hours(calendar, schedule, day)
        days[day.isoformat()] = [f"{moment:%H:%M}" for moment in hours] if hours else None
        day += DAY
    return ClockSnapshot(zone=ZONE.key, schedule=schedule.kind, calendar_version=calendar.version, days=days)


def _hours(calendar: WorkingCalendar, schedule: Schedule, day: date) -> Hours | None:
    kind = calendar.day_kind(day)
    if kind is DayKind.WORKING:
        return schedule.weekday
    if kind is DayKind.MOVED:
        return schedule.moved_day
    return schedule.saturday if kind is DayKind.WEEKEND and day.weekday() == SATURDAY else None


def _work_from(instant: datetime, calendar: WorkingCalendar, schedule: Schedule) -> Iterator[tuple[datetime, datetime]]:
    """Stretches of working time from `instant` on, in UTC and never empty; ends only with the calendar (ValueError)."""
    day = local_day(instant)
    while True:
        hours = opening(calendar, schedule, day)
        if hours is not None and instant < hours[1]:
            yield max(instant, hours[0]).astimezone(UTC), hours[1].astimezone(UTC)
        day += DAY


def _overlap(start: datetime, end: datetime, hours: tuple[datetime, datetime] | None) -> timedelta:
    if hours is None:
        return NOTHING
    begins = max(start, hours[0]).astimezone(UTC)
    ends = min(end, hours[1]).astimezone(UTC)
    return max(ends - begins, NOTHING)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + DAY, time(0), ZONE)


def _require_positive(is_positive: bool) -> None:
    if not is_positive:
        raise ValueError("A term is positive.")
