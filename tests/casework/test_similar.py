"""Suspicion of a duplicate: the same resident or the same words nearby, only what the reader may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangdian.casework import services, similar
from liangdian.casework.models import Case
from liangdian.casework.similar import Matter
from tests.casework.conftest import NOW, House
from tests.casework.web.test_pages import client_of, typed

LAMP = {"kind": "help", "item_version_id": None}
WORDS = "西大街十二号楼三单元楼道的灯坏了半个月。"


def found(house: House, matter: Matter, by: str = "clerk2") -> list[str]:
    return [case.reference for case in similar.like(matter, actor=house.actor(by), now=NOW)]


def test_a_neighbour_tells_of_the_same_lamp(house: House) -> None:
    lamp = house.case(**LAMP, words=WORDS)
    house.case(**LAMP, words="小区门口的路面塌陷，请尽快处理。")
    here = house.community.pk
    assert found(house, Matter(words="十二号楼三单元楼道灯坏了，看不见", unit_id=here)) == [lamp.reference]
    assert found(house, Matter(words="想问问医保怎么转移", unit_id=here)) == []
    assert found(house, Matter(words="灯", unit_id=here)) == [], "one word is no suspicion"


def test_the_same_resident_is_enough_with_fewer_words_or_the_same_item(house: House) -> None:
    first = house.case()
    assert first.resident_id is not None
    mine = {"residents": {first.resident_id}, "unit_id": house.community.pk}
    item = house.item.pk
    assert found(house, Matter(words="再来问问", item_version_id=item, **mine)) == [first.reference]
    assert found(house, Matter(words="想办优待证，材料带齐了，什么时候能好", **mine)) == [first.reference]
    assert found(house, Matter(words="路灯不亮了请来修一下", **mine)) == []


def test_what_is_over_old_or_merged_is_no_duplicate(house: House) -> None:
    here, clerk = house.community.pk, house.actor("clerk")
    house.case(**LAMP, words=WORDS, at=NOW - timedelta(days=40))
    over, leader, follower = (house.case(**LAMP, words=WORDS) for _ in range(3))
    services.withdraw(actor=clerk, case_id=over.pk, reason="不办了", at=NOW)
    services.merge(actor=clerk, case_id=follower.pk, other=leader.reference, reason="同", at=NOW)
    assert found(house, Matter(words=WORDS, unit_id=here)) == [leader.reference]
    assert found(house, Matter(words=WORDS, unit_id=here, leave_out=leader.pk)) == []


def test_nothing_is_shown_that_the_reader_may_not_see(house: House) -> None:
    lamp = house.case(**LAMP, words=WORDS)
    against = house.case(
        kind="complaint", item_version_id=None, words=WORDS, about_user_id=house.id("clerk2")
    )
    matter = Matter(words=WORDS, unit_id=house.community.pk, residents={lamp.resident_id})
    assert set(found(house, matter, by="secretary")) == {lamp.reference, against.reference}
    assert found(house, matter, by="clerk2") == [lamp.reference]
    assert found(house, matter, by="stranger") == []


def test_it_costs_the_same_with_one_and_with_thirty(house: House) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            similar.like(Matter(words=WORDS, unit_id=house.community.pk), actor=actor, now=NOW)
        return len(asked)

    actor = house.actor("clerk")
    house.case(**LAMP, words=WORDS)
    one = cost()
    for _ in range(29):
        house.case(**LAMP, words=WORDS)
    assert cost() == one == 2


def test_it_stands_on_the_form_and_on_the_page(house: House) -> None:
    first = house.case(at=timezone.now())
    client = client_of(house, "clerk")
    form = typed(house)
    part = client.post("/cases/similar/", form).content.decode()
    assert first.reference in part
    assert first.reference in client.post("/cases/new/", {**form, "find": "1"}).content.decode()
    second = house.case(at=timezone.now())
    page = client.get(f"/cases/{second.reference}/").content.decode()
    assert f"/cases/{second.reference}/similar/" in page
    alone = client.get(f"/cases/{second.reference}/similar/").content.decode()
    assert f"/cases/{second.reference}/merge/?other={first.reference}" in alone
    part = client.get(f"/cases/{second.reference}/similar/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    merge = client.get(f"/cases/{second.reference}/merge/?other={first.reference}").content.decode()
    assert f'value="{first.reference}"' in merge
    assert client_of(house, "stranger").get(f"/cases/{second.reference}/similar/").status_code == 404
    assert first.reference not in client_of(house, "inspector").post("/cases/similar/", form).content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"words": "\x00"}, {"phone": "1" * 5_000}, {"resident": "9" * 40}, {"unit": "x"}, {"item": "\x00"},
     {"words": "长" * 30_000}, {"unit": "999999999999"}],
)  # fmt: skip
def test_bad_input_is_no_error_of_ours(house: House, changes: dict[str, str]) -> None:
    answer = client_of(house, "clerk").post("/cases/similar/", typed(house, **changes))
    assert answer.status_code == 200
    assert Case.objects.count() == 0
