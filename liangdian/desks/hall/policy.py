"""Who may do what in a hall: those who serve at its windows, those who lead it, those who look."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.desks.hall.models import Hall
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed
from liangdian.registers.organisation import selectors as organisation

SERVING = (
    Role.CLERK, Role.HANDLER, Role.MEDIATOR, Role.PETITION_OFFICER, Role.SECRETARY, Role.COORDINATOR,
)  # fmt: skip
LEADING = (Role.SECRETARY, Role.COORDINATOR)
LOOKING = (*SERVING, Role.LEADER, Role.INSPECTOR, Role.ADMINISTRATOR)
SETTING_UP = (Role.ADMINISTRATOR, Role.SECRETARY)


def visible_to(actor: Actor) -> Q:
    """The halls that exist for this actor; part of every query."""
    if actor.is_system:
        return Q()
    if not actor.holds(*LOOKING):
        return Q(pk__in=[])
    return Q(unit__in=organisation.unit_ids_within(actor.paths(*LOOKING)))


def may_serve(actor: Actor, hall: Hall) -> bool:
    return actor.is_system or actor.holds(*SERVING, path=hall.unit.path)


def may_lead(actor: Actor, hall: Hall) -> bool:
    return actor.is_system or actor.holds(*LEADING, path=hall.unit.path)


def may_set_up(actor: Actor, path: str) -> bool:
    return actor.is_system or actor.holds(*SETTING_UP, path=path)


def require_serve(actor: Actor, hall: Hall) -> None:
    if not may_serve(actor, hall):
        raise NotAllowed(_("Your role does not serve residents in this hall. Please ask the secretary."))


def require_lead(actor: Actor, hall: Hall) -> None:
    if not may_lead(actor, hall):
        raise NotAllowed(_("Only the secretary or coordinator leads the hall. Please ask them."))


def require_set_up(actor: Actor, path: str) -> None:
    if not may_set_up(actor, path):
        raise NotAllowed(_("Only the administrator or secretary of this unit sets up the hall."))
