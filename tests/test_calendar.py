"""The working calendar (VR.7a, days off of the Labour Code) against the lawyers' list, and its exceptions."""

import csv
from datetime import date, timedelta

import pytest
from django.conf import settings

from offices import reference
from offices.calendar import DayKind, build_calendar, working_calendar
from offices.models import CalendarException

HOLIDAYS = settings.BASE_DIR / "fixtures" / "reference" / "holidays.csv"
YEARS = range(2024, 2027)


def make_exception(day, *, is_working):
    return CalendarException.objects.create(
        date=day, is_working=is_working, name_en="Moved", name_ru="Перенос", name_kk="Ауыстыру", basis="Order No. 1"
    )


def days_by_kind(kinds):
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]) for row in csv.DictReader(file) if row["kind"] in kinds}


def every_day(years):
    day = date(years[0], 1, 1)
    while day.year <= years[-1]:
        yield day
        day += timedelta(days=1)


def test_the_calendar_in_force_is_the_lawyers_list(regions):
    """Every single day of 2024 to 2026: the library and the shipped exceptions together, and nothing besides."""
    calendar = working_calendar(YEARS)
    off = days_by_kind({"holiday", "transferred_off"})
    moved = days_by_kind({"transferred_work"})

    for day in every_day(YEARS):
        expected = (day.weekday() < 5 and day not in off) or day in moved
        assert calendar.is_working(day) is expected, day
    assert calendar.days_off == off
    assert calendar.moved_days == moved == {date(2024, 5, 4), date(2025, 1, 5)}


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2025, 1, 3), DayKind.OFF),
        (date(2025, 1, 5), DayKind.MOVED),
        (date(2024, 5, 4), DayKind.MOVED),
        (date(2024, 5, 8), DayKind.OFF),
        (date(2024, 1, 7), DayKind.OFF),  # a Sunday …
        (date(2024, 1, 8), DayKind.WORKING),  # … without a substitute day
        (date(2024, 6, 16), DayKind.OFF),  # Kurban Ait on a Sunday …
        (date(2024, 6, 17), DayKind.WORKING),  # … likewise
        (date(2025, 9, 1), DayKind.OFF),
        (date(2026, 1, 5), DayKind.WORKING),
        (date(2026, 5, 27), DayKind.OFF),
        (date(2026, 8, 30), DayKind.WEEKEND),
        (date(2026, 8, 31), DayKind.WORKING),
        (date(2026, 10, 26), DayKind.OFF),
        (date(2027, 3, 15), DayKind.OFF),
    ],
    ids=str,
)
def test_days_that_other_calendars_get_wrong(day, kind):
    assert build_calendar((day.year,)).day_kind(day) is kind


def test_an_exception_is_seen_by_the_next_call(db):
    day = date(2026, 11, 23)
    before = working_calendar()
    exception = make_exception(day, is_working=False)
    after = working_calendar()

    assert before.is_working(day)
    assert not after.is_working(day)
    assert before.version != after.version
    exception.delete()
    assert working_calendar() == before


def test_an_exception_can_make_a_weekend_work_or_take_a_moved_day_back(db):
    make_exception(date(2026, 11, 28), is_working=True)
    make_exception(date(2025, 1, 5), is_working=False)
    calendar = working_calendar()

    assert calendar.day_kind(date(2026, 11, 28)) is DayKind.MOVED
    assert calendar.day_kind(date(2025, 1, 5)) is DayKind.OFF
    assert date(2025, 1, 5) not in calendar.moved_days


def test_an_exception_can_cancel_a_holiday_without_making_it_a_moved_day(db):
    make_exception(date(2026, 5, 27), is_working=True)

    assert working_calendar().day_kind(date(2026, 5, 27)) is DayKind.WORKING


def test_the_calendar_costs_one_query(db, django_assert_num_queries):
    working_calendar()
    with django_assert_num_queries(1):
        working_calendar()


def test_the_calendar_refuses_a_day_outside_its_years():
    with pytest.raises(ValueError, match="does not reach to 2023-12-31"):
        build_calendar((2024,)).day_kind(date(2023, 12, 31))


def test_loading_again_keeps_what_an_administrator_corrected(regions):
    CalendarException.objects.filter(date=date(2026, 5, 27)).update(is_working=True, basis="Order No. 2")
    reference.load()

    assert CalendarException.objects.get(date=date(2026, 5, 27)).basis == "Order No. 2"
