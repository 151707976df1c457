"""The secret with which a person follows his own place: derived, so that a reprint shows the same one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import date

from django.conf import settings

from liangdian.desks.hall.rules import ticket
from liangdian.foundation.tokens import digest


def place_token(*, hall_id: int, day: date, prefix: str, number: int) -> str:
    """120 bits from the installation's key and the number; it opens one place and nothing else."""
    text = f"hall-place:{hall_id}:{day.isoformat()}:{ticket(prefix, number)}"
    mac = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:15]).decode().lower()


def place_digest(*, hall_id: int, day: date, prefix: str, number: int) -> str:
    """What the database keeps of it."""
    return digest(place_token(hall_id=hall_id, day=day, prefix=prefix, number=number))


def place_path(token: str) -> str:
    """The path of the person's own page; PUBLIC_ADDRESS stands before it on the slip."""
    return f"/p/{token}/"
