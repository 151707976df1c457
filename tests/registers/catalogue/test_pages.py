"""The guides and the staff pages of the catalogue, over HTTP."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.registers.catalogue import services
from liangdian.registers.catalogue.models import Category, Item, ItemVersion
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]
BACKEND = "liangdian.platform.accounts.backend.StaffBackend"
DAYS = LimitUnit.WORKING_DAYS
ENGLISH = {"accept-language": "en"}


def publish(code: str, name: str, **changes: object) -> ItemVersion:
    content = services.Content(**{"name": name, "promised": Limit(5, DAYS), **changes})  # type: ignore[arg-type]
    category = services.category(code="MZ", name="民政")
    return services.publish_version(actor=SYSTEM, code=code, category=category, content=content, at=NOW)


def signed_in(house: House, name: str = "administrator") -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(house.staff[name], backend=BACKEND)  # type: ignore[arg-type]
    return client


def current(code: str) -> ItemVersion:
    version = Item.objects.get(code=code).current
    assert version is not None
    return version


def form(**changes: object) -> dict[str, object]:
    return {
        "seen": 1, "name": "老年优待证", "name_en": "Senior card", "category": "MZ", "promised_amount": 3,
        "promised_unit": "working_days", "legal_amount": 20, "legal_unit": "working_days", "visits": 1,
        "documents": "身份证 | 2 | 本人 | required\n委托书｜1｜｜conditional｜由他人代办时\n照片",
        "remedies": "可以申请行政复议", **changes,
    }  # fmt: skip


# --- guides


def test_a_resident_finds_a_guide_and_reads_the_complete_list_of_documents_art_30(house: House) -> None:
    documents = [
        services.Document(name="身份证", copies=2, source="本人"),
        services.Document(name="委托书", necessity="conditional", condition="由他人代办时"),
    ]
    publish("MZ-002", "残疾人证", documents=documents, legal=Limit(20, DAYS), texts={"remedies": "行政复议"})
    client = Client(headers=ENGLISH)
    found = client.get("/guides/?q=残疾").content.decode()
    assert "残疾人证" in found and "老年优待证" not in found
    page = client.get("/guides/MZ-002/").content.decode()
    for text in ("身份证", "委托书", "由他人代办时", "本人", "行政复议", "5 working days", "20 working days"):
        assert text in page


@pytest.mark.parametrize("code", ["NO-SUCH", "a%00b", "%F0%9F%98%80", "x/y"])
def test_a_guide_of_an_unknown_code_is_not_found(house: House, code: str) -> None:
    assert Client().get(f"/guides/{code}/").status_code == 404


def test_a_retired_item_leaves_the_list_and_its_guide_says_so(house: House) -> None:
    services.retire_item(actor=SYSTEM, code="MZ-001", at=NOW)
    client = Client(headers=ENGLISH)
    assert "MZ-001" not in client.get("/guides/").content.decode()
    assert "no longer offered" in client.get("/guides/MZ-001/").content.decode()


def test_the_guides_go_on_page_by_page_and_a_code_may_hold_a_slash(house: House) -> None:
    for n in range(34):
        publish(f"MZ/{n:03}", f"事项{n}")
    seen: list[str] = []
    url = "/guides/?category=MZ"
    for _page in range(2):
        answer = Client().get(url)
        seen += [item.code for item, _words in answer.context["rows"]]
        url = "/guides/" + answer.context["pager"]["next_url"]
    assert url == "/guides/" and len(seen) == len(set(seen)) == 35
    assert Client().get("/guides/MZ/003/").status_code == 200


@pytest.mark.parametrize("after", ["x", "1-2", "9-9-%00", "-1-2-3", "999999999999-1-a", "٣-1-a"])
def test_a_spoilt_page_key_shows_the_first_page(house: House, after: str) -> None:
    assert "老年优待证" in Client().get(f"/guides/?after={after}").content.decode()


@pytest.mark.parametrize("address", ["/guides/", "/catalogue/"])
def test_a_list_costs_the_same_statements_for_one_and_for_thirty(house: House, address: str) -> None:
    client = signed_in(house, "clerk")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    for n in range(29):
        publish(f"MZ-1{n:02}", f"事项{n}")
    with CaptureQueriesContext(connection) as thirty:
        assert len(client.get(address).context["rows"]) == 30
    assert len(thirty) == len(one)


# --- staff


def test_an_administrator_publishes_a_version_and_the_old_one_stays_readable(house: House) -> None:
    client = signed_in(house)
    begun = client.get("/catalogue/publish/MZ-001/")
    assert begun.context["form"].initial["name"] == "老年优待证"
    answer = client.post("/catalogue/publish/MZ-001/", form())
    assert answer.status_code == 302 and answer["Location"] == "/catalogue/items/MZ-001/"
    version = current("MZ-001")
    assert version.number == 2 and version.created_by == house.id("administrator")
    assert [(d.name, d.copies, d.necessity) for d in version.documents.all()] == [
        ("身份证", 2, "required"), ("委托书", 1, "conditional"), ("照片", 1, "required"),
    ]  # fmt: skip
    assert "Senior card" in client.get(answer["Location"]).content.decode()
    assert "Version 1" in client.get("/catalogue/versions/1/MZ-001/").content.decode()
    assert client.get("/catalogue/versions/99999999999/MZ-001/").status_code == 404


def test_what_is_written_into_the_form_is_read_back_unchanged(house: House) -> None:
    client = signed_in(house)
    client.post("/catalogue/publish/MZ-001/", form())
    columns = ("name", "copies", "source", "necessity", "condition")
    before = list(current("MZ-001").documents.values_list(*columns))
    initial = client.get("/catalogue/publish/MZ-001/").context["form"].initial
    client.post("/catalogue/publish/MZ-001/", {k: "" if v is None else v for k, v in initial.items()})
    version = current("MZ-001")
    assert version.number == 3 and version.remedies == "可以申请行政复议"
    assert list(version.documents.values_list(*columns)) == before


def test_a_promise_longer_than_the_law_is_told_at_its_field_and_nothing_is_lost(house: House) -> None:
    answer = signed_in(house).post(
        "/catalogue/publish/MZ-001/", form(promised_amount=21, new_category="全新类别")
    )
    assert answer.status_code == 422
    assert "longer than the law" in answer.context["form"].errors["promised_amount"][0]
    page = answer.content.decode()
    assert "由他人代办时" in page and "可以申请行政复议" in page
    assert ItemVersion.objects.count() == 1 and not Category.objects.filter(name="全新类别").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"promised_amount": ""}, "promised_amount"),
        ({"promised_amount": "99999999999999999999"}, "promised_amount"),
        ({"legal_amount": ""}, "legal_amount"),
        ({"legal_unit": ""}, "legal_unit"),
        ({"name": " \0 "}, "name"),
        ({"category": ""}, "category"),
        ({"visits": "-1"}, "visits"),
        ({"fee": "元" * 201}, "fee"),
        ({"documents": "身份证 | 0"}, "documents"),
        ({"documents": "| 1"}, "documents"),
        ({"documents": "身份证 | 1 | 本人 | 大概"}, "documents"),
        ({"documents": "委托书 | 1 | 本人 | conditional"}, "documents"),
        ({"documents": "a|1|b|required|c|d|e"}, "documents"),
        ({"documents": "证" * 201}, "documents"),
    ],
)
def test_a_slip_is_told_at_its_field(house: House, changes: dict[str, object], field: str) -> None:
    answer = signed_in(house).post("/catalogue/publish/MZ-001/", form(**changes))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert ItemVersion.objects.count() == 1


def test_a_new_item_needs_a_new_code_and_may_open_a_new_category(house: House) -> None:
    client = signed_in(house)
    assert client.get("/catalogue/new/").status_code == 200
    for code in ("mz-001", "a/b", "../x", "中文"):
        taken = client.post("/catalogue/new/", form(code=code))
        assert taken.status_code == 422 and list(taken.context["form"].errors) == ["code"]
    made = client.post("/catalogue/new/", form(code="WS-001", category="", new_category="卫生健康"))
    assert made.status_code == 302
    assert Item.objects.get(code="WS-001").category.label == "卫生健康"


def test_at_once_needs_no_amount(house: House) -> None:
    signed_in(house).post(
        "/catalogue/publish/MZ-001/",
        form(promised_amount="", promised_unit="at_once", legal_amount="", legal_unit=""),
    )
    version = current("MZ-001")
    assert (version.kind, version.legal_amount, version.legal_unit) == ("at_once", None, "")


def test_two_administrators_do_not_overwrite_each_other(house: House) -> None:
    client = signed_in(house)
    assert client.post("/catalogue/publish/MZ-001/", form()).status_code == 302
    second = client.post("/catalogue/publish/MZ-001/", form(promised_amount=4))
    assert second.status_code == 409 and "由他人代办时" in second.content.decode()
    assert ItemVersion.objects.count() == 2


def test_who_is_no_administrator_reads_and_changes_nothing(house: House) -> None:
    client = signed_in(house, "clerk")
    assert client.get("/catalogue/").status_code == 200
    page = client.get("/catalogue/items/MZ-001/").content.decode()
    assert "Retire" not in page and "New version" not in page
    for address in ("/catalogue/new/", "/catalogue/publish/MZ-001/"):
        assert client.get(address).status_code == 403
        assert client.post(address, form(code="X-1")).status_code == 403
    assert client.post("/catalogue/retire/MZ-001/").status_code == 403
    assert Item.objects.get().active and ItemVersion.objects.count() == 1


def test_strangers_are_led_to_the_sign_in_page(house: House) -> None:
    for address in ("/catalogue/", "/catalogue/items/MZ-001/", "/catalogue/new/"):
        assert Client().get(address).status_code == 302


def test_retired_items_are_found_only_when_asked_for(house: House) -> None:
    client = signed_in(house)
    assert client.get("/catalogue/retire/MZ-001/").status_code == 405
    assert client.post("/catalogue/retire/MZ-001/").status_code == 302
    assert client.get("/catalogue/").context["rows"] == []
    assert len(client.get("/catalogue/?retired=on&category=MZ&q=优待").context["rows"]) == 1
    assert client.post("/catalogue/retire/NO-SUCH/").status_code == 404


def test_the_rail_leads_everybody_on_the_staff_to_the_items(house: House) -> None:
    assert 'href="/catalogue/"' in signed_in(house, "auditor").get("/catalogue/").content.decode()


def test_the_guide_is_shown_before_it_is_published_and_nothing_is_written(house: House) -> None:
    client = signed_in(house)
    versions = ItemVersion.objects.count()
    seen = client.post("/catalogue/publish/MZ-001/", form(act="preview", new_category="新类别", category=""))
    page = seen.content.decode()
    assert seen.status_code == 200 and "So residents will read it" in page
    assert "由他人代办时" in page and "3 working days" in page
    assert ItemVersion.objects.count() == versions and not Category.objects.filter(name="新类别").exists()
    refused = client.post("/catalogue/publish/MZ-001/", form(act="preview", promised_amount=30))
    assert refused.status_code == 422 and "So residents will read it" not in refused.content.decode()
    new = form(act="preview", code="MZ-009", name="新事项")
    assert "新事项" in client.post("/catalogue/new/", new).content.decode()
    assert not Item.objects.filter(code="MZ-009").exists()
    assert signed_in(house, "clerk").post("/catalogue/new/", new).status_code == 403
