"""The times of one resource on its days: what the hours say, joined with what is booked already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from liangdian.bookings.models import Closure, Opening, Resource, Slot
from liangdian.bookings.rules import Span, free_places, plan_day
from liangdian.foundation.clock import business_date, end_of_day, start_of_day
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.calendar.rules import weekday_of


@dataclass(frozen=True, slots=True)
class Time:
    """One time as it is offered: ``free`` places by the channel that was asked for."""

    span: Span
    booked: dict[str, int]
    free: int

    @property
    def starts_at(self) -> datetime:
        return self.span.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.span.ends_at

    @property
    def taken(self) -> int:
        return sum(self.booked.values())


def spans_of(resource: Resource, first: date, last: date) -> dict[date, list[Span]]:
    """What the hours say for each day from ``first`` to ``last``. Three queries at most."""
    rows = list(Opening.objects.filter(resource=resource))
    closed = set(
        Closure.objects.filter(resource=resource, day__range=(first, last)).values_list("day", flat=True)
    )
    return _planned(resource, [row.as_hours for row in rows], closed, first, last)


def _planned(
    resource: Resource, hours: Sequence[object], closed: set[date], first: date, last: date
) -> dict[date, list[Span]]:
    days, found = calendar.calendar_days(), {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        found[day] = plan_day(
            day, weekday=weekday_of(day, days), hours=hours, minutes=resource.minutes,  # type: ignore[arg-type]
            closed=day in closed,
        )  # fmt: skip
    return found


def times_of(
    resource: Resource, first: date, last: date, *, channel: str | None = None
) -> dict[date, list[Time]]:
    """The times of each day with what is booked and what is still free. Four queries at most.

    A time that is booked although the hours no longer hold it is shown as well.
    """
    slots = Slot.objects.filter(
        resource=resource, capacity__gt=0, starts_at__gte=start_of_day(first),
        starts_at__lte=end_of_day(last),
    )  # fmt: skip
    by_start = {slot.starts_at: slot for slot in slots}
    found: dict[date, list[Time]] = {}
    for day, spans in spans_of(resource, first, last).items():
        found[day] = [_time(span, by_start.pop(span.starts_at, None), channel) for span in spans]
    for slot in by_start.values():
        if any(slot.booked.values()):
            found[business_date(slot.starts_at)].append(_time(_span(slot), slot, channel))
    return {day: sorted(times, key=lambda time: time.starts_at) for day, times in found.items()}


def _span(slot: Slot) -> Span:
    return Span(slot.starts_at, slot.ends_at, slot.capacity, slot.hall, slot.phone, slot.online)


def _time(span: Span, slot: Slot | None, channel: str | None) -> Time:
    booked = slot.booked if slot is not None else {}
    return Time(span, booked, free_places(span, booked, channel))


def free_starts(times: Iterable[Time], *, count: int) -> list[Time]:
    """The times from which ``count`` in a row are free, with what is free in all of them."""
    ordered, found = list(times), []
    for i, first in enumerate(ordered):
        run = ordered[i : i + count]
        if len(run) < count or any(a.ends_at != b.starts_at for a, b in pairwise(run)):
            continue
        free = min(time.free for time in run)
        if free:
            found.append(Time(first.span, first.booked, free))
    return found
