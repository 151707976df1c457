"""The resident on the pages of casework: picked from the register, his phone, his matters."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liangdian.casework import services
from liangdian.casework.models import Case
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.people import services as people
from liangdian.registers.people.models import Resident
from tests.casework.conftest import NOW, House

PHONE, IDENTITY = "13812342211", "11010519491231002X"


@pytest.fixture
def wang(house: House) -> Resident:
    found, _made = people.find_or_create(
        actor=SYSTEM, name="王桂兰", phone=PHONE, identity=IDENTITY, address="西大街12号",
        unit_id=house.community.pk, at=NOW,
    )  # fmt: skip
    return found


@pytest.fixture
def stranger(house: House) -> Resident:
    found, _made = people.find_or_create(
        actor=SYSTEM, name="王大山", phone="13900001111", unit_id=house.other.pk, at=NOW
    )
    return found


def at_desk(house: House, name: str = "clerk") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.staff[name])
    return client


def form(house: House, **changes: object) -> dict[str, object]:
    given = {
        "submission_key": "k", "kind": "help", "channel": "window", "unit": house.community.pk,
        "words": "灯坏了", "resident_name": "", "phone": "", "identity": "", "address": "",
    }  # fmt: skip
    return {**given, **changes}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"resident_name": "王"}, True), ({"resident_name": "桂兰"}, False),
        ({"phone": "138 1234 2211"}, True),
        ({"phone": "1381234"}, False), ({"identity": IDENTITY.lower()}, True), ({"identity": "1101"}, False),
        ({}, False), ({"resident_name": "\x00", "phone": "9" * 5000}, False),
    ],
)  # fmt: skip
def test_the_known_are_offered_while_typing_of_my_unit_only(
    house: House, wang: Resident, stranger: Resident, typed: dict[str, str], found: bool
) -> None:
    answer = at_desk(house).post("/cases/residents/", typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert (f'value="{wang.pk}"' in page) is found
    assert "王大山" not in page and PHONE not in page and IDENTITY not in page


def test_numbers_are_not_taken_from_an_address(house: House, wang: Resident) -> None:
    assert at_desk(house).get("/cases/residents/", {"phone": PHONE}).status_code == 405


def test_without_javascript_find_shows_them_and_keeps_what_was_typed(house: House, wang: Resident) -> None:
    answer = at_desk(house).post("/cases/new/", form(house, resident_name="王桂", find="1"))
    page = answer.content.decode()
    assert answer.status_code == 200 and Case.objects.count() == 0
    assert f'value="{wang.pk}"' in page and "灯坏了" in page and 'value="王桂"' in page


def test_the_chosen_resident_gets_the_matter_and_what_is_new_of_him(house: House, wang: Resident) -> None:
    sent = at_desk(house).post(
        "/cases/new/", form(house, resident=wang.pk, resident_name="王", phone="13700000000")
    )
    assert sent.status_code == 302
    case = Case.objects.get()
    assert case.resident_id == wang.pk and Resident.objects.filter(name="王").count() == 0
    assert wang.contacts.count() == 2
    assert case.search.vector and at_desk(house).get("/cases/search/?q=王桂兰").content.decode().count(
        case.reference
    )


@pytest.mark.parametrize("resident", ["stranger", "nobody", "text", "huge"])
def test_a_resident_one_may_not_see_is_refused(house: House, stranger: Resident, resident: str) -> None:
    value = {"stranger": stranger.pk, "nobody": 999_999, "text": "x", "huge": "9" * 40}[resident]
    answer = at_desk(house).post("/cases/new/", form(house, resident=value))
    assert answer.status_code == 422 and Case.objects.count() == 0
    assert "王大山" not in answer.content.decode()
    if resident in {"stranger", "nobody"}:
        with pytest.raises(Invalid) as refused:
            house.case(resident_id=value)
        assert refused.value.field == "resident"


def test_another_identity_number_than_the_chosen_ones_is_refused(house: House, wang: Resident) -> None:
    other = "110105194912310038"
    answer = at_desk(house).post("/cases/new/", form(house, resident=wang.pk, identity=other))
    assert answer.status_code == 422 and Case.objects.count() == 0


def test_a_new_matter_can_begin_on_the_residents_page(
    house: House, wang: Resident, stranger: Resident
) -> None:
    client = at_desk(house)
    assert f'value="{wang.pk}" checked' in client.get(f"/cases/new/?resident={wang.pk}").content.decode()
    assert "王大山" not in client.get(f"/cases/new/?resident={stranger.pk}").content.decode()


def test_the_phone_is_masked_until_somebody_says_why(house: House) -> None:
    case = house.case()
    client = at_desk(house)
    page = client.get(f"/cases/{case.reference}/").content.decode()
    assert "138****2211" in page and PHONE not in page
    phone = f"/cases/{case.reference}/phone/"
    assert client.post(phone, {"reason": " "}).status_code == 422
    assert not AccessLog.objects.filter(act="phone_revealed").exists()
    shown = client.post(phone, {"reason": "tell her to come"})
    assert PHONE in shown.content.decode() and "no-store" in shown["Cache-Control"]
    logged = AccessLog.objects.get(act="phone_revealed")
    assert logged.reason == f"{case.reference}: tell her to come" and logged.subject_id == str(
        case.resident_id
    )
    assert client.get(phone).status_code == 302


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("clerk", None), ("secretary", None), ("inspector", None), ("leader", NotAllowed),
        ("stranger", NotFound),
        ("auditor", NotFound), ("administrator", NotFound),
    ],
)  # fmt: skip
def test_who_may_see_the_phone(house: House, name: str, refusal: type[Exception] | None) -> None:
    case = house.case()
    ask = {"actor": house.actor(name), "case_id": case.pk, "reason": "call", "at": NOW}
    if refusal is None:
        assert services.reveal_phone(**ask) == PHONE
        return
    with pytest.raises(refusal):
        services.reveal_phone(**ask)
    assert not AccessLog.objects.filter(act="phone_revealed").exists()
    status = 403 if refusal is NotAllowed else 404
    answer = at_desk(house, name).post(f"/cases/{case.reference}/phone/", {"reason": "call"})
    assert answer.status_code == status and PHONE not in answer.content.decode()


def test_a_handler_elsewhere_reaches_the_resident_of_his_matter(house: House) -> None:
    case = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=case.pk, to_unit_id=house.section.pk, reason="theirs", at=NOW
    )
    services.accept_referral(actor=house.actor("handler"), case_id=case.pk, at=NOW)
    found = services.reveal_phone(actor=house.actor("handler"), case_id=case.pk, reason="call", at=NOW)
    assert found == PHONE


def test_a_matter_without_a_resident_has_no_phone(house: House) -> None:
    case = house.case(resident_name="", phone="")
    with pytest.raises(NotFound):
        services.reveal_phone(actor=house.actor("clerk"), case_id=case.pk, reason="call", at=NOW)
    assert "Show the phone" not in at_desk(house).get(f"/cases/{case.reference}/").content.decode()


def test_the_record_lists_the_residents_matters_by_page_and_permission(house: House, wang: Resident) -> None:
    for number in range(11):
        house.case(resident_id=wang.pk, title=f"事项{number:02d}", identity="", phone="")
    hidden = house.case(
        by="secretary", resident_id=wang.pk, phone="", title="投诉", about_user_id=house.id("clerk"),
        first_handler_id=house.id("secretary"),
    )  # fmt: skip
    client = at_desk(house)
    page = client.get(f"/people/{wang.pk}/").content.decode()
    assert "事项10" in page and "事项00" not in page and hidden.reference not in page
    older = page.split('href="?matters=')[1].split("#")[0]
    assert "事项00" in client.get(f"/people/{wang.pk}/?matters={older}").content.decode()
    assert hidden.reference in at_desk(house, "secretary").get(f"/people/{wang.pk}/").content.decode()
    for bad in ("x", "2026-01-01_9", "9999-99-99T00:00:00+00:00_1", "%00"):
        assert client.get(f"/people/{wang.pk}/?matters={bad}").status_code == 200


def test_the_record_costs_the_same_with_one_matter_and_with_thirty(house: House, wang: Resident) -> None:
    client = at_desk(house)
    counted = []
    for cases in (1, 29):
        for _n in range(cases):
            house.case(resident_id=wang.pk, phone="")
        client.get(f"/people/{wang.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/people/{wang.pk}/")
        counted.append(len(queries))
    assert counted[0] == counted[1]
