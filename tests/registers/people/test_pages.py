"""The residents' register over HTTP: numbers are masked, never in an address, revealed with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangdian.foundation.actor import SYSTEM
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.people import services
from liangdian.registers.people.models import Resident
from tests.casework.conftest import NOW, House
from tests.registers.people.conftest import IDENTITY, PHONE

Browser = Callable[[str], Client]
LIST = "/people/"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def make(house: House, count: int) -> None:
    for i in range(count):
        services.find_or_create(
            actor=SYSTEM, name=f"居民{i:02d}", phone=f"139000010{i:02d}", unit_id=house.community.pk, at=NOW
        )


def test_a_name_is_found_by_its_beginning_and_goes_into_the_address(
    browser: Browser, wang: Resident, house: House
) -> None:
    make(house, 1)
    clerk = browser("clerk")
    answer = clerk.post(LIST, {"q": "王桂"})
    assert answer.status_code == 302 and "q=" in answer["Location"]
    page = text(clerk.get(answer["Location"]))
    assert "王桂兰" in page and "居民00" not in page
    assert PHONE not in page and "138****2211" in page


@pytest.mark.parametrize("number", [PHONE, "138 1234 2211", "+86 13812342211", IDENTITY])
def test_a_number_is_found_by_post_and_never_stands_in_an_address(
    browser: Browser, wang: Resident, house: House, number: str
) -> None:
    make(house, 1)
    clerk = browser("clerk")
    found = clerk.post(LIST, {"q": number})
    assert found.status_code == 200
    assert "王桂兰" in text(found) and "居民00" not in text(found)
    assert number not in text(found)
    led_away = clerk.get(LIST, {"q": number}, follow=True)
    assert led_away.redirect_chain == [(LIST, 302)]
    assert number not in text(led_away)


@pytest.mark.parametrize("bad", ["\x00", "x" * 5_000, "😀", "%", "'", "0" * 100])
def test_odd_words_find_nobody_and_break_nothing(browser: Browser, wang: Resident, bad: str) -> None:
    assert browser("clerk").post(LIST, {"q": bad}).status_code in (200, 302, 422)
    assert browser("clerk").get(LIST, {"q": bad, "after": bad}).status_code in (200, 302, 422)


@pytest.mark.parametrize("name", ["auditor", "administrator", "security"])
def test_who_serves_nobody_does_not_come_in(browser: Browser, wang: Resident, name: str) -> None:
    assert browser(name).get(LIST).status_code == 403


def test_strangers_do_not_see_that_somebody_exists(browser: Browser, wang: Resident) -> None:
    stranger = browser("stranger")
    assert "王桂兰" not in text(stranger.get(LIST)) + text(stranger.post(LIST, {"q": PHONE}))
    for url in (f"{LIST}{wang.pk}/", f"{LIST}{wang.pk}/edit/"):
        assert stranger.get(url).status_code == 404
    asked = stranger.post(f"{LIST}{wang.pk}/reveal/", {"field": "phone", "reason": "x"})
    assert asked.status_code == 404
    assert Client().get(LIST).status_code == 302


def test_the_list_costs_the_same_with_one_row_and_with_thirty(browser: Browser, house: House) -> None:
    clerk = browser("clerk")
    make(house, 1)
    clerk.get(LIST)
    with CaptureQueriesContext(connection) as one:
        clerk.get(LIST)
    make(house, 30)
    with CaptureQueriesContext(connection) as thirty:
        assert text(clerk.get(LIST)).count("<tr data-href") == 30
    assert len(thirty) == len(one) <= 8


def test_pages_follow_each_other_without_gap_or_repetition(browser: Browser, house: House) -> None:
    make(house, 35)
    clerk = browser("clerk")
    first = clerk.get(LIST)
    second = clerk.get(LIST + first.context["page"]["next_url"])
    names = [row.name for page in (first, second) for row in page.context["rows"]]
    assert names == [f"居民{i:02d}" for i in range(35)]
    assert second.context["page"] == {"next_url": "", "previous_url": "?"}


def test_the_record_shows_what_is_known_with_numbers_masked(browser: Browser, wang: Resident) -> None:
    answer = browser("clerk").get(reverse("people:detail", args=[wang.pk]))
    page = text(answer)
    for known in ("王桂兰", "西大街12号", "Cannot walk", "138****2211", "31 Dec 1949"):
        assert known in page
    assert PHONE not in page and IDENTITY not in page
    assert "no-store" in answer["Cache-Control"]


def test_a_number_is_revealed_once_with_a_logged_reason(browser: Browser, wang: Resident) -> None:
    clerk, url = browser("clerk"), reverse("people:reveal", args=[wang.pk])
    refused = clerk.post(url, {"field": "identity", "reason": " "})
    assert refused.status_code == 422
    assert IDENTITY not in text(refused) and "Write why you need it" in text(refused)
    assert not AccessLog.objects.filter(act="identity_revealed").exists()
    assert IDENTITY in text(clerk.post(url, {"field": "identity", "reason": "核对证件"}))
    assert AccessLog.objects.get(act="identity_revealed").reason == "核对证件"
    assert IDENTITY not in text(clerk.get(reverse("people:detail", args=[wang.pk])))
    assert clerk.post(url, {"field": "name", "reason": "x"}).status_code == 422
    assert clerk.get(url)["Location"] == reverse("people:detail", args=[wang.pk])


def form_of(answer: object) -> dict[str, object]:
    form = answer.context["form"]  # type: ignore[attr-defined]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def test_what_is_known_is_corrected(browser: Browser, wang: Resident) -> None:
    clerk, url = browser("clerk"), reverse("people:edit", args=[wang.pk])
    data = {**form_of(clerk.get(url)), "name": "王桂芳", "phone": "13900002222", "needs": ["low_vision"]}
    assert clerk.post(url, data).status_code == 302
    wang.refresh_from_db()
    assert (wang.name, wang.needs) == ("王桂芳", ["low_vision"])
    fresh = Resident.objects.get()
    assert fresh.phone_masked == "139****2222" and fresh.identity_masked == wang.identity_masked
    assert fresh.contacts.count() == 2


def test_birth_date_and_sex_are_asked_only_without_an_identity_number(
    browser: Browser, wang: Resident, house: House
) -> None:
    make(house, 1)
    clerk, other = browser("clerk"), Resident.objects.get(name="居民00")
    assert "birth_date" not in clerk.get(reverse("people:edit", args=[wang.pk])).context["form"].fields
    url = reverse("people:edit", args=[other.pk])
    data = form_of(clerk.get(url))
    wrong = clerk.post(url, {**data, "birth_date": "2999-01-01"})
    assert wrong.status_code == 422 and wrong.context["form"].errors["birth_date"]
    clerk.post(url, {**data, "birth_date": "1950-02-03", "sex": "female", "language": "en"})
    other.refresh_from_db()
    assert (str(other.birth_date), other.sex, other.language) == ("1950-02-03", "female", "en")


def test_a_new_resident_is_written_down_and_a_known_one_is_found(browser: Browser, house: House) -> None:
    clerk, url = browser("clerk"), reverse("people:new")
    assert clerk.get(url).status_code == 200
    data = {"name": "赵大爷", "phone": PHONE, "unit": house.community.pk, "needs": ["low_hearing"]}
    made = clerk.post(url, data)
    resident = Resident.objects.get()
    assert made["Location"] == reverse("people:detail", args=[resident.pk])
    again = clerk.post(url, {**data, "identity": IDENTITY}, follow=True)
    assert "known already" in text(again)
    assert Resident.objects.get().identity_masked
    wrong = clerk.post(url, {**data, "identity": IDENTITY[:-1] + "1", "name": "钱大妈"})
    assert wrong.status_code == 422 and "钱大妈" in text(wrong)
    assert clerk.post(url, {**data, "unit": house.other.pk}).status_code == 422
    assert Resident.objects.count() == 1


def test_who_lives_together_stands_together(browser: Browser, wang: Resident, house: House) -> None:
    son, _made = services.find_or_create(
        actor=SYSTEM, name="王建军", address="西大街12号", unit_id=house.community.pk, at=NOW
    )
    clerk = browser("clerk")
    for person in (wang, son):
        assert clerk.post(reverse("people:household", args=[person.pk]), {"act": "join"}).status_code == 302
    page = reverse("people:detail", args=[wang.pk])
    assert "王建军" in text(clerk.get(page))
    clerk.post(reverse("people:household", args=[son.pk]), {"act": "leave"})
    assert "王建军" not in text(clerk.get(page))
    url = reverse("people:household", args=[wang.pk])
    assert browser("stranger").post(url).status_code == 404
    assert browser("leader").post(url).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("identity", "110105194912310021", "does not fit"),
        ("identity", "11010519491331002X", "impossible"),
        ("phone", "12345", "no phone number"),
        ("name", "长" * 5_000, "100"),
        ("name", "", "required"),
        ("needs", ["flies"], "not one of the available choices"),
    ],
)
def test_what_cannot_be_right_is_told_at_its_field_and_nothing_is_saved(
    browser: Browser, wang: Resident, field: str, value: object, words: str
) -> None:
    clerk, url = browser("clerk"), reverse("people:edit", args=[wang.pk])
    answer = clerk.post(url, {**form_of(clerk.get(url)), "address": "东关路3号", field: value})
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert "东关路3号" in text(answer)
    wang.refresh_from_db()
    assert wang.address == "西大街12号"


def test_a_stale_form_shows_the_change_and_keeps_what_was_typed(browser: Browser, wang: Resident) -> None:
    clerk, url = browser("clerk"), reverse("people:edit", args=[wang.pk])
    opened = form_of(clerk.get(url))
    browser("clerk2").post(url, {**opened, "address": "东关路3号"})
    answer = clerk.post(url, {**opened, "name": "王桂芳", "phone": "13900002222"})
    assert answer.status_code == 409
    page = text(answer)
    for words in ("<del>西大街12号</del>", "<ins>东关路3号</ins>", "王桂芳", "13900002222"):
        assert words in page
    again = {
        **opened,
        "name": "王桂芳",
        "address": "东关路3号",
        "shown": answer.context["form"]["shown"].value(),
    }
    assert clerk.post(url, again).status_code == 302
    wang.refresh_from_db()
    assert (wang.name, wang.address) == ("王桂芳", "东关路3号")


def test_a_tampered_form_is_taken_for_a_stale_one(browser: Browser, wang: Resident) -> None:
    clerk, url = browser("clerk"), reverse("people:edit", args=[wang.pk])
    data = {**form_of(clerk.get(url)), "name": "x", "shown": "tampered"}
    assert clerk.post(url, data).status_code == 409
    wang.refresh_from_db()
    assert wang.name == "王桂兰"


def test_a_leader_reads_and_does_not_change(browser: Browser, wang: Resident) -> None:
    leader = browser("leader")
    page = text(leader.get(reverse("people:detail", args=[wang.pk])))
    assert reverse("people:edit", args=[wang.pk]) not in page
    assert leader.get(reverse("people:edit", args=[wang.pk])).status_code == 403
