"""Who answers for which lanes of West Street, with the rooms where one can talk to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from liangdian.bookings import services as bookings
from liangdian.bookings.rules import Hours
from liangdian.bookings.services import Description
from liangdian.bookings.states import ResourceKind
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date
from liangdian.platform.accounts.selectors import User
from liangdian.registers.directory import services
from liangdian.registers.directory.rules import Line
from liangdian.registers.directory.services import Person
from liangdian.registers.directory.states import Part, Problem
from liangdian.registers.organisation.selectors import Unit

HALL, SUB_DISTRICT, POLICE = "0359-0000010", "0359-0000020", "0359-0000110"
# name, 繁體, English, lines, community worker, member, police officer
AREAS = (
    (
        "东关片", "東關片", "East Gate", (Line("东关街"), Line("东街")), "lihui", "chenlei", "郭警官",
    ),
    (
        "南后片", "南後片", "South Back", (Line("南后街"), Line("崇文街", "1-49")), "zhoumin", "majianguo", "郭警官",
    ),
    (
        "西街片", "西街片", "West Street", (Line("西街北大街"), Line("西大街"), Line("崇文街", "50-120")), "chenlei",
        "wangfang", "田警官",
    ),
)  # fmt: skip
ROOMS = (
    ("说事室", "說事室", "Talk room", "二楼说事室"),
    ("警务室", "警務室", "Police room", "一楼警务室"),
)


def draw_areas(unit: Unit, users: Mapping[str, User], at: datetime) -> None:
    """Three areas; the official of one is not named yet, so that the report shows a hole."""
    since = business_date(at)
    for name, hant, english, lines, worker, member, officer in AREAS:
        area = services.make_area(
            actor=SYSTEM, unit=unit, name=name, names={"zh-hant": hant, "en": english}, at=at
        )
        for line in lines:
            services.add_line(actor=SYSTEM, area_id=area.pk, line=line, since=since, at=at)
        people = [
            Person(Part.WORKER, HALL, users[worker].pk, place="便民服务大厅"),
            Person(Part.MEMBER, HALL, users[member].pk, place="党群服务中心"),
            Person(Part.POLICE, POLICE, name=officer, place="一楼警务室"),
        ]
        if name != "南后片":
            people.append(Person(Part.OFFICIAL, SUB_DISTRICT, users["sunlihua"].pk, place="街道办事处"))
        if name == "东关片":
            disputes = (Problem.DISPUTE,)
            people.append(
                Person(Part.WORKER, HALL, users["majianguo"].pk, problems=disputes, place="二楼说事室")
            )
        for person in people:
            services.name_person(actor=SYSTEM, area_id=area.pk, person=person, since=since, at=at)
    _rooms(unit, at)


def _rooms(unit: Unit, at: datetime) -> None:
    for name, hant, english, place in ROOMS:
        what = Description(
            kind=ResourceKind.ROOM, name=name, minutes=30, names={"zh-hant": hant, "en": english},
            place=place, online=True,
        )  # fmt: skip
        room = bookings.create_resource(actor=SYSTEM, unit_id=unit.pk, what=what, at=at)
        hours = [
            Hours(weekday, opens, closes, capacity=1, hall=1, phone=1, online=1)
            for weekday in (0, 1, 2, 3, 4)
            for opens, closes in ((time(9), time(12)), (time(14), time(17)))
        ]
        bookings.set_hours(actor=SYSTEM, resource_id=room.pk, hours=hours, at=at)
