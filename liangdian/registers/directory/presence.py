"""Who is there today is known by a room above (duty); it says so here, and the directory asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Presence:
    """``on_duty_until``: set while a shift runs. ``away``: on leave today."""

    on_duty_until: datetime | None = None
    away: bool = False


Asked = Callable[[Collection[int], datetime], Mapping[int, Presence]]


def _unknown(user_ids: Collection[int], at: datetime) -> Mapping[int, Presence]:
    return {}


_asked: Asked = _unknown


def provide(asked: Asked) -> None:
    """Name the one who knows; the last one named is asked."""
    global _asked
    _asked = asked


def of(user_ids: Collection[int], at: datetime) -> Mapping[int, Presence]:
    """What is known about these people at ``at``; who is missing is neither known present nor away."""
    return _asked(user_ids, at) if user_ids else {}
