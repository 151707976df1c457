"""What the clock does for the API."""

from __future__ import annotations

from datetime import datetime

from liangdian.platform.api.answers import forget_old_answers
from liangdian.platform.jobs.registry import every_minute


@every_minute("api.answers")
def sweep_answers(at: datetime) -> None:
    """Delete kept answers after 24 hours."""
    forget_old_answers(at=at)
