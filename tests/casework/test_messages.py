"""What the resident is told of his matter: the right thing, once, in his language, by the way he wishes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from liangdian.casework import services
from liangdian.casework.links import link_path, rating_token
from liangdian.casework.models import Case, Event
from liangdian.casework.services import messages
from liangdian.platform.notifications import services as notifications
from liangdian.platform.notifications.models import Message
from liangdian.platform.ui.dates import day_words
from liangdian.registers.people import services as people
from tests.casework.conftest import NOW, House

DAY = timedelta(days=1)


def told(case: Case) -> list[str]:
    """The kinds of message about the case, in order."""
    rows = Message.objects.filter(key__startswith=f"case:{case.reference}:").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def newest(case: Case) -> dict[str, str]:
    """The values of the newest message."""
    row = Message.objects.filter(key__startswith=f"case:{case.reference}:").latest("pk")
    return json.loads(row.params_sealed)


def test_number_date_and_link_are_told_on_registration(house: House) -> None:
    case = house.case()
    (message,) = Message.objects.all()
    assert (message.key, message.kind) == (f"case:{case.reference}:1", "case_registered")
    assert (message.channel, message.recipient_sealed) == ("sms", "13812342211")
    assert message.answerable_id == house.id("clerk")
    assert newest(case) == {
        "reference": case.reference, "title": "老年优待证", "day": "2026年9月24日（周四）",
        "link": f"http://127.0.0.1:8000{link_path(case.reference)}",
    }  # fmt: skip


def test_a_resident_who_is_picked_without_typing_his_phone_is_told_too(house: House) -> None:
    first = house.case()
    second = house.case(resident_id=first.resident_id, resident_name="", phone="")
    assert told(second) == ["case_registered"]
    assert Message.objects.latest("pk").recipient_sealed == "13812342211"


def test_nobody_is_told_of_a_matter_without_a_name(house: House) -> None:
    case = house.case(kind="suggestion", item_version_id=None, resident_name="", phone="")
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好", at=NOW)
    assert told(case) == []


def test_what_he_wrote_himself_and_what_we_answer_stand_in_no_message(house: House) -> None:
    case = house.case(kind="help", item_version_id=None, words="我得了重病，请帮助我")
    services.ask_resident(actor=house.actor("clerk"), case_id=case.pk, text="请带病历", at=NOW)
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="大病救助已批准", at=NOW)
    assert told(case) == ["case_registered", "asked_for_more", "answered"]
    for message in Message.objects.all():
        values = json.loads(message.params_sealed)
        assert values["title"] == "求助"
        assert not {"病", "批准"} & set("".join(values.values()))


def test_notes_referrals_and_starting_are_not_told(house: House) -> None:
    case, clerk = house.case(), house.actor("clerk")
    services.start(actor=clerk, case_id=case.pk, at=NOW)
    services.add_note(actor=clerk, case_id=case.pk, text="内部", at=NOW)
    services.contact_resident(actor=clerk, case_id=case.pk, text="已电话告知", at=NOW)
    services.refer(actor=clerk, case_id=case.pk, to_unit_id=house.street.pk, reason="请核", at=NOW)
    assert told(case) == ["case_registered"]


def test_a_bad_rating_changes_the_promise_and_the_new_date_is_told_once(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好了", at=NOW)
    later = NOW + 3 * DAY
    services.record_call_back(actor=house.actor("clerk2"), case_id=case.pk, grade="1", comment="", at=later)
    assert told(case) == ["case_registered", "answered", "promise_changed"]
    case.refresh_from_db()
    with translation.override("zh-hans"):
        assert newest(case)["day"] == day_words(case.due_at) != "2026年9月24日（周四）"


def test_a_notice_is_told_by_name_and_not_beside_a_message_about_the_same(house: House) -> None:
    case, clerk = house.case(documents_complete=False), house.actor("clerk")
    services.admit(actor=clerk, case_id=case.pk, at=NOW)
    assert told(case) == ["case_registered", "notice_issued"]
    assert newest(case)["notice"] == "受理通知书"
    services.resolve(actor=clerk, case_id=case.pk, answer="好了", at=NOW)
    assert told(case) == ["case_registered", "notice_issued", "answered"]


def test_a_rating_by_phone_is_confirmed_and_one_by_link_is_not(house: House) -> None:
    by_phone, by_link = house.case(), house.case()
    for case in (by_phone, by_link):
        services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好了", at=NOW)
    services.record_call_back(actor=house.actor("clerk2"), case_id=by_phone.pk, grade="5", comment="", at=NOW)
    services.rate_by_link(token=rating_token(by_link.reference, 1), grade="5", comment="", at=NOW)
    assert told(by_phone) == ["case_registered", "answered", "call_back_result"]
    assert newest(by_phone)["grade"] == "非常满意"
    assert told(by_link) == ["case_registered", "answered"]


def test_a_broken_promise_is_owned_up_to_once(house: House) -> None:
    case = house.case()
    for days in (10, 10, 11):
        services.sweep(at=NOW + days * DAY)
    assert told(case) == ["case_registered", "overdue_apology"]


def test_many_broken_promises_are_told_with_three_statements(house: House, django_assert_num_queries) -> None:
    for n in range(12):
        house.case(phone=f"138123422{n:02d}", resident_name=f"居民{n}")
    services.sweep(at=NOW + 10 * DAY)
    assert Message.objects.filter(kind="overdue_apology").count() == 12
    events = list(Event.objects.filter(type="overdue").select_related("case"))
    Message.objects.filter(kind="overdue_apology").delete()
    with django_assert_num_queries(3):
        messages.tell_residents(events)
    assert Message.objects.filter(kind="overdue_apology").count() == 12


def test_who_has_not_rated_is_asked_once_a_day_before_the_end(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好了", at=NOW)
    case.refresh_from_db()
    end = case.next_due_at
    assert messages.remind_to_rate(at=end - 2 * DAY) == 0
    assert messages.remind_to_rate(at=end - DAY) == 1
    assert messages.remind_to_rate(at=end - DAY + timedelta(minutes=1)) == 0
    assert told(case)[-1] == "rating_reminder"


@pytest.mark.parametrize(
    ("language", "title", "day"),
    [("en", "老年优待证", "Thu 24 Sep 2026"), ("zh-hant", "老年优待证", "2026年9月24日（週四）")],
)
def test_he_is_told_in_the_language_in_which_he_was_received(house: House, language, title, day) -> None:
    case = house.case(language=language)
    assert Message.objects.get().language == language
    assert (newest(case)["title"], newest(case)["day"]) == (title, day)
    services.ask_resident(actor=house.actor("clerk"), case_id=case.pk, text="请带照片", at=NOW)
    assert Message.objects.latest("pk").language == language


def wish(house: House, case: Case, **wishes: str) -> None:
    """The resident says how he wants to be told."""
    given = {"name": "王桂兰", "address": "", "needs": [], **wishes}
    people.update_resident(actor=house.actor("clerk"), resident_id=case.resident_id, at=NOW, **given)


def test_his_choice_of_channel_is_kept(house: House) -> None:
    case = house.case()
    wish(house, case, email="wang@Example.org", tell_by="email")
    services.ask_resident(actor=house.actor("clerk"), case_id=case.pk, text="请带照片", at=NOW)
    message = Message.objects.latest("pk")
    assert (message.channel, message.recipient_sealed) == ("email", "wang@example.org")


@pytest.mark.parametrize("typed", ["13812342211", ""])
def test_who_wants_no_messages_gets_none_and_colleagues_see_why(house: House, typed: str) -> None:
    case = house.case()
    wish(house, case, tell_by="nothing")
    second = house.case(phone=typed, resident_id=case.resident_id)
    message = Message.objects.latest("pk")
    assert (message.state, message.problem, message.recipient_sealed) == ("suppressed", "opted_out", "")
    client = Client()
    client.force_login(house.staff["clerk"])
    assert "居民不愿接收消息" in client.get(f"/cases/{second.reference}/").content.decode()


def test_a_landline_gets_no_text_message(house: House) -> None:
    house.case(phone="0512-65221234")
    message = Message.objects.get()
    assert (message.state, message.problem) == ("suppressed", "no_address")


def test_the_timeline_shows_what_became_of_each_message(house: House, settings, tmp_path) -> None:
    settings.MESSAGES_ROOT = tmp_path
    case = house.case()
    client = Client()
    client.force_login(house.staff["clerk"])

    def page() -> str:
        return client.get(f"/cases/{case.reference}/").content.decode()

    assert "短信 138****2211：待发送" in page()
    notifications.deliver_due(at=NOW)
    assert "短信 138****2211：已发送" in page()
    assert "13812342211" not in page()
    # The resident's own page shows his history, not our dispatching.
    assert "已发送" not in Client().get(link_path(case.reference)).content.decode()
