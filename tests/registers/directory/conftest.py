"""Two lanes of a community with their people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from liangdian.registers.directory import services
from liangdian.registers.directory.models import Answerable, Area
from liangdian.registers.directory.rules import Line
from liangdian.registers.directory.services import Person
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]
DAY = date(2026, 9, 1)


@dataclass
class Lanes:
    """The area around East Gate; ``name`` lets somebody answer for it."""

    house: House
    area: Area

    def line(self, lane: str, buildings: str = "", entrance: str = "", *, area: Area | None = None) -> None:
        services.add_line(
            actor=self.house.actor("secretary"), area_id=(area or self.area).pk,
            line=Line(lane, buildings, entrance), since=DAY, at=NOW,
        )  # fmt: skip

    def name(
        self, name: str, part: str = "police", *, area: Area | None = None, **more: object
    ) -> Answerable:
        person = Person(part=part, phone="0359-2620110", name=name, **more)
        return services.name_person(
            actor=self.house.actor("secretary"), area_id=(area or self.area).pk, person=person, since=DAY,
            at=NOW,
        )  # fmt: skip

    def second(self, name: str = "西头") -> Area:
        return services.make_area(
            actor=self.house.actor("secretary"), unit=self.house.community, name=name, at=NOW
        )


@pytest.fixture
def lanes(house: House) -> Lanes:
    area = services.make_area(
        actor=house.actor("secretary"), unit=house.community, name="东关片", names={"en": "East Gate"}, at=NOW
    )
    made = Lanes(house, area)
    made.line("东关街")
    return made
