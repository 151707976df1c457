"""A hall with three windows in the small house of casework: civil affairs, labour, and both."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from liangdian.desks.hall import services
from liangdian.desks.hall.models import Hall, QueueGroup, Visit, VisitItem
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.registers.catalogue import services as catalogue
from liangdian.registers.catalogue.models import ItemVersion
from liangdian.registers.organisation import services as organisation
from liangdian.registers.organisation.models import Window
from tests.casework.conftest import NOW, House
from tests.casework.conftest import house as house  # the fixture

MINUTE = timedelta(minutes=1)


@dataclass
class HallHouse:
    """The hall, its windows by number, its items by name; ``join`` takes a number."""

    house: House
    hall: Hall
    windows: dict[int, Window]
    groups: dict[str, QueueGroup]
    items: dict[str, ItemVersion]
    keys: itertools.count

    def actor(self, name: str) -> Actor:
        return self.house.actor(name)

    def join(self, *names: str, at: datetime = NOW, **changes: object) -> VisitItem:
        """The first item of a new visit for ``names`` of items (none: only to ask)."""
        given: dict[str, object] = {
            "press_key": f"press-{next(self.keys)}",
            "item_version_ids": tuple(self.items[name].pk for name in names),
        }
        arrival = services.Arrival(**{**given, **changes})
        visit = services.join(actor=SYSTEM if "by" not in changes else self.actor("clerk"),
                              hall_id=self.hall.pk, arrival=arrival, at=at)  # fmt: skip
        return self.item(visit)

    def item(self, visit: Visit) -> VisitItem:
        return visit.items.select_related("visit").get(seq=1)

    def sit(self, name: str, window: int, at: datetime = NOW) -> Actor:
        """The person signs on to the window."""
        actor = self.actor(name)
        services.sign_on(actor=actor, window_id=self.windows[window].pk, at=at)
        return actor

    def served(self, actor: Actor, item: VisitItem, at: datetime, minutes: float = 5) -> None:
        """From the call to the end, without a matter."""
        services.start(actor=actor, item_id=item.pk, at=at)
        services.finish(
            actor=actor, item_id=item.pk, at=at + minutes * MINUTE, no_case_reason="只是问路，不需要登记。"
        )


@pytest.fixture
def place(house: House) -> HallHouse:
    windows = {
        number: organisation.create_window(
            actor=SYSTEM, unit=house.community, number=number, name=name, serves=serves, at=NOW
        )
        for number, name, serves in [(1, "民政", ["MZ"]), (2, "社保", ["RS"]), (3, "综合", ["MZ", "RS"])]
    }
    labour = catalogue.category(code="RS", name="劳动保障")
    at_once = catalogue.publish_version(
        actor=SYSTEM, code="RS-001", category=labour, at=NOW,
        content=catalogue.Content(name="养老认证", promised=Limit(0, LimitUnit.AT_ONCE), legal=None),
    )  # fmt: skip
    hall = services.open_hall(actor=SYSTEM, unit_id=house.community.pk, at=NOW)
    groups = {
        prefix: services.set_group(
            actor=SYSTEM, hall_id=hall.pk, prefix=prefix, name=name, categories=codes, at=NOW
        )
        for prefix, name, codes in [("A", "民政", ["MZ"]), ("B", "社保", ["RS"]), ("Z", "咨询", [])]
    }
    return HallHouse(
        house, Hall.objects.select_related("unit").get(pk=hall.pk), windows, groups,
        {"card": house.item, "pension": at_once}, itertools.count(1),
    )  # fmt: skip
