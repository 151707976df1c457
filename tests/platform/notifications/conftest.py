"""A message to send, and places where what was sent can be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from liangdian.platform.notifications import services
from liangdian.platform.notifications.models import Message
from liangdian.platform.notifications.services import Address

NOON = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
PHONE = Address("sms", "13812342211")
MAIL = Address("email", "wang@example.org")
VALUES = {"reference": "XD-2026-000001", "title": "老年优待证", "day": "9月25日", "link": "https://x/m/abc/"}
HERE = "tests.platform.notifications.conftest"


def tell(key: str = "case:XD-2026-000001:1", **changes: object) -> Message | None:
    """Put a message into the outbox; by text message unless said otherwise."""
    given: dict[str, object] = {
        "kind": "case_registered", "key": key, "language": "zh-hans", "channels": [PHONE, MAIL],
        "params": VALUES, "at": NOON,
    }  # fmt: skip
    return services.send(**{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def written(settings, tmp_path: Path) -> Callable[[], list[dict]]:
    """The text messages that the file gateway wrote, as they were read by the service that fetches them."""
    settings.MESSAGES_ROOT = tmp_path / "messages"

    def read() -> list[dict]:
        path = settings.MESSAGES_ROOT / "sms.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    return read
