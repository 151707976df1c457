"""A program does with a matter what a clerk does on the pages."""

from __future__ import annotations

from liangdian.casework.models import Case
from liangdian.casework.web.acts import PAGES
from tests.api.conftest import Calling, matter
from tests.casework.conftest import House


def test_a_matter_is_registered_read_and_worked_on(house: House, calling: Calling) -> None:
    clerk = calling()
    made = clerk.post("/cases", matter())
    assert made.status_code == 201, made.content
    reference = made.json()["reference"]
    assert made["Location"] == f"/api/v1/cases/{reference}"
    read = clerk.get(f"/cases/{reference}")
    found = read.json()
    assert found["words"] == matter()["words"]
    assert found["first_handler"]["name"] == "clerk"
    assert found["due_at"] and found["item"] == "MZ-001"
    assert [line["type"] for line in found["history"]] == ["promised", "registered"]
    assert "start" in found["acts"] and "resolve" in found["acts"]
    started = clerk.post(f"/cases/{reference}/acts/start", If_Match=read["ETag"])
    assert started.status_code == 200, started.content
    assert started.json()["state"] == "handling"
    answered = clerk.post(
        f"/cases/{reference}/acts/resolve", {"answer": "办好了，请来取证。"}, If_Match=started["ETag"]
    )
    assert answered.json()["state"] == "resolved", answered.content
    case = Case.objects.get(reference=reference)
    assert [event.actor_name for event in case.events.order_by("seq")] == ["clerk"] * 5


def test_the_residents_number_stands_in_no_answer(calling: Calling) -> None:
    clerk = calling()
    reference = clerk.post("/cases", matter()).json()["reference"]
    for answer in (clerk.get(f"/cases/{reference}"), clerk.get("/cases?list=answer")):
        assert answer.status_code == 200
        assert b"13812342211" not in answer.content


def test_every_act_of_the_pages_is_an_operation(calling: Calling) -> None:
    paths = calling().get("/openapi.json").json()["paths"]
    assert {f"/api/v1/cases/{{reference}}/acts/{act.value}" for act in PAGES} <= set(paths)


def test_a_referral_to_another_unit(house: House, calling: Calling) -> None:
    clerk, handler = calling(), calling("handler")
    reference = clerk.post("/cases", matter()).json()["reference"]
    wrong = clerk.post(f"/cases/{reference}/acts/refer", {"to_unit": 999999, "reason": "x"}, If_Match="*")
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "body.to_unit"
    body = {"to_unit": house.section.pk, "reason": "请民政科核实年龄。"}
    assert clerk.post(f"/cases/{reference}/acts/refer", body, If_Match="*").status_code == 200
    assert handler.post(f"/cases/{reference}/acts/accept", If_Match="*").json()["state"] == "handling"


def test_pages_of_a_list_follow_each_other_without_gaps(calling: Calling) -> None:
    clerk = calling()
    made = {clerk.post("/cases", matter()).json()["reference"] for _ in range(5)}
    address, seen = "/cases?list=answer&limit=2", []
    while address:
        answer = clerk.get(address)
        seen += [row["reference"] for row in answer.json()["items"]]
        link = answer.headers.get("Link", "")
        assert bool(link) == (answer.json()["next"] is not None)
        address = link.partition(">")[0].removeprefix("</api/v1")
    assert len(seen) == 5 and set(seen) == made


def test_the_search_finds_words_and_travels_in_the_body(calling: Calling) -> None:
    clerk = calling()
    reference = clerk.post("/cases", matter()).json()["reference"]
    found = clerk.post("/cases/search", {"text": "腿脚"}).json()["items"]
    assert [row["reference"] for row in found] == [reference]
    assert clerk.post("/cases/search", {"text": "不存在的词"}).json()["items"] == []
    parameters = clerk.get("/openapi.json").json()["paths"]["/api/v1/cases"]["get"]["parameters"]
    assert {each["name"] for each in parameters} == {"list", "kind", "channel", "state", "after", "limit"}


def test_the_receipt_is_a_pdf(calling: Calling) -> None:
    clerk = calling()
    reference = clerk.post("/cases", matter()).json()["reference"]
    answer = clerk.get(f"/cases/{reference}/receipt.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_hidden_equals_missing(calling: Calling) -> None:
    reference = calling().post("/cases", matter()).json()["reference"]
    stranger = calling("stranger")
    hidden, missing = stranger.get(f"/cases/{reference}"), stranger.get("/cases/XD-2026-999999")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json()["detail"] == missing.json()["detail"]
    assert stranger.post(f"/cases/{reference}/acts/note", {"text": "x"}, If_Match="*").status_code == 404


def test_items_units_and_the_own_profile(house: House, calling: Calling) -> None:
    clerk = calling()
    assert [item["code"] for item in clerk.get("/catalogue/items").json()["items"]] == ["MZ-001"]
    assert clerk.get("/catalogue/items/MZ-001").json()["promised"] == {"amount": 5, "unit": "working_days"}
    assert {unit["code"] for unit in clerk.get("/units").json()["items"]} == {"CG", "XD", "DG", "CG-MZ"}
    section = clerk.get(f"/units/{house.section.pk}").json()
    assert [post["name"] for post in section["posts"]] == ["优待证经办"]
    me = clerk.get("/me").json()
    assert me["name"] == "clerk" and me["unit_id"] == house.community.pk
    assert [role["role"] for role in me["roles"]] == ["clerk"]


def test_a_resident_without_a_phone_is_registered_too(calling: Calling) -> None:
    made = calling().post("/cases", matter(phone="", resident_name="李秀英"))
    assert made.status_code == 201, made.content
    assert Case.objects.get().resident.name == "李秀英"
