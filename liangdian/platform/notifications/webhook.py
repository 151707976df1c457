"""Messages by HTTP, signed as Standard Webhooks describes: for providers with an adapter of their own.

``LIANGDIAN_WEBHOOK_URL`` gets each message as JSON; ``LIANGDIAN_WEBHOOK_SECRET`` (``whsec_`` and base64)
signs it, and signs what the provider reports back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from liangdian.platform.notifications.gateways import Accepted, GiveUp, Outgoing, TryLater, Uncertain
from liangdian.platform.notifications.states import Problem

SECONDS = 20
CLOCKS_DIFFER = timedelta(minutes=5)
LONGEST_ANSWER = 10_000
_LATER = {408, 425, 429}


class WebhookGateway:
    """POSTs each message. ``webhook-id`` is the message's key, the same at every attempt."""

    def send(self, message: Outgoing) -> Accepted:
        """2xx: taken; the answer's ``id`` is kept. 408, 425, 429 and 5xx: later. Other answers: given up.

        A fault before the request is out is worth another attempt; one after it leaves the message unknown.
        """
        body = _body(message)
        connection = _connection()
        try:
            connection.connect()
        except OSError as error:
            raise TryLater(Problem.DOWN) from error
        try:
            connection.request("POST", _path(), body=body, headers=_headers(message, body))
            answer = connection.getresponse()
            text = answer.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise Uncertain(Problem.LOST) from error
        finally:
            connection.close()
        if answer.status in _LATER or answer.status >= 500:
            raise TryLater(Problem.LATER)
        if not 200 <= answer.status < 300:
            raise GiveUp(Problem.REFUSED)
        return Accepted(_id_in(text))


def signature(*, key: str, timestamp: str, body: bytes) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over id, time and body."""
    signed = b".".join((key.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(_secret(), signed, hashlib.sha256).digest()).decode()


def is_genuine(*, headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
    """True when the request was signed with our secret within five minutes of ``at``."""
    key, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _secret() or not key or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    if abs(at.timestamp() - int(timestamp[:12])) > CLOCKS_DIFFER.total_seconds():
        return False
    right = signature(key=key, timestamp=timestamp, body=body).encode()
    given = headers.get("webhook-signature", "").encode()
    return any(hmac.compare_digest(right, one) for one in given.split())


def _secret() -> bytes:
    """The bytes behind the setting; none when it cannot be read, and then nothing is sent or believed."""
    try:
        return base64.b64decode(settings.WEBHOOK_SECRET.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""


def _body(message: Outgoing) -> bytes:
    data = {
        "channel": message.channel, "to": message.to, "language": message.language,
        "subject": message.subject, "text": message.body,
    }  # fmt: skip
    told = {"type": "message.send", "timestamp": message.at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False).encode()


def _headers(message: Outgoing, body: bytes) -> dict[str, str]:
    timestamp = str(int(message.at.timestamp()))
    return {
        "content-type": "application/json",
        "webhook-id": message.key,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(key=message.key, timestamp=timestamp, body=body),
    }


def _connection() -> http.client.HTTPConnection:
    parts = urlsplit(settings.WEBHOOK_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not _secret():
        raise GiveUp(Problem.CHANNEL_OFF)
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return made(parts.hostname, parts.port, timeout=SECONDS)


def _path() -> str:
    parts = urlsplit(settings.WEBHOOK_URL)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _id_in(text: bytes) -> str:
    """The provider's number of the message; empty when the answer holds none."""
    try:
        told = json.loads(text)
    except ValueError:
        return ""
    return str(told.get("id", "")) if isinstance(told, dict) else ""
