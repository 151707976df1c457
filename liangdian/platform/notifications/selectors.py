"""Reading one's own bell."""

from __future__ import annotations

from liangdian.foundation.actor import Actor
from liangdian.platform.notifications.models import BellNotice


def latest(actor: Actor, *, limit: int = 50) -> list[BellNotice]:
    """The actor's newest notices."""
    return list(BellNotice.objects.filter(user=actor.user_id).order_by("-at", "-id")[:limit])


def unread_count(actor: Actor, *, at_most: int = 99) -> int:
    """How many notices the actor has not read, counted no further than ``at_most`` + 1."""
    unread = BellNotice.objects.filter(user=actor.user_id, read_at__isnull=True)
    return unread[: at_most + 1].count()
