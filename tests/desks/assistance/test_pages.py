"""The desk over HTTP: the list, a household, the register of places, the acts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liangdian.casework.links import link_token
from liangdian.casework.models import Case
from liangdian.desks.assistance.models import Help, Offer, Placement
from tests.desks.assistance.conftest import Desk

HOUSEHOLD = {
    "source": "visit", "channel": "visit", "resident_name": "周秀英", "phone": "13812342211", "people": "3",
    "words": "家里没有收入，想找份活。", "submission_key": "k1", "address": "",
}  # fmt: skip
PLACE = {
    "kind": "work", "title": "保洁员", "giver": "县中医院", "place": "门诊楼", "pay": "800", "hours": "30",
    "places": "1", "contact": "", "requirements": "",
}  # fmt: skip


def test_a_household_is_registered_once_however_often_the_button_is_pressed(desk: Desk) -> None:
    client, form = desk.client("clerk"), {**HOUSEHOLD, "unit": desk.house.community.pk}
    first, again = client.post("/assistance/new/", form), client.post("/assistance/new/", form)
    assert first.headers["Location"] == again.headers["Location"]
    assert Help.objects.count() == 1
    assert client.get(first.headers["Location"]).status_code == 200
    for bad in ({"words": ""}, {"people": "0"}, {"people": "x"}, {"resident_name": ""}, {"unit": "999"}):
        assert client.post("/assistance/new/", {**form, "submission_key": "k2", **bad}).status_code == 422


def test_a_placement_over_http(desk: Desk) -> None:
    client = desk.client("secretary")
    assert client.get("/assistance/places/new/").status_code == 200
    sent = client.post("/assistance/places/new/", {**PLACE, "unit": desk.house.community.pk})
    assert sent.status_code == 302
    assert client.post("/assistance/places/new/", {**PLACE, "unit": "9", "pay": "x"}).status_code == 422
    case, offer = desk.help(), Offer.objects.get()

    def act(name: str, **form: object) -> int:
        return client.post(f"/cases/{case.reference}/assistance.{name}/", form).status_code

    assert act("consent", wants="yes", how="in_person") == 302
    assert act("helper", helper=desk.house.id("secretary")) == 302
    assert act("need", kind="work", income="600", least_pay="700", most_hours="40") == 302
    assert "保洁员" in client.get(f"/cases/{case.reference}/").text
    assert act("place", offer="9999", starts="2026-09-21", pay="800") == 422
    assert act("place", offer=offer.pk, starts="9999-12-31", pay="800") == 422
    assert act("place", offer=offer.pk, starts="2026-09-21", pay="800") == 302
    assert Placement.objects.get().pay == 800
    assert "县中医院" in client.get(f"/m/{link_token(case.reference)}/").text
    assert client.get("/assistance/places/").text.count("保洁员") == 0
    assert "保洁员" in client.get("/assistance/places/?all=1").text


def test_strangers_find_nothing(desk: Desk) -> None:
    case, offer = desk.to("placed"), Offer.objects.get()
    stranger = desk.client("stranger")
    assert stranger.post(f"/cases/{case.reference}/assistance.left/", {}).status_code == 404
    assert stranger.post(f"/assistance/places/{offer.pk}/withdraw/").status_code == 403
    assert case.reference not in stranger.get("/assistance/").text
    assert desk.client("auditor").get("/assistance/").status_code == 404
    assert desk.client("auditor").get("/assistance/new/").status_code == 404


@pytest.mark.parametrize("path", ["/assistance/?after=x~y", "/assistance/?state=moon&source=x&mine=on"])
def test_any_filter_is_answered(desk: Desk, path: str) -> None:
    assert desk.client("secretary").get(path).status_code == 200


def test_lists_cost_the_same_with_thirty(desk: Desk) -> None:
    client = desk.client("secretary")
    desk.to("seeking")
    desk.offer()
    client.get("/assistance/")
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as page:
            assert client.get("/assistance/").status_code == 200
        with CaptureQueriesContext(connection) as register:
            assert client.get("/assistance/places/").status_code == 200
        counts.append((len(page), len(register)))
        for number in range(29):
            desk.consent(desk.help(submission_key=f"h{turn}-{number}"))
            desk.offer(title=f"保洁{number}")
    assert counts[0] == counts[1]


def test_the_page_of_a_help_keeps_its_budget(desk: Desk) -> None:
    case = desk.to("settled")
    client = desk.client("secretary")
    with CaptureQueriesContext(connection) as page:
        assert client.get(f"/cases/{case.reference}/").status_code == 200
    assert len(page) <= 20
    assert Case.objects.get(pk=case.pk).kind == "livelihood"


def test_the_outcome_is_shown_for_any_period(desk: Desk) -> None:
    desk.to("placed")
    client = desk.client("secretary")
    for query in (
        "",
        "?first=2026-01-01&last=2026-12-31",
        "?first=x&last=9999-99-99",
        "?first=2027-01-01",
        "?first=0001-01-01&last=9999-12-31",
    ):
        assert client.get(f"/assistance/outcome/{query}").status_code == 200
    assert desk.client("clerk").get("/assistance/outcome/").status_code == 404
