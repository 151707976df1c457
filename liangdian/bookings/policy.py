"""Who sees and makes appointments, and who says what can be booked."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed
from liangdian.registers.organisation import selectors as organisation

SERVING = (
    Role.CLERK, Role.HANDLER, Role.MEDIATOR, Role.PETITION_OFFICER, Role.SECRETARY, Role.COORDINATOR,
)  # fmt: skip
DEFINING = (Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR)
READING = (*SERVING, Role.LEADER, Role.INSPECTOR)
COMING_IN = (*READING, Role.ADMINISTRATOR)


def visible_to(actor: Actor) -> Q:
    """What can be booked, as far as it exists for this actor; part of every query."""
    return _within(actor, COMING_IN)


def bookings_visible_to(actor: Actor) -> Q:
    """Appointments, which name a resident: administrators set up hours and see none."""
    return _within(actor, READING)


def _within(actor: Actor, roles: tuple[Role, ...]) -> Q:
    if actor.is_system:
        return Q()
    if not actor.holds(*roles):
        return Q(pk__in=[])
    return Q(unit__in=organisation.unit_ids_within(actor.paths(*roles)))


def may_book(actor: Actor, *, path: str) -> bool:
    """True when the actor makes and changes appointments of the unit at ``path``."""
    return actor.is_system or actor.holds(*SERVING, path=path)


def may_define(actor: Actor, *, path: str) -> bool:
    """True when the actor says what can be booked in the unit at ``path``, and when."""
    return actor.is_system or actor.holds(*DEFINING, path=path)


def require_book(actor: Actor, *, path: str) -> None:
    """Raises NotAllowed unless the actor makes appointments here."""
    if not may_book(actor, path=path):
        raise NotAllowed(_("Your role does not make appointments of this unit."))


def require_define(actor: Actor, *, path: str) -> None:
    """Raises NotAllowed unless the actor sets up what can be booked here."""
    if not may_define(actor, path=path):
        raise NotAllowed(
            _("Only the secretary or the administrator of this unit sets up what can be booked.")
        )


def may_change_rules(actor: Actor) -> bool:
    """The rules hold for all units: an administrator at the top changes them."""
    return actor.is_system or any(path.count("/") == 2 for path in actor.paths(Role.ADMINISTRATOR))


def require_rules(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not may_change_rules(actor):
        raise NotAllowed(_("Only an administrator of the whole centre changes these rules."))
