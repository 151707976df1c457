"""What a person still has in hand when he leaves: higher rooms say it here, accounts know none of them.

A room calls ``register`` once when the application starts. Its check is asked when somebody moves or
leaves; an account ends only when no check finds anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StillOpen:
    """One line of the leaver's page: what it is, how many, who hands it over, and where."""

    label: object
    count: int = 1
    who: object = ""
    url: str = ""


Check = Callable[[int, datetime], list[StillOpen]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check ``(user id, moment) -> list of StillOpen``; the same name again replaces the first."""
    _checks[name] = check


def still_open(user_id: int, at: datetime) -> list[StillOpen]:
    """Everything that this person still has in hand, in the order in which the rooms registered."""
    return [line for check in _checks.values() for line in check(user_id, at)]
