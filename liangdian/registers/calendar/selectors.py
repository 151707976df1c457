"""Reading the calendar: which days are working days, which years are published, when the hall serves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date, datetime
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from django.db import connection

from liangdian.foundation.clock import HALL_ZONE, business_date
from liangdian.registers.calendar.kinds import Kind
from liangdian.registers.calendar.models import CalendarDay, CalendarLoad, CalendarYear, ServiceHours
from liangdian.registers.calendar.rules import Departure, Interval, TableDays, weekday_of

_SHOWN_SECONDS = 60
_cached: tuple[tuple[int, ...], TableDays] | None = None
_looked_at = 0.0


def shown_days() -> TableDays:
    """The calendar for showing how many days are left: at most a minute old, usually without a query."""
    if _cached is not None and time.monotonic() - _looked_at < _SHOWN_SECONDS:
        return _cached[1]
    return calendar_days()


def calendar_days() -> TableDays:
    """The calendar in force, as ``foundation.workdays.Days``. One query; two more after a change.

    What promises are computed with. Kept in the process as long as no year has another version. A year
    without a table counts by weekday and is not known, so what is counted with it is provisional.
    """
    global _cached, _looked_at
    _looked_at = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT version, year FROM calendar_calendaryear ORDER BY version")
        years = cursor.fetchall()
    versions = tuple(version for version, _year in years)
    if _cached is None or _cached[0] != versions:
        rows = CalendarDay.objects.values_list("date", "kind")
        days = TableDays(
            {day: Kind(kind) for day, kind in rows},
            [year for _version, year in years],
            version=max(versions, default=0),
        )
        _cached = (versions, days)
    return _cached[1]


def days_with(year: int, rows: Iterable[Departure]) -> TableDays:
    """The calendar as it would be with ``rows`` as the table of ``year``; nothing is kept."""
    others = CalendarDay.objects.exclude(date__year=year).values_list("date", "kind")
    departures = {day: Kind(kind) for day, kind in others} | {row.date: row.kind for row in rows}
    return TableDays(departures, {*years(), year}, version=calendar_version())


def loads_of(year: int, *, limit: int = 20) -> list[CalendarLoad]:
    """Who loaded the table of ``year``, when and from what, newest first."""
    return list(CalendarLoad.objects.filter(year=year).order_by("-pk")[:limit])


def calendar_version(year: int | None = None) -> int:
    """The version of the whole calendar, or of one year's table; 0 when there is none."""
    years = CalendarYear.objects.all() if year is None else CalendarYear.objects.filter(year=year)
    return years.order_by("-version").values_list("version", flat=True).first() or 0


def loads_after(version: int) -> list[CalendarLoad]:
    """What changed since ``version``, oldest first: the explanation of a date that moved."""
    return list(CalendarLoad.objects.filter(pk__gt=version).order_by("pk"))


def year_record(year: int) -> CalendarYear | None:
    """The published year, or None when it is provisional."""
    return CalendarYear.objects.filter(year=year).first()


def years() -> list[int]:
    """The published years in order."""
    return list(CalendarYear.objects.order_by("year").values_list("year", flat=True))


def departures(year: int) -> list[Departure]:
    """The days of ``year`` that depart from Monday-to-Friday, in order."""
    rows = CalendarDay.objects.filter(date__year=year).order_by("date")
    return [Departure(row.date, Kind(row.kind), row.name) for row in rows]


def service_hours(scope: str = "") -> dict[int, list[Interval]]:
    """The week's intervals of ``scope`` by weekday (7 = make-up working days); empty when none are set."""
    week: dict[int, list[Interval]] = {}
    for row in ServiceHours.objects.filter(scope=scope).order_by("weekday", "opens"):
        week.setdefault(row.weekday, []).append(Interval(row.opens, row.closes))
    return week


def hours_on(day: date, scope: str = "") -> list[Interval]:
    """The intervals in which ``scope`` serves on ``day``; none on a holiday.

    A scope without hours of its own has those of the centre.
    """
    weekday = weekday_of(day, calendar_days())
    if weekday is None:
        return []
    week = service_hours(scope) or (service_hours() if scope else {})
    return week.get(weekday, [])


def working_hours(scope: str = "") -> Callable[[date], list[tuple[time_of_day, time_of_day]]]:
    """The hours of any working day, read once, for ``foundation.worktime``. Two queries.

    A centre without hours counts whole working days.
    """
    days, week = calendar_days(), service_hours(scope) or (service_hours() if scope else {})

    def hours(day: date) -> list[tuple[time_of_day, time_of_day]]:
        if not days.is_working(day):
            return []
        weekday = weekday_of(day, days)
        intervals = week.get(weekday, []) if weekday is not None else []
        return [(i.opens, i.closes) for i in intervals] or [(time_of_day.min, time_of_day.max)]

    return hours


def is_open(at: datetime, scope: str = "", zone: ZoneInfo = HALL_ZONE) -> bool:
    """True when ``scope`` serves at the moment ``at`` (the closing minute is no longer open)."""
    clock = at.astimezone(zone).time()
    return any(i.opens <= clock < i.closes for i in hours_on(business_date(at, zone), scope))
