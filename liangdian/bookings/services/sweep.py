"""What the clock does every minute: holds that ran out, reminders, those who did not come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from liangdian.bookings import messages, selectors
from liangdian.bookings.models import Booking
from liangdian.bookings.rules import check_move
from liangdian.bookings.services.record import expire, note, save
from liangdian.bookings.states import EventType, ResourceKind, State
from liangdian.foundation.actor import SYSTEM
from liangdian.platform.notifications.services import send_many
from liangdian.registers.people import selectors as people

AT_MOST = 500
# Whether somebody was in the room, or at home when he was visited, is not the clock's to say.
CAN_BE_MISSED = (ResourceKind.ITEM, ResourceKind.POST)


def expire_holds(*, at: datetime) -> int:
    """Free what was held too long, each in a transaction of its own. Returns how many."""
    stale = Booking.objects.filter(state=State.HELD, hold_until__lte=at).order_by("hold_until")[:AT_MOST]
    done = 0
    for booking_id in list(stale.values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Booking.objects.select_for_update(skip_locked=True, of=("self",))
            booking = rows.filter(pk=booking_id, state=State.HELD, hold_until__lte=at).first()
            if booking is not None:
                expire(booking, at=at)
                done += 1
    return done


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Remind those whose appointment begins within the rule's hours, naming the documents to bring.

    Once for each time: the row remembers for which begin, and so does the key in the outbox. Who booked
    later than that has just been told. Returns how many messages are new.
    """
    lead = timedelta(hours=selectors.amount_in_force("reminder.hours", at=at))
    due = Booking.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        Q(reminded_for__isnull=True) | ~Q(reminded_for=F("starts_at")),
        state=State.CONFIRMED, starts_at__gt=at, starts_at__lte=at + lead, resident__isnull=False,
        confirmed_at__lte=F("starts_at") - lead,
    )  # fmt: skip
    rows = list(due.select_related("resource", "unit", "item_version").order_by("starts_at")[:AT_MOST])
    known = people.reach_of({row.resident_id for row in rows if row.resident_id}) if rows else {}
    sent = send_many(
        messages.draft(
            row, "appointment_reminder", f"remind:{row.starts_at:%Y%m%dT%H%M}", at=at,
            reach=known[row.resident_id],
        )
        for row in rows if row.resident_id is not None
    )  # fmt: skip
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_for=F("starts_at"))
    return len(sent)


@transaction.atomic
def note_missed(*, at: datetime) -> int:
    """Note those who were expected at a window or for a talk and did not come. Returns how many."""
    grace = timedelta(minutes=selectors.amount_in_force("missed.grace_minutes", at=at))
    rows = Booking.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=State.CONFIRMED, ends_at__lte=at, starts_at__lte=at - grace,
        resource__kind__in=CAN_BE_MISSED,
    )  # fmt: skip
    found = list(rows.order_by("starts_at")[:AT_MOST])
    for booking in found:
        check_move(booking.state, State.MISSED)
        booking.state, booking.ended_at = State.MISSED, at
        save(booking, "state", "ended_at")
        note(booking, EventType.MISSED, actor=SYSTEM, at=at)
    return len(found)
