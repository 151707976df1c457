"""The resident's own link: derived, so that a reprinted receipt shows the same one; stored only hashed.

And the keys by which his messages are found.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from liangdian.foundation.tokens import digest


def link_token(reference: str) -> str:
    """The secret of a case's link: 120 bits from the installation's key and the case number."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"case-link:{reference}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:15]).decode().lower()


def link_digest(reference: str) -> str:
    """What the database keeps of the link."""
    return digest(link_token(reference))


def link_path(reference: str) -> str:
    """The path of the resident's own page; PUBLIC_ADDRESS stands before it on paper."""
    return f"/m/{link_token(reference)}/"


def message_key(reference: str, seq: int) -> str:
    """The key of the message about event ``seq`` of a case: told once, and found again by the timeline."""
    return f"case:{reference}:{seq}"
