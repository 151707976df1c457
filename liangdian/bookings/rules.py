"""Pure rules of appointments: a day's times, how long an appointment is, what may be booked, no-shows.

Days and hours are hall-local; moments are aware.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from liangdian.bookings.states import NEXT, Channel, State
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Invalid, Refused

LONGEST = timedelta(hours=8)
MOST_PEOPLE = MOST_ITEMS = 20
MAKE_UP_WEEKDAY = 7


class WrongState(Refused):
    """The appointment is in a state in which this cannot be done."""

    code = "wrong-state"


class Full(Refused):
    """Nothing is free at that time any more."""

    code = "full"


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from ``opens`` up to ``closes`` on a weekday (0 Monday … 6 Sunday, 7 make-up working days).

    ``capacity`` appointments at the same time, of which at most so many by each channel.
    """

    weekday: int
    opens: time
    closes: time
    capacity: int
    hall: int
    phone: int
    online: int

    def share(self, channel: str) -> int:
        """How many of the places this channel may take."""
        return int(getattr(self, channel))


@dataclass(frozen=True, slots=True)
class Span:
    """One time of a day: places, and how many each channel may take of them."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    hall: int
    phone: int
    online: int


def check_hours(rows: Iterable[Hours], *, minutes: int) -> list[Hours]:
    """The week's hours in order. Raises Invalid for hours that are no hours, and for two that overlap."""
    ordered = sorted(rows, key=lambda row: (row.weekday, row.opens))
    for row in ordered:
        if not 0 <= row.weekday <= MAKE_UP_WEEKDAY:
            raise Invalid(_("Choose the day of the week from the list."), field="weekday")
        if _length(row) < timedelta(minutes=minutes):
            raise Invalid(
                _("These hours are too short for one appointment. Check both times."), field="closes"
            )
        if row.capacity < 1 or min(row.hall, row.phone, row.online) < 0:
            raise Invalid(_("At least one appointment must fit at a time."), field="capacity")
        if max(row.hall, row.phone, row.online) > row.capacity:
            raise Invalid(
                _("A channel cannot have more places than there are. Lower its share or raise the number."),
                field="capacity",
            )
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens < before.closes:
            raise Invalid(
                _("Two lines of hours overlap on the same day. Let one begin later."), field="opens"
            )
    return ordered


def _length(row: Hours) -> timedelta:
    any_day = date(2000, 1, 3)
    return datetime.combine(any_day, row.closes) - datetime.combine(any_day, row.opens)


def plan_day(
    day: date, *, weekday: int | None, hours: Iterable[Hours], minutes: int, closed: bool = False
) -> list[Span]:
    """The times of ``day``, each ``minutes`` long, in order; none on a holiday (``weekday`` None)."""
    if closed or weekday is None:
        return []
    step, found = timedelta(minutes=minutes), []
    for row in sorted(hours, key=lambda row: row.opens):
        if row.weekday != weekday:
            continue
        at = datetime.combine(day, row.opens, tzinfo=HALL_ZONE)
        end = datetime.combine(day, row.closes, tzinfo=HALL_ZONE)
        while at + step <= end:
            found.append(Span(at, at + step, row.capacity, row.hall, row.phone, row.online))
            at += step
    return found


def times_needed(*, items: int, people: int, minutes: int, extra_minutes: int = 0) -> int:
    """How many times in a row an appointment takes: items × people, and the way there and back.

    Raises Invalid for numbers outside 1–20 and for more than eight hours.
    """
    if not 1 <= items <= MOST_ITEMS:
        raise Invalid(_("Between 1 and 20 items fit into one appointment."), field="items")
    if not 1 <= people <= MOST_PEOPLE:
        raise Invalid(_("Between 1 and 20 people can come to one appointment."), field="people")
    if extra_minutes < 0:
        raise Invalid(_("The way cannot take less than no time."), field="travel_minutes")
    count = items * people + -(-extra_minutes // minutes)
    if count * timedelta(minutes=minutes) > LONGEST:
        raise Invalid(_("This is more than eight hours. Make two appointments of it."), field="items")
    return count


def run_from(spans: Sequence[Span], starts_at: datetime, count: int) -> list[Span]:
    """``count`` times in a row from ``starts_at``, without a gap; empty when the day has no such run."""
    first = next((i for i, span in enumerate(spans) if span.starts_at == starts_at), None)
    if first is None:
        return []
    run = list(spans[first : first + count])
    whole = len(run) == count and all(a.ends_at == b.starts_at for a, b in pairwise(run))
    return run if whole else []


def check_in_reach(starts_at: datetime, *, at: datetime, notice_minutes: int, last_day: date | None) -> None:
    """Raises Invalid for a time that has begun, begins too soon, or lies further ahead than ``last_day``."""
    if starts_at < at + timedelta(minutes=notice_minutes):
        raise Invalid(_("This time is too soon or over. Choose a later one."), field="starts_at")
    if last_day is not None and starts_at.astimezone(HALL_ZONE).date() > last_day:
        raise Invalid(_("This day is not open for booking yet. Choose an earlier one."), field="starts_at")


def check_move(old: str, new: State) -> None:
    """Raises WrongState unless an appointment may go from ``old`` to ``new``."""
    if new not in NEXT[State(old)]:
        raise WrongState(
            _("This appointment is “%(state)s”; that cannot be done with it any more.")
            % {"state": State(old).label}
        )


# Code → (amount, what it means). All local; each installation changes them in versions.
DEFAULTS: dict[str, int] = {
    "hold.minutes": 10,
    "online.open_at_once": 3,
    "missed.grace_minutes": 15,
    "missed.count": 3,
    "missed.within_days": 90,
    "missed.pause_days": 30,
    "reminder.hours": 24,
    "offer.minutes": 120,
}
HIGHEST = 10_000


def blocked_until(
    missed: Collection[datetime], *, count: int, within_days: int, pause_days: int
) -> datetime | None:
    """Until when somebody books no longer online: ``pause_days`` after the ``count``-th appointment missed
    within ``within_days``; None when there is no such series. A count of 0 switches the rule off.

    The window and the phone stay open: nobody is shut out (accessibility law, Art. 39).
    """
    if count < 1:
        return None
    ordered, until = sorted(missed), None
    for i in range(count - 1, len(ordered)):
        if ordered[i] - ordered[i - count + 1] <= timedelta(days=within_days):
            until = ordered[i] + timedelta(days=pause_days)
    return until


def free_places(span: Span, booked: dict[str, int], channel: str | None) -> int:
    """How many more appointments fit by ``channel`` (any when None), never below 0."""
    left = span.capacity - sum(booked.values())
    if channel is not None:
        left = min(left, int(getattr(span, Channel(channel).value)) - booked.get(channel, 0))
    return max(left, 0)
