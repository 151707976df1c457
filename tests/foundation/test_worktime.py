"""Working time to the minute: what a pause stops and what goes on afterwards."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from liangdian.foundation.clock import HALL_ZONE, end_of_day
from liangdian.foundation.limits import Due, Limit, LimitUnit
from liangdian.foundation.workdays import due_of
from liangdian.foundation.worktime import add_working_time, resumed_due, working_time_between

MORNING, AFTERNOON = (time(9), time(12)), (time(13, 30), time(17))
DAY = timedelta(hours=6, minutes=30)


class Weekdays:
    """Monday to Friday, all published; the first of October rests."""

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and (day.month, day.day) != (10, 1)

    def is_known(self, day: date) -> bool:
        return day.year == 2026


def hours(day: date) -> list[tuple[time, time]]:
    return [MORNING, AFTERNOON] if Weekdays().is_working(day) else []


def at(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HALL_ZONE)


def test_only_the_hours_of_the_hall_count() -> None:
    assert working_time_between(at(18, 10), at(18, 11), hours) == timedelta(hours=1)
    assert working_time_between(at(18, 11), at(18, 14), hours) == timedelta(hours=1, minutes=30)
    # Friday at four to Monday at ten: one hour and one hour.
    assert working_time_between(at(18, 16), at(21, 10), hours) == timedelta(hours=2)
    assert working_time_between(at(19, 9), at(20, 17), hours) == timedelta()
    assert working_time_between(at(21, 10), at(18, 16), hours) == timedelta()


def test_a_rest_that_ends_with_the_last_minute_ends_with_the_whole_day() -> None:
    assert add_working_time(at(18, 9), DAY, hours) == end_of_day(date(2026, 9, 18))
    assert add_working_time(at(18, 10), DAY, hours) == at(21, 10)


def paused(unit: LimitUnit, amount: int, start: datetime, stop: datetime, again: datetime) -> Due:
    due = due_of(Limit(amount, unit), start, Weekdays(), HALL_ZONE)
    return resumed_due(due=due, unit=unit, paused_at=stop, resumed_at=again, days=Weekdays(), hours=hours)


def test_three_whole_days_of_pause_move_a_promise_by_three_working_days() -> None:
    # Promised for Friday the 25th; Monday ten o'clock to Thursday ten o'clock does not count.
    due = paused(LimitUnit.WORKING_DAYS, 5, at(18, 10), at(21, 10), at(24, 10))
    assert due.at == end_of_day(date(2026, 9, 30))


def test_a_pause_of_ninety_minutes_moves_it_by_ninety_minutes_of_work() -> None:
    due = paused(LimitUnit.WORKING_DAYS, 1, at(21, 9), at(22, 9), at(22, 10, 30))
    assert due.at == at(23, 10, 30)


def test_hours_and_calendar_days_go_on_by_the_clock() -> None:
    assert paused(LimitUnit.HOURS, 2, at(18, 10), at(18, 11), at(19, 11)).at == at(19, 12)
    due = paused(LimitUnit.CALENDAR_DAYS, 7, at(18, 10), at(20, 0), at(21, 0))
    assert due.at == end_of_day(date(2026, 9, 26))


def test_a_rest_that_reaches_into_an_unpublished_year_is_provisional() -> None:
    due = paused(LimitUnit.WORKING_DAYS, 2, at(30, 10, month=12), at(30, 11, month=12), at(31, 11, month=12))
    assert due.provisional


MOMENTS = st.datetimes(
    min_value=datetime(2026, 3, 2),  # noqa: DTZ001 (Hypothesis adds the zone)
    max_value=datetime(2026, 8, 30),  # noqa: DTZ001
    timezones=st.just(HALL_ZONE),
)
SHORT = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=30))


@given(start=MOMENTS, wait=SHORT, stand=SHORT, amount=st.integers(1, 20))
def test_the_working_time_before_and_after_a_pause_is_what_was_promised(
    start: datetime, wait: timedelta, stand: timedelta, amount: int
) -> None:
    due = due_of(Limit(amount, LimitUnit.WORKING_DAYS), start, Weekdays(), HALL_ZONE)
    stop, again = start + wait, start + wait + stand
    left = working_time_between(stop, due.at, hours)
    assume(left)
    moved = resumed_due(
        due=due, unit=LimitUnit.WORKING_DAYS, paused_at=stop, resumed_at=again, days=Weekdays(), hours=hours
    )
    assert working_time_between(again, moved.at, hours) == left
    assert moved.at >= due.at


@given(start=MOMENTS, amount=st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=20)))
def test_adding_and_measuring_working_time_agree(start: datetime, amount: timedelta) -> None:
    assert working_time_between(start, add_working_time(start, amount, hours), hours) == amount
