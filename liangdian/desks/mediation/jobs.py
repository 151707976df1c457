"""What the clock does for agreements, every minute."""

from __future__ import annotations

from datetime import datetime

from liangdian.desks.mediation import services
from liangdian.platform.jobs.registry import every_minute


@every_minute("mediation.watch")
def watch_agreements(at: datetime) -> None:
    """Remind of obligations, ask for follow-up calls, warn before the court's window closes."""
    services.watch(at=at)
