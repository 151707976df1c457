"""Moving an appointment in one act, cancelling it, and what becomes of it on the day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.bookings import selectors
from liangdian.bookings.models import Booking, WaitingEntry
from liangdian.bookings.rules import WrongState, check_in_reach, check_move, times_needed
from liangdian.bookings.services.record import (
    give_back,
    locked_booking,
    note,
    planned_run,
    save,
    share_resource,
    take_times,
)
from liangdian.bookings.services.taking import tell
from liangdian.bookings.states import AHEAD, CancelledBy, EventType, State, WaitState
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, Stale
from liangdian.foundation.text import clean


@transaction.atomic
def move(
    *, actor: Actor, booking_id: int, starts_at: datetime, resource_id: int | None = None, at: datetime,
    seen: int | None = None,
) -> Booking:  # fmt: skip
    """Give the appointment another time, or keep it as it is: there is nothing in between.

    ``resource_id``: another resource of the same kind and unit. ``seen``: the version on the screen.
    Raises NotFound, NotAllowed, WrongState, Invalid, Full, Stale.
    """
    old = Booking.objects.filter(pk=booking_id).values_list("resource", flat=True).first()
    resource = share_resource(resource_id or old or 0)
    booking = locked_booking(actor=actor, booking_id=booking_id)
    _check_seen(booking, seen)
    _check_ahead(booking, at=at, by_resident=actor.is_resident)
    alike = (resource.kind, resource.unit_id) == (booking.resource.kind, booking.unit_id)
    if resource.pk != booking.resource_id and (actor.is_resident or not alike):
        raise Invalid(_("Choose something of the same kind in the same unit."), field="resource")
    by_resident = actor.is_resident
    check_in_reach(
        starts_at, at=at, notice_minutes=resource.notice_minutes if by_resident else -resource.minutes,
        last_day=selectors.last_online_day(resource, at=at) if by_resident else None,
    )  # fmt: skip
    if (starts_at, resource.pk) == (booking.starts_at, booking.resource_id):
        raise Invalid(_("This is the time it has already. Choose another one."), field="starts_at")
    count = times_needed(
        items=booking.items, people=booking.people, minutes=resource.minutes,
        extra_minutes=booking.extra_minutes,
    )  # fmt: skip
    run = planned_run(resource, starts_at, count)
    before = {"from": booking.starts_at.isoformat(), "from_resource": booking.resource_id}
    booking.resource = resource
    take_times(booking, run, at=at)
    booking.starts_at, booking.ends_at = run[0].starts_at, run[-1].ends_at
    save(booking, "resource", "starts_at", "ends_at")
    event = note(booking, EventType.MOVED, actor=actor, at=at, **before, to=booking.starts_at.isoformat())
    if booking.state == State.CONFIRMED:
        tell(booking, "appointment_moved", f"moved:{event.pk}", at=at)
    return booking


def _check_seen(booking: Booking, seen: int | None) -> None:
    if seen is not None and seen != booking.version:
        raise Stale(_("This appointment was changed meanwhile. Look at it again."))


def _check_ahead(booking: Booking, *, at: datetime, by_resident: bool) -> None:
    if State(booking.state) not in AHEAD:
        raise WrongState(
            _("This appointment is “%(state)s”; that cannot be done with it any more.")
            % {"state": State(booking.state).label}
        )
    if by_resident and booking.starts_at <= at:
        raise WrongState(_("This appointment has begun. Please tell us at the window or by phone."))


@transaction.atomic
def cancel(*, actor: Actor, booking_id: int, reason: str, at: datetime, seen: int | None = None) -> Booking:
    """Cancel: the time is free again, the row stays with the reason. A resident need not give one.

    Raises NotFound, NotAllowed, WrongState, Invalid, Stale.
    """
    booking = locked_booking(actor=actor, booking_id=booking_id)
    _check_seen(booking, seen)
    _check_ahead(booking, at=at, by_resident=actor.is_resident)
    reason = clean(reason)
    if actor.is_resident:
        reason = reason or str(_("Cancelled by the resident"))
    if not reason or len(reason) > 300:
        raise Invalid(_("Write in at most 300 characters why it is cancelled."), field="reason")
    was = booking.state
    give_back(booking)
    booking.state, booking.ended_at, booking.cancel_reason = State.CANCELLED, at, reason
    booking.cancelled_by = CancelledBy.RESIDENT if actor.is_resident else CancelledBy.CENTRE
    save(booking, "state", "ended_at", "cancel_reason", "cancelled_by")
    note(booking, EventType.CANCELLED, actor=actor, at=at, reason=reason)
    WaitingEntry.objects.filter(offer=booking, state=WaitState.OFFERED).update(
        state=WaitState.LAPSED, ended_at=at
    )
    if was == State.CONFIRMED and not actor.is_resident:
        tell(booking, "appointment_cancelled", "cancelled", at=at, reason=reason)
    return booking


@transaction.atomic
def check_in(*, actor: Actor, booking_id: int, at: datetime) -> Booking:
    """The resident is here, also one who was noted as missing; only on the day (hall-local) itself.

    Checking in again changes nothing. For the kiosk the actor is the system. Raises NotFound, WrongState.
    """
    booking = locked_booking(actor=actor, booking_id=booking_id)
    if booking.state == State.ARRIVED:
        return booking
    check_move(booking.state, State.ARRIVED)
    if business_date(booking.starts_at) != business_date(at):
        raise WrongState(_("This appointment is on another day. Look at the date on it."))
    booking.state, booking.arrived_at = State.ARRIVED, at
    save(booking, "state", "arrived_at")
    note(booking, EventType.ARRIVED, actor=actor, at=at)
    return booking


@transaction.atomic
def finish(*, actor: Actor, booking_id: int, at: datetime) -> Booking:
    """The appointment took place; somebody who was not noted as here was here after all."""
    booking = locked_booking(actor=actor, booking_id=booking_id)
    if booking.state in {State.CONFIRMED, State.MISSED}:
        booking = check_in(actor=actor, booking_id=booking_id, at=at)
    check_move(booking.state, State.DONE)
    booking.state, booking.ended_at = State.DONE, at
    save(booking, "state", "ended_at")
    note(booking, EventType.DONE, actor=actor, at=at)
    return booking


@transaction.atomic
def mark_missed(*, actor: Actor, booking_id: int, at: datetime) -> Booking:
    """The resident did not come: noted from the end of the time of grace on. Raises WrongState."""
    booking = locked_booking(actor=actor, booking_id=booking_id)
    check_move(booking.state, State.MISSED)
    grace = timedelta(minutes=selectors.amount_in_force("missed.grace_minutes", at=booking.created_at))
    if at < booking.starts_at + grace:
        raise WrongState(
            _("Please wait for %(n)d minutes after the time before you note that nobody came.")
            % {"n": grace.seconds // 60}
        )
    booking.state, booking.ended_at = State.MISSED, at
    save(booking, "state", "ended_at")
    note(booking, EventType.MISSED, actor=actor, at=at)
    return booking
