"""Who may do what with a dispute: one table of act × part in it; a role reaches its unit and all below."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum, auto

from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed

# Who reads the disputes of his units; the handlers of one always read theirs.
READERS = (Role.MEDIATOR, Role.SECRETARY, Role.COORDINATOR, Role.LEADER, Role.INSPECTOR)
IN_CHARGE = (Role.SECRETARY, Role.COORDINATOR)


class Act(StrEnum):
    CONSENT = auto()
    ASSIGN = auto()
    RECUSE = auto()
    TALK = auto()
    CAUCUS = auto()
    AGREE = auto()
    SIGN = auto()
    SEAL = auto()
    MORE_TIME = auto()
    END = auto()
    REPORT = auto()
    FOLLOW_UP = auto()
    ANSWER = auto()


class Part(StrEnum):
    """What somebody is to a dispute."""

    HANDLER = auto()
    MEDIATES = auto()
    DESK = auto()
    CHARGE = auto()


_EVERYBODY = frozenset(Part)
_COMMITTEE = frozenset({Part.DESK, Part.CHARGE})
_MEDIATOR = frozenset({Part.MEDIATES})
_LATER = frozenset({Part.MEDIATES, Part.DESK, Part.CHARGE})

MATRIX: dict[Act, frozenset[Part]] = {
    Act.CONSENT: _EVERYBODY,
    Act.ASSIGN: _COMMITTEE,
    Act.RECUSE: _LATER,
    Act.TALK: _MEDIATOR,
    # The notes of a separate talk are for those who mediate and for nobody else.
    Act.CAUCUS: _MEDIATOR,
    Act.AGREE: _MEDIATOR,
    Act.SIGN: _MEDIATOR,
    # The seal is the committee's, not the mediator's (Art. 30).
    Act.SEAL: frozenset({Part.CHARGE}),
    Act.MORE_TIME: _MEDIATOR,
    Act.END: frozenset({Part.MEDIATES, Part.CHARGE}),
    Act.REPORT: _EVERYBODY,
    Act.FOLLOW_UP: _LATER,
    Act.ANSWER: _LATER,
}


def parts_of(actor: Actor, case: Case, mediators: Collection[int]) -> set[Part]:
    """What the actor is to this dispute. ``mediators``: the accounts of those who mediate it now."""
    if actor.user_id is not None and actor.user_id == case.about_user_id:
        return set()
    found: set[Part] = set()
    if actor.user_id is not None:
        if actor.user_id in {case.handler_id, case.first_handler_id, case.successor_id}:
            found.add(Part.HANDLER)
        if actor.user_id in mediators:
            found.add(Part.MEDIATES)
    if actor.holds(Role.MEDIATOR, path=case.unit.path):
        found.add(Part.DESK)
    if actor.holds(*IN_CHARGE, path=case.unit.path):
        found.add(Part.CHARGE)
    return found


def may(actor: Actor, act: Act, case: Case, mediators: Collection[int]) -> bool:
    """True when the actor may do ``act`` in this dispute."""
    return actor.is_system or bool(MATRIX[act] & parts_of(actor, case, mediators))


def require(actor: Actor, act: Act, case: Case, mediators: Collection[int]) -> None:
    """Raises NotAllowed with a sentence."""
    if may(actor, act, case, mediators):
        return
    if MATRIX[act] == _MEDIATOR:
        raise NotAllowed(_("Only the mediators of this dispute do that. Ask one of them."))
    raise NotAllowed(_("This belongs to the mediation committee. Ask the community secretary."))


def may_set_up(actor: Actor, *, path: str) -> bool:
    """True when the actor writes down the committee of the unit at ``path``."""
    return actor.is_system or actor.holds(*IN_CHARGE, path=path)


def require_set_up(actor: Actor, *, path: str) -> None:
    """Raises NotAllowed."""
    if not may_set_up(actor, path=path):
        raise NotAllowed(_("Only the secretary or the coordinator writes down the committee. Ask there."))
