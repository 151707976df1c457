"""What lower layers are told about units: names for the page's header, choices for granting roles.

Names change a few times a year and stand on every page, so each process keeps them for a minute.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import get_language

from liangdian.foundation.actor import Actor
from liangdian.registers.organisation import selectors
from liangdian.registers.organisation.models import Unit, name_in

_KEPT_SECONDS = 60
_kept: dict[int | None, tuple[float, str, dict[str, str]]] = {}


class Directory:
    """Answers what accounts ask about units (see ``accounts.units.Units``)."""

    def labels(self, unit_ids: Iterable[int]) -> dict[int, str]:
        return selectors.labels_of(unit_ids)

    def choices(self, paths: Iterable[str]) -> list[tuple[int, str]]:
        """Units in use at or below ``paths`` in the order of the tree, deeper ones indented."""
        rows = selectors.in_tree_order(Unit.objects.active().inside(*paths))
        return [(unit.pk, "\u3000" * unit.depth + unit.label) for unit in rows]

    def path(self, unit_id: int) -> str | None:
        return Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first()


def unit_name(actor: Actor | None) -> str:
    """The name of the unit where the person works; empty when there is none."""
    return _name(actor.unit_id) if actor and actor.unit_id else ""


def centre_name(actor: Actor | None) -> str:
    """The name of the unit at the top: how the centre is called on pages for residents."""
    return _name(None)


def forget() -> None:
    """Drop the kept names of this process; called when a unit changes."""
    _kept.clear()


def _name(unit_id: int | None) -> str:
    at, name, names = _kept.get(unit_id, (0.0, "", {}))
    if time.monotonic() - at > _KEPT_SECONDS or not at:
        name, names = _read(unit_id)
        _kept[unit_id] = (time.monotonic(), name, names)
    return name_in(get_language(), name, names)


def _read(unit_id: int | None) -> tuple[str, dict[str, str]]:
    rows = Unit.objects.filter(parent__isnull=True) if unit_id is None else Unit.objects.filter(pk=unit_id)
    try:
        return rows.order_by("pk").values_list("name", "names")[:1].get()
    except ObjectDoesNotExist:
        return "", {}
