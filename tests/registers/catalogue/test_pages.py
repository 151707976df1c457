"""The guides and the staff pages of the catalogue, over HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.registers.catalogue import services
from liangdian.registers.catalogue.models import Item, ItemVersion
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]
BACKEND = "liangdian.platform.accounts.backend.StaffBackend"
DAYS = LimitUnit.WORKING_DAYS


def publish(code: str, name: str, **changes: object) -> ItemVersion:
    content = services.Content(**{"name": name, "promised": Limit(5, DAYS), **changes})
    category = services.category(code="MZ", name="民政")
    return services.publish_version(actor=SYSTEM, code=code, category=category, content=content, at=NOW)


def signed_in(house: House, name: str) -> Client:
    client = Client()
    client.force_login(house.staff[name], backend=BACKEND)
    return client


def test_a_resident_finds_a_guide_and_reads_the_complete_list_of_documents_art_30(house: House) -> None:
    documents = [
        services.Document(name="身份证", copies=2, source="本人"),
        services.Document(name="委托书", necessity="conditional", condition="由他人代办时"),
    ]
    publish("MZ-002", "残疾人证", documents=documents, legal=Limit(20, DAYS), texts={"remedies": "行政复议"})
    client = Client(headers={"accept-language": "en"})
    found = client.get("/guides/?q=残疾").content.decode()
    assert "残疾人证" in found and "老年优待证" not in found
    page = client.get("/guides/MZ-002/").content.decode()
    for text in ("身份证", "委托书", "由他人代办时", "本人", "行政复议", "5 working days", "20 working days"):
        assert text in page


def test_a_guide_of_an_unknown_code_is_not_found(house: House) -> None:
    assert Client().get("/guides/NO-SUCH/").status_code == 404


def test_a_retired_item_leaves_the_list_and_its_guide_says_so(house: House) -> None:
    services.retire_item(actor=SYSTEM, code="MZ-001", at=NOW)
    client = Client(headers={"accept-language": "en"})
    assert "MZ-001" not in client.get("/guides/").content.decode()
    assert "no longer offered" in client.get("/guides/MZ-001/").content.decode()
