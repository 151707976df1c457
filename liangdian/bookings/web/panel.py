"""What a resident has booked, on his page in the register."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from liangdian.bookings import policy, selectors
from liangdian.foundation.actor import Actor
from liangdian.registers.people.panels import Panel, register


def bookings_of(actor: Actor, resident_id: int, after: str, now: datetime) -> dict[str, Any]:
    """The resident's appointments ahead, those of the actor's units. One query."""
    return {
        "rows": selectors.ahead_of_resident_for(actor=actor, resident_id=resident_id, at=now),
        "resident_id": resident_id, "may": actor.holds(*policy.SERVING),
    }  # fmt: skip


def open_panel() -> None:
    """Put the appointments on the resident's page."""
    register(Panel(key="bookings", template="bookings/of_resident.html", read=bookings_of))
