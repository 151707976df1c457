"""What the clock does for placements, every minute."""

from __future__ import annotations

from datetime import datetime

from liangdian.desks.assistance import services
from liangdian.platform.jobs.registry import every_minute


@every_minute("assistance.watch")
def watch_placements(at: datetime) -> None:
    """Tell of the check-ups whose day has come."""
    services.watch(at=at)
