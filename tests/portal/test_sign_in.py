"""A resident signs in by phone code or receipt: five tries, five minutes; no phone is given away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liangdian.casework.links import is_receipt_code, link_path, receipt_code
from liangdian.platform.audit.models import AccessLog
from liangdian.platform.notifications.models import Message
from liangdian.portal import sign_in_codes
from tests.casework.conftest import House

pytestmark = pytest.mark.django_db
PHONE = "13812342211"
SIGN_IN, CODE, MY = "/my/sign-in/", "/my/code/", "/my/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def ask(client: Client, phone: str = PHONE) -> str:
    """Ask for a code as in the demonstration, where the page shows it; empty when it shows none."""
    assert client.post(SIGN_IN, {"phone": phone}).url == CODE
    return client.get(CODE).context["shown"]


def test_the_code_opens_all_matters_of_the_phone_and_no_others(house: House) -> None:
    mine, second = house.case(), house.case(words="还有一件事")
    other = house.case(resident_name="李四", phone="13900001111")
    client = Client()
    assert client.get(MY).url == SIGN_IN
    code = ask(client, "+86 138 1234 2211")
    assert re.fullmatch(r"[0-9]{6}", code)
    assert client.post(CODE, {"code": f"{code[:3]} {code[3:]}"}).url == MY
    page = client.get(MY).content.decode()
    assert mine.reference in page
    assert link_path(second.reference) in page
    assert other.reference not in page
    assert PHONE not in page
    log = AccessLog.objects.get(act="resident_signed_in")
    assert (log.actor_id, log.subject_id) == (None, str(mine.resident_id))
    client.post("/my/sign-out/")
    assert client.get(MY).url == SIGN_IN


def test_the_message_with_the_code_is_sent_at_once_and_sealed(house: House, settings) -> None:
    settings.DEMONSTRATION = False
    house.case()
    before = Message.objects.count()
    client = Client()
    assert ask(client) == ""
    message = Message.objects.latest("pk")
    assert Message.objects.count() == before + 1
    assert (message.kind, message.channel, message.urgent) == ("sign_in_code", "sms", True)
    code = str(message.params_sealed)
    assert client.session["resident_code"]["shown"] == ""
    assert PHONE not in str(dict(client.session))
    assert not re.search(r'"[0-9]{6}"', str(dict(client.session)))
    assert code


def test_whether_a_phone_is_known_shows_nowhere(house: House, settings) -> None:
    settings.DEMONSTRATION = False
    house.case()
    before = Message.objects.count()
    pages = []
    for phone in (PHONE, "13900009999"):
        client = Client()
        answer = client.post(SIGN_IN, {"phone": phone})
        page = client.get(answer.url).content.decode()
        wrong = client.post(CODE, {"code": "000000"})
        shown = page + str(wrong.status_code) + wrong.content.decode()
        pages.append(re.sub(r'value="[A-Za-z0-9]{64}"|X-CSRFToken": "[^"]+"|nonce-\S+', "", shown))
    assert pages[0] == pages[1]
    assert Message.objects.count() == before + 1  # nothing goes to the unknown one


def test_an_unknown_phone_is_opened_by_no_code(house: House) -> None:
    client = Client()
    assert ask(client, "13900009999") == ""
    for code in ("000000", "", "x", "9" * 5_000, "\x00", "１２３４５６"):
        assert client.post(CODE, {"code": code}).status_code in {422, 429}
    assert client.get(MY).url == SIGN_IN


def test_five_wrong_tries_end_the_code(house: House) -> None:
    house.case()
    client = Client()
    code = ask(client)
    wrong = "000000" if code != "000000" else "111111"
    for _n in range(5):
        assert client.post(CODE, {"code": wrong}).status_code == 422
    assert client.post(CODE, {"code": code}).status_code == 429
    assert client.post(CODE, {"code": code}).url == SIGN_IN
    assert client.get(MY).url == SIGN_IN


def test_a_code_is_good_for_five_minutes_once_and_only_in_the_same_browser(house: House) -> None:
    house.case()
    client = Client()
    code = ask(client)
    assert Client().post(CODE, {"code": code}).url == SIGN_IN
    at = timezone.now()
    asked = sign_in_codes.ask(phone=PHONE, language="zh-hans", at=at)
    assert sign_in_codes.is_right(asked, asked.shown, at=at + timedelta(minutes=5))
    assert not sign_in_codes.is_right(asked, asked.shown, at=at + timedelta(minutes=5, seconds=1))
    session = client.session
    session["resident_code"] = {**session["resident_code"], "until": at.timestamp() - 1}
    session.save()
    assert client.post(CODE, {"code": code}).url == SIGN_IN
    again = ask(client)
    client.post(CODE, {"code": again})
    assert client.post(CODE, {"code": again}).url == SIGN_IN


def test_the_list_closes_after_half_an_hour_and_the_session_key_is_new(house: House) -> None:
    house.case()
    client = Client()
    code = ask(client)
    before = client.session.session_key
    client.post(CODE, {"code": code})
    assert client.session.session_key != before
    session = client.session
    session["resident"] = {**session["resident"], "until": timezone.now().timestamp() - 1}
    session.save()
    assert client.get(MY).url == SIGN_IN


def test_codes_for_one_phone_and_from_one_network_are_limited(house: House) -> None:
    for _n in range(3):
        assert Client().post(SIGN_IN, {"phone": PHONE}).status_code == 302
    assert Client().post(SIGN_IN, {"phone": f"+86{PHONE}"}).status_code == 429
    statuses = [
        Client(REMOTE_ADDR=f"10.0.0.{n}").post(SIGN_IN, {"phone": f"139{n:08d}"}).status_code
        for n in range(61)
    ]
    assert statuses == [302] * 60 + [429]


def test_bad_phones_are_sentences() -> None:
    client = Client()
    for phone in ("", "12", "\x00", "x" * 5_000, "🙏"):
        assert client.post(SIGN_IN, {"phone": phone}).status_code == 422, phone
    assert client.post("/my/receipt/", {}).status_code == 422


def test_number_and_code_of_the_receipt_open_that_matter_only(house: House) -> None:
    case, other = house.case(), house.case(words="另一件")
    client = Client()
    code = receipt_code(case.reference)
    right = {"reference": case.reference.lower(), "code": code.lower().replace("-", " ")}
    assert client.post("/my/receipt/", right).url == link_path(case.reference)
    assert client.get(MY).url == SIGN_IN
    for form in (
        {**right, "reference": other.reference}, {**right, "code": receipt_code(other.reference)},
        {**right, "reference": "XD-2026-999999", "code": receipt_code("XD-2026-999999")},
        {**right, "code": "\x00"},
        {**right, "reference": "x" * 5_000}, {**right, "code": "码" * 9},
    ):  # fmt: skip
        assert client.post("/my/receipt/", form).status_code == 422, form
    assert is_receipt_code("A", receipt_code("A").replace("O", "0").replace("I", "1"))


def test_guessing_the_code_of_a_receipt_is_limited(house: House) -> None:
    case = house.case()
    for _n in range(5):
        Client().post("/my/receipt/", {"reference": case.reference, "code": "AAAA-AAAA"})
    right = {"reference": case.reference, "code": receipt_code(case.reference)}
    assert Client().post("/my/receipt/", right).status_code == 429


def test_guessing_the_phone_of_a_number_is_limited(house: House) -> None:
    case = house.case()
    for n in range(10):
        answer = Client().post("/follow/", {"reference": case.reference, "phone": f"139{n:08d}"})
        assert answer.status_code == 422
    right = {"reference": case.reference, "phone": PHONE}
    assert Client().post("/follow/", right).status_code == 429


def test_without_text_messages_only_the_receipt_is_offered(settings) -> None:
    settings.DEMONSTRATION, settings.SMS_GATEWAY = False, ""
    page = Client().get(SIGN_IN).content.decode()
    assert 'name="phone"' not in page
    assert 'name="reference"' in page


def test_the_list_costs_a_constant(house: House, django_assert_num_queries) -> None:
    house.case()
    client = Client()
    client.post(CODE, {"code": ask(client)})
    client.get(MY)
    with django_assert_num_queries(2):
        client.get(MY)
    for n in range(29):
        house.case(words=f"第{n}件")
    with django_assert_num_queries(2):
        assert len(client.get(MY).context["rows"]) == 30


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_pages_open_in_every_language(house: House, language: str) -> None:
    house.case()
    client = Client()
    client.cookies["language"] = language
    assert client.get(SIGN_IN).status_code == 200
    code = ask(client)
    client.post(CODE, {"code": code})
    assert client.get(reverse("portal:my")).status_code == 200
