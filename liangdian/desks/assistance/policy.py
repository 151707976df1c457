"""Who may do what with livelihood help: one table of act × part in it; a role reaches its unit and below."""

from __future__ import annotations

from enum import StrEnum, auto

from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed

# Who reads the help of his units; the handlers and the helper always read theirs.
READERS = (Role.HANDLER, Role.SECRETARY, Role.COORDINATOR, Role.LEADER, Role.INSPECTOR)
IN_CHARGE = (Role.SECRETARY, Role.COORDINATOR)
REGISTER_KEEPERS = (Role.CLERK, Role.HANDLER, Role.SECRETARY, Role.COORDINATOR)


class Act(StrEnum):
    ASK = auto()
    NAME_HELPER = auto()
    ACCOMPANY = auto()
    END = auto()
    ANSWER = auto()


class Part(StrEnum):
    """What somebody is to the help."""

    HANDLER = auto()
    HELPER = auto()
    CHARGE = auto()


_EVERYBODY = frozenset(Part)
MATRIX: dict[Act, frozenset[Part]] = {
    Act.ASK: _EVERYBODY,
    Act.NAME_HELPER: frozenset({Part.HANDLER, Part.CHARGE}),
    Act.ACCOMPANY: _EVERYBODY,
    Act.END: frozenset({Part.HELPER, Part.CHARGE}),
    Act.ANSWER: _EVERYBODY,
}
# These read incomes as they were told; everybody else between which steps they lie.
READS_INCOME = frozenset({Part.HANDLER, Part.HELPER})


def parts_of(actor: Actor, case: Case, helper_id: int | None) -> set[Part]:
    """What the actor is to this help."""
    if actor.user_id is not None and actor.user_id == case.about_user_id:
        return set()
    found: set[Part] = set()
    if actor.user_id is not None:
        if actor.user_id in {case.handler_id, case.first_handler_id, case.successor_id}:
            found.add(Part.HANDLER)
        if actor.user_id == helper_id:
            found.add(Part.HELPER)
    if actor.holds(*IN_CHARGE, path=case.unit.path):
        found.add(Part.CHARGE)
    return found


def may(actor: Actor, act: Act, case: Case, helper_id: int | None) -> bool:
    """True when the actor may do ``act`` in this help."""
    return actor.is_system or bool(MATRIX[act] & parts_of(actor, case, helper_id))


def require(actor: Actor, act: Act, case: Case, helper_id: int | None) -> None:
    """Raises NotAllowed with a sentence."""
    if not may(actor, act, case, helper_id):
        raise NotAllowed(_("This belongs to the helper of the household. Ask him or the secretary."))


def may_keep_register(actor: Actor, *, path: str) -> bool:
    """True when the actor writes down places offered in the unit at ``path``."""
    return actor.is_system or actor.holds(*REGISTER_KEEPERS, path=path)


def require_keep_register(actor: Actor, *, path: str) -> None:
    """Raises NotAllowed."""
    if not may_keep_register(actor, path=path):
        raise NotAllowed(_("Only the staff of this community writes down places. Ask there."))
