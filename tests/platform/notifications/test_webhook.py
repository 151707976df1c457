"""Messages by HTTP to a real local server: what it gets, and what its answers mean."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from liangdian.platform.notifications import services, webhook
from liangdian.platform.notifications.models import Message
from liangdian.platform.notifications.states import Problem, State
from tests.platform.notifications.conftest import NOON, PHONE, tell

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()


class Provider(ThreadingHTTPServer):
    """A provider of text messages: keeps what it got, answers as it is told."""

    status = 200
    answer = b'{"id": "sms-17"}'
    hang_up = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if self.server.hang_up:
            return
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *given: object) -> None:
        """Silent."""


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_GATEWAY = "liangdian.platform.notifications.webhook.WebhookGateway"
    settings.WEBHOOK_URL = f"http://127.0.0.1:{server.server_address[1]}/send?hall=1"
    settings.WEBHOOK_SECRET = SECRET
    yield server
    server.shutdown()
    server.server_close()


def send() -> Message:
    tell()
    services.deliver_due(at=NOON)
    return Message.objects.get()


def test_the_provider_gets_a_signed_message_and_gives_it_a_number(provider: Provider) -> None:
    message = send()
    assert (message.state, message.gateway_id) == (State.SENT, "sms-17")
    ((headers, body),) = provider.got
    assert webhook.is_genuine(headers=headers, body=body, at=NOON)
    assert not webhook.is_genuine(headers=headers, body=body + b" ", at=NOON)
    assert headers["webhook-id"] == message.key
    told = json.loads(body)
    assert (told["data"]["to"], told["data"]["channel"]) == (PHONE.to, "sms")
    assert "XD-2026-000001" in told["data"]["text"]


@pytest.mark.parametrize(
    ("status", "state", "problem"),
    [(202, State.SENT, ""), (429, State.QUEUED, Problem.LATER), (503, State.QUEUED, Problem.LATER),
     (400, State.FAILED, Problem.REFUSED), (301, State.FAILED, Problem.REFUSED)],
)  # fmt: skip
def test_what_the_provider_answers_decides(provider: Provider, status, state, problem) -> None:
    provider.status = status
    message = send()
    assert (message.state, message.problem) == (state, problem)


def test_another_attempt_carries_the_same_id(provider: Provider) -> None:
    provider.status = 500
    send()
    provider.status = 200
    services.deliver_due(at=NOON + timedelta(minutes=1))
    assert len({headers["webhook-id"] for headers, _body in provider.got}) == 1
    assert Message.objects.get().state == State.SENT


def test_a_provider_that_hangs_up_after_the_message_leaves_it_unknown(provider: Provider) -> None:
    provider.hang_up = True
    assert (send().state, len(provider.got)) == (State.UNKNOWN, 1)
    services.deliver_due(at=NOON + timedelta(hours=1))
    assert len(provider.got) == 1


@pytest.mark.parametrize("answer", [b"", b"thanks", b"[1]", b"\xff"])
def test_an_answer_without_a_number_is_taken(provider: Provider, answer: bytes) -> None:
    provider.answer = answer
    assert (send().state, Message.objects.get().gateway_id) == (State.SENT, "")


def test_a_provider_that_is_not_there(provider: Provider, settings) -> None:
    settings.WEBHOOK_URL = "http://127.0.0.1:9/"
    assert (send().state, Message.objects.get().problem) == (State.QUEUED, Problem.DOWN)


@pytest.mark.parametrize("change", [{"WEBHOOK_URL": "ftp://x/"}, {"WEBHOOK_URL": ""}, {"WEBHOOK_SECRET": ""},
                                    {"WEBHOOK_SECRET": "whsec_ü"}])  # fmt: skip
def test_a_gateway_that_is_set_up_wrong_sends_nothing_and_says_so(
    provider: Provider, settings, change
) -> None:
    for name, value in change.items():
        setattr(settings, name, value)
    message = send()
    assert (message.state, message.problem) == (State.FAILED, Problem.CHANNEL_OFF)
    assert provider.got == []
