"""Telling colleagues, in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from liangdian.foundation.actor import Actor
from liangdian.platform.notifications.models import BellNotice


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell to some colleagues; ``key`` is unique to the act, so a retry tells nobody twice."""

    user_ids: tuple[int, ...]
    kind: str
    subject: str
    url: str
    key: str
    at: datetime


def notify_many(notices: Iterable[Notice]) -> None:
    """Write the notices; those already told (same user and key) are left as they are."""
    rows = [
        BellNotice(user_id=user, kind=n.kind, subject=n.subject[:300], url=n.url, key=n.key, at=n.at)
        for n in notices
        for user in n.user_ids
    ]
    if rows:
        BellNotice.objects.bulk_create(rows, ignore_conflicts=True)


def mark_read(*, actor: Actor, at: datetime, until: datetime | None = None) -> int:
    """Mark the actor's notices (of ``until`` and before) as read; returns how many were unread."""
    unread = BellNotice.objects.filter(user=actor.user_id, read_at__isnull=True, at__lte=until or at)
    return unread.update(read_at=at)
