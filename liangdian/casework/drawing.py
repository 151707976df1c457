"""Which answered matters are called back: drawn by a keyed hash of the number, so that nobody chooses."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

_RANGE = 1 << 64


def is_drawn(reference: str, round: int, *, percent: int) -> bool:
    """True for about ``percent`` of 100 matters; always the same for the same matter and round.

    Whoever does not know the installation's key cannot tell beforehand which ones.
    """
    word = f"call-back:{reference}:{round}".encode()
    mac = hmac.new(settings.SECRET_KEY.encode(), word, hashlib.sha256).digest()
    return int.from_bytes(mac[:8], "big") * 100 < percent * _RANGE
