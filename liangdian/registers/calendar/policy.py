"""Who may see and change the calendar."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed


def may_change(actor: Actor | None) -> bool:
    """Administrators change the calendar and the hours; the system seeds them."""
    return actor is not None and (actor.is_system or actor.holds(Role.ADMINISTRATOR))


def require_change(actor: Actor | None) -> None:
    """Raises NotAllowed for everybody but an administrator."""
    if not may_change(actor):
        raise NotAllowed(_("Only an administrator may change the calendar. Ask yours to do it."))
