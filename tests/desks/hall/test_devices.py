"""Machines of the hall: a code works once, a revoked machine opens nothing, and no machine shows a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from liangdian.desks.hall import devices, services
from liangdian.desks.hall.models import Device
from liangdian.desks.hall.services.devices import CODE_GOOD_FOR
from liangdian.desks.hall.web.machines import COOKIE
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from tests.casework.conftest import NOW
from tests.casework.web.test_pages import client_of
from tests.desks.hall.conftest import HallHouse

MINUTE = timedelta(minutes=1)


def _make(
    place: HallHouse, *, by: str = "secretary", kind: str = "board", **more: object
) -> tuple[Device, str]:
    return services.make_device(
        actor=place.actor(by), hall_id=place.hall.pk, kind=kind, name="大厅东墙", at=NOW, **more
    )  # fmt: skip


def test_a_code_enrols_one_machine_once(place: HallHouse) -> None:
    _device, code = _make(place)
    assert len(code) == 8
    enrolled, token = services.claim_device(code=f"{code[:4]} {code[4:]}", at=NOW + MINUTE)
    assert devices.device_by_token(token, kind="board", at=NOW + MINUTE) == enrolled
    with pytest.raises(Invalid):
        services.claim_device(code=code, at=NOW + MINUTE)


def test_an_old_code_enrols_nothing(place: HallHouse) -> None:
    _device, code = _make(place)
    with pytest.raises(Invalid):
        services.claim_device(code=code, at=NOW + CODE_GOOD_FOR + MINUTE)
    assert Device.objects.get().enrolled_at is None


def test_a_machine_opens_only_its_own_kind_of_page(place: HallHouse) -> None:
    _device, code = _make(place)
    _enrolled, token = services.claim_device(code=code, at=NOW)
    with pytest.raises(NotFound):
        devices.device_by_token(token, kind="kiosk", at=NOW)
    with pytest.raises(NotFound):
        devices.device_by_token("", kind="board", at=NOW)


def test_revoked_it_opens_nothing_and_neither_does_its_unused_code(place: HallHouse) -> None:
    device, code = _make(place)
    _enrolled, token = services.claim_device(code=code, at=NOW)
    services.revoke_device(actor=place.actor("secretary"), device_id=device.pk, at=NOW)
    with pytest.raises(NotFound):
        devices.device_by_token(token, kind="board", at=NOW)
    second, unused = _make(place)
    services.revoke_device(actor=place.actor("secretary"), device_id=second.pk, at=NOW)
    with pytest.raises(Invalid):
        services.claim_device(code=unused, at=NOW)


def test_a_tablet_stands_at_a_window_of_this_hall_and_nothing_else_does(place: HallHouse) -> None:
    with pytest.raises(Invalid) as refused:
        _make(place, kind="tablet")
    assert refused.value.field == "window"
    tablet, _code = _make(place, kind="tablet", window_id=place.windows[1].pk)
    assert tablet.window == place.windows[1]
    with pytest.raises(Invalid):
        _make(place, kind="gate")
    with pytest.raises(Invalid):
        services.make_device(
            actor=place.actor("secretary"), hall_id=place.hall.pk, kind="board", name="  ", at=NOW
        )


@pytest.mark.parametrize("who", ["clerk", "handler", "leader", "inspector", "auditor", "security"])
def test_only_those_who_set_the_hall_up_make_and_revoke_machines(place: HallHouse, who: str) -> None:
    device, _code = _make(place)
    with pytest.raises((NotAllowed, NotFound)):
        _make(place, by=who)
    with pytest.raises((NotAllowed, NotFound)):
        services.revoke_device(actor=place.actor(who), device_id=device.pk, at=NOW)
    assert client_of(place.house, who).post(f"/device/{device.pk}/revoke/").status_code in {403, 404, 409}
    assert Device.objects.get().revoked_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": NOW},
        {"code_digest": "x" * 64},
        {"kind": "gate"},
        {"kind": "tablet"},
        {"name": ""},
    ],
)  # fmt: skip
def test_the_database_refuses_a_machine_that_could_open_what_it_must_not(
    place: HallHouse, change: dict[str, object]
) -> None:
    _device, code = _make(place)
    services.claim_device(code=code, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.update(**change)


def test_made_ready_typed_on_the_machine_listed_and_revoked_by_http(place: HallHouse) -> None:
    secretary = client_of(place.house, "secretary")
    made = secretary.post(f"/device/{place.hall.pk}/new/", {"kind": "board", "name": "东墙", "window": ""})
    code = made.context["code"]
    assert code in made.text
    machine = Client()
    assert machine.get("/board/").headers["Location"] == "/device/"
    assert machine.post("/device/", {"code": "00000000"}).status_code == 422
    enrolled = machine.post("/device/", {"code": code})
    assert enrolled.headers["Location"] == "/board/"
    cookie = enrolled.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert machine.get("/board/").status_code == 200
    assert "东墙" in secretary.get("/device/all/").text
    device = Device.objects.get()
    secretary.post(f"/device/{device.pk}/revoke/")
    assert machine.get("/board/").headers["Location"] == "/device/"
    assert machine.get("/board/state.json").status_code == 404


def test_codes_are_not_tried_out(place: HallHouse) -> None:
    machine = Client()
    answers = {machine.post("/device/", {"code": f"{n:08d}"}).status_code for n in range(31)}
    assert answers == {422, 429}


@pytest.mark.parametrize("code", ["", " ", "١٢٣٤٥٦٧٨", "x" * 5000, "12345678\x00"])
def test_bad_codes_get_a_sentence(place: HallHouse, code: str) -> None:
    assert Client().post("/device/", {"code": code}).status_code == 422
