"""Working time to the minute, pure: how much of it lies between two moments, and when so much is over.

A pause stops a promise; what was left of it goes on afterwards, neither shortened nor lengthened.
For limits in working days that rest is counted in working time: the minutes in which the hall serves
on working days. Elapsed limits (hours, calendar days) go on by the elapsed time that was left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from liangdian.foundation.clock import HALL_ZONE, business_date, end_of_day
from liangdian.foundation.limits import Due, LimitUnit
from liangdian.foundation.workdays import ONE_DAY, Days, all_known

# The hours of one working day, in order and without overlap.
Hours = Callable[[date], list[tuple[time, time]]]
FARTHEST = 4_000  # days; a rest of working time that is not over by then is a broken calendar


def _spans(day: date, hours: Hours, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for opens, closes in hours(day):
        yield datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)


def working_time_between(
    start: datetime, end: datetime, hours: Hours, zone: ZoneInfo = HALL_ZONE
) -> timedelta:
    """The working time from ``start`` to ``end``; zero when ``end`` is not later."""
    total = timedelta()
    day, last = business_date(start, zone), business_date(end, zone)
    while day <= last:
        for opens, closes in _spans(day, hours, zone):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += ONE_DAY
    return total


def add_working_time(
    start: datetime, amount: timedelta, hours: Hours, zone: ZoneInfo = HALL_ZONE
) -> datetime:
    """The moment at which ``amount`` of working time from ``start`` is over.

    A rest that ends exactly with the hall's last minute ends with that whole day, as a limit in working
    days does (Civil Code, Art. 203). Raises ValueError when no working time comes for 4,000 days.
    """
    day = business_date(start, zone)
    for _step in range(FARTHEST):
        spans = list(_spans(day, hours, zone))
        for opens, closes in spans:
            here = max(closes - max(opens, start), timedelta())
            if amount > here or not here:
                amount -= here
                continue
            at = closes - (here - amount)
            return end_of_day(day, zone) if at == spans[-1][1] else at
        day += ONE_DAY
    raise ValueError("the calendar has no working time")


def resumed_due(
    *, due: Due, unit: LimitUnit, paused_at: datetime, resumed_at: datetime, days: Days, hours: Hours,
    zone: ZoneInfo = HALL_ZONE,
) -> Due:  # fmt: skip
    """When a promise that stood still from ``paused_at`` to ``resumed_at`` runs out now."""
    if unit is LimitUnit.WORKING_DAYS:
        left = working_time_between(paused_at, due.at, hours, zone)
        # Paused after the last working minute of its last day, it runs out with the day on which it goes on.
        at = end_of_day(business_date(resumed_at, zone), zone)
        if left:
            at = add_working_time(resumed_at, left, hours, zone)
    else:
        at = resumed_at + (due.at - paused_at)
    day = business_date(at, zone)
    counted = unit is LimitUnit.WORKING_DAYS and not all_known(business_date(resumed_at, zone), day, days)
    return Due(at=at, day=day, provisional=due.provisional or counted)
