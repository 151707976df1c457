"""Writing appointments: the locks and their order, the times taken and given back, the history.

Order of locks everywhere: resource (shared), appointment, times by (resource, begin). So no two services
wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from liangdian.bookings import policy
from liangdian.bookings.days import spans_of
from liangdian.bookings.models import Booking, BookingEvent, Place, Resource, Slot, WaitingEntry
from liangdian.bookings.rules import Full, Span, check_move, run_from
from liangdian.bookings.states import EventType, State, WaitState
from liangdian.bookings.wording import NO_SUCH_BOOKING, NO_SUCH_RESOURCE, NOT_FREE
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound


def share_resource(resource_id: int) -> Resource:
    """The resource with its unit; its hours stay as they are until the transaction ends. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM bookings_resource WHERE id = %s FOR SHARE", [resource_id])
    found = Resource.objects.select_related("unit").filter(pk=resource_id).first()
    if found is None or not found.active:
        raise NotFound(NO_SUCH_RESOURCE)
    return found


def locked_booking(*, actor: Actor, booking_id: int) -> Booking:
    """The appointment, locked, if it exists for this actor and he makes appointments there."""
    rows = Booking.objects.select_for_update(of=("self",)).select_related("resource", "unit")
    if not actor.is_resident:
        rows = rows.filter(policy.bookings_visible_to(actor))
    found = rows.filter(pk=booking_id).first()
    if found is None:
        raise NotFound(NO_SUCH_BOOKING)
    if not actor.is_resident:
        policy.require_book(actor, path=found.unit.path)
    return found


def planned_run(resource: Resource, starts_at: datetime, count: int) -> list[Span]:
    """``count`` times in a row of the resource's hours from ``starts_at``. Raises Invalid."""
    day = business_date(starts_at)
    run = run_from(spans_of(resource, day, day)[day], starts_at, count)
    if not run:
        raise Invalid(NOT_FREE, field="starts_at")
    return run


def take_times(booking: Booking, spans: Sequence[Span], *, at: datetime) -> None:
    """Let the appointment take exactly these times instead of what it had. Raises Full.

    Holds on them whose end has come go first. The database counts and refuses one too many; what is
    refused here is only said in better words.
    """
    starts = [span.starts_at for span in spans]
    stale = _stale_holds(booking, starts, at=at)
    Slot.objects.bulk_create(
        [
            Slot(
                resource_id=booking.resource_id, starts_at=span.starts_at, ends_at=span.ends_at,
                capacity=span.capacity, hall=span.hall, phone=span.phone, online=span.online,
            )
            for span in spans
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    new = Slot.objects.filter(resource=booking.resource_id, starts_at__in=starts, capacity__gt=0)
    _lock_times([booking, *stale], *new.values_list("pk", flat=True))
    for old in stale:
        expire(old, at=at)
    _give_back(booking)
    wanted = list(new.order_by("starts_at"))
    if [(slot.starts_at, slot.ends_at) for slot in wanted] != [(s.starts_at, s.ends_at) for s in spans]:
        raise Full(NOT_FREE, field="starts_at")
    for slot in wanted:
        share = int(getattr(slot, booking.channel))
        if sum(slot.booked.values()) >= slot.capacity or slot.booked[booking.channel] >= share:
            raise Full(NOT_FREE, field="starts_at")
    Place.objects.bulk_create([Place(booking=booking, slot=slot, channel=booking.channel) for slot in wanted])


def _lock_times(bookings: Iterable[Booking], *slot_ids: int) -> None:
    """Lock the times of these appointments and these other times together, in their order."""
    had = Place.objects.filter(booking__in=list(bookings), active=True).values_list("slot", flat=True)
    rows = Slot.objects.select_for_update().filter(pk__in={*had, *slot_ids})
    list(rows.order_by("resource_id", "starts_at", "pk").values_list("pk"))


def give_back(booking: Booking) -> None:
    """Give the appointment's times back."""
    _lock_times([booking])
    _give_back(booking)


def _give_back(booking: Booking) -> None:
    Place.objects.filter(booking=booking, active=True).update(active=False)


def _stale_holds(booking: Booking, starts: Sequence[datetime], *, at: datetime) -> list[Booking]:
    """Holds of others on these times whose end has come, locked; those at work elsewhere are left alone."""
    on_these = Place.objects.filter(
        active=True, slot__resource=booking.resource_id, slot__starts_at__in=starts
    ).values("booking")
    rows = Booking.objects.select_for_update(skip_locked=True, of=("self",)).exclude(pk=booking.pk)
    return list(rows.filter(state=State.HELD, hold_until__lte=at, pk__in=on_these).order_by("pk"))


def expire(booking: Booking, *, at: datetime) -> None:
    """A locked hold ran out."""
    check_move(booking.state, State.EXPIRED)
    give_back(booking)
    booking.state, booking.ended_at = State.EXPIRED, at
    save(booking, "state", "ended_at")
    note(booking, EventType.EXPIRED, actor=None, at=at)
    # Who did not answer an offer in time is off the list; the next one gets the time.
    WaitingEntry.objects.filter(offer=booking, state=WaitState.OFFERED).update(
        state=WaitState.LAPSED, ended_at=at
    )


def save(booking: Booking, *fields: str) -> None:
    """Write the changed columns and the next version."""
    booking.version += 1
    booking.save(update_fields=[*fields, "version"])


def note(
    booking: Booking, kind: EventType, *, actor: Actor | None, at: datetime, **data: object
) -> BookingEvent:
    """Add one line to the appointment's history."""
    by_resident = actor is not None and actor.is_resident
    return BookingEvent.objects.create(
        booking=booking, type=kind, at=at, actor_id=actor.user_id if actor else None,
        by_resident=by_resident, data=data,
    )  # fmt: skip
