"""Experience for a category (DL.9.2): days deprived of the right to drive are no days of driving."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.rules import Candidate, years_later

BORN, SINCE = date(1980, 1, 1), date(2015, 6, 1)


@pytest.mark.parametrize(
    ("deprived", "complete"),
    [
        ((), date(2018, 6, 1)),
        (((date(2016, 1, 1), date(2016, 12, 31)),), date(2019, 6, 2)),
        # Served before the category was granted, and begun after the years were complete: neither counts.
        (((date(2014, 1, 1), date(2015, 1, 1)), (date(2020, 1, 1), date(2021, 1, 1))), date(2018, 6, 1)),
        # Half of it before: only the days since then.
        (((date(2015, 5, 1), date(2015, 6, 10)),), date(2018, 6, 11)),
        # The second term begins within the time that the first one added.
        (((date(2018, 5, 1), date(2018, 5, 31)), (date(2018, 6, 20), date(2018, 6, 29))), date(2018, 7, 12)),
        # For life: as late as a calendar goes.
        (((date(2016, 1, 1), date.max),), date.max),
        (((date(2016, 1, 1), date.max), (date(2017, 1, 1), date(2017, 2, 1))), date.max),
        # Two rulings over the same days take them once.
        (((date(2016, 1, 1), date(2016, 1, 10)), (date(2016, 1, 5), date(2016, 1, 12))), date(2018, 6, 13)),
    ],
)
def test_terms_of_deprivation_are_taken_off(deprived, complete):
    """DL.9.2: three years of driving since 1 June 2015."""
    assert Candidate(BORN, {"B": SINCE}, deprived).has_driven_until(SINCE, 3) == complete


def test_years_beyond_every_calendar_end_with_it():
    """Nobody keeps an administrator from asking for 9,000 years of driving; the case is told so, and does not break."""
    assert years_later(date(2015, 6, 1), 9000) == date(9999, 6, 1)
    assert years_later(date(2016, 2, 29), 9000) == date(9999, 2, 28)


TERMS = st.lists(
    st.tuples(st.dates(date(2010, 1, 1), date(2025, 1, 1)), st.integers(0, 800)).map(
        lambda term: (term[0], term[0] + timedelta(days=term[1]))
    ),
    max_size=4,
)


@given(TERMS, st.integers(1, 5))
def test_as_many_days_of_driving_are_asked_as_without_deprivation(deprived, years):
    """DL.9.2: between the grant and the day of completion lie exactly the asked days on which driving was allowed."""
    complete = Candidate(BORN, {"B": SINCE}, deprived).has_driven_until(SINCE, years)
    days = (SINCE + timedelta(days=n) for n in range((complete - SINCE).days))
    driven = sum(not any(first <= day <= last for first, last in deprived) for day in days)

    assert driven == (years_later(SINCE, years) - SINCE).days
