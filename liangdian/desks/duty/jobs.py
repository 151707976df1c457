"""What the clock starts by itself: the roll calls."""

from __future__ import annotations

from datetime import datetime

from liangdian.desks.duty import services
from liangdian.platform.jobs.registry import every_minute


@every_minute("duty.call_rolls")
def call_rolls(at: datetime) -> None:
    """Call the roll where shifts began ten minutes ago."""
    services.call_due_rolls(at=at)
