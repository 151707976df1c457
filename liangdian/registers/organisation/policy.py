"""Who may change the tree: administrators, each within the units that they administer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed
from liangdian.registers.organisation.models import UnitQuerySet

# A stand-in is arranged by the person himself or by whoever leads or administers the unit.
ARRANGERS = (Role.ADMINISTRATOR, Role.LEADER, Role.SECRETARY, Role.COORDINATOR)


def may_change(actor: Actor, path: str) -> bool:
    return actor.is_system or actor.holds(Role.ADMINISTRATOR, path=path)


def require_change(actor: Actor, path: str) -> None:
    if not may_change(actor, path):
        raise NotAllowed(
            _("Only the administrator of this unit may change it. Please ask the administrator.")
        )


def may_arrange_stand_in(actor: Actor, user_id: int, path: str | None) -> bool:
    if actor.is_system or actor.user_id == user_id:
        return True
    return path is not None and actor.holds(*ARRANGERS, path=path)


def require_arrange_stand_in(actor: Actor, user_id: int, path: str | None) -> None:
    if not may_arrange_stand_in(actor, user_id, path):
        raise NotAllowed(_("Only the person himself or the head of the unit may name a stand-in."))


def visible_to(actor: Actor, rows: UnitQuerySet) -> UnitQuerySet:
    """The units that a person's roles reach: each unit of a role with everything below it."""
    return rows if actor.is_system else rows.inside(*actor.paths())
