"""Who may do what with a case: one table of role × act × reach, and the filter that follows from it."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from liangdian.casework import procedures
from liangdian.casework.models import Assist, Case, Repair
from liangdian.casework.rules import check_not_about
from liangdian.casework.states import OPEN, AssistState
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed
from liangdian.registers.organisation import selectors as organisation


class Act(StrEnum):
    SEE = "see"
    REGISTER = "register"
    NOTE = "note"
    CONTACT = "contact"
    START = "start"
    ASK = "ask"
    SUPPLY = "supply"
    REFER = "refer"
    ACCEPT = "accept"
    RETURN = "return"
    TRANSFER = "transfer"
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    CALL_BACK = "call_back"
    WITHDRAW = "withdraw"
    ADMIT = "admit"
    CORRECT = "correct"
    SUPPLY_LATE = "supply_late"
    REFUSE = "refuse"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    DECIDE_EXTENSION = "decide_extension"
    RECLASSIFY = "reclassify"
    DECIDE = "decide"
    DELIVER = "deliver"
    END = "end"
    NEEDS = "needs"
    VISIT = "visit"
    GREEN = "green"
    NOT_GREEN = "not_green"
    CALL_RATED = "call_rated"
    CALL_MISSED = "call_missed"
    REPAIR = "repair"
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide_appeal"
    MERGE = "merge"
    UNMERGE = "unmerge"
    LINK = "link"
    UNLINK = "unlink"
    HAND_OVER = "hand_over"
    ASK_ASSIST = "ask_assist"
    ACCEPT_ASSIST = "accept_assist"
    ANSWER_ASSIST = "answer_assist"
    USE_ASSIST = "use_assist"
    REMIND_ASSIST = "remind_assist"
    WITHDRAW_ASSIST = "withdraw_assist"
    SUPERVISE = "supervise"
    ANSWER_SUPERVISION = "answer_supervision"
    DECIDE_SUPERVISION = "decide_supervision"
    MEET = "meet"


class Reach(IntEnum):
    """How far an act goes: not at all, one's own matters, or all matters of the unit's subtree."""

    NONE = 0
    OWN = 1
    UNIT = 2


# An extension is approved by somebody above who does not handle the matter (Licensing Law Art. 42).
# An appeal belongs to the one who was rated, wherever the matter lies now: ``may_appeal``.
# A unit that helps speaks for itself, wherever the matter lies: ``may_assist``.
_OF_OTHERS = dict.fromkeys(
    (
        Act.APPEAL, Act.DECIDE_APPEAL, Act.ACCEPT_ASSIST, Act.ANSWER_ASSIST,
        Act.SUPERVISE, Act.DECIDE_SUPERVISION,
    ),
    Reach.NONE,
)  # fmt: skip
_OWN = (
    dict.fromkeys(Act, Reach.OWN)
    | {
        Act.DECIDE_EXTENSION: Reach.NONE,
        # Who goes before the others is decided where residents are received, not where the work is done.
        Act.GREEN: Reach.NONE,
        Act.NOT_GREEN: Reach.NONE,
        # Units are brought together by those who stand above them.
        Act.MEET: Reach.NONE,
        # What is one's own needs no leave to be handed over for a time; for another one somebody in charge.
        Act.HAND_OVER: Reach.NONE,
    }
    | _OF_OTHERS
)
_AT_THE_WINDOW = _OWN | {
    Act.SEE: Reach.UNIT,
    Act.REGISTER: Reach.UNIT,
    Act.NOTE: Reach.UNIT,
    Act.START: Reach.UNIT,
    Act.ACCEPT: Reach.UNIT,
    Act.RETURN: Reach.UNIT,
    Act.CALL_BACK: Reach.UNIT,
    Act.CALL_RATED: Reach.UNIT,
    Act.CALL_MISSED: Reach.UNIT,
    Act.ADMIT: Reach.UNIT,
    Act.CORRECT: Reach.UNIT,
    Act.SUPPLY_LATE: Reach.UNIT,
    Act.DELIVER: Reach.UNIT,
    Act.NEEDS: Reach.UNIT,
    Act.VISIT: Reach.UNIT,
    # Whoever receives residents sees first that two matters are one.
    Act.MERGE: Reach.UNIT,
    Act.UNMERGE: Reach.UNIT,
    Act.LINK: Reach.UNIT,
    Act.UNLINK: Reach.UNIT,
}
_SPECIALIST = _OWN | {Act.REGISTER: Reach.UNIT, Act.ACCEPT: Reach.UNIT, Act.RETURN: Reach.UNIT}
_IN_CHARGE = dict.fromkeys(Act, Reach.UNIT) | _OF_OTHERS
_NOTHING = dict.fromkeys(Act, Reach.NONE)

MATRIX: dict[Role, dict[Act, Reach]] = {
    Role.CLERK: _AT_THE_WINDOW | {Act.GREEN: Reach.UNIT, Act.NOT_GREEN: Reach.UNIT},
    Role.HANDLER: _AT_THE_WINDOW,
    Role.MEDIATOR: _SPECIALIST,
    Role.PETITION_OFFICER: _SPECIALIST,
    Role.SECRETARY: _IN_CHARGE,
    Role.COORDINATOR: _IN_CHARGE,
    Role.LEADER: _NOTHING
    | dict.fromkeys(
        (
            Act.SEE,
            Act.NOTE,
            Act.REFER,
            Act.ESCALATE,
            Act.DECIDE_EXTENSION,
            Act.DECIDE_APPEAL,
            Act.SUPERVISE,
            Act.DECIDE_SUPERVISION,
            Act.MEET,
        ),
        Reach.UNIT,
    ),
    Role.INSPECTOR: _NOTHING
    | dict.fromkeys(
        (
            Act.SEE,
            Act.NOTE,
            Act.CALL_BACK,
            Act.CALL_RATED,
            Act.CALL_MISSED,
            Act.DECIDE_APPEAL,
            Act.SUPERVISE,
            Act.DECIDE_SUPERVISION,
        ),
        Reach.UNIT,
    ),
    # Role separation (GB/T 22239): those who run the system or read its logs do not read the matters.
    Role.AUDITOR: _NOTHING,
    Role.ADMINISTRATOR: _NOTHING,
    Role.SECURITY: _NOTHING,
}

# Who looks after what lies with a unit and has no handler.
IN_CHARGE = (Role.SECRETARY, Role.COORDINATOR)

# These look at the matter wherever it lies now; all other acts belong to where the work is.
_ALSO_FROM_ORIGIN = frozenset(
    {
        Act.SEE, Act.NOTE, Act.CALL_BACK, Act.CALL_RATED, Act.CALL_MISSED, Act.DECIDE_APPEAL, Act.DELIVER,
        Act.SUPERVISE, Act.DECIDE_SUPERVISION, Act.HAND_OVER,
    }
)  # fmt: skip
# The first handler keeps these for ever; the others pass to whoever does the work.
_KEPT_BY_FIRST_HANDLER = frozenset(
    {
        Act.SEE, Act.NOTE, Act.CONTACT, Act.ESCALATE, Act.WITHDRAW, Act.SUPPLY, Act.SUPPLY_LATE, Act.DELIVER,
        Act.NEEDS, Act.VISIT, Act.HAND_OVER,
    }
)  # fmt: skip

# A matter that is handled together with another one stands still; this concerns its own resident.
WHILE_MERGED = frozenset(
    {
        Act.SEE,
        Act.NOTE,
        Act.CONTACT,
        Act.VISIT,
        Act.NEEDS,
        Act.WITHDRAW,
        Act.UNMERGE,
        Act.UNLINK,
        Act.APPEAL,
        Act.DECIDE_APPEAL,
    }
)


def roles_for(act: Act, reach: Reach) -> tuple[Role, ...]:
    """The roles that hold ``act`` with exactly ``reach``."""
    return tuple(role for role, acts in MATRIX.items() if acts[act] == reach)


def is_own(actor: Actor, case: Case, act: Act) -> bool:
    """True when the case is the actor's own for this act."""
    if actor.user_id is None:
        return False
    if case.handler_id == actor.user_id:
        return True
    if actor.user_id not in {case.first_handler_id, case.successor_id}:
        return False
    return act in _KEPT_BY_FIRST_HANDLER or (case.handler_id is None and case.unit_id == case.origin_id)


def may(actor: Actor, act: Act, case: Case) -> bool:
    """True when the actor holds ``act`` for this case. A complaint about the actor is never his."""
    if actor.is_system:
        return True
    if actor.user_id is not None and actor.user_id == case.about_user_id:
        return False
    if actor.holds(*roles_for(act, Reach.OWN)) and is_own(actor, case, act):
        return True
    wide = roles_for(act, Reach.UNIT)
    if actor.holds(*wide, path=case.unit.path):
        return True
    if actor.holds(*wide) and is_own(actor, case, act):
        return True
    return act in _ALSO_FROM_ORIGIN and actor.holds(*wide, path=case.origin.path)


def require(actor: Actor, act: Act, case: Case) -> None:
    """Raises NotAllowed with a sentence when the actor may not do ``act`` here."""
    check_not_about(actor_id=actor.user_id, about_user_id=case.about_user_id)
    if not may(actor, act, case):
        raise NotAllowed(
            _("This matter lies with %(unit)s now. Ask its handler or your community secretary.")
            % {"unit": case.unit.label}
        )


def may_appeal(actor: Actor, *, rated_id: int | None) -> bool:
    """Only the one who was rated appeals."""
    return actor.user_id is not None and actor.user_id == rated_id


def require_appeal(actor: Actor, *, rated_id: int | None) -> None:
    """Raises NotAllowed for everybody but the one who was rated."""
    if not may_appeal(actor, rated_id=rated_id):
        raise NotAllowed(_("Only the colleague whose work was rated can appeal against the rating."))


def may_assist(actor: Actor, path: str) -> bool:
    """Who takes up referrals for the unit at ``path`` speaks for it too when it helps another."""
    return actor.holds(*roles_for(Act.ACCEPT, Reach.UNIT), path=path)


def units_assisting(actor: Actor) -> QuerySet[Any]:
    """The units with whose help the actor has to do, subtrees included; a subquery, not a statement."""
    roles = {*roles_for(Act.SEE, Reach.UNIT), *roles_for(Act.ACCEPT, Reach.UNIT)}
    return organisation.unit_ids_within(actor.paths(*roles))


def units_supervised(actor: Actor) -> QuerySet[Any]:
    """The units whose matters the actor supervises, subtrees included; a subquery, not a statement."""
    return organisation.unit_ids_within(actor.paths(*roles_for(Act.SUPERVISE, Reach.UNIT)))


def units_called_for(actor: Actor) -> QuerySet[Any]:
    """The units whose residents the actor calls back, subtrees included; a subquery, not a statement."""
    return organisation.unit_ids_within(actor.paths(*roles_for(Act.CALL_BACK, Reach.UNIT)))


def may_register(actor: Actor) -> bool:
    """True when the actor registers matters for some unit."""
    return actor.holds(*roles_for(Act.REGISTER, Reach.UNIT))


def may_set_limits(actor: Actor) -> bool:
    """Administrators of the whole centre set limits: they hold for every unit."""
    return actor.is_system or any(path.count("/") == 2 for path in actor.paths(Role.ADMINISTRATOR))


def require_limits(actor: Actor) -> None:
    """Raises NotAllowed for everybody else."""
    if not may_set_limits(actor):
        raise NotAllowed(_("Only the administrator of the whole centre changes limits. Please ask there."))


def require_limit_reader(actor: Actor) -> None:
    """Raises NotAllowed for everybody but administrators."""
    if not (actor.is_system or actor.holds(Role.ADMINISTRATOR)):
        raise NotAllowed(_("Only administrators see the limits as a list."))


def require_register(actor: Actor, *, path: str) -> None:
    """Raises NotAllowed unless the actor may register for the unit at ``path``."""
    if actor.is_system or actor.is_resident:
        return
    if not actor.holds(*roles_for(Act.REGISTER, Reach.UNIT), path=path):
        raise NotAllowed(_("Your role does not register matters for this unit. Choose a unit of your own."))


def units_of(actor: Actor) -> list[int]:
    """The units in which the actor himself takes matters up: those for which he holds a role."""
    taking = (*roles_for(Act.START, Reach.UNIT), *roles_for(Act.ACCEPT, Reach.UNIT))
    return sorted({g.unit_id for g in actor.grants if g.role in taking})


def units_below(actor: Actor) -> QuerySet[Any]:
    """All units whose matters the actor sees by role, subtrees included; a subquery, not a statement."""
    return organisation.unit_ids_within(actor.paths(*roles_for(Act.SEE, Reach.UNIT)))


def hidden_case_ids(actor: Actor) -> QuerySet[Any] | None:
    """The matters that desks hide from this actor, for the access log; None when there are none."""
    hidden = procedures.hidden_from(actor)
    return Case.objects.filter(hidden).values_list("pk", flat=True) if hidden else None


def reads_matters(actor: Actor) -> bool:
    """True when some matters exist for the actor's roles at all."""
    return actor.is_system or actor.holds(*roles_for(Act.SEE, Reach.UNIT), *roles_for(Act.SEE, Reach.OWN))


def require_reader(actor: Actor) -> None:
    """Raises NotAllowed for who reads no matters: administrators and auditors."""
    if not reads_matters(actor):
        raise NotAllowed(_("Your role reads no matters."))


def visible_to(actor: Actor) -> Q:
    """The condition under which a case exists for this actor; part of every query, counts included."""
    if actor.is_system:
        return Q()
    if actor.user_id is None:
        return Q(pk__in=[])
    mine = Q(first_handler=actor.user_id) | Q(handler=actor.user_id) | Q(successor=actor.user_id)
    if not reads_matters(actor):
        return Q(pk__in=[])
    if actor.holds(*roles_for(Act.SEE, Reach.UNIT)):
        closed = [procedure.kind for procedure in procedures.procedures() if procedure.readers is not None]
        open_kinds = ~Q(kind__in=closed) if closed else Q()
        mine |= open_kinds & (Q(unit__in=units_below(actor)) | Q(origin__in=units_below(actor)))
    for procedure in procedures.procedures():
        if procedure.readers is not None and (paths := actor.paths(*procedure.readers)):
            units = organisation.unit_ids_within(paths)
            mine |= Q(kind=procedure.kind) & (Q(unit__in=units) | Q(origin__in=units))
    # Whoever was rated reads what was said, as long as it is not put right or his appeal not decided.
    mine |= Q(pk__in=Repair.objects.filter(Repair.AT_WORK, rated=actor.user_id).values("case"))
    # A unit that helps sees the matters that it was asked for, and no others.
    helped = Assist.objects.exclude(state=AssistState.WITHDRAWN).filter(unit__in=units_assisting(actor))
    mine |= Q(state__in=OPEN, pk__in=helped.values("case"))
    # NULL-safe: most cases are about nobody.
    mine &= Q(about_user__isnull=True) | ~Q(about_user=actor.user_id)
    hidden = procedures.hidden_from(actor)
    return mine & ~hidden if hidden else mine
