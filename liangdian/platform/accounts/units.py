"""How accounts speak of units without knowing them: the organisation register fills this in at start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Units(Protocol):
    """What accounts ask about units. A choice is (id, name in the reader's language)."""

    def labels(self, unit_ids: Iterable[int]) -> dict[int, str]: ...

    def choices(self, paths: Iterable[str]) -> list[tuple[int, str]]: ...

    def path(self, unit_id: int) -> str | None: ...


class _NoUnits:
    """Stands in until a register of units is present."""

    def labels(self, unit_ids: Iterable[int]) -> dict[int, str]:
        return {}

    def choices(self, paths: Iterable[str]) -> list[tuple[int, str]]:
        return []

    def path(self, unit_id: int) -> str | None:
        return None


_units: Units = _NoUnits()


def provide(units: Units) -> None:
    """Called once by the register of units when the application starts."""
    global _units
    _units = units


def known() -> Units:
    return _units
