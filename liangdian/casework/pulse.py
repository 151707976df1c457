"""How the room is doing, as numbers for the people who run the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from liangdian.casework.models import Case
from liangdian.casework.states import IN_HAND, OPEN


@dataclass(frozen=True, slots=True)
class Pulse:
    """Open matters, those past their promise, and how long the oldest clock waits for the sweep."""

    open: int
    overdue: int
    sweep_lag: timedelta


def sweep_lag(*, at: datetime) -> timedelta:
    """How long the oldest clock that fell due has been waiting for the sweep. One query on an index."""
    oldest = Case.objects.filter(state__in=OPEN, next_due_at__lte=at).aggregate(oldest=Min("next_due_at"))
    return at - oldest["oldest"] if oldest["oldest"] is not None else timedelta()


def pulse_of(*, at: datetime) -> Pulse:
    """All numbers at ``at``. Two queries."""
    counted = Case.objects.filter(state__in=OPEN).aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(state__in=IN_HAND, due_at__lt=at, merged_into__isnull=True)),
    )
    return Pulse(open=counted["open"], overdue=counted["overdue"], sweep_lag=sweep_lag(at=at))
