"""The code on the hall's screen: signed, good for about a minute, and what was scanned with it.

It says only which hall, and when. A colleague's phone opens a page with it; who he is says his own account.
"""

from __future__ import annotations

from datetime import datetime

from django.core.signing import BadSignature, Signer

SECONDS = 30  # a new code that often
SLOTS = 3  # how many codes are good: the present one and those shown just before
TIME_TO_PRESS = 300  # seconds between scanning and pressing
_CODE = Signer(salt="duty.code")
_SEEN = Signer(salt="duty.seen")


def code_for(unit_id: int, at: datetime) -> str:
    """The code that the screen of ``unit_id`` shows at ``at``."""
    return _CODE.sign(f"{unit_id}.{int(at.timestamp()) // SECONDS}")


def unit_of_code(code: str, at: datetime) -> int | None:
    """The unit whose screen showed ``code`` within the last minute and a half; None for anything else."""
    found = _opened(_CODE, code)
    if len(found) != 2 or not 0 <= int(at.timestamp()) // SECONDS - found[1] < SLOTS:
        return None
    return found[0]


def scanned(unit_id: int, user_id: int, at: datetime) -> str:
    """Proof that this person scanned the code of this unit at ``at``; it travels in the form."""
    return _SEEN.sign(f"{unit_id}.{user_id}.{int(at.timestamp())}")


def unit_scanned(proof: str, user_id: int, at: datetime) -> int | None:
    """The unit of a proof that is this person's own and at most five minutes old; None for anything else."""
    found = _opened(_SEEN, proof)
    if len(found) != 3 or found[1] != user_id:
        return None
    return found[0] if 0 <= int(at.timestamp()) - found[2] <= TIME_TO_PRESS else None


def _opened(signer: Signer, text: str) -> list[int]:
    try:
        return [int(part) for part in signer.unsign(text).split(".")]
    except (BadSignature, ValueError):
        return []
