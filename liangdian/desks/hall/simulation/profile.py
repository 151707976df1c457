"""Who comes when, for what, and how long it takes: learned from the hall's own days, else ordinary ones."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from liangdian.desks.hall.models import Hall, Pace, VisitItem
from liangdian.foundation.clock import HALL_ZONE, business_date
from liangdian.registers.catalogue import selectors as catalogue

DAYS = 28
MINUTE = timedelta(minutes=1)
# Visitors of a hundred in each hour when the hall has no days of its own yet: the morning is the busy one.
ORDINARY_HOURS = {8: 6, 9: 34, 10: 26, 11: 6, 14: 14, 15: 10, 16: 4}
ORDINARY_SERVICE = (5.0, 8.0, 13.0)  # minutes: 25th, 50th, 75th percentile
_QUARTILE = 0.6745  # of the normal distribution


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who comes at ``at``; he goes when nobody called him for ``patience``."""

    at: datetime
    item_version_id: int | None
    reason: str
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Profile:
    """The pattern of a day. ``hours``: share of the visitors by hour; ``items``: share of each version of an
    item (None: only to ask); ``service``: quartiles in minutes by version.
    """

    hours: dict[int, float]
    items: dict[int | None, float]
    service: dict[int | None, tuple[float, float, float]] = field(default_factory=dict)
    reasons: float = 0.15  # share of those who go before the others
    misses: float = 0.04  # share of the called who do not come
    patience: float = 60.0  # minutes, median

    def visitors(
        self, *, day_start: datetime, opened: list[tuple[time, time]], count: int, chance: random.Random
    ) -> Iterator[Visitor]:
        """Arrivals of one day in order: a Poisson stream whose rate changes with the hour, ``count`` on
        average, only while the hall is open.
        """
        whole = sum(self.hours.values())
        for hour in sorted(self.hours):
            rate = count * self.hours[hour] / whole / 60  # visitors a minute
            minute = chance.expovariate(rate) if rate else math.inf
            while minute < 60:
                at = day_start + timedelta(hours=hour, minutes=minute)
                if any(first <= at.timetz().replace(tzinfo=None) < last for first, last in opened):
                    yield self._visitor(at, chance)
                minute += chance.expovariate(rate)

    def _visitor(self, at: datetime, chance: random.Random) -> Visitor:
        (item,) = chance.choices(list(self.items), list(self.items.values()))
        reason = chance.choice(("old", "old", "disabled", "pregnant", "with_child", "soldier"))
        return Visitor(
            at=at, item_version_id=item, reason=reason if chance.random() < self.reasons else "",
            patience=MINUTE * self.patience * chance.lognormvariate(0, 0.5),
        )  # fmt: skip

    def service_time(self, item: int | None, chance: random.Random) -> timedelta:
        """How long this one takes: log-normal through the item's quartiles, at least half a minute."""
        quick, usual, slow = self.service.get(item, ORDINARY_SERVICE)
        spread = math.log(max(slow / max(quick, 0.1), 1.01)) / (2 * _QUARTILE)
        return max(MINUTE / 2, MINUTE * usual * chance.lognormvariate(0, spread))


def learned_profile(hall: Hall, *, now: datetime) -> tuple[Profile, int]:
    """The pattern of the hall's last four weeks, and its visitors a day; an ordinary one when it has none."""
    since = business_date(now) - timedelta(days=DAYS)
    rows = VisitItem.objects.filter(hall=hall, day__gte=since, seq=1)
    hours: Counter[int] = Counter()
    items: Counter[int | None] = Counter()
    days = set()
    for day, version, joined_at in rows.values_list("day", "item_version", "visit__joined_at"):
        days.add(day)
        items[version] += 1
        hours[joined_at.astimezone(HALL_ZONE).hour] += 1
    if not items:
        items.update([item.current_id for item in catalogue.items()] or [None])
    known = {key: (quick, usual, slow) for key, quick, usual, slow in
             Pace.objects.filter(hall=hall).values_list("key", "quick", "usual", "slow")}  # fmt: skip
    service = {}
    for version_id in items:
        pace = known.get(_pace_key(version_id)) if version_id else known.get("")
        if pace is not None:
            service[version_id] = (pace[0] / 60, pace[1] / 60, pace[2] / 60)
    a_day = round(hours.total() / len(days)) if days else 80
    return Profile(hours=dict(hours) or dict(ORDINARY_HOURS), items=dict(items), service=service), a_day


def _pace_key(version_id: int) -> str:
    version = catalogue.item_version(version_id)
    return f"{version.item.category.code}/{version.item.code}"
