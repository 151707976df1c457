"""Reading the machines of a hall: by the secret that one shows, and as a list for those who set it up."""

from __future__ import annotations

from datetime import datetime, timedelta

from liangdian.desks.hall import policy
from liangdian.desks.hall.models import Device, Hall, Visit, VisitItem, VisitRating
from liangdian.desks.hall.states import State
from liangdian.desks.hall.wording import NO_SUCH_DEVICE, NO_SUCH_HALL
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound
from liangdian.foundation.tokens import digest

# How exactly it is noted when a machine was last there: not every look is worth a write.
_SEEN_EVERY = timedelta(minutes=5)
ABSENT_AFTER = timedelta(minutes=15)
RATED_WITHIN = timedelta(minutes=3)


def device_by_token(token: str, *, kind: str, at: datetime) -> Device:
    """The enrolled machine that holds this secret. Raises NotFound for every other, revoked ones too."""
    device = (
        Device.objects.select_related("hall__unit", "window")
        .filter(token_digest=digest(token), kind=kind, revoked_at__isnull=True, hall__active=True)
        .first()
    )
    if device is None:
        raise NotFound(NO_SUCH_DEVICE)
    if device.seen_at is None or at - device.seen_at > _SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(seen_at=at)
    return device


def devices_for(actor: Actor, hall_id: int) -> tuple[Hall, list[Device]]:
    """A hall and its machines, newest first, for those who set it up. Raises NotFound, NotAllowed."""
    hall = Hall.objects.select_related("unit").filter(policy.visible_to(actor), pk=hall_id).first()
    if hall is None:
        raise NotFound(NO_SUCH_HALL)
    policy.require_set_up(actor, hall.unit.path)
    return hall, list(Device.objects.filter(hall=hall).select_related("window", "made_by"))


def halls_for(actor: Actor) -> list[Hall]:
    """The halls that the actor sets up."""
    halls = Hall.objects.select_related("unit").filter(policy.visible_to(actor)).order_by("unit__path")
    return [hall for hall in halls if policy.may_set_up(actor, hall.unit.path)]


def to_rate(device: Device, *, at: datetime) -> Visit | None:
    """The visit that a tablet asks about: served last at its window, not rated, and nobody called since.

    Only for three minutes: the next person does not rate for the one before him.
    """
    last = (
        VisitItem.objects.select_related("visit")
        .filter(window=device.window_id, day=business_date(at))
        .exclude(state=State.WAITING)
        .order_by("-changed_at")
        .first()
    )
    if last is None or last.state != State.SERVED or at - last.changed_at > RATED_WITHIN:
        return None
    return None if VisitRating.objects.filter(visit=last.visit_id).exists() else last.visit
