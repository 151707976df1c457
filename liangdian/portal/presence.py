"""What duty knows about today, told to the directory: who is on duty now and who is on leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from liangdian.desks.duty import absence, selectors
from liangdian.foundation.clock import business_date
from liangdian.registers.directory.presence import Presence


def presence(user_ids: Collection[int], at: datetime) -> Mapping[int, Presence]:
    """Two queries, whatever the number of people."""
    today = business_date(at)
    away = {row.user_id for row in absence.on_leave(today, today, user_ids=user_ids)}
    until = selectors.on_duty_until(user_ids, at)
    return {i: Presence(until.get(i), i in away) for i in (*until, *away)}
