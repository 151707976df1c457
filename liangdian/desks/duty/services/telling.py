"""Telling colleagues by the bell, in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from liangdian.desks.duty.policy import MATRIX, Act
from liangdian.foundation.actor import Actor
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.notifications.services import Notice, notify_many
from liangdian.registers.organisation.selectors import Unit


def tell(user_ids: Iterable[int], *, kind: str, subject: str, url: str, key: str, at: datetime) -> None:
    """Put one notice into these people's bells; ``key`` belongs to the act, so nobody is told twice."""
    people = tuple(sorted(set(user_ids)))
    notify_many([Notice(user_ids=people, kind=kind, subject=subject, url=url, key=key, at=at)])


def those_who(act: Act, unit: Unit, *, but: Actor | None = None, at: datetime | None = None) -> list[int]:
    """Who may do ``act`` for ``unit``: the nearest holder of each role that opens it."""
    found = {user.pk for role in MATRIX[act] for user in accounts.holders_reaching(role, unit.path, at)[:3]}
    return sorted(found - {but.user_id if but else None})
