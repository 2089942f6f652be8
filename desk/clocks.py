"""How the clock of a case is shown: working time left as a number, a word, and a bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.clock import schedule_of, working_minutes_between
from applications.models import Application
from applications.states import OPEN_STATES
from desk.said import day_and_time
from offices.calendar import WorkingCalendar
from offices.models import ScheduleKind

# From a working day on, days say more than hours.
DAY_MINUTES = 9 * 60
MINUS = "−"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Face:
    """What templates/desk/_clock.html shows. `tone` is late, risk, calm or none; `spent` is per cent of the term."""

    tone: str
    amount: str
    word: str
    spent: int | None = None
    due: str = ""


def face(application: Application, now: datetime, calendar: WorkingCalendar) -> Face:
    """The clock of `application` at `now`: working time left by its office's hours, or where its clock stands."""
    if application.submitted_at is None or application.due_at is None:
        return Face("none", "—", _("not started"))
    if application.state not in OPEN_STATES:
        return _stopped(application)
    schedule = schedule_of(application.clock.get("schedule", ScheduleKind.STANDARD))
    left = working_minutes_between(now, application.due_at, calendar, schedule)
    whole = working_minutes_between(application.submitted_at, application.due_at, calendar, schedule)
    spent = 100 if whole <= 0 else max(0, min(100, round(100 * (whole - left) / whole)))
    due = _("due %(when)s") % {"when": _instant(application.due_at)}
    if now >= application.due_at:
        # Half a minute late is a minute late: "0 min, overdue" would read as in time.
        return Face("late", MINUS + spoken(max(1, -left)), _("overdue"), 100, due)
    if application.at_risk_at is not None and now >= application.at_risk_at:
        return Face("risk", amount_left(application.due_at, left, now, calendar), _("at risk"), spent, due)
    return Face("calm", amount_left(application.due_at, left, now, calendar), _("in time"), spent, due)


def amount_left(due_at: datetime, minutes: int, now: datetime, calendar: WorkingCalendar) -> str:
    """Working days until the day it is due, or on shorter terms hours and minutes."""
    if minutes < DAY_MINUTES:
        return spoken(minutes)
    day, last = timezone.localdate(now), timezone.localdate(due_at)
    days = sum(calendar.is_working(day + count * DAY) for count in range(1, (last - day).days + 1))
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def spoken(minutes: int) -> str:
    """Working minutes as people say them: "14 min", "1 h 44 min", "3 days" of nine working hours."""
    if minutes >= DAY_MINUTES:
        days = minutes // DAY_MINUTES
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _("%(hours)d h") % {"hours": hours} if hours else _("%(minutes)d min") % {"minutes": rest}


def _stopped(application: Application) -> Face:
    """The clock of a finished case: whether the result came in time."""
    ended = application.issued_at or application.decided_at
    if ended is None or application.due_at is None:
        return Face("none", "—", _("stopped"))
    if ended > application.due_at:
        return Face("late", _("late"), _instant(ended), None)
    return Face("calm", _("in time"), _instant(ended), None)


def _instant(instant: datetime) -> str:
    local = timezone.localtime(instant)
    same_day = local.date() == timezone.localdate()
    return date_format(local, "H:i") if same_day else day_and_time(local)
