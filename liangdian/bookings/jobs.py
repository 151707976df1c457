"""What the clock does for appointments, every minute."""

from __future__ import annotations

from datetime import datetime

from liangdian.bookings import services
from liangdian.platform.jobs.registry import every_minute


@every_minute("bookings.sweep")
def look_after_bookings(at: datetime) -> None:
    """Free what was held too long, note who did not come, remind, and offer what is free."""
    services.expire_holds(at=at)
    services.note_missed(at=at)
    services.remind(at=at)
    services.offer_free_times(at=at)
