"""What the clock starts by itself: the sweep of casework, every minute."""

from __future__ import annotations

from datetime import datetime

from liangdian.casework import services
from liangdian.platform.jobs.registry import every_minute


@every_minute("casework.sweep")
def sweep_cases(at: datetime) -> None:
    """Warn, escalate and close what is due at ``at``."""
    services.sweep(at=at)
