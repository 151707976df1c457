"""Filters that a person keeps: his own, by name, one that opens by itself, never a number of a resident."""

from __future__ import annotations

import pytest

from liangdian.casework import services, worklists
from liangdian.casework.models import SavedFilter
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, UNIQUE, refused
from tests.casework.web.test_pages import client_of


def save(house: House, name: str = "投诉", by: str = "clerk", **changes: object) -> SavedFilter:
    given: dict[str, object] = {
        "worklist": Worklist.UNIT, "filters": Filters(kind="complaint"), "opens": False, "at": NOW
    }  # fmt: skip
    return services.save_filter(actor=house.actor(by), name=name, **{**given, **changes})


def test_a_saved_filter_belongs_to_one_person_and_one_of_them_opens(house: House) -> None:
    first = save(house, opens=True)
    second = save(house, "网上来的", opens=True, filters=Filters(channel="web"))
    save(house, by="clerk2")
    mine = worklists.saved_by(house.actor("clerk"))
    assert [(row.name, row.opens) for row, _, _ in mine] == [("投诉", False), ("网上来的", True)]
    assert mine[0][1:] == (Worklist.UNIT, Filters(kind="complaint"))
    services.open_with(actor=house.actor("clerk"), filter_id=first.pk, opens=True, at=NOW)
    assert [row.opens for row, _, _ in worklists.saved_by(house.actor("clerk"))] == [True, False]
    services.delete_filter(actor=house.actor("clerk"), filter_id=second.pk, at=NOW)
    assert len(worklists.saved_by(house.actor("clerk"))) == 1


def test_what_cannot_be_saved_is_refused(house: House) -> None:
    save(house)
    for name in ("", " ", "长" * 41, "投诉"):
        with pytest.raises(Invalid):
            save(house, name)
    with pytest.raises(Invalid):
        save(house, "号码", filters=Filters(text="13812342211"))
    with pytest.raises(NotAllowed):
        save(house, by="auditor")
    for n in range(2, 21):
        save(house, f"第{n}个")
    with pytest.raises(Invalid):
        save(house, "第二十一个")
    other = save(house, by="clerk2")
    for refused_to in ("clerk", "secretary"):
        with pytest.raises(NotFound):
            services.delete_filter(actor=house.actor(refused_to), filter_id=other.pk, at=NOW)
        with pytest.raises(NotFound):
            services.open_with(actor=house.actor(refused_to), filter_id=other.pk, opens=True, at=NOW)


def test_the_database_keeps_the_same_rules(house: House) -> None:
    save(house, opens=True)
    made = {"user_id": house.id("clerk"), "name": "别的", "slot": 2, "list": "unit"}
    for wrong in ({"name": "投诉"}, {"slot": 1}, {"opens": True}):
        assert refused(SavedFilter(**{**made, **wrong}).save) == UNIQUE, wrong
    for wrong in ({"name": ""}, {"list": ""}, {"slot": 21}, {"slot": 0}):
        assert refused(SavedFilter(**{**made, **wrong}).save) == CHECK, wrong


def test_saved_on_the_list_opened_with_it_and_thrown_away(house: House) -> None:
    complaint = house.case(kind="complaint", item_version_id=None)
    house.case()
    client = client_of(house, "clerk")
    narrowed = "/cases/?list=unit&kind=complaint"
    assert 'action="/cases/filters/"' in client.get(narrowed).content.decode()
    assert 'action="/cases/filters/"' not in client.get("/cases/?list=unit").content.decode()
    given = {"list": "unit", "kind": "complaint", "name": "投诉", "opens": "on"}
    done = client.post("/cases/filters/", given)
    assert done.status_code == 302
    assert done["Location"] == narrowed
    opened = client.get("/cases/", follow=True)
    assert opened.redirect_chain == [(narrowed, 302)]
    assert opened.content.decode().count('name="case"') == 1
    assert complaint.reference in opened.content.decode()
    assert 'action="/cases/filters/"' not in opened.content.decode(), "it is saved already"
    saved = SavedFilter.objects.get()
    assert client.post(f"/cases/filters/{saved.pk}/opens/").status_code == 302
    assert client.get("/cases/").status_code == 200
    assert client.post(f"/cases/filters/{saved.pk}/opens/", {"opens": "yes"}).status_code == 302
    assert "投诉" in client.get("/cases/filters/").content.decode()
    assert client.post(f"/cases/filters/{saved.pk}/delete/").status_code == 302
    assert client.get("/cases/").status_code == 200


def test_the_page_refuses_with_a_sentence(house: House) -> None:
    saved, client = save(house), client_of(house, "clerk")
    for wrong in (
        {"name": ""}, {"name": "投诉"}, {"name": "长" * 99}, {"kind": "nothing"}, {"q": "13812342211"},
    ):  # fmt: skip
        form = {"list": "unit", "kind": "complaint", "name": "新", **wrong}
        assert client.post("/cases/filters/", form).status_code == 422, wrong
    stranger = client_of(house, "stranger")
    assert stranger.post(f"/cases/filters/{saved.pk}/delete/").status_code == 404
    assert stranger.post(f"/cases/filters/{saved.pk}/opens/").status_code == 404
    assert client_of(house, "auditor").post("/cases/filters/", {"name": "x"}).status_code == 422
    assert SavedFilter.objects.count() == 1
