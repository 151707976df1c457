"""What the calendar tells after commit. Receivers enqueue; they never change the calendar."""

from __future__ import annotations

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class YearLoaded:
    """The table of ``year`` changed; ``version`` is the calendar's version since then."""

    year: int
    version: int


# Sent with ``event=YearLoaded(...)``. Dates that were promised provisionally can now be counted again.
year_loaded = Signal()
