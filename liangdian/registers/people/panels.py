"""What rooms above show on a resident's page, such as his matters. Nothing here knows those rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liangdian.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """One section of the page. ``read(actor, resident_id, after, now)`` gives what ``template`` shows as
    ``panel``, in a constant number of queries, with the permission of its own room inside; ``after`` is
    what stands in the address as ``?<key>=``.
    """

    key: str
    template: str
    read: Callable[[Actor, int, str, datetime], Any]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a section; the same key registered again replaces the first."""
    _panels[panel.key] = panel


def registered() -> tuple[Panel, ...]:
    return tuple(_panels.values())
