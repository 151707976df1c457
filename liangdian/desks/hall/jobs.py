"""What the clock starts by itself in the hall."""

from __future__ import annotations

from datetime import datetime

from liangdian.desks.hall import services
from liangdian.platform.jobs.registry import every_minute


@every_minute("hall.end_days")
def end_days(at: datetime) -> None:
    """Close what is left of earlier business dates."""
    services.end_days(at=at)


@every_minute("hall.learn_paces")
def learn_paces(at: datetime) -> None:
    """Once an hour: how long things take lately, for the range on the slips."""
    if at.minute == 0:
        services.learn_paces(at=at)
