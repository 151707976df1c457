"""One-time codes by which a resident signs in: six digits to a known phone, good once for five minutes.

Whether a phone is known shows nowhere: an unknown one gets the same answer, only no message. What is kept
lies in the session of the browser that asked, and holds neither the phone nor the code.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import resident
from liangdian.platform.audit import services as audit
from liangdian.platform.crypto import blind_index
from liangdian.platform.notifications import gateways
from liangdian.platform.notifications.services import Address, send
from liangdian.platform.notifications.states import Channel
from liangdian.platform.notifications.templates import Texts
from liangdian.registers.people import selectors as people

KIND = "sign_in_code"
GOOD_FOR = timedelta(minutes=5)
SIGNED_IN_FOR = timedelta(minutes=30)
TEXTS = Texts(
    label=_("Code for signing in"),
    subject=_("Your code: {code}"),
    body=_("Good day,\n\nyour code for signing in is {code}. It is good for {minutes} minutes.\n\n{centre}"),
    short=_("[{centre}] Your code is {code}, good for {minutes} minutes. Our staff never ask for it."),
    samples={"code": "482913", "minutes": "5"},
    urgent=True,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser's session keeps between asking and typing. ``until`` in seconds since 1970."""

    nonce: str
    digest: str
    resident_ids: list[int]
    until: float
    shown: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def ask(*, phone: str, language: str, at: datetime, anyone: bool = False) -> Asked:
    """Make a code; send it when the phone is known, or to ``anyone``. ``phone`` is in its one written form.

    In the demonstration, where no messages leave, the code is shown on the page.
    """
    code, nonce = f"{secrets.randbelow(1_000_000):06d}", secrets.token_urlsafe(12)
    ids = people.ids_by_phone(phone)
    if ids or anyone:
        send(
            kind=KIND, key=f"sign-in:{nonce}", language=language, channels=[Address("sms", phone)],
            params={"code": code, "minutes": str(GOOD_FOR.seconds // 60)}, at=at, urgent=True,
        )  # fmt: skip
    shown = code if settings.DEMONSTRATION and (ids or anyone) else ""
    return Asked(nonce, _digest(nonce, code), ids, (at + GOOD_FOR).timestamp(), shown)


def is_offered() -> bool:
    """False where text messages cannot be sent: then only the receipt opens anything."""
    return settings.DEMONSTRATION or gateways.is_on(Channel.SMS)


def is_right(asked: Asked, code: str, *, at: datetime, anyone: bool = False) -> bool:
    """True when ``code`` is the one that was sent, in time, to a phone that is known (or to ``anyone``)."""
    typed = "".join(c for c in code if c.isdigit())
    fits = hmac.compare_digest(_digest(asked.nonce, typed), asked.digest)
    return fits and at.timestamp() <= asked.until and (anyone or bool(asked.resident_ids))


def note_signed_in(resident_ids: list[int], *, at: datetime) -> None:
    """The access log tells when the matters of a resident were opened by phone code."""
    for resident_id in resident_ids:
        audit.record(resident(), "resident_signed_in", "people.resident", resident_id, "", at)


def _digest(nonce: str, code: str) -> str:
    return blind_index(f"{nonce}:{code}", "sign-in-code")
