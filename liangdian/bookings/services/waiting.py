"""The waiting list: who comes first is offered first, for a limited time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.bookings import policy, selectors
from liangdian.bookings.models import WaitingEntry
from liangdian.bookings.rules import Full, times_needed
from liangdian.bookings.services.record import share_resource
from liangdian.bookings.services.taking import Person, Wish, hold, tell
from liangdian.bookings.states import Channel, WaitState
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date, start_of_day
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.registers.people import services as people

LONGEST_WISH = 60  # days between the first and the last day that somebody waits for
OFFERS_A_ROUND = 100


@transaction.atomic
def join_waiting(
    *, actor: Actor, resource_id: int, person: Person, channel: str, first_day: date, last_day: date,
    items: int = 1, people_count: int = 1, item_version_id: int | None = None, language: str = "zh-hans",
    at: datetime,
) -> WaitingEntry:  # fmt: skip
    """Put a resident on the list for a time between two days (hall-local, both included).

    Raises NotFound, NotAllowed, and Invalid for wrong days and for somebody who waits already.
    """
    resource = share_resource(resource_id)
    if not actor.is_resident:
        policy.require_book(actor, path=resource.unit.path)
    elif not resource.online:
        raise NotFound(_("This cannot be booked here, or it is not yours to see."))
    if channel not in Channel.values or (actor.is_resident and channel != Channel.ONLINE):
        raise Invalid(_("Choose from the list how the appointment is made."), field="channel")
    first_day = max(first_day, business_date(at))
    if last_day < first_day or (last_day - first_day).days > LONGEST_WISH:
        raise Invalid(_("The last day lies after the first, at most 60 days later."), field="last_day")
    times_needed(items=items, people=people_count, minutes=resource.minutes)
    if person.resident_id is not None and actor.is_resident:
        resident_id = person.resident_id
    elif person.resident_id is not None:
        resident_id = people.use_known(
            actor=actor, resident_id=person.resident_id, phone=person.phone, at=at
        ).pk
    else:
        resident_id = people.find_or_create(
            actor=actor, name=person.name, phone=person.phone, unit_id=resource.unit_id, at=at
        )[0].pk
    try:
        with transaction.atomic():
            return WaitingEntry.objects.create(
                resource=resource, resident_id=resident_id, item_version_id=item_version_id, channel=channel,
                first_day=first_day, last_day=last_day, items=items, people=people_count, language=language,
                created_at=at, created_by_id=actor.user_id,
            )  # fmt: skip
    except IntegrityError as error:
        waits = WaitingEntry.objects.filter(
            resource=resource, resident=resident_id, state__in=[WaitState.WAITING, WaitState.OFFERED]
        )
        if not waits.exists():
            raise
        raise Invalid(_("This resident is on the waiting list already."), field="name") from error


@transaction.atomic
def leave_waiting(*, actor: Actor, entry_id: int, at: datetime) -> WaitingEntry:
    """Take somebody off the list who has no offer open. Raises NotFound, NotAllowed, Invalid."""
    entry = WaitingEntry.objects.select_for_update(of=("self",)).select_related("resource__unit").filter(
        pk=entry_id
    ).first()  # fmt: skip
    if entry is None:
        raise NotFound(_("Nobody waits here any more."))
    policy.require_book(actor, path=entry.resource.unit.path)
    if entry.state != WaitState.WAITING:
        raise Invalid(_("A time is offered to this resident. Cancel that appointment instead."))
    entry.state, entry.ended_at = WaitState.LEFT, at
    entry.save(update_fields=["state", "ended_at"])
    return entry


def offer_free_times(*, at: datetime) -> int:
    """Offer what has become free to those who wait, in turn; a full wish lets the next one pass.

    Each offer is a transaction of its own. Entries whose days are over lapse. Returns how many were offered.
    """
    today = business_date(at)
    WaitingEntry.objects.filter(state=WaitState.WAITING, last_day__lt=today).update(
        state=WaitState.LEFT, ended_at=at
    )
    ids = WaitingEntry.objects.filter(state=WaitState.WAITING).order_by("pk")[:OFFERS_A_ROUND]
    return sum(_offer(entry_id, at=at) for entry_id in list(ids.values_list("pk", flat=True)))


@transaction.atomic
def _offer(entry_id: int, *, at: datetime) -> bool:
    rows = WaitingEntry.objects.select_for_update(skip_locked=True, of=("self",))
    entry = rows.select_related("resource__unit").filter(pk=entry_id, state=WaitState.WAITING).first()
    if entry is None or not entry.resource.active:
        return False
    found = _first_time(entry, at=at)
    if found is None:
        return False
    wish = Wish(
        resource_id=entry.resource_id, starts_at=found, channel=entry.channel, items=entry.items,
        people=entry.people, item_version_id=entry.item_version_id, language=entry.language,
    )  # fmt: skip
    minutes = selectors.amount_in_force("offer.minutes", at=at)
    try:
        with transaction.atomic():
            booking = hold(actor=SYSTEM, wish=wish, at=at, minutes=minutes)
    except (Full, Invalid):
        return False  # somebody was faster; the next round looks again
    booking.resident_id = entry.resident_id
    booking.save(update_fields=["resident"])
    entry.state, entry.offer = WaitState.OFFERED, booking
    entry.save(update_fields=["state", "offer"])
    tell(booking, "appointment_offer", "offer", at=at, until=booking.hold_until or at)
    return True


def _first_time(entry: WaitingEntry, *, at: datetime) -> datetime | None:
    """The first time that fits and begins after the answer can still be waited for."""
    resource = entry.resource
    first, last = max(entry.first_day, business_date(at)), entry.last_day
    if entry.channel == Channel.ONLINE:
        last = min(last, selectors.last_online_day(resource, at=at))
    if last < first:
        return None
    found = selectors.first_free(
        resource, first=first, last=last, channel=entry.channel, items=entry.items,
        people_count=entry.people, earliest=_earliest(entry, at=at),
    )  # fmt: skip
    return found.starts_at if found else None


def _earliest(entry: WaitingEntry, *, at: datetime) -> datetime:
    minutes = selectors.amount_in_force("offer.minutes", at=at) + entry.resource.notice_minutes
    return max(at + timedelta(minutes=minutes), start_of_day(entry.first_day))
