"""Who may see and change residents: staff who serve them, in the units that their roles reach."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed
from liangdian.registers.organisation import selectors as organisation

SERVING = (
    Role.CLERK, Role.HANDLER, Role.MEDIATOR, Role.PETITION_OFFICER, Role.SECRETARY, Role.COORDINATOR,
)  # fmt: skip
READING = (*SERVING, Role.LEADER, Role.INSPECTOR)
# Those who answer for how their colleagues treat personal data.
OVERSEEING = (Role.SECRETARY, Role.COORDINATOR, Role.INSPECTOR)


def visible_to(actor: Actor) -> Q:
    """The residents that exist for this actor; part of every query."""
    if actor.is_system:
        return Q()
    if not actor.holds(*READING):
        return Q(pk__in=[])
    return Q(unit__in=organisation.unit_ids_within(actor.paths(*READING)))


def may_change(actor: Actor, *, path: str) -> bool:
    """True when the actor serves residents of the unit at ``path``."""
    return actor.is_system or actor.holds(*SERVING, path=path)


def may_see_looks(actor: Actor, *, path: str) -> bool:
    """True when the actor may know who looked at the hidden numbers of residents of the unit at ``path``."""
    return actor.is_system or actor.holds(*OVERSEEING, path=path)


def require_serving(actor: Actor, *, path: str) -> None:
    """Raises NotAllowed unless the actor serves residents of the unit at ``path``."""
    if not (actor.is_resident or may_change(actor, path=path)):
        raise NotAllowed(_("Your role does not change residents of this unit."))
