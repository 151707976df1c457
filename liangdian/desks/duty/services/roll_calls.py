"""Calling the roll: by hand, and by itself ten minutes after shifts begin."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from liangdian.desks.duty import attendance, policy
from liangdian.desks.duty.models import RollCall, Shift
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.telling import tell, those_who
from liangdian.desks.duty.states import Presence
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import HALL_ZONE, business_date
from liangdian.platform.accounts import selectors as accounts
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

GRACE = timedelta(minutes=10)
LATEST = timedelta(minutes=70)  # a worker that stood still for an hour still calls the roll


@transaction.atomic
def call_roll(*, actor: Actor, unit_id: int, at: datetime) -> RollCall:
    """Write down who of those who should be on duty at ``at`` is signed in, and who is missing."""
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.CALL_ROLL, unit.path)
    return _call(unit, at, called_by_id=actor.user_id, opening=None)


def call_due_rolls(*, at: datetime) -> int:
    """Call the roll wherever shifts began ten minutes ago and none was called; how many were called.

    Safe to run again: one call for each beginning. Those in charge are told who is missing.
    """
    begun = (
        Shift.objects.standing()
        .filter(begins_at__lte=at - GRACE, begins_at__gt=at - LATEST, ends_at__gt=at)
        .values_list("unit_id", "begins_at")
        .distinct()
    )
    called = set(RollCall.objects.filter(opening__gt=at - LATEST).values_list("unit_id", "opening"))
    due = sorted(set(begun) - called)
    for unit_id, opening in due:
        with transaction.atomic():
            _call(organisation.unit_by_id(unit_id), at, called_by_id=SYSTEM.user_id, opening=opening)
    return len(due)


def _call(unit: Unit, at: datetime, *, called_by_id: int | None, opening: datetime | None) -> RollCall:
    lines = [
        line for line in attendance.today(unit, business_date(at), at) if line.state in ("present", "missing")
    ]
    lines = [line for line in lines if line.shift.begins_at <= at]
    row = RollCall(
        unit=unit, at=at, opening=opening, called_by_id=called_by_id,
        lines=[
            {"user": line.shift.user_id, "shift": line.shift.pk, "presence": line.presence.value}
            for line in lines
        ],
    )  # fmt: skip
    if opening is None:
        row.save()
    elif not RollCall.objects.bulk_create([row], ignore_conflicts=True) or row.pk is None:
        row = RollCall.objects.get(unit=unit, opening=opening)
    absent = sorted({line.shift.user_id for line in lines if line.presence == Presence.MISSING})
    if absent:
        names = accounts.users_by_ids(absent)
        local = at.astimezone(HALL_ZONE)
        tell(
            those_who(Act.CALL_ROLL, unit), kind="duty_missing",
            subject=f"{unit.name} {local:%Y-%m-%d %H:%M} · {'、'.join(names[i] for i in absent)}",
            url=f"/duty/today/?unit={unit.pk}", key=f"duty:roll:{unit.pk}:{opening or at:%Y%m%d%H%M%S}",
            at=at,
        )  # fmt: skip
    return row
