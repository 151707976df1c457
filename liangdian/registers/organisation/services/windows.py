"""The windows of the hall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import policy
from liangdian.registers.organisation.models import Unit, Window
from liangdian.registers.organisation.services.tree import clean_names, save_checked
from liangdian.registers.organisation.wording import NO_SUCH_WINDOW


@transaction.atomic
def create_window(
    *,
    actor: Actor,
    unit: Unit,
    number: int,
    name: str,
    at: datetime,
    names: Mapping[str, str] | None = None,
    serves: Iterable[str] = (),
    low_counter: bool = False,
) -> Window:
    """A new window. ``serves`` are codes of the catalogue's categories."""
    policy.require_change(actor, unit.path)
    window = Window(unit=unit, number=number)
    return _write(actor, window, "window_created", name, names, serves, low_counter, True, at)


@transaction.atomic
def update_window(
    *,
    actor: Actor,
    window_id: int,
    number: int,
    name: str,
    at: datetime,
    names: Mapping[str, str] | None = None,
    serves: Iterable[str] = (),
    low_counter: bool = False,
    active: bool = True,
) -> Window:
    """Change a window or take it out of use."""
    window = (
        Window.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=window_id).first()
    )
    if window is None:
        raise NotFound(NO_SUCH_WINDOW)
    policy.require_change(actor, window.unit.path)
    window.number = number
    return _write(actor, window, "window_changed", name, names, serves, low_counter, active, at)


def _write(
    actor: Actor,
    window: Window,
    act: str,
    name: str,
    names: Mapping[str, str] | None,
    serves: Iterable[str],
    low_counter: bool,
    active: bool,
    at: datetime,
) -> Window:
    window.name, window.names = clean(name), clean_names(names)
    window.serves = sorted({clean(code) for code in serves if clean(code)})
    window.low_counter, window.active = low_counter, active
    save_checked(window)
    audit.record(actor, act, "organisation.window", window.pk, window.name, at)
    return window
