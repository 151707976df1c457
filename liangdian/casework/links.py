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


def rating_token(reference: str, round: int) -> str:
    """The secret with which one answer of a case is rated, once: the case's link and 80 bits of the round."""
    text = f"case-rating:{reference}:{round}"
    mac = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return link_token(reference) + base64.b32encode(mac[:10]).decode().lower()


def rating_path(reference: str, round: int) -> str:
    """The path of the page on which the resident rates this one answer."""
    return f"/r/{rating_token(reference, round)}/"


def link_of_rating(token: str) -> str:
    """The case's link in a rating token."""
    return token[:24]


def round_of_rating(token: str, reference: str, rounds: int) -> int | None:
    """Which of the first ``rounds`` answers the token rates; None when none of them."""
    for number in range(rounds, 0, -1):
        if hmac.compare_digest(token.encode(), rating_token(reference, number).encode()):
            return number
    return None


def receipt_code(reference: str) -> str:
    """The code printed on the receipt for typing, such as ``K7QM-2XRD``: 40 bits, guessing is limited."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"receipt-code:{reference}".encode(), hashlib.sha256)
    letters = base64.b32encode(mac.digest()[:5]).decode()
    return f"{letters[:4]}-{letters[4:]}"


def is_receipt_code(reference: str, typed: str) -> bool:
    """True when ``typed`` is the code of this number; 0 and 1, which no code has, count as O and I."""
    compact = "".join(c for c in typed.upper() if c.isalnum()).translate(str.maketrans("01", "OI"))
    return hmac.compare_digest(compact.encode(), receipt_code(reference).replace("-", "").encode())


def message_key(reference: str, seq: int) -> str:
    """The key of the message about event ``seq`` of a case: told once, and found again by the timeline."""
    return f"case:{reference}:{seq}"
