"""The bell: told once, to the right people, read by oneself only."""

from __future__ import annotations

from django.test import Client

from liangdian.casework import services
from liangdian.platform.notifications import selectors
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]
BACKEND = "liangdian.platform.accounts.backend.StaffBackend"


def test_a_return_reaches_the_first_handler_once(house: House) -> None:
    case = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=case.pk, to_unit_id=house.street.pk, reason="请核对", at=NOW
    )
    assert selectors.unread_count(house.actor("coordinator")) == 1
    services.return_referral(
        actor=house.actor("coordinator"), case_id=case.pk, why="unclear", reason="缺照片", at=NOW
    )
    notices = selectors.latest(house.actor("clerk"))
    assert [n.kind for n in notices] == ["referral_returned"]
    assert selectors.unread_count(house.actor("stranger")) == 0


def test_reading_marks_ones_own_notices_only(house: House) -> None:
    case = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=case.pk, to_unit_id=house.street.pk, reason="请核对", at=NOW
    )
    client = Client()
    client.force_login(house.staff["clerk2"], backend=BACKEND)
    assert client.get("/notices/").status_code == 200
    assert client.post("/notices/read/").status_code == 302
    assert selectors.unread_count(house.actor("coordinator")) == 1
    client.force_login(house.staff["coordinator"], backend=BACKEND)
    assert case.reference in client.get("/notices/").content.decode()
    client.post("/notices/read/")
    assert selectors.unread_count(house.actor("coordinator")) == 0
