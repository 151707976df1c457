"""What a document is for, and how long it is kept. Rooms declare kinds of their own when they start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from liangdian.foundation.clock import business_date

ATTACHMENT = "attachment"
FROM_RESIDENT = "from_resident"
NOTICE = "notice"
SEAL = "seal"


@dataclass(frozen=True, slots=True)
class Kind:
    """``keep_days``: calendar days from the day of storing; None keeps for ever.

    ``settings.DOCUMENTS_KEEP_DAYS`` (a dictionary by code) stands above it.
    """

    code: str
    keep_days: int | None


_kinds: dict[str, Kind] = {}


def declare(code: str, *, keep_days: int | None) -> None:
    """Make ``code`` known. Raises ValueError when it is declared with another time."""
    kind = Kind(code, keep_days)
    if _kinds.setdefault(code, kind) != kind:
        raise ValueError(f"Two kinds of document are called {code!r}.")


def keep_until(code: str, at: datetime) -> date | None:
    """The last hall-local day on which a document of this kind, stored at ``at``, is kept; None: for ever.

    Raises LookupError for a kind that nobody declared.
    """
    if code not in _kinds:
        raise LookupError(f"No room declares a kind of document called {code!r}.")
    days = settings.DOCUMENTS_KEEP_DAYS.get(code, _kinds[code].keep_days)
    return None if days is None else business_date(at) + timedelta(days=days)


# Ten and thirty years: the two fixed terms of archives (机关文件材料归档范围和文书档案保管期限规定, Art. 3).
declare(ATTACHMENT, keep_days=3_653)
declare(FROM_RESIDENT, keep_days=3_653)
declare(NOTICE, keep_days=10_958)
declare(SEAL, keep_days=None)
