"""The room of a session, reserved through the appointments of the centre."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liangdian.bookings import selectors as bookings
from liangdian.bookings import services as booking
from liangdian.bookings.rules import Full
from liangdian.bookings.services import Person, Wish
from liangdian.bookings.states import AHEAD, Channel, ResourceKind
from liangdian.casework.selectors import Case
from liangdian.desks.mediation.models import Dispute, Session
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid

MOST_TIMES = 8


def rooms_for(case: Case) -> list[tuple[int, str]]:
    """The rooms in use of the case's unit and of those above it."""
    near = {*case.unit.ancestor_ids, case.unit_id}
    rooms = bookings.resources_for(actor=SYSTEM, kind=ResourceKind.ROOM)
    return [(r.pk, f"{r.label} · {r.place}" if r.place else r.label) for r in rooms if r.unit_id in near]


def reserve(
    case: Case, *, room_id: int, starts_at: datetime, times: int, actor: Actor, at: datetime
) -> tuple[int, str]:
    """Reserve a room for a session: the appointment's id, and how the place is called.

    No party is named in it. Raises Invalid (field ``room`` or ``held_at``) and NotAllowed.
    """
    names = dict(rooms_for(case))
    if room_id not in names:
        raise Invalid(_("Choose a room from the list."), field="room")
    if not 1 <= times <= MOST_TIMES:
        raise Invalid(_("Choose 1 to %(n)s times in a row.") % {"n": MOST_TIMES}, field="times")
    with translation.override(case.detail.language):
        subject = f"{gettext('Mediation')} {case.reference}"
    wish = Wish(room_id, starts_at, Channel.HALL, items=times, subject=subject)
    try:
        made = booking.book(actor=actor, wish=wish, person=Person(), at=at)
    except (Invalid, Full) as refused:
        raise Invalid(refused.message, field="held_at") from refused
    return made.pk, names[room_id]


def was_used(session: Session, *, actor: Actor, at: datetime) -> None:
    """The session took place: its room was used. One that is recorded on a later day stays as it was."""
    reserved = session.booking
    if reserved is None or reserved.state not in AHEAD:
        return
    if business_date(reserved.starts_at) == business_date(at):
        booking.finish(actor=actor, booking_id=reserved.pk, at=at)


def give_back(dispute: Dispute, *, actor: Actor, at: datetime) -> None:
    """No session follows any more: rooms that were reserved for one are free again."""
    planned = Session.objects.filter(dispute=dispute, recorded_at__isnull=True, booking__isnull=False)
    for session in planned.select_related("booking"):
        reserved = session.booking
        if reserved is not None and reserved.state in AHEAD and reserved.starts_at > at:
            reason = gettext("The mediation has ended.")
            booking.cancel(actor=actor, booking_id=reserved.pk, reason=reason, at=at)
