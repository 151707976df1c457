"""Pure rules of the calendar: departures from Monday-to-Friday, tables of them, hours of service.

Nothing here needs a database, so ``liangdian due`` works before one exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

import chinese_calendar
from chinese_calendar import Holiday
from django.utils.translation import gettext as _

from liangdian.foundation.refused import Invalid
from liangdian.registers.calendar.kinds import Kind

FIRST_YEAR, LAST_YEAR = 1949, 2199
MAKE_UP_WEEKDAY = 7  # service hours of make-up working days, after Monday (0) to Sunday (6)

# Days of rest in every year (全国年节及纪念日放假办法, Art. 2): a table without one of them is not complete.
ALWAYS_REST = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))

LIBRARY_NAMES = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.national_day.value: "国庆节",
    Holiday.mid_autumn_festival.value: "中秋节",
    Holiday.anti_fascist_70th_day.value: "抗战胜利70周年",
}
LIBRARY_FIRST = min(chinese_calendar.holidays).year
LIBRARY_LAST = max(chinese_calendar.holidays).year


@dataclass(frozen=True, slots=True, order=True)
class Departure:
    """One day on which the calendar departs from Monday-to-Friday."""

    date: date
    kind: Kind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new table changes: days that come, days that go, and (old, new) pairs that differ."""

    added: tuple[Departure, ...]
    removed: tuple[Departure, ...]
    changed: tuple[tuple[Departure, Departure], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


class TableDays:
    """A calendar made of departures and of the years for which they are published.

    A year that is not published counts by weekday alone and its days are not known. ``version`` is the
    number of the newest table in it: a promise keeps the version it was computed with.
    """

    def __init__(self, departures: Mapping[date, Kind], years: Iterable[int], *, version: int = 0) -> None:
        self._departures = dict(departures)
        self._years = frozenset(years)
        self.version = version

    def is_working(self, day: date) -> bool:
        kind = self._departures.get(day)
        return day.weekday() < 5 if kind is None else kind == Kind.MAKE_UP

    def is_known(self, day: date) -> bool:
        return day.year in self._years

    def kind_of(self, day: date) -> Kind | None:
        """How ``day`` departs from Monday-to-Friday, or None when it does not."""
        return self._departures.get(day)


class LibraryDays(TableDays):
    """The table that comes with the product (package chinesecalendar, 2004 up to its last year).

    The library itself raises for a year that it does not have; here such a year is not known.
    """

    def __init__(self) -> None:
        years = range(LIBRARY_FIRST, LIBRARY_LAST + 1)
        departures = {d.date: d.kind for year in years for d in library_departures(year)}
        super().__init__(departures, years)


def library_departures(year: int) -> list[Departure]:
    """The departures of ``year`` as the library has them, in the order of their dates."""
    tables = ((Kind.HOLIDAY, chinese_calendar.holidays), (Kind.MAKE_UP, chinese_calendar.workdays))
    return sorted(
        Departure(day, kind, LIBRARY_NAMES.get(name, name))
        for kind, table in tables
        for day, name in table.items()
        if day.year == year
    )


def difference(old: Iterable[Departure], new: Iterable[Departure]) -> Difference:
    """What replacing ``old`` by ``new`` changes, each part in the order of dates."""
    before, after = {d.date: d for d in old}, {d.date: d for d in new}
    both = sorted(before.keys() & after.keys())
    return Difference(
        added=tuple(after[day] for day in sorted(after.keys() - before.keys())),
        removed=tuple(before[day] for day in sorted(before.keys() - after.keys())),
        changed=tuple((before[day], after[day]) for day in both if before[day] != after[day]),
    )


def check_year(year: int) -> None:
    """Raises Invalid for a year outside 1949-2199."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            _("The year must lie between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
            field="year",
        )


def check_table(year: int, rows: Iterable[Departure]) -> list[Departure]:
    """The rows of one year in the order of their dates.

    Raises Invalid for a day outside the year, a day that stands twice, a make-up day that is a
    working day anyway, and a table in which a day works that is a holiday in every year.
    """
    check_year(year)
    seen: dict[date, Departure] = {}
    for row in rows:
        _check_row(year, row)
        if row.date in seen:
            raise Invalid(_("%(date)s stands twice in the table.") % {"date": row.date}, field="table")
        seen[row.date] = row
    for month, day in ALWAYS_REST:
        if not _rests(date(year, month, day), seen):
            raise Invalid(
                _("The table is not complete: %(date)s is a holiday in every year and is missing.")
                % {"date": date(year, month, day)},
                field="table",
            )
    return [seen[day] for day in sorted(seen)]


def _rests(day: date, rows: Mapping[date, Departure]) -> bool:
    row = rows.get(day)
    return day.weekday() >= 5 if row is None else row.kind == Kind.HOLIDAY


def _check_row(year: int, row: Departure) -> None:
    if row.date.year != year:
        raise Invalid(
            _("%(date)s is not a day of %(year)d. Change that day in the table of its own year.")
            % {"date": row.date, "year": year},
            field="table",
        )
    if row.kind == Kind.MAKE_UP and row.date.weekday() < 5:
        raise Invalid(
            _("%(date)s is a working day anyway: only a Saturday or Sunday can be a make-up working day.")
            % {"date": row.date},
            field="table",
        )


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """One interval of service: from ``opens`` up to, not including, ``closes`` (hall-local)."""

    opens: time
    closes: time


def check_intervals(intervals: Iterable[Interval]) -> list[Interval]:
    """The intervals of one day in order. Raises Invalid when one ends before it begins or two overlap."""
    ordered = sorted(intervals)
    for interval in ordered:
        if interval.opens >= interval.closes:
            raise Invalid(
                _("Service from %(opens)s to %(closes)s ends before it begins.") % _words(interval),
                field="hours",
            )
    for first, second in pairwise(ordered):
        if second.opens < first.closes:
            raise Invalid(
                _("Service from %(opens)s to %(closes)s overlaps the interval before it.") % _words(second),
                field="hours",
            )
    return ordered


def _words(interval: Interval) -> dict[str, str]:
    return {"opens": f"{interval.opens:%H:%M}", "closes": f"{interval.closes:%H:%M}"}


def weekday_of(day: date, days: TableDays) -> int | None:
    """Which row of the service hours holds on ``day``: 0-6, 7 on a make-up day, None on a holiday.

    A Saturday or Sunday that is no holiday has its own hours, for halls that open at the weekend.
    """
    kind = days.kind_of(day)
    if kind == Kind.HOLIDAY:
        return None
    return MAKE_UP_WEEKDAY if kind == Kind.MAKE_UP else day.weekday()
