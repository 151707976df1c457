"""A counter that takes appointments in the house of casework."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest

from liangdian.bookings import services
from liangdian.bookings.models import Booking, Resource
from liangdian.bookings.rules import Hours
from liangdian.bookings.services import Description, Person, Wish
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import HALL_ZONE
from tests.casework.conftest import NOW, House, house

__all__ = ["NOW", "Counter", "counter", "hall", "house"]


def hall(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026 on the hall's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=HALL_ZONE)


MONDAY = hall(9, 21, 9)  # NOW is Friday 18 September, ten o'clock; Sunday 20 is a make-up working day


@dataclass
class Counter:
    """One window: ten minutes a time, open 9–11 on working days."""

    house: House
    resource: Resource

    def actor(self, name: str = "clerk") -> Actor:
        return self.house.actor(name)

    def wish(self, **changes: object) -> Wish:
        given: dict[str, object] = {
            "resource_id": self.resource.pk, "starts_at": MONDAY, "channel": "hall",
            "item_version_id": self.house.item.pk,
        }  # fmt: skip
        return Wish(**{**given, **changes})

    def book(self, n: int = 1, *, by: Actor | None = None, at: datetime = NOW, **changes: object) -> Booking:
        person = Person(name=f"居民{n}", phone=f"138123422{n:02d}")
        return services.book(actor=by or self.actor(), wish=self.wish(**changes), person=person, at=at)

    def make(self, name: str, *, hours: list[Hours] | None = None, **changes: object) -> Resource:
        given: dict[str, object] = {
            "kind": "item", "name": name, "minutes": 10, "place": "二号窗口", "online": True,
        }  # fmt: skip
        made = services.create_resource(
            actor=SYSTEM, unit_id=self.house.community.pk, what=Description(**{**given, **changes}), at=NOW
        )
        services.set_hours(actor=SYSTEM, resource_id=made.pk, hours=hours or week(), at=NOW)
        return made


def week(capacity: int = 1, *, hall: int = 1, phone: int = 1, online: int = 1) -> list[Hours]:
    return [Hours(day, time(9), time(11), capacity, hall, phone, online) for day in range(5)]


@pytest.fixture
def counter(house: House) -> Counter:
    found = Counter(house, None)  # type: ignore[arg-type]
    found.resource = found.make("民政预约", serves=["MZ"])
    return found


LATER = timedelta(minutes=10)
