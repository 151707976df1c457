"""What a new table of a year would move, told before it is loaded by the rooms that count with it.

Nothing here knows those rooms: each registers a reader when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from liangdian.registers.calendar.rules import TableDays


@dataclass(frozen=True, slots=True)
class Moves:
    """How many dates of one kind (``label``, such as open promises) a table moves, and how many it keeps."""

    label: object
    earlier: int
    later: int
    same: int

    @property
    def all(self) -> int:
        return self.earlier + self.later + self.same


# A reader gets the year and the whole calendar as it would be; it changes nothing.
Reader = Callable[[int, TableDays], Iterable[Moves]]
_readers: dict[str, Reader] = {}


def register(reader: Reader, *, name: str = "") -> None:
    """Add a reader; one of the same ``name`` (the function's own, when not given) is replaced."""
    _readers[name or f"{reader.__module__}.{reader.__qualname__}"] = reader


def moves(year: int, days: TableDays) -> list[Moves]:
    """What all readers say, without kinds of which nothing is open."""
    return [line for reader in _readers.values() for line in reader(year, days) if line.all]
