"""Holding a time, confirming it, booking at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.bookings import codes, messages, policy, selectors
from liangdian.bookings.models import Booking, Resource, WaitingEntry
from liangdian.bookings.rules import check_in_reach, check_move, times_needed
from liangdian.bookings.services.record import (
    locked_booking,
    note,
    planned_run,
    save,
    share_resource,
    take_times,
)
from liangdian.bookings.states import Channel, EventType, State, WaitState
from liangdian.bookings.wording import NO_SUCH_RESOURCE
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.foundation.text import clean
from liangdian.platform.notifications.services import send_many
from liangdian.platform.ui.dates import day_words
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.people import services as people


class HoldRanOut(Refused):
    """The time was held for a while and is free for others again."""

    code = "hold-ran-out"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which time is wanted, for what. ``items`` × ``people`` is its length; ``extra_minutes`` the way."""

    resource_id: int
    starts_at: datetime
    channel: str
    items: int = 1
    people: int = 1
    extra_minutes: int = 0
    item_version_id: int | None = None
    subject: str = ""
    language: str = "zh-hans"
    submission_key: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """For whom: somebody from the register, or a name with a way to reach him."""

    resident_id: int | None = None
    name: str = ""
    phone: str = ""
    address: str = ""


@transaction.atomic
def hold(*, actor: Actor, wish: Wish, at: datetime, minutes: int | None = None) -> Booking:
    """Keep a time for ``minutes`` (the rule's when not given) until it is confirmed.

    The same ``submission_key`` again gives the same appointment. Raises NotFound, NotAllowed, Invalid, Full.
    """
    known = _sent_before(wish)
    if known is not None:
        return known
    resource = share_resource(wish.resource_id)
    _check_channel(actor, resource, wish)
    subject = _subject(wish.subject)
    _check_item(resource, wish)
    last = selectors.last_online_day(resource, at=at) if wish.channel == Channel.ONLINE else None
    notice = resource.notice_minutes if wish.channel == Channel.ONLINE else -resource.minutes
    check_in_reach(wish.starts_at, at=at, notice_minutes=notice, last_day=last)
    count = times_needed(
        items=wish.items, people=wish.people, minutes=resource.minutes, extra_minutes=wish.extra_minutes
    )
    run = planned_run(resource, wish.starts_at, count)
    length = minutes if minutes is not None else selectors.amount_in_force("hold.minutes", at=at)
    booking = Booking(
        resource=resource, unit=resource.unit, channel=wish.channel, state=State.HELD,
        starts_at=run[0].starts_at, ends_at=run[-1].ends_at, items=wish.items, people=wish.people,
        extra_minutes=wish.extra_minutes, item_version_id=wish.item_version_id, subject=subject,
        language=wish.language, hold_until=at + timedelta(minutes=length), created_at=at,
        created_by_id=actor.user_id, submission_key=wish.submission_key or None,
    )  # fmt: skip
    for column, value in codes.digests(booking.key).items():
        setattr(booking, column, value)
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError:
        known = _sent_before(wish)
        if known is None:
            raise
        return known
    take_times(booking, run, at=at)
    note(booking, EventType.HELD, actor=actor, at=at, starts_at=booking.starts_at.isoformat())
    return booking


def _subject(text: str) -> str:
    subject = clean(text)
    if len(subject) > 200:
        raise Invalid(_("At most 200 characters fit here."), field="subject")
    return subject


def _sent_before(wish: Wish) -> Booking | None:
    if not wish.submission_key:
        return None
    rows = Booking.objects.select_related("resource", "unit", "item_version")
    return rows.filter(submission_key=wish.submission_key).first()


def _check_channel(actor: Actor, resource: Resource, wish: Wish) -> None:
    if wish.channel not in Channel.values:
        raise Invalid(_("Choose from the list how the appointment is made."), field="channel")
    if actor.is_resident:
        if wish.channel != Channel.ONLINE or not resource.online:
            raise NotFound(NO_SUCH_RESOURCE)
        return
    policy.require_book(actor, path=resource.unit.path)


def _check_item(resource: Resource, wish: Wish) -> None:
    """An item that this window does not serve is not booked here."""
    if wish.item_version_id is None:
        return
    version = catalogue.item_version(wish.item_version_id)
    if resource.serves and version.item.category.code not in resource.serves:
        raise Invalid(_("This item is not served here. Choose another place or item."), field="item")


@transaction.atomic
def confirm(*, actor: Actor, booking_id: int, person: Person, subject: str = "", at: datetime) -> Booking:
    """Make a held time an appointment of this person and tell him, once. ``subject``: what it is about.

    Raises HoldRanOut, WrongState, and Invalid when he has too many open ones online or may only book at the
    window and by phone for a while. Confirming again changes nothing.
    """
    booking = locked_booking(actor=actor, booking_id=booking_id)
    if booking.state == State.CONFIRMED:
        return booking
    check_move(booking.state, State.CONFIRMED)
    if booking.hold_until is not None and booking.hold_until <= at:
        raise HoldRanOut(_("The time was kept for a while and is free again. Choose a time once more."))
    booking.resident_id = _resident_of(booking, person, actor=actor, at=at)
    if booking.resident_id is None and not booking.subject:
        raise Invalid(_("Write for whom, or at least for what the time is kept."), field="name")
    if booking.channel == Channel.ONLINE and booking.resident_id is not None:
        _check_online(booking.resident_id, at=at)
    booking.state, booking.confirmed_at = State.CONFIRMED, at
    booking.subject = _subject(subject) or booking.subject
    save(booking, "state", "confirmed_at", "resident", "subject")
    note(booking, EventType.CONFIRMED, actor=actor, at=at)
    WaitingEntry.objects.filter(offer=booking, state=WaitState.OFFERED).update(
        state=WaitState.TAKEN, ended_at=at
    )
    tell(booking, "appointment_confirmed", "confirmed", at=at)
    return booking


def _resident_of(booking: Booking, person: Person, *, actor: Actor, at: datetime) -> int | None:
    if booking.resident_id is not None:
        return booking.resident_id
    if person.resident_id is not None:
        if actor.is_resident:
            return person.resident_id  # the portal has proved that it is he
        chosen = people.use_known(
            actor=actor, resident_id=person.resident_id, phone=person.phone, address=person.address, at=at
        )
        return chosen.pk
    if not clean(person.name):
        return None
    resident, _created = people.find_or_create(
        actor=actor, name=person.name, phone=person.phone, address=person.address, unit_id=booking.unit_id,
        at=at,
    )  # fmt: skip
    return resident.pk


def _check_online(resident_id: int, *, at: datetime) -> None:
    until = selectors.online_blocked_until(resident_id=resident_id, at=at)
    if until is not None:
        raise Invalid(
            _("Some appointments were missed. Until %(day)s please book by phone or at the window.")
            % {"day": day_words(until)}
        )
    most = selectors.amount_in_force("online.open_at_once", at=at)
    if most and selectors.open_online_of(resident_id, at=at) >= most:
        raise Invalid(
            _("You have %(n)d appointments already. Cancel one, or book by phone or at the window.")
            % {"n": most}
        )


@transaction.atomic
def book(*, actor: Actor, wish: Wish, person: Person, at: datetime) -> Booking:
    """Hold and confirm in one act, as the staff do."""
    booking = hold(actor=actor, wish=wish, at=at)
    return confirm(actor=actor, booking_id=booking.pk, person=person, at=at)


def tell(booking: Booking, kind: str, key: str, *, at: datetime, **more: str | datetime) -> None:
    """Put one message about the appointment into the outbox, in this transaction."""
    reach = messages.reach_of(booking)
    if reach is not None:
        send_many([messages.draft(booking, kind, key, reach=reach, at=at, **more)])
