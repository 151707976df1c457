"""Reading what can be booked, appointments and the waiting list. Hidden equals missing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from liangdian.bookings import codes, policy
from liangdian.bookings.days import Time, free_starts, times_of
from liangdian.bookings.models import (
    Booking,
    BookingEvent,
    Closure,
    Opening,
    Resource,
    RuleVersion,
    WaitingEntry,
)
from liangdian.bookings.rules import DEFAULTS, blocked_until, times_needed
from liangdian.bookings.states import AHEAD, Channel, State, WaitState
from liangdian.bookings.wording import NO_SUCH_BOOKING, NO_SUCH_RESOURCE
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date, end_of_day, start_of_day
from liangdian.foundation.refused import NotFound
from liangdian.foundation.tokens import digest
from liangdian.registers.people import selectors as people

_JOINED = ("resource", "unit", "resident", "item_version", "created_by")


def resources_for(*, actor: Actor, kind: str = "", with_closed: bool = False) -> list[Resource]:
    """What can be booked in the actor's units, by unit and kind. One query."""
    rows = Resource.objects.filter(policy.visible_to(actor)).select_related("unit", "post")
    if kind:
        rows = rows.filter(kind=kind)
    if not with_closed:
        rows = rows.filter(active=True)
    return list(rows.order_by("unit__path", "kind", "name"))


def resource_for(*, actor: Actor, resource_id: int) -> Resource:
    """One of them. Raises NotFound."""
    rows = Resource.objects.filter(policy.visible_to(actor)).select_related("unit", "post")
    found = rows.filter(pk=resource_id).first()
    if found is None:
        raise NotFound(NO_SUCH_RESOURCE)
    return found


def public_resources(*, category: str = "") -> list[Resource]:
    """What residents book online, of all units in use; with ``category`` what serves it."""
    rows = Resource.objects.filter(active=True, online=True, unit__active=True).select_related("unit", "post")
    if category:
        rows = rows.filter(serves__contains=[category])
    return list(rows.order_by("unit__path", "kind", "name"))


def public_resource(resource_id: int) -> Resource:
    """What a resident books online. Raises NotFound."""
    rows = Resource.objects.filter(active=True, online=True, unit__active=True).select_related("unit")
    found = rows.filter(pk=resource_id).first()
    if found is None:
        raise NotFound(NO_SUCH_RESOURCE)
    return found


def openings_of(resource: Resource) -> list[Opening]:
    """The week's hours, in order."""
    return list(Opening.objects.filter(resource=resource))


def closures_of(resource: Resource, *, since: date) -> list[Closure]:
    """The days from ``since`` on at which it is closed."""
    return list(Closure.objects.filter(resource=resource, day__gte=since))


def last_online_day(resource: Resource, *, at: datetime) -> date:
    """The last day (hall-local) that residents may book at ``at``."""
    return business_date(at) + timedelta(days=resource.days_ahead)


def earliest_online(resource: Resource, *, at: datetime) -> datetime:
    """The first moment at which an appointment that residents make at ``at`` may begin."""
    return at + timedelta(minutes=resource.notice_minutes)


def free_days(
    resource: Resource, *, first: date, last: date, channel: str, count: int, earliest: datetime
) -> dict[date, list[Time]]:
    """The times from which ``count`` in a row are free by ``channel``, not before ``earliest``, by day."""
    days = times_of(resource, first, last, channel=channel)
    return {
        day: [time for time in free_starts(times, count=count) if time.starts_at >= earliest]
        for day, times in days.items()
    }


def first_free(
    resource: Resource, *, first: date, last: date, channel: str, items: int, people_count: int,
    earliest: datetime,
) -> Time | None:  # fmt: skip
    """The first time at which such an appointment fits, None when there is none."""
    count = times_needed(items=items, people=people_count, minutes=resource.minutes)
    days = free_days(resource, first=first, last=last, channel=channel, count=count, earliest=earliest)
    return next((times[0] for _day, times in sorted(days.items()) if times), None)


def bookings_on(*, actor: Actor, resource: Resource, first: date, last: date | None = None) -> list[Booking]:
    """The appointments of these days (hall-local), with what became of them, in order of time."""
    rows = Booking.objects.filter(policy.bookings_visible_to(actor), resource=resource)
    rows = rows.filter(starts_at__gte=start_of_day(first), starts_at__lte=end_of_day(last or first))
    rows = rows.exclude(state=State.EXPIRED).select_related(*_JOINED)
    return list(rows.annotate(phone_sealed=people.sealed_phone("resident_id")).order_by("starts_at", "pk"))


def counts_on(*, actor: Actor, day: date) -> dict[int, int]:
    """How many appointments each resource has on ``day``, by id. One query."""
    rows = Booking.objects.filter(policy.bookings_visible_to(actor), starts_at__gte=start_of_day(day))
    rows = rows.filter(starts_at__lte=end_of_day(day)).exclude(state__in=[State.EXPIRED, State.CANCELLED])
    return dict(rows.values_list("resource").annotate(n=Count("pk")).values_list("resource", "n"))


def booking_for(*, actor: Actor, booking_id: int) -> Booking:
    """One appointment, if it exists for this actor; ``phone_sealed`` is shown masked. Raises NotFound."""
    rows = Booking.objects.filter(policy.bookings_visible_to(actor)).select_related(*_JOINED)
    found = rows.annotate(phone_sealed=people.sealed_phone("resident_id")).filter(pk=booking_id).first()
    if found is None:
        raise NotFound(NO_SUCH_BOOKING)
    return found


def booking_by_link(*, token: str) -> Booking:
    """The appointment of a resident's own link. Raises NotFound."""
    return _one(Q(link_digest=digest(token)))


def booking_by_code(*, code: str) -> Booking:
    """The appointment of a typed code, for the kiosk and the resident. Raises NotFound."""
    return _one(Q(code_digest=codes.code_digest(code)))


def _one(wanted: Q) -> Booking:
    found = Booking.objects.select_related("resource__unit", *_JOINED).filter(wanted).first()
    if found is None:
        raise NotFound(NO_SUCH_BOOKING)
    return found


def events_of(booking: Booking) -> list[BookingEvent]:
    """Its history, oldest first."""
    return list(BookingEvent.objects.filter(booking=booking).select_related("actor"))


def ahead_of_residents(resident_ids: Collection[int], *, at: datetime) -> list[Booking]:
    """What these residents have booked from ``at`` on, for their own eyes or their own page."""
    rows = Booking.objects.filter(resident__in=list(resident_ids), state__in=AHEAD, ends_at__gt=at)
    return list(rows.select_related("resource__unit", "item_version").order_by("starts_at")[:50])


def ahead_of_resident_for(*, actor: Actor, resident_id: int, at: datetime) -> list[Booking]:
    """The appointments of one resident from ``at`` on that exist for this actor. One query."""
    rows = Booking.objects.filter(policy.bookings_visible_to(actor), resident=resident_id, ends_at__gt=at)
    return list(rows.filter(state__in=AHEAD).select_related(*_JOINED).order_by("starts_at")[:20])


def amount_in_force(code: str, *, at: datetime) -> int:
    """The amount of a rule at ``at``: its newest version by then, else the default. One query."""
    rows = RuleVersion.objects.filter(code=code, valid_from__lte=at).order_by("-valid_from")
    found = rows.values_list("amount", flat=True).first()
    return DEFAULTS[code] if found is None else found


def rule_versions(code: str = "") -> list[RuleVersion]:
    """All versions of the rules, the newest first."""
    rows = RuleVersion.objects.select_related("created_by").order_by("code", "-valid_from")
    return list(rows.filter(code=code) if code else rows)


def online_blocked_until(*, resident_id: int, at: datetime) -> datetime | None:
    """Until when this resident does not book online because he did not come; None when he may."""
    days = {name: amount_in_force(f"missed.{name}", at=at) for name in ("count", "within_days", "pause_days")}
    since = at - timedelta(days=days["within_days"] + days["pause_days"])
    missed = Booking.objects.filter(resident=resident_id, state=State.MISSED, starts_at__gte=since)
    until = blocked_until(list(missed.values_list("starts_at", flat=True)), **days)
    return until if until is not None and until > at else None


def open_online_of(resident_id: int, *, at: datetime) -> int:
    """How many appointments made online this resident has ahead of him."""
    rows = Booking.objects.filter(resident=resident_id, channel=Channel.ONLINE, state=State.CONFIRMED)
    return rows.filter(ends_at__gt=at).count()


def waiting_for(*, actor: Actor, resource: Resource) -> list[WaitingEntry]:
    """Who waits for a time of this resource or is offered one, in turn."""
    rows = WaitingEntry.objects.filter(resource=resource, state__in=[WaitState.WAITING, WaitState.OFFERED])
    visible = Resource.objects.filter(policy.bookings_visible_to(actor), pk=resource.pk)
    return list(rows.filter(resource__in=visible).select_related("resident", "offer").order_by("pk"))
