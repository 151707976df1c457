"""The hall's clock: moments are stored in UTC, business dates are those of the hall."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

HALL_ZONE = ZoneInfo("Asia/Shanghai")


def business_date(at: datetime, zone: ZoneInfo = HALL_ZONE) -> date:
    """The date on the hall's wall at the moment ``at``. Raises ValueError for a moment without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo = HALL_ZONE) -> datetime:
    """The first moment of ``day`` in the hall."""
    return datetime.combine(day, time.min, tzinfo=zone)


def end_of_day(day: date, zone: ZoneInfo = HALL_ZONE) -> datetime:
    """The last microsecond of ``day`` in the hall: the moment at which a limit in days runs out."""
    return datetime.combine(day, time.max, tzinfo=zone)
