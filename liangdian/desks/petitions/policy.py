"""Who may do what with a petition that exists for him; what is hidden is decided in ``hiding``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.desks.petitions.models import Petition, Transfer
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed

# Only these read petitions of their units: the petition office, who steers the work, and the head, who
# reports, approves and answers. Inspectors and secretaries do not need it (PIPL Art. 6).
READERS = (Role.PETITION_OFFICER, Role.COORDINATOR, Role.LEADER)
WORKING = (Role.PETITION_OFFICER, Role.COORDINATOR)


def may_register(actor: Actor) -> bool:
    """True when the actor receives petitions for some unit."""
    return actor.holds(*WORKING)


def require_register(actor: Actor, *, path: str) -> None:
    """Raises NotAllowed unless the actor receives petitions for the unit at ``path``."""
    if not (actor.is_system or actor.holds(*WORKING, path=path)):
        raise NotAllowed(_("Petitions are received by the petition officer. Ask him to register it."))


def keeps_away(actor: Actor, petition: Petition) -> bool:
    """True when the actor keeps away from this petition, or handled an earlier instance of it."""
    return actor.user_id in away_from(petition)


def away_from(petition: Petition) -> set[int]:
    """Everybody who must not handle this petition: kept away, or at work in an instance before (Art. 46)."""
    away = set(petition.recusals.values_list("user", flat=True))
    before = petition.of
    while before is not None:
        case = before.case
        away |= {pk for pk in (case.first_handler_id, case.handler_id) if pk is not None}
        away |= set(type(before).objects.filter(pk=before.pk).values_list("opinion__by", flat=True)) - {None}
        before = before.of
    return away


def works_on(actor: Actor, case: Case) -> bool:
    """True when the actor handles the case, or works in the petition office of the unit where it lies."""
    if case.handler_id is not None and case.handler_id == actor.user_id:
        return True
    return actor.holds(*WORKING, path=case.unit.path)


def heads(actor: Actor, case: Case) -> bool:
    """True for the head of the unit where the case lies, unless he handles it himself."""
    return actor.holds(Role.LEADER, path=case.unit.path) and case.handler_id != actor.user_id


def sends(actor: Actor, transfer: Transfer, case: Case) -> bool:
    """True for those who decide on an objection: the petition office that sent it, or that received it first.

    Whoever objected does not decide on it.
    """
    if actor.user_id == transfer.objected_by_id:
        return False
    return any(actor.holds(*WORKING, path=unit.path) for unit in (transfer.from_unit, case.origin))


def receives(actor: Actor, case: Case) -> bool:
    """True when the actor takes down the petitioner's request for a review."""
    return works_on(actor, case) or actor.holds(*WORKING, path=case.origin.path)


def require(allowed: bool, actor: Actor, petition: Petition, case: Case) -> None:
    """Raises NotAllowed when not ``allowed`` here, or when the actor has to keep away."""
    if not allowed:
        raise NotAllowed(
            _("This petition lies with %(unit)s. Only its handler or its petition office does this.")
            % {"unit": case.unit.label}
        )
    if keeps_away(actor, petition):
        raise NotAllowed(
            _("You keep away from this petition, or handled it in an earlier instance (Art. 46). Hand it on.")
        )
