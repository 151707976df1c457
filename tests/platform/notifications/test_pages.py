"""The administrator's pages: outbox, texts, ways of sending, and the door for delivery reports."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangdian.platform.audit.models import AccessLog
from liangdian.platform.notifications import services, webhook
from liangdian.platform.notifications.models import Message, MessageTemplate
from liangdian.platform.notifications.states import Problem, State
from tests.casework.conftest import House, house
from tests.platform.notifications.conftest import NOON, PHONE, tell

__all__ = ["house"]
OUTBOX, TEXTS, SENDING = "/notices/outbox/", "/notices/texts/", "/notices/sending/"
TEXT = "/notices/texts/answered/sms/zh-hans/"
GATEWAYS = "tests.platform.notifications.gateways."


def client_of(house: House, name: str = "administrator") -> Client:
    client = Client()
    client.force_login(house.staff[name])
    return client


def read(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", [OUTBOX, TEXTS, SENDING, TEXT])
@pytest.mark.parametrize("name", ["clerk", "secretary", "auditor", "inspector"])
def test_only_administrators_come_in(house: House, name: str, address: str) -> None:
    assert client_of(house, name).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_the_outbox_shows_what_became_of_messages_and_no_number(house: House, settings) -> None:
    settings.SMS_GATEWAY = f"{GATEWAYS}Refusing"
    tell(url="/cases/XD-2026-000001/")
    services.deliver_due(at=NOON)
    tell(key="other:1", opted_out=True)
    shown = read(client_of(house), OUTBOX)
    assert "138****2211" in shown
    assert PHONE.to not in shown
    assert str(Problem.ADDRESS.label) in shown or "号码或邮箱不存在" in shown
    assert "居民不愿接收消息" in shown
    assert shown.count("重新发送") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "sent"}, 1),
        ({"state": "queued"}, 1),
        ({"key": "XD-2026-000001"}, 1),
        ({"key": "other"}, 1),
        ({"channel": "email"}, 0),
        ({"kind": "answered"}, 0),
        ({"first": "2026-09-18", "last": "2026-09-18"}, 2),
        ({"first": "2026-09-19"}, 0),
        ({"before": "0"}, 2),
        ({"before": "x" * 40}, 2),
    ],
)
def test_the_filters_find(house: House, query: dict[str, str], found: int) -> None:
    tell()
    services.deliver_due(at=NOON)
    tell(key="other:1")
    assert read(client_of(house), OUTBOX, **query).count("138****2211") == found


@pytest.mark.parametrize(
    "query", ["state=%00", "kind=zzz", "first=31.12.2026", "before=99999999999999999999999"]
)
def test_no_filter_breaks_the_page(house: House, query: str) -> None:
    assert client_of(house).get(f"{OUTBOX}?{query}").status_code == 200


def test_the_outbox_costs_the_same_with_one_row_and_with_thirty(house: House) -> None:
    client = client_of(house)
    tell()
    services.deliver_due(at=NOON)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            read(client, OUTBOX)
        return len(asked)

    cost()
    one = cost()
    for n in range(29):
        tell(key=str(n))
    services.deliver_due(at=NOON)
    assert cost() == one <= 9


def test_the_list_goes_on_behind_fifty(house: House) -> None:
    for n in range(51):
        tell(key=f"many:{n:02d}")
    client = client_of(house)
    first = read(client, OUTBOX)
    assert "many:50" in first
    assert "many:00" not in first
    last = Message.objects.get(key="many:01").pk
    assert "many:00" in read(client, OUTBOX, before=str(last))


def test_sending_again_by_the_button(house: House, settings, written) -> None:
    settings.SMS_GATEWAY = f"{GATEWAYS}Refusing"
    tell()
    services.deliver_due(at=NOON)
    message = Message.objects.get()
    address = f"{OUTBOX}{message.pk}/retry/"
    assert client_of(house, "clerk").post(address).status_code == 403
    assert client_of(house).post(address).status_code == 302
    assert Message.objects.get().state == State.QUEUED
    assert client_of(house).post(address).status_code == 422
    assert client_of(house).post(f"{OUTBOX}{message.pk + 1}/retry/").status_code == 404
    assert AccessLog.objects.filter(act="message_retried", subject_id=message.pk).count() == 1


# --- the texts -----------------------------------------------------------------------------------


def save(
    client: Client, *, body: str = "【{centre}】{reference} 已答复 {link}", seen: int = 0, act: str = "save"
):
    return client.post(TEXT, {"body": body, "seen": seen, "act": act})


def test_changed_words_are_sent_from_then_on_and_can_be_set_back(house: House, written) -> None:
    client = client_of(house)
    assert save(client).status_code == 302
    tell(kind="answered")
    services.deliver_due(at=NOON)
    assert written()[0]["body"].endswith("XD-2026-000001 已答复 https://x/m/abc/")
    assert "已修改" in read(client, TEXTS)
    assert save(client, act="default", seen=1).status_code == 302
    tell(kind="answered", key="second")
    services.deliver_due(at=NOON)
    assert "请在9月25日前查看并评价" in written()[1]["body"]
    versions = MessageTemplate.objects.order_by("version").values_list("version", "edited", "made_by__name")
    assert list(versions) == [(1, True, "administrator"), (2, False, "administrator")]
    assert "已修改" not in read(client, TEXTS)
    acts = AccessLog.objects.filter(subject_type="notifications.text").values_list("act", flat=True)
    assert sorted(acts) == ["message_text_changed", "message_text_reset"]


def test_a_preview_shows_the_words_with_values_and_changes_nothing(house: House) -> None:
    answer = save(client_of(house), act="look")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "城关街道】XD-2026-000123 已答复" in shown
    assert not MessageTemplate.objects.exists()


def test_the_preview_says_how_many_parts_a_text_message_has(house: House) -> None:
    assert "140 字，共 3 条" in save(client_of(house), body="长" * 140, act="look").content.decode()


@pytest.mark.parametrize("act", ["look", "save"])
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{nobody}", "这里没有“{nobody}”"),
        ("{reference", "花括号没有成对"),
        ("", "请填写正文"),
        ("长" * 501, "501"),
    ],
)
def test_words_that_could_not_be_sent_are_refused_and_kept_in_the_form(house, act, body, sentence) -> None:
    answer = save(client_of(house), body=body, act=act)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in shown
    assert body in shown
    assert not MessageTemplate.objects.exists()


def test_who_was_overtaken_by_a_colleague_overwrites_nothing(house: House) -> None:
    client = client_of(house)
    assert save(client, body="甲 {link}").status_code == 302
    answer = save(client, body="乙 {link}")
    assert answer.status_code == 422
    assert "乙 {link}" in answer.content.decode()
    assert MessageTemplate.objects.count() == 1
    assert save(client, body="乙 {link}", seen=1).status_code == 302


def test_what_is_in_force_is_not_saved_again(house: House) -> None:
    client = client_of(house)
    save(client, body="甲")
    assert save(client, body="甲", seen=1).status_code == 422
    save(client, act="default", seen=1)
    assert save(client, act="default", seen=2).status_code == 422


@pytest.mark.parametrize("address", ["nothing/sms/zh-hans/", "answered/pigeon/zh-hans/", "answered/sms/fr/"])
def test_a_text_that_does_not_exist(house: House, address: str) -> None:
    assert client_of(house).get(TEXTS + address).status_code == 404
    assert client_of(house).post(TEXTS + address, {"body": "x", "seen": 0}).status_code == 404


@pytest.mark.parametrize("channel", ["email", "in_app", "messenger"])
def test_every_channel_has_its_fields(house: House, channel: str) -> None:
    shown = read(client_of(house), f"/notices/texts/answered/{channel}/en/")
    assert ('name="subject"' in shown) == (channel in {"email", "in_app"})
    assert ('name="body"' in shown) == (channel != "in_app")


def test_the_words_of_the_programme_follow_an_upgrade_but_not_over_an_administrators(
    house, monkeypatch
) -> None:
    given = {"kind": "answered", "channel": "sms", "language": "en"}
    first = services.in_force(**given, at=NOON)
    text = "liangdian.platform.notifications.templates.default_of"
    new = services.wording.Wording("", "New words {link}")
    monkeypatch.setattr(text, lambda *given: new)
    second = services.in_force(**given, at=NOON)
    assert (first.version, second.version, second.body) == (1, 2, "New words {link}")
    actor = house.actor("administrator")
    services.change_wording(actor=actor, subject="", body="Ours {link}", seen=2, at=NOON, **given)
    monkeypatch.undo()
    assert services.in_force(**given, at=NOON).body == "Ours {link}"


@pytest.mark.parametrize("change", ["UPDATE {0} SET body = 'x'", "DELETE FROM {0}"])
def test_the_database_keeps_every_version(house: House, change: str) -> None:
    services.in_force(kind="answered", channel="sms", language="en", at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format("notifications_messagetemplate"))


# --- ways of sending -----------------------------------------------------------------------------


def test_a_test_message_is_sent_at_once_and_logged(house: House, written) -> None:
    client = client_of(house)
    given = {"channel": "sms", "to": "138 1234 2211", "language": "en"}
    assert client.post(SENDING, given).status_code == 302
    assert (written()[0]["to"], "This is a test" in written()[0]["body"]) == (PHONE.to, True)
    assert "已发送" in read(client, SENDING)
    assert Message.objects.get().urgent
    (row,) = AccessLog.objects.filter(act="message_tested")
    assert PHONE.to not in row.reason


def test_a_test_that_fails_says_why(house: House, settings) -> None:
    settings.SMS_GATEWAY = f"{GATEWAYS}Refusing"
    client = client_of(house)
    client.post(SENDING, {"channel": "sms", "to": PHONE.to, "language": "zh-hans"})
    assert "号码或邮箱不存在" in read(client, SENDING)


@pytest.mark.parametrize(
    "given",
    [
        {"channel": "messenger", "to": "wang", "language": "en"},
        {"channel": "in_app", "to": "1", "language": "en"},
        {"channel": "sms", "to": "wang", "language": "en"},
        {"channel": "email", "to": "wang", "language": "en"},
        {"channel": "email", "to": "a@b.cn\nBcc: c@d.cn", "language": "en"},
        {"channel": "sms", "to": "", "language": "en"},
        {"channel": "sms", "to": PHONE.to, "language": "fr"},
        {},
    ],
)
def test_a_test_to_nowhere_is_refused(house: House, given: dict[str, str]) -> None:
    assert client_of(house).post(SENDING, given).status_code == 422
    assert not Message.objects.exists()


# --- delivery reports ----------------------------------------------------------------------------

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()


def report(body: bytes, **changes: str):
    now = str(int(timezone.now().timestamp()))
    headers = {"webhook-id": "r1", "webhook-timestamp": now}
    headers["webhook-signature"] = webhook.signature(key="r1", timestamp=now, body=body)
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    return Client().post("/notices/reports/", body, content_type="application/json", headers=headers)


def said(delivered: object = True) -> bytes:
    data = {"channel": "sms", "id": "no-k", "delivered": delivered}
    return json.dumps({"type": "message.report", "data": data}).encode()


def test_a_signed_report_decides_and_an_unsigned_one_does_not(house: House, settings) -> None:
    settings.WEBHOOK_SECRET, settings.SMS_GATEWAY = SECRET, f"{GATEWAYS}Numbering"
    tell(key="k")
    services.deliver_due(at=NOON)
    late = str(int((timezone.now() - timedelta(minutes=6)).timestamp()))
    old = webhook.signature(key="r1", timestamp=late, body=said())
    for forged in (
        {"webhook_signature": "v1,AAAA"},
        {"webhook_signature": ""},
        {"webhook_id": "r2"},
        {"webhook_timestamp": late, "webhook_signature": old},
        {"webhook_timestamp": "later"},
        {"webhook_signature": "v1,ü"},
    ):
        assert report(said(), **forged).status_code == 401
    assert Message.objects.get().state == State.SENT
    assert report(said()).status_code == 204
    assert Message.objects.get().state == State.DELIVERED
    assert Client().get("/notices/reports/").status_code == 405


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"data": []}', b"\xff", b'{"data": {"id": 1}}', b"x" * 20_000]
)
def test_a_report_that_cannot_be_read_breaks_nothing(house: House, settings, body: bytes) -> None:
    settings.WEBHOOK_SECRET = SECRET
    assert report(body).status_code in {400, 401}


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_ü"])
def test_without_a_secret_nobody_can_report(house: House, settings, secret: str) -> None:
    settings.WEBHOOK_SECRET = secret
    headers = {"webhook-id": "r", "webhook-timestamp": "1", "webhook-signature": "v1,"}
    assert (
        Client()
        .post("/notices/reports/", said(), content_type="application/json", headers=headers)
        .status_code
        == 401
    )
