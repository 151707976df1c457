"""Civil Code, Art. 201-204: how days are counted. By example and by property."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.foundation.clock import HALL_ZONE, business_date, end_of_day, start_of_day
from liangdian.foundation.limits import LONGEST, Limit, LimitUnit
from liangdian.foundation.workdays import (
    add_calendar_days,
    add_working_days,
    due_of,
    next_working_day,
    working_days_between,
)

DAY = timedelta(days=1)


class Set:
    """Monday to Friday, except the days of rest and the make-up days given; known up to ``known``."""

    def __init__(self, rest=(), make_up=(), known=date(2026, 12, 31)):
        self.rest, self.make_up, self.known = set(rest), set(make_up), known

    def is_working(self, day: date) -> bool:
        return day in self.make_up or (day.weekday() < 5 and day not in self.rest)

    def is_known(self, day: date) -> bool:
        return day <= self.known


def run(first, last):
    return [first + DAY * i for i in range((last - first).days + 1)]


AUTUMN = Set(
    rest=[*run(date(2026, 9, 25), date(2026, 9, 27)), *run(date(2026, 10, 1), date(2026, 10, 7))],
    make_up=[date(2026, 9, 20), date(2026, 10, 10)],
)
dates = st.dates(date(2024, 1, 1), date(2028, 12, 31))
amounts = st.integers(0, 120)
sets = st.builds(Set, st.sets(dates, max_size=40), st.sets(dates, max_size=20))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_twenty_working_days_over_the_autumn_holidays_of_2026():
    assert add_working_days(date(2026, 9, 18), 20, AUTUMN) == date(2026, 10, 22)


def test_a_make_up_sunday_counts():
    assert add_working_days(date(2026, 9, 18), 1, AUTUMN) == date(2026, 9, 20)


def test_civil_code_203_a_limit_that_ends_on_a_rest_day_ends_on_the_next_working_day():
    assert add_calendar_days(date(2026, 9, 18), 15, AUTUMN) == date(2026, 10, 8)
    assert add_calendar_days(date(2026, 9, 18), 2, AUTUMN) == date(2026, 9, 20)


def test_working_days_left_and_overdue():
    assert working_days_between(date(2026, 9, 18), date(2026, 10, 22), AUTUMN) == 20
    assert working_days_between(date(2026, 10, 22), date(2026, 9, 18), AUTUMN) == -20
    assert working_days_between(date(2026, 9, 18), date(2026, 9, 18), AUTUMN) == 0


def test_negative_amounts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 1), -1, AUTUMN)
    with pytest.raises(ValueError, match="negative"):
        add_calendar_days(date(2026, 1, 1), -1, AUTUMN)
    with pytest.raises(ValueError, match="between"):
        Limit(-1, LimitUnit.HOURS)
    with pytest.raises(ValueError, match="between"):
        Limit(LONGEST + 1, LimitUnit.WORKING_DAYS)
    with pytest.raises(ValueError, match="weeks"):
        Limit(1, "weeks")


@given(dates, amounts, sets)
def test_civil_code_201_the_start_day_is_excluded(start, n, days):
    assert working_days_between(start, add_working_days(start, n, days), days) == n


@given(dates, st.integers(1, 120), sets)
def test_a_limit_ends_on_a_working_day(start, n, days):
    assert days.is_working(add_working_days(start, n, days))
    assert days.is_working(add_calendar_days(start, n, days))


@given(dates, amounts, sets)
def test_more_days_are_never_due_earlier(start, n, days):
    assert add_working_days(start, n + 1, days) > add_working_days(start, n, days)
    assert add_calendar_days(start, n + 1, days) >= add_calendar_days(start, n, days)


@given(dates, amounts, sets)
def test_starting_later_is_never_due_earlier(start, n, days):
    assert add_working_days(start + DAY, n, days) >= add_working_days(start, n, days)
    assert add_calendar_days(start + DAY, n, days) >= add_calendar_days(start, n, days)


@given(moments, amounts, st.sampled_from(LimitUnit), sets, dates)
def test_a_further_holiday_never_moves_a_due_time_earlier(start, n, unit, days, holiday):
    more = Set(days.rest | {holiday}, days.make_up - {holiday})
    assert due_of(Limit(n, unit), start, more).at >= due_of(Limit(n, unit), start, days).at


@given(moments, amounts, st.sampled_from(LimitUnit), sets)
def test_a_due_time_lies_on_its_day_and_never_before_the_start(start, n, unit, days):
    due = due_of(Limit(n, unit), start, days)
    assert due.at >= start
    assert business_date(due.at) == due.day


@given(dates, dates, dates, sets)
def test_working_days_add_up(a, b, c, days):
    assert working_days_between(a, b, days) + working_days_between(b, c, days) == working_days_between(
        a, c, days
    )


def test_days_are_those_of_the_hall():
    late_in_utc = datetime(2026, 9, 17, 16, 30, tzinfo=UTC)  # 00:30 on the 18th in the hall
    due = due_of(Limit(20, LimitUnit.WORKING_DAYS), late_in_utc, AUTUMN)
    assert due.day == date(2026, 10, 22)
    assert due.at == datetime(2026, 10, 22, 23, 59, 59, 999999, tzinfo=HALL_ZONE)
    assert not due.provisional


def test_at_once_means_the_same_business_day():
    due = due_of(Limit(0, LimitUnit.AT_ONCE), datetime(2026, 9, 18, 15, tzinfo=HALL_ZONE), AUTUMN)
    assert due.at == end_of_day(date(2026, 9, 18))


def test_hours_run_through_nights_and_rest_days():
    start = datetime(2026, 9, 30, 16, tzinfo=HALL_ZONE)
    assert due_of(Limit(24, LimitUnit.HOURS), start, AUTUMN).at == start + timedelta(hours=24)


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        (date(2026, 12, 28), Limit(3, LimitUnit.WORKING_DAYS), False),
        (date(2026, 12, 28), Limit(4, LimitUnit.WORKING_DAYS), True),
        (date(2026, 12, 28), Limit(3, LimitUnit.CALENDAR_DAYS), False),
        (date(2026, 12, 28), Limit(5, LimitUnit.CALENDAR_DAYS), True),
        (date(2026, 12, 31), Limit(48, LimitUnit.HOURS), False),
    ],
)
def test_a_due_time_that_counts_an_unpublished_year_is_provisional(start, limit, provisional):
    assert due_of(limit, start_of_day(start), AUTUMN).provisional is provisional


def test_a_calendar_limit_that_rolls_into_an_unpublished_year_is_provisional():
    days = Set(rest=[date(2026, 12, 31)])
    due = due_of(Limit(1, LimitUnit.CALENDAR_DAYS), start_of_day(date(2026, 12, 30)), days)
    assert due.day == date(2027, 1, 1)
    assert due.provisional


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        business_date(datetime(2026, 1, 1))  # noqa: DTZ001


def test_next_working_day_is_the_day_itself_when_it_works():
    assert next_working_day(date(2026, 9, 20), AUTUMN) == date(2026, 9, 20)
    assert next_working_day(date(2026, 10, 1), AUTUMN) == date(2026, 10, 8)
