"""Hours promised against hours kept, by window; hours planned against hours kept, by person.

Every figure stands beside what it is counted from. Minutes, hall-local days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Q

from liangdian.desks.duty import attendance, selectors
from liangdian.desks.duty.allowances import Kept
from liangdian.desks.duty.models import Closure, Shift
from liangdian.desks.duty.rules import (
    Span,
    Stretch,
    common,
    days_of,
    minutes,
    month_before,
    next_month,
    union,
    without,
)
from liangdian.foundation.clock import business_date, start_of_day
from liangdian.foundation.workdays import ONE_DAY
from liangdian.registers.calendar.rules import MAKE_UP_WEEKDAY, TableDays, weekday_of
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit, Window

REMEMBERED = 6 * 3600  # seconds that the figures of a finished month are kept; corrections can still come


@dataclass(frozen=True, slots=True)
class Share:
    """Minutes kept of minutes promised. ``closed``: how many of the others were announced as closed."""

    promised: int
    kept: int
    closed: int = 0

    @property
    def percent(self) -> float | None:
        """In percent to one place; None when nothing was promised."""
        return round(100 * self.kept / self.promised, 1) if self.promised else None

    @property
    def promised_hours(self) -> float:
        return round(self.promised / 60, 1)

    @property
    def kept_hours(self) -> float:
        return round(self.kept / 60, 1)

    @property
    def closed_hours(self) -> float:
        return round(self.closed / 60, 1)

    def __add__(self, other: Share) -> Share:
        return Share(self.promised + other.promised, self.kept + other.kept, self.closed + other.closed)


def kept_at_windows(unit: Unit, month: date, at: datetime) -> list[tuple[Window, Share]]:
    """Each window of ``unit``: hours promised in ``month`` up to ``at`` and how many of them were kept.

    Kept is the time in which at least one person was signed in at that window and it was not announced as
    closed. At most seven queries.
    """
    windows = organisation.windows_of(unit)
    first, end = start_of_day(month.replace(day=1)), start_of_day(next_month(month))
    marks = attendance.stretches_between(first - ONE_DAY, end, unit_id=unit.pk)
    staffed: dict[int | None, list[Span]] = {}
    for found in marks.values():
        for stretch in found:
            span = stretch.up_to(at)
            if span is not None:
                staffed.setdefault(stretch.window_id, []).append(span)
    promised = selectors.promised_hours(window.pk for window in windows)
    closures = list(Closure.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=first), unit=unit, begins_at__lt=end
    ))  # fmt: skip
    return [(w, _share(w, month, at, promised, staffed.get(w.pk, []), closures)) for w in windows]


def _share(
    window: Window, month: date, at: datetime, promised: selectors.Promised, staffed: list[Span],
    closures: list[Closure],
) -> Share:  # fmt: skip
    spans = [span for day in days_of(month) for span in promised.spans(window.pk, day)]
    due = [(begin, min(end, at)) for begin, end in spans]
    shut = [
        (row.begins_at, row.until or at)
        for row in closures
        if row.window_id in (None, window.pk) and not row.called_off
    ]
    return Share(minutes(due), minutes(common(due, without(staffed, shut))), minutes(common(due, shut)))


def recorded(unit: Unit, month: date) -> bool:
    """True when people signed in here in that month or before: without marks nothing can be said."""
    first = attendance.first_days().get(unit.pk)
    return first is not None and first < next_month(month)


def month_total(unit: Unit, month: date, at: datetime) -> Share:
    """All windows of a unit together. A finished month is remembered for six hours."""
    key = f"duty:kept:{unit.pk}:{month:%Y%m}"
    finished = at >= start_of_day(next_month(month))
    known = cache.get(key) if finished else None
    if known is not None:
        return Share(*known)
    total = sum((share for _window, share in kept_at_windows(unit, month, at)), Share(0, 0))
    if finished:
        cache.set(key, (total.promised, total.kept, total.closed), REMEMBERED)
    return total


def year_total(at: datetime) -> Share:
    """All windows of all units in the last twelve finished months in which anybody signed in.

    Months before the first mark are left out: nothing was recorded then, so nothing can be said.
    """
    total, month = Share(0, 0), business_date(at).replace(day=1)
    begun = attendance.first_days()
    units = organisation.units_by_ids(begun)
    for _n in range(12):
        month = month_before(month)
        for unit_id, unit in units.items():
            if begun[unit_id] < next_month(month):
                total += month_total(unit, month, at)
    return total


@dataclass(frozen=True, slots=True)
class Hours:
    """One person at one window (None: in the hall) in a month, in minutes. ``beyond``: outside his shifts."""

    user_id: int
    window_id: int | None
    scheduled: int
    kept: int
    beyond: int
    days: int


@dataclass(frozen=True, slots=True)
class MonthOfPeople:
    """What everybody kept in a month, by window and by day."""

    hours: list[Hours]
    days: list[Kept]


def kept_by_people(unit: Unit, month: date, at: datetime) -> MonthOfPeople:
    """Shifts of ``month`` against what people said. Kept is what lies in one's own shifts. Four queries.

    A person who helps at the neighbouring window keeps his shift all the same: what counts is that he was
    signed in here. An end that was never said counts nothing.
    """
    first, end = start_of_day(month.replace(day=1)), start_of_day(next_month(month))
    marks = attendance.stretches_between(first, end - ONE_DAY / 86400, unit_id=unit.pk)
    rows = Shift.objects.standing().filter(unit=unit, day__gte=first.date(), day__lt=end.date())
    shifts: dict[int, list[Shift]] = {}
    for shift in rows:
        shifts.setdefault(shift.user_id, []).append(shift)
    days = selectors.promised_hours(()).days
    found = MonthOfPeople([], [])
    for user_id in sorted({*shifts, *marks}):
        present = _closed(marks.get(user_id, []), at)
        _count(found, user_id, shifts.get(user_id, []), present, days)
    return found


def _closed(found: Iterable[Stretch], at: datetime) -> dict[int | None, list[Span]]:
    """The time that counts, by window."""
    spans: dict[int | None, list[Span]] = {}
    for stretch in found:
        span = stretch.span()
        if span is not None and span[1] <= at:
            spans.setdefault(stretch.window_id, []).append(span)
    return spans


def _count(
    found: MonthOfPeople, user_id: int, shifts: list[Shift], present: dict[int | None, list[Span]],
    days: TableDays,
) -> None:  # fmt: skip
    here = union(span for spans in present.values() for span in spans)
    planned = [shift.span for shift in shifts]
    for window_id in sorted({*present, *(s.window_id for s in shifts)}, key=lambda w: (w is None, w or 0)):
        own = [shift for shift in shifts if shift.window_id == window_id]
        kept = [(shift.day, common([shift.span], here)) for shift in own]
        beyond = without(present.get(window_id, []), planned)
        found.hours.append(
            Hours(
                user_id, window_id, minutes(shift.span for shift in own),
                sum(minutes(spans) for _day, spans in kept), minutes(beyond),
                len({day for day, spans in kept if spans}),
            )
        )  # fmt: skip
    for day in sorted({shift.day for shift in shifts}):
        spans = [span for shift in shifts if shift.day == day for span in common([shift.span], here)]
        found.days.append(Kept(user_id, day, minutes(spans), is_rest(day, days)))


def is_rest(day: date, days: TableDays) -> bool:
    """A holiday, or a weekend that is no make-up working day."""
    weekday = weekday_of(day, days)
    return weekday is None or (weekday != MAKE_UP_WEEKDAY and weekday >= 5)
