"""Pure arithmetic of time on duty: spans, what they cover, what is missing. No clock, no database.

A span is a pair of moments, its end not included. The hall's zone knows no summer time, so an hour of the
clock on the wall is always an hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from liangdian.foundation.clock import HALL_ZONE

Span = tuple[datetime, datetime]
LONGEST_SHIFT = timedelta(hours=16)
MINUTE = timedelta(minutes=1)
# Who has not signed out by then forgot it; the time is not counted until a correction says when he left.
LONGEST_STRETCH = timedelta(hours=18)


def span_of(day: date, starts: time, ends: time, zone: ZoneInfo = HALL_ZONE) -> Span:
    """From ``starts`` to ``ends`` of ``day``; an end at or before the start lies on the next day."""
    last = day + timedelta(days=1) if ends <= starts else day
    return datetime.combine(day, starts, zone), datetime.combine(last, ends, zone)


def union(spans: Iterable[Span]) -> list[Span]:
    """The same moments as spans in order that neither overlap nor touch; empty ones are left out."""
    joined: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def common(first: Iterable[Span], second: Iterable[Span]) -> list[Span]:
    """The moments that lie in both."""
    others = union(second)
    return union((max(a, c), min(b, d)) for a, b in union(first) for c, d in others)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The moments of ``spans`` that lie in none of ``taken``."""
    left = union(spans)
    for begin, end in union(taken):
        left = [part for a, b in left for part in ((a, min(b, begin)), (max(a, end), b)) if part[0] < part[1]]
    return left


def minutes(spans: Iterable[Span]) -> int:
    """Whole minutes in ``spans``; moments covered twice count once."""
    return sum((end - begin for begin, end in union(spans)), timedelta()) // MINUTE


def overlaps(span: Span, others: Iterable[Span]) -> bool:
    """True when ``span`` shares a moment with one of ``others``; touching ends share none."""
    return any(span[0] < end and begin < span[1] for begin, end in others)


def days_of(month: date) -> Iterator[date]:
    """Every day of the month in which ``month`` lies."""
    day = month.replace(day=1)
    while day.month == month.month:
        yield day
        day += timedelta(days=1)


def next_month(month: date) -> date:
    """The first day of the month after the one in which ``month`` lies."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before the one in which ``month`` lies."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def clash(spans: Iterable[Span]) -> bool:
    """True when two of ``spans`` overlap."""
    return any(second[0] < first[1] for first, second in pairwise(sorted(spans)))


@dataclass(frozen=True, slots=True)
class Said:
    """One mark: ``inward`` is "I am here", otherwise "I am leaving". ``window_id`` None: in the hall."""

    at: datetime
    inward: bool
    window_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one "I am here" to its "I am leaving"; ``end`` is None while that was not said."""

    begin: datetime
    end: datetime | None
    window_id: int | None

    def span(self) -> Span | None:
        """The time that counts, None as long as the end was not said."""
        return (self.begin, self.end) if self.end is not None else None

    def up_to(self, at: datetime) -> Span | None:
        """The same, an open one counted until ``at`` as long as nobody can have forgotten its end."""
        if self.end is not None:
            return self.begin, min(self.end, at)
        return (self.begin, at) if timedelta() <= at - self.begin <= LONGEST_STRETCH else None


def stretches(said: Iterable[Said]) -> list[Stretch]:
    """What one person's marks say, in order. Nothing is guessed: "I am leaving" ends the last "I am here"
    of the 18 hours before it and is otherwise without effect; "I am here" said twice leaves the first open.
    """
    found: list[Stretch] = []
    opened: Said | None = None
    for mark in sorted(said, key=lambda each: (each.at, not each.inward)):
        if mark.inward:
            if opened is not None:
                found.append(Stretch(opened.at, None, opened.window_id))
            opened = mark
        elif opened is not None and mark.at - opened.at <= LONGEST_STRETCH:
            found.append(Stretch(opened.at, mark.at, opened.window_id))
            opened = None
    if opened is not None:
        found.append(Stretch(opened.at, None, opened.window_id))
    return found
