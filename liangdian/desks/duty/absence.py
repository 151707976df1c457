"""Reads about leaves and closures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from liangdian.desks.duty import policy
from liangdian.desks.duty.models import Closure, Leave
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.states import LeaveState
from liangdian.desks.duty.wording import NO_SUCH_CORRECTION
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.registers.organisation.selectors import Unit

ANNOUNCED_AHEAD = timedelta(days=7)


def leaves_for(actor: Actor, unit: Unit, *, limit: int = 60) -> list[Leave]:
    """Leaves of this unit, undecided first: all for those who decide; else one's own and those one covers."""
    rows = Leave.objects.filter(unit=unit)
    if not policy.may(actor, Act.DECIDE, unit.path):
        rows = rows.filter(Q(user_id=actor.user_id) | Q(stand_in_id=actor.user_id))
    people = list(rows.select_related("user", "stand_in", "decided_by", "unit")[:limit])
    return sorted(people, key=lambda row: row.state != LeaveState.ASKED)


def leave_for(actor: Actor, leave_id: int) -> Leave:
    """One leave, for whom it concerns and for those who decide. Raises NotFound."""
    row = Leave.objects.select_related("unit", "user", "stand_in").filter(pk=leave_id).first()
    concerned = row is not None and actor.user_id in (row.user_id, row.stand_in_id)
    if row is None or not (concerned or policy.may(actor, Act.DECIDE, row.unit.path)):
        raise NotFound(NO_SUCH_CORRECTION)
    return row


def on_leave(first: date, last: date, *, user_ids: Iterable[int] | None = None) -> list[Leave]:
    """Approved leaves that touch these days, with people. One query."""
    rows = Leave.objects.filter(state=LeaveState.APPROVED, first_day__lte=last, last_day__gte=first)
    if user_ids is not None:
        rows = rows.filter(user_id__in=list(user_ids))
    return list(rows.select_related("user", "stand_in"))


def away_from(unit: Unit, day: date) -> list[Leave]:
    """Who of this unit is on leave on ``day``."""
    return [row for row in on_leave(day, day) if row.unit_id == unit.pk]


def closures_of(unit: Unit, *, limit: int = 60) -> list[Closure]:
    """What was announced here, newest first."""
    return list(_whole(Closure.objects.filter(unit=unit))[:limit])


def closures_announced(unit_ids: Iterable[int], at: datetime) -> list[Closure]:
    """Closures that hold at ``at`` or begin within seven days, for the board and the public page. One query.

    ``window`` None means the whole hall; ``reason`` is in the reader's language; ``until`` may be None.
    """
    rows = Closure.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at), Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        unit_id__in=list(unit_ids), begins_at__lte=at + ANNOUNCED_AHEAD,
    )  # fmt: skip
    return list(_whole(rows).order_by("begins_at", "pk"))


def closed_now(unit_id: int, at: datetime) -> list[Closure]:
    """Closures of this hall that hold at ``at``."""
    return [row for row in closures_announced([unit_id], at) if row.begins_at <= at]


def _whole(rows: QuerySet[Closure]) -> QuerySet[Closure]:
    return rows.select_related("unit", "window", "announced_by", "ended_by")
