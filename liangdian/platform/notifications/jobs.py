"""What the clock starts by itself: every minute the outbox is looked at, and a job sends what is due."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from liangdian.platform.jobs.registry import every_minute, job
from liangdian.platform.jobs.services import enqueue
from liangdian.platform.notifications import selectors, services

DELIVER = "notifications.deliver"
SECONDS = 45.0  # a run ends before the next minute's begins


@every_minute("notifications.outbox")
def look_at_outbox(at: datetime) -> None:
    """A slow mail server must not hold up the other clocks: sending is a job of its own."""
    services.mark_stuck(at=at)
    if selectors.is_due(at):
        enqueue(DELIVER)


@job(DELIVER, retries=1)
def deliver() -> None:
    """Send what is due now, for three quarters of a minute at most."""
    end = time.monotonic() + SECONDS
    services.deliver_due(at=datetime.now(UTC), go_on=lambda: time.monotonic() < end)
