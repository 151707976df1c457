"""Who helps me, for residents: on the site, with duty, leave and the rooms that can be booked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liangdian.bookings.models import Resource
from liangdian.desks.duty.models import Shift
from liangdian.foundation.clock import business_date
from liangdian.portal.presence import presence
from liangdian.registers.directory import services
from liangdian.registers.directory.rules import Line
from liangdian.registers.directory.services import Person
from tests.casework.conftest import NOW, House


@pytest.fixture
def lane(house: House) -> House:
    secretary = house.actor("secretary")
    area = services.make_area(actor=secretary, unit=house.community, name="东关片", at=NOW)
    day = business_date(timezone.now()) - timedelta(days=3)
    services.add_line(actor=secretary, area_id=area.pk, line=Line("东关街"), since=day, at=NOW)
    for person in (
        Person(part="police", phone="0359-2620110", name="王警官", place="社区警务室"),
        Person(part="worker", phone="0359-2620100", user_id=house.id("clerk")),
    ):
        services.name_person(actor=secretary, area_id=area.pk, person=person, since=day, at=NOW)
    return house


def _asked(house: House, **changes: object) -> dict[str, object]:
    return {"unit": house.community.pk, "address": "东关街12号", "problem": "safety", **changes}


def test_a_resident_finds_his_people_and_a_room_to_talk_in(lane: House) -> None:
    Resource.objects.create(
        unit=lane.community, kind="room", name="社区警务室", minutes=30, online=True, created_at=NOW
    )
    client = Client()
    assert client.get("/who/").status_code == 200
    page = client.post("/who/", _asked(lane)).content.decode()
    for words in ("王警官", "0359-2620110", lane.staff["clerk"].name, "/book/"):
        assert words in page
    assert "13812342211" not in page


def test_bad_input_is_told_and_an_unknown_lane_is_said(lane: House) -> None:
    client = Client()
    assert client.post("/who/", _asked(lane, address="")).status_code == 422
    assert client.post("/who/", _asked(lane, unit="9999")).status_code == 422
    assert client.post("/who/", _asked(lane, problem="moon")).status_code == 422
    assert client.post("/who/", _asked(lane, address="月亮街\x001号" * 5)).status_code == 200


def test_duty_says_who_is_there(lane: House) -> None:
    Shift.objects.create(
        unit=lane.community, user=lane.staff["clerk"], day=business_date(NOW),
        begins_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=2), made_at=NOW,
    )  # fmt: skip
    known = presence({lane.id("clerk"), lane.id("handler")}, NOW)
    assert known[lane.id("clerk")].on_duty_until == NOW + timedelta(hours=2)
    assert lane.id("handler") not in known
