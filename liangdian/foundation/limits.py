"""A limit is data: an amount and a unit. A due time is what it becomes when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LONGEST = 10_000  # the largest amount in any unit; anything above it is a slip of the keyboard


class LimitUnit(StrEnum):
    """The four ways in which a promise is measured; hours and days never mix."""

    AT_ONCE = "at_once"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


@dataclass(frozen=True, slots=True)
class Limit:
    """``amount`` of ``unit``; the amount means nothing for AT_ONCE.

    Raises ValueError for a negative amount or one above ``LONGEST``.
    """

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= LONGEST:
            raise ValueError(f"a limit must lie between 0 and {LONGEST}")
        object.__setattr__(self, "unit", LimitUnit(self.unit))


@dataclass(frozen=True, slots=True)
class Due:
    """``at``: the last moment that keeps the promise; ``day``: its business date.

    ``provisional`` when the count used a year whose holidays are not published yet.
    """

    at: datetime
    day: date
    provisional: bool
