"""Who may do what with duty: one table of act × role; a role reaches its unit and all below."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed, NotFound
from liangdian.registers.organisation.wording import NO_SUCH_UNIT


class Act(StrEnum):
    SEE = "see"
    PLAN = "plan"
    PROMISE = "promise"
    SIGN = "sign"
    CALL_ROLL = "call_roll"
    DECIDE = "decide"
    SCREEN = "screen"
    ANNOUNCE = "announce"
    SEE_SHEET = "see_sheet"
    MAKE_SHEET = "make_sheet"
    APPROVE_SHEET = "approve_sheet"
    SET_ALLOWANCE = "set_allowance"


_AT_WORK = (
    Role.CLERK, Role.HANDLER, Role.MEDIATOR, Role.PETITION_OFFICER, Role.SECRETARY, Role.COORDINATOR,
    Role.LEADER,
)  # fmt: skip
_IN_CHARGE = (Role.SECRETARY, Role.COORDINATOR)

MATRIX: dict[Act, tuple[Role, ...]] = {
    # Who is on duty when is no secret to those who work there; others are told by the public page.
    Act.SEE: (*_AT_WORK, Role.INSPECTOR),
    Act.PLAN: _IN_CHARGE,
    Act.PROMISE: (*_IN_CHARGE, Role.LEADER),
    Act.SIGN: _AT_WORK,
    Act.CALL_ROLL: _IN_CHARGE,
    Act.DECIDE: (*_IN_CHARGE, Role.LEADER),
    Act.SCREEN: _IN_CHARGE,
    Act.ANNOUNCE: (*_IN_CHARGE, Role.LEADER),
    Act.SEE_SHEET: (*_IN_CHARGE, Role.LEADER, Role.INSPECTOR),
    Act.MAKE_SHEET: _IN_CHARGE,
    Act.APPROVE_SHEET: (Role.COORDINATOR, Role.LEADER),
    Act.SET_ALLOWANCE: (Role.COORDINATOR, Role.LEADER),
}
_REFUSALS = {
    Act.SEE: _("Your role does not open the duty of this unit. Please ask the secretary."),
    Act.PLAN: _("Only the secretary or the coordinator plans the duty of this unit. Please ask there."),
    Act.PROMISE: _("Only those in charge of this unit change its promised hours. Please ask the secretary."),
    Act.SIGN: _("You are not on the staff here and have no shift today. Please ask the secretary."),
    Act.CALL_ROLL: _("Only the secretary or the coordinator calls the roll. Please ask there."),
    Act.DECIDE: _("Only those in charge of this unit decide this. Please ask the secretary."),
    Act.SCREEN: _("Only the secretary or the coordinator sets up the screen. Please ask there."),
    Act.ANNOUNCE: _("Only those in charge of this unit announce a closure. Please ask the secretary."),
    Act.SEE_SHEET: _("Only those in charge of this unit read the monthly sheet. Please ask the secretary."),
    Act.MAKE_SHEET: _("Only the secretary or the coordinator makes the monthly sheet. Please ask there."),
    Act.APPROVE_SHEET: _("Only the coordinator or a leader approves the monthly sheet. Please ask there."),
    Act.SET_ALLOWANCE: _("Only the coordinator or a leader sets allowances. Please ask there."),
}


def may(actor: Actor, act: Act, path: str) -> bool:
    """True when one of the actor's roles opens ``act`` for the unit at ``path``."""
    return actor.is_system or actor.holds(*MATRIX[act], path=path)


def require(actor: Actor, act: Act, path: str) -> None:
    """Raises NotAllowed; a unit whose duty the actor may not even see is not there for him (NotFound)."""
    if may(actor, act, path):
        return
    if not may(actor, Act.SEE, path):
        raise NotFound(NO_SUCH_UNIT)
    raise NotAllowed(_REFUSALS[act])


def require_another(actor: Actor, *user_ids: int | None) -> None:
    """Raises NotAllowed for somebody whom the matter concerns: nobody approves himself."""
    if actor.user_id is not None and actor.user_id in user_ids:
        raise NotAllowed(_("Nobody approves his own request. Please ask another colleague in charge."))


# Who decides about whom: somebody of a higher rank; leaders decide about each other.
RANK = {Role.SECRETARY: 1, Role.COORDINATOR: 2, Role.LEADER: 3}


def require_above(actor: Actor, roles: Iterable[str], path: str) -> None:
    """Raises NotAllowed for who does not stand above somebody with ``roles`` in the unit at ``path``."""
    own = max((RANK.get(g.role, 0) for g in actor.grants if path.startswith(g.path)), default=0)
    other = max((RANK.get(Role(role), 0) for role in roles), default=0)
    if not actor.is_system and own <= other and not own == other == RANK[Role.LEADER]:
        raise NotAllowed(_("This is decided by somebody above the person. Please ask there."))
