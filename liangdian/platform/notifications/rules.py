"""When a message may leave and when it is tried again. Pure: times in, times out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from liangdian.foundation.clock import HALL_ZONE

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)
GROWTH = 4  # 1, 4, 16, 64 and 256 minutes: given up after about six hours
STUCK_AFTER = timedelta(minutes=10)
TOO_LATE_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begin`` to ``end`` in hall time, over midnight when ``end`` is earlier. Equal: never quiet."""

    begin: time
    end: time

    @classmethod
    def read(cls, text: str) -> QuietHours:
        """``21:00-08:00``; empty means never. Raises ValueError for anything else."""
        if not text.strip():
            return cls(time(0), time(0))
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        return cls(begin, end)

    def holds(self, at: datetime) -> bool:
        """True when the moment ``at`` lies in the quiet hours; their end does not."""
        now = at.astimezone(HALL_ZONE).time()
        if self.begin <= self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def after(self, at: datetime) -> datetime:
        """``at`` itself, or the end of the quiet hours in which it lies."""
        if not self.holds(at):
            return at
        local = at.astimezone(HALL_ZONE)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return datetime.combine(day, self.end, tzinfo=HALL_ZONE).astimezone(at.tzinfo)

    def __str__(self) -> str:
        return "" if self.begin == self.end else f"{self.begin:%H:%M}–{self.end:%H:%M}"


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return FIRST_WAIT * GROWTH ** max(attempts - 1, 0)
