"""Terms in working time: VR.3, VR.7a, VR.7b, PD.3, DL.3."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications import clock
from applications.clock import SCHEDULES, ZONE
from applications.standards import Channel, Term
from offices.calendar import build_calendar
from offices.models import ScheduleKind

CALENDAR = build_calendar(tuple(range(2023, 2029)))
STANDARD = SCHEDULES[ScheduleKind.STANDARD]
DUTY = SCHEDULES[ScheduleKind.DUTY]


def at(text):
    """An instant of Asia/Almaty from "2025-02-03 08:59"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def hours(schedule, day):
    """Opening and closing of a day that must be open."""
    span = clock.opening(CALENDAR, schedule, day)
    assert span is not None, day
    return span


def term(**length):
    return Term(row="VR.3a", channels=frozenset(Channel), subservices=frozenset(), **length)


schedules = st.sampled_from([STANDARD, DUTY])
# From before the change of offset (1 March 2024) to past the last transfers known; half of them at the very edges of a
# day's hours, where clocks go wrong and a random instant hardly ever falls.
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
edges = st.sampled_from([time(0), *(time(hour) for hour in (9, 13, 18, 20))])
nudges = st.sampled_from([timedelta(seconds=seconds) for seconds in (-60, -1, 0, 1, 60)])
instants = st.one_of(
    st.builds(lambda day, edge, nudge: datetime.combine(day, edge, ZONE) + nudge, days, edges, nudges),
    st.builds(lambda day, moment: datetime.combine(day, moment, UTC), days, st.times()),
)
whole_minutes = st.integers(1, 3000)
fast = settings(max_examples=200, deadline=None)


# Monday 3 February 2025 opens a week without holidays.
MINUTE_CASES = {
    "VR.7a a minute before opening": (STANDARD, "2025-02-03 08:59", 60, "2025-02-03 10:00"),
    "VR.7a at opening": (STANDARD, "2025-02-03 09:00", 60, "2025-02-03 10:00"),
    "VR.7a no break at lunch": (STANDARD, "2025-02-03 12:45", 60, "2025-02-03 13:45"),
    "VR.7a due exactly at closing": (STANDARD, "2025-02-03 17:00", 60, "2025-02-03 18:00"),
    "VR.7a a minute more than the day holds": (STANDARD, "2025-02-03 17:01", 60, "2025-02-04 09:01"),
    "VR.3b half today, half tomorrow": (STANDARD, "2025-02-03 17:30", 60, "2025-02-04 09:30"),
    "VR.7a a minute before closing": (STANDARD, "2025-02-03 17:59", 60, "2025-02-04 09:59"),
    "VR.7b at closing": (STANDARD, "2025-02-03 18:00", 60, "2025-02-04 10:00"),
    "VR.7b a minute after closing": (STANDARD, "2025-02-03 18:01", 60, "2025-02-04 10:00"),
    "VR.7b just before midnight": (STANDARD, "2025-02-03 23:59", 60, "2025-02-04 10:00"),
    "VR.3a Friday to Monday": (STANDARD, "2025-02-07 17:30", 120, "2025-02-10 10:30"),
    "VR.7b Saturday night": (STANDARD, "2025-02-08 22:10", 60, "2025-02-10 10:00"),
    "VR.7a standard office on Saturday": (STANDARD, "2025-02-08 10:00", 90, "2025-02-10 10:30"),
    "VR.7a one whole day": (STANDARD, "2025-02-03 09:00", 540, "2025-02-03 18:00"),
    "VR.7a one day and a minute": (STANDARD, "2025-02-03 09:00", 541, "2025-02-04 09:01"),
    "VR.7a duty evening": (DUTY, "2025-02-03 17:30", 120, "2025-02-03 19:30"),
    "VR.7a duty Saturday before opening": (DUTY, "2025-02-08 08:30", 60, "2025-02-08 10:00"),
    "VR.7a duty Friday evening to Saturday": (DUTY, "2025-02-07 19:30", 60, "2025-02-08 09:30"),
    "VR.7a duty Saturday to its closing": (DUTY, "2025-02-08 12:00", 60, "2025-02-08 13:00"),
    "VR.7a duty Saturday to Monday": (DUTY, "2025-02-08 12:30", 60, "2025-02-10 09:30"),
    "VR.7b duty Saturday at closing": (DUTY, "2025-02-08 13:00", 60, "2025-02-10 10:00"),
    "VR.7a 31 December 2024 to the working Sunday": (STANDARD, "2024-12-31 17:30", 60, "2025-01-05 09:30"),
    "VR.7a 31 December 2024, duty, to Saturday": (DUTY, "2024-12-31 19:30", 60, "2025-01-04 09:30"),
    "VR.7a 31 December 2025": (STANDARD, "2025-12-31 17:30", 60, "2026-01-05 09:30"),
    "VR.7a Friday 3 January 2025 is off": (STANDARD, "2025-01-03 10:00", 60, "2025-01-05 10:00"),
    "VR.7a Sunday 5 January 2025 works": (STANDARD, "2025-01-05 17:30", 60, "2025-01-06 09:30"),
    "VR.7a Sunday 5 January 2025 ends at 18:00 for duty too": (DUTY, "2025-01-05 17:30", 60, "2025-01-06 09:30"),
    "VR.7a 7 January has no substitute": (STANDARD, "2025-01-06 17:30", 60, "2025-01-08 09:30"),
    "VR.7a Saturday 4 May 2024 works": (STANDARD, "2024-05-03 17:30", 60, "2024-05-04 09:30"),
    "VR.7a 7, 8 and 9 May 2024 are off": (STANDARD, "2024-05-06 17:30", 60, "2024-05-10 09:30"),
    "VR.7a holiday on a Saturday, duty": (DUTY, "2025-03-07 19:30", 60, "2025-03-11 09:30"),
    "VR.7a Kurban Ait 2026": (STANDARD, "2026-05-26 17:30", 60, "2026-05-28 09:30"),
    "VR.7a 31 August 2026 works": (STANDARD, "2026-08-28 17:30", 60, "2026-08-31 09:30"),
    "VR.7a over 29 February and the change of offset": (STANDARD, "2024-02-29 17:30", 60, "2024-03-01 09:30"),
}


@pytest.mark.parametrize(("schedule", "accepted", "minutes", "due"), MINUTE_CASES.values(), ids=MINUTE_CASES)
def test_a_term_in_minutes_is_due(schedule, accepted, minutes, due):
    result = clock.due_after_minutes(at(accepted), minutes, CALENDAR, schedule)

    assert result == at(due)
    assert f"{result:%Y-%m-%d %H:%M}" == due  # and reads so in Asia/Almaty


DAY_CASES = {
    "PD.3 five days": (STANDARD, "2025-02-03", 5, "2025-02-10 18:00"),
    "PD.3 fifteen days": (STANDARD, "2025-02-03", 15, "2025-02-24 18:00"),
    "PD.3 accepted on a Saturday": (STANDARD, "2025-02-08", 5, "2025-02-14 18:00"),
    "PD.3 accepted on a Sunday": (STANDARD, "2025-02-09", 5, "2025-02-14 18:00"),
    "PD.3 over the new year, Sunday 5 January works": (STANDARD, "2024-12-27", 5, "2025-01-08 18:00"),
    "PD.3 ends on the working Sunday": (STANDARD, "2024-12-27", 3, "2025-01-05 18:00"),
    "PD.3 duty: Saturday is no working day": (DUTY, "2025-02-03", 5, "2025-02-10 20:00"),
    "PD.3 duty: ends on the working Sunday": (DUTY, "2024-12-27", 3, "2025-01-05 18:00"),
    "PD.3 over Nauryz 2026": (STANDARD, "2026-03-20", 1, "2026-03-26 18:00"),
    "PD.3 over the change of offset": (STANDARD, "2024-02-28", 2, "2024-03-01 18:00"),
}


@pytest.mark.parametrize(("schedule", "accepted", "days", "due"), DAY_CASES.values(), ids=DAY_CASES)
def test_a_term_in_days_is_due_at_closing_and_does_not_count_the_day_of_acceptance(schedule, accepted, days, due):
    assert clock.due_after_days(date.fromisoformat(accepted), days, CALENDAR, schedule) == at(due)


@fast
@given(instants, whole_minutes, schedules)
def test_due_is_never_outside_opening_hours(accepted, minutes, schedule):
    """VR.7a, the closing instant included."""
    due = clock.due_after_minutes(accepted, minutes, CALENDAR, schedule)

    opens, closes = hours(schedule, due.date())
    assert opens < due <= closes
    assert due >= accepted + timedelta(minutes=minutes)


@fast
@given(instants, st.integers(1, 30), schedules)
def test_a_term_in_days_ends_on_a_working_day_at_its_closing(accepted, days, schedule):
    """PD.3, counted the other way round: working days after acceptance up to and including the last."""
    accepted_on = clock.local_day(accepted)
    due = clock.due_after_days(accepted_on, days, CALENDAR, schedule)

    between = [accepted_on + timedelta(days=n) for n in range(1, (due.date() - accepted_on).days + 1)]
    assert sum(CALENDAR.is_working(day) for day in between) == days
    assert CALENDAR.is_working(due.date())
    assert due == hours(schedule, due.date())[1]


@fast
@given(instants, st.one_of(nudges.map(abs), st.timedeltas(timedelta(0), timedelta(days=20))), whole_minutes, schedules)
def test_due_is_monotone_in_acceptance(accepted, later, minutes, schedule):
    due = clock.due_after_minutes(accepted, minutes, CALENDAR, schedule)

    assert due <= clock.due_after_minutes(accepted + later, minutes, CALENDAR, schedule)


@fast
@given(instants, whole_minutes, whole_minutes, schedules)
def test_due_is_additive_in_the_term(accepted, first, second, schedule):
    in_two_steps = clock.due_after_minutes(
        clock.due_after_minutes(accepted, first, CALENDAR, schedule), second, CALENDAR, schedule
    )

    assert in_two_steps == clock.due_after_minutes(accepted, first + second, CALENDAR, schedule)


@fast
@given(instants, st.integers(1, 20), st.integers(1, 20), schedules)
def test_a_term_in_days_is_additive(accepted, first, second, schedule):
    accepted_on = clock.local_day(accepted)
    halfway = clock.due_after_days(accepted_on, first, CALENDAR, schedule).date()

    in_two_steps = clock.due_after_days(halfway, second, CALENDAR, schedule)
    assert in_two_steps == clock.due_after_days(accepted_on, first + second, CALENDAR, schedule)


@fast
@given(instants, whole_minutes, schedules)
def test_adding_then_measuring_gives_the_minutes_back(accepted, minutes, schedule):
    due = clock.due_after_minutes(accepted, minutes, CALENDAR, schedule)

    assert clock.working_minutes_between(accepted, due, CALENDAR, schedule) == minutes
    assert clock.remaining(due, accepted, CALENDAR, schedule) == -minutes


@fast
@given(instants, whole_minutes, schedules)
def test_a_closed_office_changes_nothing(accepted, minutes, schedule):
    """VR.7b: before opening is the same as at opening."""
    starts = clock.starts_at(accepted, CALENDAR, schedule)

    assert clock.is_open(starts, CALENDAR, schedule)
    assert clock.working_time_between(accepted, starts, CALENDAR, schedule) == timedelta(0)
    assert clock.due_after_minutes(starts, minutes, CALENDAR, schedule) == clock.due_after_minutes(
        accepted, minutes, CALENDAR, schedule
    )


@fast
@given(
    instants,
    st.one_of(
        st.builds(lambda n: term(minutes=n), whole_minutes),
        st.builds(lambda n: term(working_days=n), st.integers(1, 30)),
    ),
    schedules,
)
def test_three_quarters_of_the_term_have_gone_when_it_is_at_risk(accepted, length, schedule):
    promised = clock.deadlines(accepted, length, CALENDAR, schedule)

    whole = clock.working_time_between(promised.starts_at, promised.due_at, CALENDAR, schedule)
    gone = clock.working_time_between(promised.starts_at, promised.at_risk_at, CALENDAR, schedule)
    assert gone == whole * 0.75
    assert promised.accepted_at <= promised.starts_at < promised.at_risk_at < promised.due_at


def test_deadlines_of_a_primary_registration_taken_in_before_the_weekend():
    """VR.3a, 120 minutes from Friday 17:30."""
    promised = clock.deadlines(at("2025-02-07 17:30"), term(minutes=120), CALENDAR, STANDARD)

    assert promised.starts_at == at("2025-02-07 17:30")
    assert promised.at_risk_at == at("2025-02-10 10:00")
    assert promised.due_at == at("2025-02-10 10:30")


def test_deadlines_of_a_duplicate_plate_start_on_the_day_after():
    """PD.3, five working days from Friday noon; three quarters of 45 hours are 33 h 45 min."""
    promised = clock.deadlines(at("2025-02-07 12:00"), term(working_days=5), CALENDAR, STANDARD)

    assert promised.starts_at == at("2025-02-10 09:00")
    assert promised.at_risk_at == at("2025-02-13 15:45")
    assert promised.due_at == at("2025-02-14 18:00")


def test_a_portal_application_of_saturday_night_starts_on_monday_morning():
    """VR.7b, filed in UTC as a portal does: 22:10 in Almaty is 17:10 UTC."""
    filed = datetime(2025, 2, 8, 17, 10, tzinfo=UTC)
    promised = clock.deadlines(filed, term(minutes=60), CALENDAR, STANDARD)

    assert promised.starts_at == datetime(2025, 2, 10, 4, 0, tzinfo=UTC)
    assert promised.due_at == datetime(2025, 2, 10, 5, 0, tzinfo=UTC)


def test_the_day_is_that_of_almaty_and_not_of_utc():
    """20:30 UTC on Thursday is already Friday 01:30 in Almaty: PD.3 counts from Friday."""
    promised = clock.deadlines(datetime(2025, 2, 6, 20, 30, tzinfo=UTC), term(working_days=5), CALENDAR, STANDARD)

    assert promised.due_at == at("2025-02-14 18:00")


def test_the_offset_of_the_day_is_used_on_either_side_of_1_march_2024():
    due = clock.due_after_minutes(datetime(2024, 2, 29, 11, 30, tzinfo=UTC), 60, CALENDAR, STANDARD)

    assert due == datetime(2024, 3, 1, 4, 30, tzinfo=UTC)  # 17:30+06:00, then 09:30+05:00


@pytest.mark.parametrize(
    ("now", "minutes"),
    [("2025-02-03 09:30", 30), ("2025-02-03 09:59:30", 0), ("2025-02-03 10:00", 0), ("2025-02-03 10:00:30", -1),
     ("2025-02-03 10:05", -5), ("2025-02-03 20:00", -480), ("2025-02-04 08:00", -480), ("2025-02-02 12:00", 60)],
)  # fmt: skip
def test_remaining_counts_working_minutes_and_goes_below_zero_when_late(now, minutes):
    assert clock.remaining(at(now), at("2025-02-03 10:00"), CALENDAR, STANDARD) == minutes


def test_the_snapshot_is_enough_to_check_the_promise_by_hand():
    """A later change of calendar never moves a promised due time, so the promise carries the days it was made with."""
    promised = clock.deadlines(at("2024-12-31 17:30"), term(minutes=60), CALENDAR, STANDARD)
    kept = json.loads(json.dumps(clock.snapshot(promised, CALENDAR, STANDARD)))

    assert kept["days"] == {
        "2024-12-31": ["09:00", "18:00"],
        "2025-01-01": None,
        "2025-01-02": None,
        "2025-01-03": None,
        "2025-01-04": None,
        "2025-01-05": ["09:00", "18:00"],
    }
    assert (kept["zone"], kept["schedule"]) == ("Asia/Almaty", "standard")
    assert kept["calendar_version"] == CALENDAR.version


def test_another_calendar_has_another_version_and_another_due_time():
    """The Sunday taken back: the same acceptance would be promised for Monday, under another version."""
    corrected = build_calendar(tuple(range(2023, 2029)), ((date(2025, 1, 5), False),))

    assert corrected.version != CALENDAR.version
    assert clock.due_after_minutes(at("2024-12-31 17:30"), 60, corrected, STANDARD) == at("2025-01-06 09:30")


@pytest.mark.parametrize("kind", ScheduleKind.values)
def test_every_schedule_of_an_office_has_hours(kind):
    schedule = clock.schedule_of(kind)

    assert schedule.kind == kind
    assert hours(schedule, date(2025, 2, 3))[0] == at("2025-02-03 09:00")


def test_an_instant_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        clock.due_after_minutes(at("2025-02-03 09:00").replace(tzinfo=None), 60, CALENDAR, STANDARD)


@pytest.mark.parametrize("length", [0, -1])
def test_a_term_must_be_positive(length):
    with pytest.raises(ValueError, match="positive"):
        clock.due_after_minutes(at("2025-02-03 09:00"), length, CALENDAR, STANDARD)
    with pytest.raises(ValueError, match="positive"):
        clock.due_after_days(date(2025, 2, 3), length, CALENDAR, STANDARD)


def test_a_term_does_not_run_past_the_end_of_the_calendar():
    """Beyond the known years nobody can say which days rest: an error, not a guess."""
    with pytest.raises(ValueError, match="does not reach"):
        clock.due_after_minutes(at("2028-12-31 12:00"), 60, CALENDAR, STANDARD)
