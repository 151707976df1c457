"""Taking a number: at the kiosk, at the reception desk, or by checking in for an appointment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.hall import places, policy, queues, rules
from liangdian.desks.hall.models import Hall, QueueGroup, Visit, VisitItem
from liangdian.desks.hall.selectors import group_of
from liangdian.desks.hall.services.record import Told, locked_item, moved, save_item, settle_visit
from liangdian.desks.hall.states import LIVE, PRESENT, Channel, EventKind, Rank, State
from liangdian.desks.hall.wording import NO_SUCH_HALL, NO_SUCH_VISIT
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.catalogue.selectors import ItemVersion
from liangdian.registers.people import selectors as people

ITEMS_LIMIT = 6
TEXT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a person who takes a number.

    ``press_key``: one for each press of the button. ``item_version_ids``: in the order in which he wants
    them; none: he only wants to ask. ``reason``: a code of ``Reason``; ``booking``, ``booked_for``: the
    appointment's own name and time. ``group_id``: the queue, when no item is named. ``number``: one that a
    kiosk gave out of its own block while it was cut off (``offline``).
    """

    press_key: str
    channel: str = Channel.DESK
    item_version_ids: tuple[int, ...] = ()
    group_id: int | None = None
    reason: str = ""
    reason_text: str = ""
    resident_id: int | None = None
    language: str = "zh-hans"
    booking: str = ""
    booked_for: datetime | None = None
    number: int | None = None


def join(*, actor: Actor, hall_id: int, arrival: Arrival, at: datetime) -> Visit:
    """Give the person a number and a place; the number is the hall's own date's.

    A second press with the same key returns the visit of the first, with the same number. A kiosk acts
    as the system. Raises NotFound, NotAllowed, Invalid.
    """
    hall = Hall.objects.select_related("unit").filter(pk=hall_id, active=True).first()
    if hall is None:
        raise NotFound(NO_SUCH_HALL)
    policy.require_serve(actor, hall)
    arrival = _checked(actor, arrival)
    earlier = _pressed_before(hall, arrival)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            return _join(actor=actor, hall=hall, arrival=arrival, at=at)
    except IntegrityError:
        # The same press arrived twice at one instant: the database let one in and took the number back.
        earlier = _pressed_before(hall, arrival)
        if earlier is None:
            raise
        return earlier


def check_in(
    *, actor: Actor, hall_id: int, booking: str, booked_for: datetime, item_version_ids: Sequence[int],
    at: datetime, resident_id: int | None = None, language: str = "zh-hans", reason: str = "",
) -> Visit:  # fmt: skip
    """A person with an appointment has arrived. Checking in again gives the same number.

    In time, or late by less than the hall's grace: the place counts from ``booked_for``; later: from now.
    """
    arrival = Arrival(
        press_key=f"booking:{booking}"[:64], channel=Channel.CHECK_IN, reason=reason, booking=booking,
        item_version_ids=tuple(item_version_ids), booked_for=booked_for, resident_id=resident_id,
        language=language,
    )  # fmt: skip
    return join(actor=actor, hall_id=hall_id, arrival=arrival, at=at)


def _checked(actor: Actor, arrival: Arrival) -> Arrival:
    text = " ".join(clean(arrival.reason_text).split())
    if not arrival.press_key or len(arrival.press_key) > 64:
        raise Invalid(_("Load the page again and press once more."), field="press_key")
    if len(text) > TEXT_LIMIT:
        raise Invalid(
            _("Shorten the reason to %(limit)s characters.") % {"limit": TEXT_LIMIT}, field="reason_text"
        )
    rules.check_reason(reason=arrival.reason, text=text)
    if arrival.reason == "urgent" and actor.user_id is None:
        raise Invalid(_("Only the staff open the green channel. Please ask at the desk."), field="reason")
    if arrival.channel not in Channel.values:
        raise Invalid(_("Choose from the list."), field="channel")
    if len(arrival.item_version_ids) > ITEMS_LIMIT:
        raise Invalid(_("At most %(limit)s items in one visit.") % {"limit": ITEMS_LIMIT}, field="items")
    if arrival.resident_id is not None and not people.may_see(actor=actor, resident_id=arrival.resident_id):
        raise Invalid(_("There is no such resident."), field="resident")
    return Arrival(**{name: getattr(arrival, name) for name in Arrival.__slots__} | {"reason_text": text})


def _pressed_before(hall: Hall, arrival: Arrival) -> Visit | None:
    rows = Visit.objects.filter(hall=hall)
    if arrival.booking:
        return rows.filter(booking=arrival.booking).first()
    return rows.filter(press_key=arrival.press_key).first()


def _join(*, actor: Actor, hall: Hall, arrival: Arrival, at: datetime) -> Visit:
    versions = [catalogue.item_version(pk) for pk in dict.fromkeys(arrival.item_version_ids)]
    group, categories = _queue_for(hall, arrival, versions)
    turn_at, kept = at, False
    if arrival.booked_for is not None:
        turn_at, kept = rules.turn_of_appointment(booked_for=arrival.booked_for, at=at, grace=hall.grace)
    quick = bool(versions) and all(version.item.code in hall.quick_items for version in versions)
    rank = rules.rank_for(reason=arrival.reason, booked=kept, quick=quick)
    # Who comes before his booked time and is in a class before the appointments waits from now.
    turn_at = turn_at if rank == Rank.APPOINTMENT else min(turn_at, at)
    visit = _new_visit(hall, arrival, group, rank, at)
    told = Told(hall.pk)
    for place, category in enumerate(categories, start=1):
        version = versions[place - 1] if versions else None
        item = VisitItem(
            visit=visit, hall=hall, day=visit.day, seq=place, item_version=version, category=category,
            at_once=version is not None and version.kind == "at_once", rank=rank, turn_at=turn_at,
            state=State.WAITING if place == 1 else State.PLANNED, changed_at=at,
        )  # fmt: skip
        if place == 1:
            _promise(item, hall=hall, at=at)
        item.last_segment = 1
        item.save()
        item.last_segment = 0
        told.segment(item, window_id=None, user_id=actor.user_id)
    kind = EventKind.CHECKED_IN if arrival.booking else EventKind.JOINED
    told.event(kind, at=at, ticket=visit.ticket, user_id=actor.user_id, item=_first(told))
    told.write()
    return visit


def _first(told: Told) -> VisitItem:
    return told.segments[0].item


def _queue_for(
    hall: Hall, arrival: Arrival, versions: list[ItemVersion]
) -> tuple[QueueGroup, list[str]]:  # fmt: skip
    """The queue that gives the letter, and the category of each item; one empty category to only ask."""
    groups = list(QueueGroup.objects.filter(hall=hall, active=True))
    names = {category.pk: category.code for category in catalogue.categories()} if versions else {}
    categories = [names[version.item.category_id] for version in versions] or [""]
    if not versions and arrival.group_id is not None:
        chosen = next((group for group in groups if group.pk == arrival.group_id), None)
        if chosen is None:
            raise Invalid(_("Choose a queue from the list."), field="group")
        return chosen, [chosen.categories[0] if chosen.categories else ""]
    group = group_of(groups, categories[0])
    if group is None:
        raise Invalid(
            _("No queue of this hall takes this item. Please ask at the reception desk."), field="items"
        )
    return group, categories


def _new_visit(hall: Hall, arrival: Arrival, group: QueueGroup, rank: Rank, at: datetime) -> Visit:
    day = business_date(at)
    number = arrival.number or rules.number_of(
        next_numbers(hall_id=hall.pk, day=day, prefix=group.prefix, count=1)
    )
    return Visit.objects.create(
        hall=hall, day=day, prefix=group.prefix, number=number, press_key=arrival.press_key,
        channel=arrival.channel, rank=rank, reason=arrival.reason, reason_text=arrival.reason_text,
        booking=arrival.booking, booked_for=arrival.booked_for, resident_id=arrival.resident_id,
        language=arrival.language, joined_at=at,
        place_digest=places.place_digest(hall_id=hall.pk, day=day, prefix=group.prefix, number=number),
    )  # fmt: skip


def next_numbers(*, hall_id: int, day: date, prefix: str, count: int) -> int:
    """Take ``count`` numbers from the locked row; returns the first. No gaps, no duplicates."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO hall_ticketcounter (hall_id, day, prefix, last) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (hall_id, day, prefix) DO UPDATE SET last = hall_ticketcounter.last + excluded.last "
            "RETURNING last",
            [hall_id, day, prefix, count],
        )
        return cursor.fetchone()[0] - count + 1


def _promise(item: VisitItem, *, hall: Hall, at: datetime) -> None:
    """Write what the slip says: people ahead, and the range when a window that serves it is open."""
    code = item.item_version.item.code if item.item_version is not None else ""
    found = queues.estimate_for(
        hall=hall, day=item.day, category=item.category, item_code=code, rank=item.rank,
        turn_at=item.turn_at, at=at,
    )  # fmt: skip
    if found is not None:
        item.ahead, item.promised_low, item.promised_high = found.ahead, found.low, found.high


@transaction.atomic
def add_item(*, actor: Actor, visit_id: int, item_version_id: int, at: datetime) -> VisitItem:
    """The person wants something more: it comes after what he is here for. Raises NotFound, Invalid."""
    visit = _locked_visit(actor=actor, visit_id=visit_id, at=at)
    version = catalogue.item_version(item_version_id)
    before = list(visit.items.order_by("-seq"))
    if len(before) >= ITEMS_LIMIT:
        raise Invalid(_("At most %(limit)s items in one visit.") % {"limit": ITEMS_LIMIT}, field="item")
    codes = {category.pk: category.code for category in catalogue.categories()}
    busy = any(item.state in PRESENT for item in before)
    item = VisitItem(
        visit=visit, hall=visit.hall, day=visit.day, seq=before[0].seq + 1, item_version=version,
        category=codes[version.item.category_id], at_once=version.kind == "at_once", rank=visit.rank,
        turn_at=before[-1].turn_at, state=State.PLANNED if busy else State.WAITING, changed_at=at,
        last_segment=1,
    )  # fmt: skip
    item.save()
    item.last_segment = 0
    told = Told(visit.hall_id)
    told.segment(item, window_id=None, user_id=actor.user_id)
    told.event(EventKind.JOINED, at=at, item=item, user_id=actor.user_id)
    settle_visit(visit, at=at)
    told.write()
    return item


@transaction.atomic
def set_class(*, actor: Actor, visit_id: int, reason: str, text: str, at: datetime) -> Visit:
    """Put the person into a class before the others, or in turn again (no reason). The reason is kept.

    Raises NotFound, NotAllowed, Invalid.
    """
    visit = _locked_visit(actor=actor, visit_id=visit_id, at=at)
    text = " ".join(clean(text).split())[:TEXT_LIMIT]
    rules.check_reason(reason=reason, text=text)
    items = list(visit.items.select_for_update().filter(state__in=LIVE))
    booked = visit.booked_for is not None and any(item.turn_at == visit.booked_for for item in items)
    visit.rank = rules.rank_for(reason=reason, booked=booked, quick=False)
    visit.reason, visit.reason_text = reason, text
    visit.save(update_fields=["rank", "reason", "reason_text"])
    visit.items.filter(pk__in=[item.pk for item in items]).update(rank=visit.rank)
    told = Told(visit.hall_id)
    told.event(
        EventKind.CLASSED, at=at, ticket=visit.ticket, user_id=actor.user_id,
        item=items[0] if items else None, data={"reason": reason, "rank": int(visit.rank)},
    )  # fmt: skip
    told.write()
    return visit


def _locked_visit(*, actor: Actor, visit_id: int, at: datetime) -> Visit:
    rows = Visit.objects.select_for_update(of=("self",)).select_related("hall__unit")
    visit = rows.filter(pk=visit_id, day=business_date(at)).first()
    if visit is None:
        raise NotFound(NO_SUCH_VISIT)
    policy.require_serve(actor, visit.hall)
    return visit


@transaction.atomic
def come_back(*, actor: Actor, item_id: int, at: datetime, by_place: bool = False) -> VisitItem:
    """Who missed his call, left or was set aside is here again: behind the first few who wait now.

    On his own (``by_place``) within the hall's time after a missed call; the staff may always.
    Raises NotFound, WrongState.
    """
    item = locked_item(item_id=item_id, day_of=at)
    if not by_place:
        policy.require_serve(actor, item.hall)
    rules.check_move(item.state, State.WAITING)
    rules.check_return(
        state=item.state, since=item.changed_at, at=at, minutes=item.hall.return_minutes, alone=by_place
    )
    if item.visit.items.filter(state__in=PRESENT).exists():
        raise rules.WrongState(_("This person is in the queue already."))
    told = Told(item.hall_id)
    turns = VisitItem.objects.filter(
        hall=item.hall_id, day=item.day, category=item.category, state=State.WAITING
    ).order_by("turn_at")[: item.hall.return_behind]
    item.turn_at = rules.turn_after([row.turn_at for row in turns], behind=item.hall.return_behind, at=at)
    item.window, item.user = None, None
    moved(item, State.WAITING, told=told, at=at, user_id=actor.user_id)
    save_item(item, "turn_at", "window", "user")
    settle_visit(item.visit, at=at)
    told.event(EventKind.BACK, at=at, item=item, user_id=actor.user_id)
    told.write()
    return item


@transaction.atomic
def leave(*, actor: Actor, item_id: int, at: datetime, by_place: bool = False) -> VisitItem:
    """The person has to go. Not counted as served, nor as missed; he may come back today."""
    item = locked_item(item_id=item_id, day_of=at)
    if not by_place:
        policy.require_serve(actor, item.hall)
    told = Told(item.hall_id)
    where = item.window_id
    moved(item, State.LEFT, told=told, at=at, window_id=where, user_id=actor.user_id)
    save_item(item)
    settle_visit(item.visit, at=at)
    told.event(EventKind.LEFT, at=at, item=item, window_id=where, user_id=actor.user_id)
    told.write()
    return item
