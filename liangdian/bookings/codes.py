"""The secret link and the code of an appointment: derived from its key, so that a reprint shows the same.

Only their digests are stored. The code has 50 bits; trying codes is limited where they are typed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from liangdian.foundation.tokens import digest


def _secret(key: UUID, purpose: str, length: int) -> str:
    mac = hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{key.hex}".encode(), hashlib.sha256)
    return base64.b32encode(mac.digest()).decode()[:length]


def link_token(key: UUID) -> str:
    """The secret of the resident's own page: 120 bits."""
    return _secret(key, "booking-link", 24).lower()


def link_path(key: UUID) -> str:
    """The path of the resident's own page; PUBLIC_ADDRESS stands before it in messages."""
    return f"/b/{link_token(key)}/"


def code_of(key: UUID) -> str:
    """The code that the resident is told and types at the kiosk, such as ``K7QM2-XRDPA``."""
    letters = _secret(key, "booking-code", 10)
    return f"{letters[:5]}-{letters[5:]}"


def code_digest(typed: str) -> str:
    """The digest of a code as typed; 0, 1 and 8, which no code has, count as O, I and B."""
    compact = "".join(c for c in typed.upper() if c.isalnum()).translate(str.maketrans("018", "OIB"))
    return digest(f"booking-code:{compact}")


def digests(key: UUID) -> dict[str, str]:
    """What the database keeps of both."""
    return {"link_digest": digest(link_token(key)), "code_digest": code_digest(code_of(key))}
