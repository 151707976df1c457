"""What stands in an address: a day, a time of the hall's clock. Anything else counts as not given."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from liangdian.foundation.clock import HALL_ZONE

_TIME = "%Y-%m-%dT%H:%M"


def day_in(text: str, *, today: date) -> date:
    """The day in ``text`` (2026-09-21), ``today`` when there is none within two years of it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs((day - today).days) <= 730 else today


def time_in(text: str) -> datetime | None:
    """The moment in ``text`` (2026-09-21T09:00, hall time), None when it is none."""
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=HALL_ZONE)
    except ValueError:
        return None


def as_time(at: datetime) -> str:
    """The same text for an address or a form."""
    return at.astimezone(HALL_ZONE).strftime(_TIME)


def number_in(text: str) -> int | None:
    """A positive id, None when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def week_of(day: date) -> list[date]:
    """Monday to Sunday of the week in which ``day`` lies."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]
