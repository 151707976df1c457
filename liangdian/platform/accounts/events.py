"""What happened to accounts, told to the rooms above in the same transaction.

``administered`` carries one ``Administered``. ``locked_out`` carries ``request`` and ``username``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

from liangdian.foundation.actor import Actor

administered = Signal()
locked_out = Signal()


@dataclass(frozen=True, slots=True)
class Administered:
    """An administrator changed an account or a role. ``act`` is a short code such as ``role_granted``."""

    act: str
    actor: Actor
    user_id: int
    detail: str
    at: datetime
