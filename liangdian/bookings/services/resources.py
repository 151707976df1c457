"""What can be booked, its hours, the days on which it is closed, and the rules in versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.bookings import policy
from liangdian.bookings.days import spans_of
from liangdian.bookings.models import Booking, Closure, Opening, Resource, RuleVersion, Slot
from liangdian.bookings.rules import DEFAULTS, HIGHEST, Hours, check_hours
from liangdian.bookings.states import AHEAD, ResourceKind
from liangdian.bookings.wording import NO_SUCH_RESOURCE
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import selectors as organisation

SUBJECT = "bookings.resource"


class StillBooked(Refused):
    """Appointments stand where nothing shall be open any more."""

    code = "still-booked"


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a resource."""

    kind: str
    name: str
    minutes: int
    names: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    post_id: int | None = None
    serves: Sequence[str] = ()
    notice_minutes: int = 60
    days_ahead: int = 14
    online: bool = False


@transaction.atomic
def create_resource(*, actor: Actor, unit_id: int, what: Description, at: datetime) -> Resource:
    """Something new that can be booked in a unit. Raises NotAllowed and Invalid."""
    unit = organisation.unit_by_id(unit_id)
    policy.require_define(actor, path=unit.path)
    made = Resource(unit=unit, created_at=at)
    _write(made, what)
    audit.record(actor, "resource_created", SUBJECT, made.pk, made.name, at)
    return made


@transaction.atomic
def update_resource(
    *, actor: Actor, resource_id: int, what: Description, active: bool = True, at: datetime
) -> Resource:
    """Change what is said of it, or take it out of use. The length of a time stays while it is booked.

    Raises NotFound, NotAllowed, Invalid, StillBooked.
    """
    resource = locked_resource(actor=actor, resource_id=resource_id)
    ahead = Booking.objects.filter(resource=resource, state__in=AHEAD, ends_at__gt=at)
    if (not active or what.minutes != resource.minutes) and ahead.exists():
        raise StillBooked(
            _("There are appointments ahead. Move or cancel them first, then change the length or close it.")
        )
    resource.active = active
    resource.version += 1
    if what.minutes != resource.minutes:
        Slot.objects.filter(resource=resource, starts_at__gte=at, capacity__gt=0).update(capacity=0)
    _write(resource, what)
    audit.record(actor, "resource_changed", SUBJECT, resource.pk, resource.name, at)
    return resource


def locked_resource(*, actor: Actor, resource_id: int) -> Resource:
    """The resource, locked against bookings, if the actor may define it."""
    rows = Resource.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(policy.visible_to(actor), pk=resource_id).first()
    if found is None:
        raise NotFound(NO_SUCH_RESOURCE)
    policy.require_define(actor, path=found.unit.path)
    return found


def _write(resource: Resource, what: Description) -> None:
    if what.kind not in ResourceKind.values:
        raise Invalid(_("Choose from the list what is booked."), field="kind")
    name, place = clean(what.name), clean(what.place)
    if not name or len(name) > 200:
        raise Invalid(_("Write a name of at most 200 characters."), field="name")
    if not 5 <= what.minutes <= 480:
        raise Invalid(_("A time lasts between 5 minutes and 8 hours."), field="minutes")
    if not 0 <= what.days_ahead <= 365 or not 0 <= what.notice_minutes <= HIGHEST:
        raise Invalid(_("At most 365 days ahead and 10,000 minutes before."), field="days_ahead")
    if what.kind == ResourceKind.POST and what.post_id is None:
        raise Invalid(_("Choose the post with whom the talk is."), field="post")
    resource.kind, resource.name, resource.place = what.kind, name, place[:200]
    resource.names = {code: clean(text) for code, text in what.names.items() if clean(text)}
    resource.post_id, resource.serves = what.post_id, sorted({clean(code) for code in what.serves} - {""})
    resource.minutes, resource.notice_minutes = what.minutes, what.notice_minutes
    resource.days_ahead, resource.online = what.days_ahead, what.online
    try:
        with transaction.atomic():
            resource.save()
    except IntegrityError as error:
        taken = Resource.objects.filter(unit=resource.unit, name=name).exclude(pk=resource.pk).exists()
        if not taken:
            raise
        raise Invalid(_("This unit has something of this name already."), field="name") from error


@transaction.atomic
def set_hours(*, actor: Actor, resource_id: int, hours: Iterable[Hours], at: datetime) -> Resource:
    """Replace the week's hours. Raises Invalid, and StillBooked when an appointment would lose its time."""
    resource = locked_resource(actor=actor, resource_id=resource_id)
    ordered = check_hours(hours, minutes=resource.minutes)
    Opening.objects.filter(resource=resource).delete()
    Opening.objects.bulk_create(
        Opening(
            resource=resource, weekday=row.weekday, opens=row.opens, closes=row.closes,
            capacity=row.capacity, hall=row.hall, phone=row.phone, online=row.online,
        )
        for row in ordered
    )  # fmt: skip
    _fit_slots(resource, at=at)
    audit.record(actor, "hours_changed", SUBJECT, resource.pk, resource.name, at)
    return resource


@transaction.atomic
def close_day(*, actor: Actor, resource_id: int, day: date, reason: str, at: datetime) -> Closure:
    """Close one day (hall-local). Raises Invalid, and StillBooked when somebody is expected."""
    resource = locked_resource(actor=actor, resource_id=resource_id)
    reason = clean(reason)
    if not reason or len(reason) > 200:
        raise Invalid(_("Write in at most 200 characters why it is closed."), field="reason")
    if day < business_date(at):
        raise Invalid(_("This day is over. Choose a later one."), field="day")
    closure, made = Closure.objects.get_or_create(resource=resource, day=day, defaults={"reason": reason})
    if not made:
        raise Invalid(_("This day is closed already."), field="day")
    _fit_slots(resource, at=at)
    audit.record(actor, "day_closed", SUBJECT, resource.pk, f"{day}: {reason}", at)
    return closure


@transaction.atomic
def open_day(*, actor: Actor, resource_id: int, closure_id: int, at: datetime) -> None:
    """Open a closed day again. Raises NotFound."""
    resource = locked_resource(actor=actor, resource_id=resource_id)
    found = Closure.objects.filter(resource=resource, pk=closure_id).first()
    if found is None:
        raise NotFound(NO_SUCH_RESOURCE)
    found.delete()
    _fit_slots(resource, at=at)
    audit.record(actor, "day_opened", SUBJECT, resource.pk, str(found.day), at)


def _fit_slots(resource: Resource, *, at: datetime) -> None:
    """Give the times that are written down the places of the new hours; empty ones that are gone close."""
    slots = list(
        Slot.objects.select_for_update().filter(resource=resource, starts_at__gte=at, capacity__gt=0)
        .order_by("starts_at", "pk")
    )  # fmt: skip
    if not slots:
        return
    first, last = business_date(slots[0].starts_at), business_date(slots[-1].starts_at)
    planned = {
        (span.starts_at, span.ends_at): span
        for spans in spans_of(resource, first, last).values() for span in spans
    }  # fmt: skip
    for slot in slots:
        span, booked = planned.get((slot.starts_at, slot.ends_at)), slot.booked
        slot.capacity = span.capacity if span else 0
        for channel in booked:
            setattr(slot, channel, getattr(span, channel) if span else 0)
            if booked[channel] > getattr(slot, channel):
                _refuse_lost(slot)
        if sum(booked.values()) > slot.capacity:
            _refuse_lost(slot)
    Slot.objects.bulk_update(slots, ["capacity", "hall", "phone", "online"])


def _refuse_lost(slot: Slot) -> None:
    raise StillBooked(
        _("There is an appointment on %(day)s that would lose its time. Move or cancel it first.")
        % {"day": business_date(slot.starts_at)}
    )


@transaction.atomic
def add_rule_version(
    *, actor: Actor, code: str, amount: int, valid_from: datetime, reason: str, at: datetime
) -> RuleVersion:
    """A rule's amount from a moment on, which is not past. Raises NotAllowed and Invalid."""
    policy.require_rules(actor)
    reason = clean(reason)
    if code not in DEFAULTS:
        raise Invalid(_("Choose the rule from the list."), field="code")
    if not 0 <= amount <= HIGHEST:
        raise Invalid(_("The amount lies between 0 and 10,000."), field="amount")
    if not reason or len(reason) > 300:
        raise Invalid(_("Write in at most 300 characters why the rule changes."), field="reason")
    if valid_from < at:
        raise Invalid(_("A rule changes from now on or later, never backwards."), field="valid_from")
    if RuleVersion.objects.filter(code=code, valid_from=valid_from).exists():
        raise Invalid(_("There is a version from this moment already."), field="valid_from")
    made = RuleVersion.objects.create(
        code=code, amount=amount, valid_from=valid_from, reason=reason, created_at=at,
        created_by_id=actor.user_id,
    )  # fmt: skip
    audit.record(actor, "booking_rule_changed", "bookings.rule", code, f"{amount}: {reason}", at)
    return made
