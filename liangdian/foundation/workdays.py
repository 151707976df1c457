"""Working-day arithmetic, pure: what is a working day is asked of a ``Days``.

The day on which a limit starts is not counted, and a limit in calendar days that ends on a rest day
ends on the next working day (Civil Code, Art. 201 and 203). A limit ends with its last day (Art. 203).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from liangdian.foundation.clock import HALL_ZONE, business_date, end_of_day
from liangdian.foundation.limits import Due, Limit, LimitUnit

ONE_DAY = timedelta(days=1)


class Days(Protocol):
    """A calendar: which days are working days, and whether that is published or only assumed."""

    def is_working(self, day: date) -> bool: ...

    def is_known(self, day: date) -> bool: ...


def next_working_day(day: date, days: Days) -> date:
    """``day`` itself when it is a working day, else the first working day after it."""
    while not days.is_working(day):
        day += ONE_DAY
    return day


def add_working_days(start: date, n: int, days: Days) -> date:
    """The ``n``-th working day after ``start``; ``start`` itself is not counted.

    Zero gives ``start``. Raises ValueError when ``n`` is negative, OverflowError past the year 9999.
    """
    if n < 0:
        raise ValueError("a number of days cannot be negative")
    day = start
    while n:
        day += ONE_DAY
        n -= days.is_working(day)
    return day


def add_calendar_days(start: date, n: int, days: Days) -> date:
    """``n`` calendar days after ``start``, moved on to the next working day (Civil Code, Art. 203).

    Raises ValueError when ``n`` is negative, OverflowError past the year 9999.
    """
    if n < 0:
        raise ValueError("a number of days cannot be negative")
    return next_working_day(start + timedelta(days=n), days)


def working_days_between(start: date, end: date, days: Days) -> int:
    """How many working days d there are with ``start`` < d <= ``end``; negative when ``end`` is earlier.

    With today as ``start`` and a due day as ``end`` this is the number of working days left
    (or, negative, overdue).
    """
    if end < start:
        return -working_days_between(end, start, days)
    span = (end - start).days
    return sum(days.is_working(start + timedelta(days=i)) for i in range(1, span + 1))


def due_of(limit: Limit, start: datetime, days: Days, zone: ZoneInfo = HALL_ZONE) -> Due:
    """When ``limit`` runs out if it starts at ``start``.

    AT_ONCE: with the business day of the start. HOURS: so many elapsed hours, nights and rest days
    included. WORKING_DAYS and CALENDAR_DAYS: with the last moment of their last day.
    Raises ValueError when ``start`` has no time zone.
    """
    first = business_date(start, zone)
    if limit.unit is LimitUnit.HOURS:
        at = start + timedelta(hours=limit.amount)
        return Due(at=at, day=business_date(at, zone), provisional=False)
    if limit.unit is LimitUnit.AT_ONCE:
        return Due(at=end_of_day(first, zone), day=first, provisional=False)
    if limit.unit is LimitUnit.WORKING_DAYS:
        last = add_working_days(first, limit.amount, days)
        provisional = not all_known(first + ONE_DAY, last, days)
    else:
        last = add_calendar_days(first, limit.amount, days)
        provisional = not all_known(first + timedelta(days=limit.amount), last, days)
    return Due(at=end_of_day(last, zone), day=last, provisional=provisional)


def all_known(first: date, last: date, days: Days) -> bool:
    """True when every day from ``first`` to ``last``, both included, is published."""
    return all(days.is_known(first + timedelta(days=i)) for i in range((last - first).days + 1))
