"""What happened to documents, told to the rooms that own them, in the same transaction.

``infected`` carries one ``Infected``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

infected = Signal()


@dataclass(frozen=True, slots=True)
class Infected:
    """A virus was found; the documents of these ids can no longer be opened."""

    document_ids: tuple[int, ...]
    finding: str
    at: datetime
