"""The kiosk: one number a press, the papers told at once, and nothing doubled after a broken line."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from liangdian.desks.hall import services
from liangdian.desks.hall.models import Device, NumberBlock, TicketCounter, Visit
from liangdian.desks.hall.rules import KEPT_FROM, KEPT_TO, number_of
from liangdian.desks.hall.services.offline import BLOCK, first_free
from liangdian.foundation.clock import business_date
from liangdian.registers.directory import services as directory
from liangdian.registers.directory.rules import Line
from tests.casework.conftest import NOW
from tests.desks.hall.conftest import HallHouse

MINUTE = timedelta(minutes=1)


@pytest.fixture
def kiosk(place: HallHouse) -> Client:
    """An enrolled kiosk."""
    _device, code = services.make_device(
        actor=place.actor("secretary"), hall_id=place.hall.pk, kind="kiosk", name="大门", at=timezone.now()
    )
    client = Client()
    client.post("/device/", {"code": code})
    return client


def test_only_an_enrolled_kiosk_opens_its_pages(place: HallHouse) -> None:
    for path in ("/kiosk/", "/kiosk/ask/", "/kiosk/who/", "/kiosk/appointment/", "/kiosk/offline/"):
        assert Client().get(path).headers["Location"] == "/device/"
    assert Client().get("/kiosk/blocks.json").status_code == 404
    assert Client().post("/kiosk/upload/", "[]", content_type="application/json").status_code == 404


def test_from_the_need_to_the_slip_and_a_second_press_is_the_same_number(
    place: HallHouse, kiosk: Client
) -> None:
    assert "民政" in kiosk.get("/kiosk/").text
    assert "老年优待证" in kiosk.get("/kiosk/about/MZ/").text
    item = f"/kiosk/item/{place.items['card'].pk}/"
    typed = {"press_key": "k1", "reason": "old"}
    assert kiosk.get(item).status_code == 200
    first, again = kiosk.post(item, typed), kiosk.post(item, typed)
    assert first.headers["Location"] == again.headers["Location"]
    visit = Visit.objects.get()
    assert (visit.ticket, visit.channel, visit.reason) == ("A001", "kiosk", "old")
    slip = kiosk.get(first.headers["Location"])
    assert "A001" in slip.text
    assert kiosk.get(first.headers["Location"] + "slip.pdf").content.startswith(b"%PDF")


def test_the_kiosk_does_not_open_the_green_channel(place: HallHouse, kiosk: Client) -> None:
    answer = kiosk.post(f"/kiosk/item/{place.items['card'].pk}/", {"press_key": "k", "reason": "urgent"})
    assert answer.status_code == 422
    assert Visit.objects.count() == 0


def test_only_to_ask_takes_a_number_of_the_queue_that_was_chosen(place: HallHouse, kiosk: Client) -> None:
    kiosk.post("/kiosk/ask/", {"press_key": "k", "reason": "", "group": place.groups["B"].pk})
    assert Visit.objects.get().ticket == "B001"
    assert kiosk.post("/kiosk/ask/", {"press_key": "k2", "reason": "", "group": "9999"}).status_code == 422


def test_who_helps_in_my_lane_is_pressed_not_typed(place: HallHouse, kiosk: Client) -> None:
    secretary, day = place.actor("secretary"), business_date(NOW) - timedelta(days=400)
    area = directory.make_area(actor=secretary, unit=place.hall.unit, name="东关片", at=NOW)
    directory.add_line(actor=secretary, area_id=area.pk, line=Line("东关街"), since=day, at=NOW)
    officer = directory.Person(part="police", phone="0359-2620110", name="王警官")
    directory.name_person(actor=secretary, area_id=area.pk, person=officer, since=day, at=NOW)
    assert "东关街" in kiosk.get("/kiosk/who/").text
    assert "王警官" in kiosk.post("/kiosk/who/", {"address": "东关街", "problem": "safety"}).text
    assert kiosk.post("/kiosk/who/", {"address": "别的街", "problem": "x"}).status_code == 422


@pytest.mark.parametrize("code", ["AAAAA-AAAAA", "", "x" * 300, "\x00"])
def test_a_wrong_appointment_code_gets_a_sentence(kiosk: Client, code: str) -> None:
    assert kiosk.post("/kiosk/appointment/", {"code": code}).status_code == 422


def test_starting_anew_forgets_the_language_of_the_last_person(kiosk: Client) -> None:
    kiosk.post("/ui/language/", {"language": "en", "next": "/kiosk/"})
    assert "What would you like to do?" in kiosk.get("/kiosk/").text
    kiosk.get("/kiosk/?new")
    assert "您想办什么" in kiosk.get("/kiosk/").text


def test_a_slip_of_another_hall_is_not_shown(place: HallHouse, kiosk: Client) -> None:
    other = services.open_hall(actor=place.actor("administrator"), unit_id=place.house.other.pk, at=NOW)
    services.set_group(actor=place.actor("administrator"), hall_id=other.pk, prefix="A", name="综合", at=NOW)
    item = f"/kiosk/item/{place.items['card'].pk}/"
    address = kiosk.post(item, {"press_key": "k1", "reason": ""}).headers["Location"]
    Device.objects.update(hall=other)
    assert kiosk.get(address).status_code == 404


def _block(kiosk: Client, prefix: str = "A") -> dict:
    blocks = kiosk.get("/kiosk/blocks.json").json()["blocks"]
    return next(block for block in blocks if block["prefix"] == prefix)


def _entry(number: int, *, key: str, prefix: str = "A", **more: object) -> dict:
    return {"key": key, "prefix": prefix, "number": number, "at": timezone.now().isoformat(), **more}


def _send(kiosk: Client, *entries: dict) -> list[dict]:
    return kiosk.post("/kiosk/upload/", json.dumps(entries), content_type="application/json").json()["taken"]


def test_numbers_set_apart_are_given_to_nobody_else(place: HallHouse, kiosk: Client) -> None:
    block = _block(kiosk)
    assert (block["next"], block["last"]) == (KEPT_FROM, KEPT_FROM + BLOCK - 1)
    assert place.join("card", at=timezone.now()).visit.number == 1
    assert _block(kiosk) == block  # asking again sets nothing more apart


def test_what_was_given_out_without_a_line_is_taken_once(place: HallHouse, kiosk: Client) -> None:
    first = _block(kiosk)["next"]
    entries = [_entry(first, key="o1", reason="disabled"), _entry(first + 1, key="o2")]
    assert [each["refused"] for each in _send(kiosk, *entries)] == ["", ""]
    assert [each["refused"] for each in _send(kiosk, *entries)] == ["", ""]
    visits = Visit.objects.order_by("number")
    assert [(v.number, v.channel, v.reason) for v in visits] == [
        (first, "kiosk", "disabled"), (first + 1, "kiosk", ""),
    ]  # fmt: skip
    assert _block(kiosk)["next"] == first + 2


def test_a_number_that_was_not_set_apart_or_is_taken_is_refused_and_stops_no_other(
    place: HallHouse, kiosk: Client
) -> None:
    first = _block(kiosk)["next"]
    answers = _send(
        kiosk, _entry(first, key="a"), _entry(first, key="b"), _entry(999, key="c"),
        _entry(first + 1, key="d", reason="king"), _entry(first + 2, key="e"),
    )  # fmt: skip
    refused = {each["key"]: bool(each["refused"]) for each in answers}
    assert refused == {"a": False, "b": True, "c": True, "d": True, "e": False}
    assert Visit.objects.count() == 2


def test_yesterdays_numbers_are_not_taken_up_today(place: HallHouse, kiosk: Client) -> None:
    device = Device.objects.get()
    yesterday = timezone.now() - timedelta(days=1)
    block = services.blocks_for(device=device, at=yesterday)[0]
    late = _entry(first_free(block), key="y") | {"at": yesterday.isoformat()}
    assert _send(kiosk, late)[0]["refused"]
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[1]", '[{"key": "k"}]', '[{"key":"k","prefix":"A","number":"x","at":"now"}]', "[" * 9000],
)
def test_what_no_kiosk_sends_is_refused_with_a_sentence(kiosk: Client, body: str) -> None:
    assert kiosk.post("/kiosk/upload/", body, content_type="application/json").status_code in {200, 409, 422}
    assert Visit.objects.count() == 0


def test_the_database_keeps_blocks_apart(place: HallHouse, kiosk: Client) -> None:
    _block(kiosk)
    block = NumberBlock.objects.filter(prefix="A").get()
    for change in ({"pk": None}, {"pk": None, "first": 0}, {"pk": None, "first": 50, "last": 40}):
        twin = NumberBlock.objects.get(pk=block.pk)
        for name, value in change.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


def test_the_five_hundred_and_first_person_has_a_number_that_no_kiosk_gives_out(place: HallHouse) -> None:
    assert [number_of(n) for n in (1, 500, 501, 502)] == [1, 500, KEPT_TO + 1, KEPT_TO + 2]


def test_when_all_kept_numbers_are_set_apart_a_kiosk_gets_none(place: HallHouse, kiosk: Client) -> None:
    TicketCounter.objects.create(
        hall=place.hall, day=business_date(timezone.now()), prefix="a", last=KEPT_TO - KEPT_FROM - BLOCK + 2
    )
    prefixes = {block["prefix"] for block in kiosk.get("/kiosk/blocks.json").json()["blocks"]}
    assert prefixes == {"B", "Z"}


@pytest.mark.django_db(transaction=True)
def test_two_kiosks_that_ask_at_one_instant_get_different_numbers(place: HallHouse) -> None:
    devices = [
        services.make_device(
            actor=place.actor("secretary"), hall_id=place.hall.pk, kind="kiosk", name=f"{n}", at=NOW
        )[0]
        for n in range(4)
    ]

    def ask(device: Device) -> None:
        services.blocks_for(device=device, at=NOW)
        connection.close()

    threads = [threading.Thread(target=ask, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    firsts = sorted(NumberBlock.objects.filter(prefix="A").values_list("first", flat=True))
    assert firsts == [KEPT_FROM + BLOCK * n for n in range(4)]
