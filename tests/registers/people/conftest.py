"""The small house of casework, with one resident whose numbers are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from liangdian.foundation.actor import SYSTEM
from liangdian.registers.people import services
from liangdian.registers.people.models import Resident
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]
PHONE = "13812342211"
IDENTITY = "11010519491231002X"
BACKEND = "liangdian.platform.accounts.backend.StaffBackend"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def wang(house: House) -> Resident:
    resident, _created = services.find_or_create(
        actor=SYSTEM, name="王桂兰", phone=PHONE, identity=IDENTITY, address="西大街12号",
        unit_id=house.community.pk, needs=["cannot_walk"], at=NOW,
    )  # fmt: skip
    return resident


@pytest.fixture
def browser(house: House) -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(house.staff[name], backend=BACKEND)
        return client

    return signed_in
