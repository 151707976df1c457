"""``unit_moved`` carries one ``UnitMoved``, sent inside the transaction of the move.

Rooms that repeat a unit's path in their own rows bring them into step when they hear it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.dispatch import Signal

unit_moved = Signal()


@dataclass(frozen=True, slots=True)
class UnitMoved:
    unit_id: int
    old_path: str
    new_path: str
