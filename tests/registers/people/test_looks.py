"""Who looked at a resident's hidden numbers: told to those who oversee, and to the resident himself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liangdian.casework.links import link_path
from liangdian.foundation.actor import SYSTEM
from liangdian.platform.audit import services as audit
from liangdian.registers.people import services
from liangdian.registers.people.models import Resident
from tests.casework.conftest import NOW, House
from tests.registers.people.conftest import IDENTITY, PHONE

Browser = Callable[[str], Client]


def look(house: House, resident: Resident, field: str = "phone", reason: str = "call about the card") -> None:
    services.reveal(actor=house.actor("clerk"), resident_id=resident.pk, field=field, reason=reason, at=NOW)


def link_of(house: House, resident: Resident) -> str:
    case = house.case(resident_name=resident.name, phone=PHONE, identity=IDENTITY)
    assert case.resident_id == resident.pk
    return link_path(case.reference) + "looked/"


@pytest.mark.parametrize(
    ("who", "told"),
    [("secretary", True), ("coordinator", True), ("inspector", True), ("clerk", False), ("leader", False)],
)
def test_those_who_oversee_the_unit_see_who_looked(
    browser: Browser, house: House, wang: Resident, who: str, told: bool
) -> None:
    look(house, wang)
    client = browser(who)
    record = client.get(f"/people/{wang.pk}/").content.decode()
    assert ("call about the card" in record) is told
    listed = client.get(f"/people/{wang.pk}/looks/")
    assert listed.status_code == (200 if told else 403)
    assert ("call about the card" in listed.content.decode()) is told


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("auditor", 403), ("administrator", 403)])
def test_others_do_not_find_the_list(
    browser: Browser, house: House, wang: Resident, who: str, status: int
) -> None:
    look(house, wang)
    assert browser(who).get(f"/people/{wang.pk}/looks/").status_code == status


def test_the_resident_reads_who_looked_when_what_and_why(house: House, wang: Resident) -> None:
    """Personal information protection law, Art. 44: the person may know how his data are handled."""
    address = link_of(house, wang)
    client = Client(headers={"accept-language": "en"})
    assert "Nobody has looked" in client.get(address).content.decode()
    look(house, wang, "identity", "allowance form")
    page = client.get(address).content.decode()
    for words in ("clerk", "西大街社区", "Identity number", "allowance form"):
        assert words in page, words
    assert IDENTITY not in page and PHONE not in page
    assert "looked/" in client.get(address.removesuffix("looked/")).content.decode()


def test_nobody_reads_who_looked_at_somebody_else(house: House, wang: Resident) -> None:
    other, _made = services.find_or_create(
        actor=SYSTEM, name="李四", phone="13900001111", unit_id=house.community.pk, at=NOW
    )
    look(house, other, reason="about li")
    client = Client()
    page = client.get(link_of(house, wang)).content.decode()
    assert "about li" not in page
    assert client.get("/m/abcdefgh/looked/").status_code == 404
    unnamed = house.case(resident_name="", phone="", identity="")
    assert "about li" not in client.get(link_path(unnamed.reference) + "looked/").content.decode()


def test_other_acts_on_the_record_are_not_looks(house: House, wang: Resident) -> None:
    services.join_household(actor=house.actor("clerk"), resident_id=wang.pk, at=NOW)
    audit.record(
        house.actor("clerk"), "phone_revealed", "people.resident", wang.pk, "failed", NOW, succeeded=False
    )
    page = Client().get(link_of(house, wang)).content.decode()
    assert "failed" not in page and "clerk" not in page.split("<main")[1]


def test_both_lists_cost_the_same_with_one_look_and_with_thirty(
    browser: Browser, house: House, wang: Resident
) -> None:
    secretary, resident, address = browser("secretary"), Client(), link_of(house, wang)
    counted = []
    for looks in (1, 29):
        for number in range(looks):
            look(house, wang, reason=f"reason {number}")
        secretary.get(f"/people/{wang.pk}/looks/")
        for client, page in ((secretary, f"/people/{wang.pk}/looks/"), (resident, address)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counted.append(len(queries))
    assert counted[:2] == counted[2:]
    first = resident.get(address).content.decode()
    assert "?before=" in first
    older = resident.get(address + "?before=" + first.split("?before=")[1].split('"')[0]).content.decode()
    assert older.count("reason ") and 'rel="next"' not in older
    assert resident.get(address + "?before=99999999999999999999").status_code == 200
