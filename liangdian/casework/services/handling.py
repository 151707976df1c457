"""Working on a case: take it up, speak with the resident, note, hand over, escalate."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, rules
from liangdian.casework.models import Case, Event
from liangdian.casework.policy import Act
from liangdian.casework.procedures import in_charge_of
from liangdian.casework.services.clocks import refresh_clock, stop_clocks
from liangdian.casework.services.record import chained, locked_case, save_with, tell
from liangdian.casework.stages import Stage, can_move
from liangdian.casework.states import ClockKind, EventType, ReferralState, State
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

TEXT_LIMIT = 5_000


def required_text(text: str, *, field: str, message: object) -> str:
    """``text`` cleaned; refused when empty or longer than 5,000 characters. Raises Invalid."""
    text = clean(text)
    if not text:
        raise Invalid(message, field=field)
    if len(text) > TEXT_LIMIT:
        raise Invalid(
            _("The text has %(n)s characters; %(limit)s fit.") % {"n": len(text), "limit": TEXT_LIMIT},
            field=field,
        )
    return text


@transaction.atomic
def start(*, actor: Actor, case_id: int, at: datetime, seen: int | None = None) -> Case:
    """Take the matter up: the actor becomes its handler."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.START, seen=seen)
    if case.state != State.HANDLING:
        rules.check_move(case.state, State.HANDLING)
    if not case.in_hand:
        raise rules.WrongState(_("This matter has been answered; only the resident's rating can reopen it."))
    if case.referrals.filter(state=ReferralState.OFFERED).exists():
        raise rules.WrongState(_("A referral waits here. Accept it or return it first."))
    case.state, case.handler_id = state_at_work(case), actor.user_id
    if can_move(case.kind, case.stage, Stage.EXAMINING) and not case.paused_at:
        case.stage = Stage.EXAMINING
    event = chained(case, type=EventType.STARTED, actor=actor, at=at)
    save_with(case, [event], "state", "stage", "handler")
    tell([case.first_handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def add_note(*, actor: Actor, case_id: int, text: str, at: datetime) -> Case:
    """Write an internal note. It touches no clock and no state, and the resident does not see it."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.NOTE)
    text = required_text(text, field="text", message=_("Write the note."))
    save_with(
        case, [chained(case, type=EventType.NOTED, actor=actor, at=at, data={"text": text}, public=False)]
    )
    return case


@transaction.atomic
def contact_resident(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """Record that the resident was spoken to and what he was told; the first time is kept for the figures."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.CONTACT, seen=seen)
    require_in_hand(case)
    text = required_text(text, field="text", message=_("Write what the resident was told."))
    fields = spoken_to(case, at=at)
    save_with(
        case, [chained(case, type=EventType.CONTACTED, actor=actor, at=at, data={"text": text})], *fields
    )
    return case


def spoken_to(case: Case, *, at: datetime) -> list[str]:
    """Note the first contact of a locked case and stop its clock; returns the columns that changed."""
    if case.first_contact_at is not None:
        return []
    case.first_contact_at = at
    stop_clocks(case, ClockKind.FIRST_CONTACT, at=at)
    refresh_clock(case, now=at)
    return ["first_contact_at", "next_due_at"]


def state_at_work(case: Case) -> State:
    """The state of a matter at work; one that waits for the resident's papers goes on waiting."""
    return State.WAITING if case.stage == Stage.CORRECTION else State.HANDLING


@transaction.atomic
def ask_resident(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """Ask the resident for what is missing. The promise keeps running: waiting is not a pause."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.ASK, seen=seen)
    rules.check_move(case.state, State.WAITING)
    text = required_text(text, field="text", message=_("Write what the resident still has to bring."))
    case.state = State.WAITING
    save_with(case, [chained(case, type=EventType.ASKED, actor=actor, at=at, data={"text": text})], "state")
    return case


@transaction.atomic
def resident_supplied(
    *, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None
) -> Case:
    """The resident brought what was asked for; work goes on."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.SUPPLY, seen=seen)
    if case.state != State.WAITING or case.stage == Stage.CORRECTION:
        raise rules.WrongState(_("Nothing was asked of the resident, so there is nothing to supply."))
    text = required_text(text, field="text", message=_("Write what the resident brought."))
    case.state = State.HANDLING
    event = chained(case, type=EventType.SUPPLIED, actor=actor, at=at, data={"text": text})
    save_with(case, [event], "state")
    tell([case.handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def transfer(
    *, actor: Actor, case_id: int, to_user_id: int, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """Hand the work to a colleague of the same unit. The first handler stays the first handler."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.TRANSFER, seen=seen)
    require_in_hand(case)
    reason = required_text(reason, field="reason", message=_("Write why a colleague takes over."))
    rules.check_not_about(actor_id=to_user_id, about_user_id=case.about_user_id)
    if to_user_id not in {user.pk for user in accounts.staff_within(case.unit.path)}:
        raise NotAllowed(_("This colleague does not work in %(unit)s.") % {"unit": case.unit.label})
    case.handler_id, case.state = to_user_id, state_at_work(case)
    event = chained(
        case, type=EventType.TRANSFERRED, actor=actor, at=at, data={"to_user": to_user_id, "text": reason}
    )
    save_with(case, [event], "handler", "state")
    tell([to_user_id, case.first_handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def escalate(*, actor: Actor, case_id: int, reason: str, at: datetime, seen: int | None = None) -> Case:
    """Bring the matter before the superior unit, which then has to handle it.

    Without a superior the matter goes on the visible list "nobody above": it is never skipped silently.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.ESCALATE, seen=seen)
    require_in_hand(case)
    reason = required_text(reason, field="reason", message=_("Write why the matter has to go up."))
    event = lift(case, actor=actor, at=at, reason=reason, by="hand")
    case.state = state_at_work(case)
    refresh_clock(case, now=at)
    save_with(case, [event], "unit", "handler", "level", "no_superior", "returned", "state", "next_due_at")
    tell([case.first_handler_id, *unit_in_charge(case.unit, case.kind)], case=case, event=event, but=actor)
    return case


def lift(case: Case, *, actor: Actor, at: datetime, reason: str, by: str) -> Event:
    """Move a locked case one level up, in memory; returns the unsaved event."""
    close_open_referral(case, actor=actor, at=at)
    superior = organisation.superior_of(case.unit)
    data: dict[str, object] = {"text": reason, "by": by, "from": case.unit_id}
    case.level += 1
    case.returned = False
    case.no_superior = superior is None
    if superior is not None:
        data["to"] = superior.pk
        case.unit, case.handler_id = superior, None
    return chained(case, type=EventType.ESCALATED, actor=actor, at=at, data=data)


def close_open_referral(case: Case, *, actor: Actor, at: datetime) -> None:
    """A referral that is still open ends when the work goes elsewhere."""
    case.referrals.filter(state__in=[ReferralState.OFFERED, ReferralState.ACCEPTED]).update(
        state=ReferralState.SUPERSEDED, decided_by=actor.user_id, decided_at=at
    )
    stop_clocks(case, ClockKind.REFERRAL, at=at)


def unit_in_charge(unit: Unit, kind: str = "") -> list[int]:
    """Who looks after what lies with ``unit`` and has no handler: its secretary, else its coordinators.

    Of a kind that only some roles read, the first of these roles that somebody holds there.
    """
    for role in in_charge_of(kind) or policy.IN_CHARGE:
        if people := accounts.holders_reaching(role, unit.path):
            return [user.pk for user in people]
    return []


def require_in_hand(case: Case) -> None:
    """Raises WrongState when the matter is answered or over."""
    if not case.in_hand:
        raise rules.WrongState(
            _("This matter is “%(state)s”, so no work can be done on it.")
            % {"state": State(case.state).label}
        )
