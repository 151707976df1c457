"""Referral: offered to a unit or post, accepted or returned with a reason within a limit."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, Meeting, Referral
from liangdian.casework.policy import Act
from liangdian.casework.services.assisting import end_assists
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock, stop_clocks
from liangdian.casework.services.handling import (
    close_open_referral,
    lift,
    required_text,
    state_at_work,
    unit_in_charge,
)
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.states import RETURNS_MOST, ClockKind, EventType, ReferralState, ReturnWhy, State
from liangdian.foundation.actor import SYSTEM, Actor, Role
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

_MOVED = ("unit", "handler", "returned", "state", "next_due_at")


@transaction.atomic
def refer(
    *, actor: Actor, case_id: int, to_unit_id: int, reason: str, at: datetime,
    to_post_id: int | None = None, seen: int | None = None,
) -> Case:  # fmt: skip
    """Refer the matter to another unit, or to a post in it. The first handler does not change.

    The receiver accepts or returns within the limit of rule ``referral.accept`` (default 2 working days).
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.REFER, seen=seen)
    if case.state == State.RESOLVED or not case.in_hand:
        rules.check_move(case.state, State.WAITING)
    reason = required_text(reason, field="reason", message=_("Write why you refer it and what is asked."))
    if to_unit_id == case.unit_id and to_post_id is None:
        raise Invalid(
            _("The matter is already there. Choose another unit, or hand it to a colleague."), field="to_unit"
        )
    unit = organisation.unit_by_id(to_unit_id)
    holder = _holder(case, to_post_id, unit_id=unit.pk, day=at.astimezone(HALL_ZONE).date())
    return offer_to(case, unit, reason=reason, actor=actor, at=at, to_post_id=to_post_id, holder=holder)


def offer_to(
    case: Case, unit: Unit, *, reason: str, actor: Actor, at: datetime, to_post_id: int | None = None,
    holder: int | None = None, meeting: Meeting | None = None,
) -> Case:  # fmt: skip
    """Offer a locked case to a unit, of its own accord or by the decision of a meeting."""
    close_open_referral(case, actor=actor, at=at)
    accept_by = limit_in_force(rules.REFERRAL_ACCEPT, at=at).at
    referral = Referral.objects.create(
        case=case, from_unit_id=case.unit_id, to_unit=unit, to_post_id=to_post_id,
        referred_by_id=worker(actor), reason=reason, at=at, accept_by=accept_by,
        meeting=meeting,
    )  # fmt: skip
    data: dict[str, object] = {
        "from": case.unit_id, "to": unit.pk, "post": to_post_id, "text": reason,
        "accept_by": accept_by.isoformat(),
    }  # fmt: skip
    ended = end_assists(case, actor=actor, at=at, by="lead", unit_id=unit.pk)
    start_clock(case, ClockKind.REFERRAL, at=at, due_at=accept_by, key=referral.pk)
    case.unit, case.handler_id, case.returned, case.state = unit, None, False, state_at_work(case)
    event = chained(case, type=EventType.REFERRED, actor=actor, at=at, data=data)
    refresh_clock(case, now=at)
    save_with(case, [*ended, event], *_MOVED)
    told = [holder] if holder else unit_in_charge(unit, case.kind)
    tell([case.first_handler_id, *told], case=case, event=event, but=actor)
    return case


def _holder(case: Case, post_id: int | None, *, unit_id: int, day: date) -> int | None:
    """The person holding the post that day; a complaint about him cannot be referred to him."""
    if post_id is None:
        return None
    holder = organisation.holder_of_post(post_id, unit_id=unit_id, day=day)
    rules.check_not_about(actor_id=holder, about_user_id=case.about_user_id)
    return holder


@transaction.atomic
def accept_referral(*, actor: Actor, case_id: int, at: datetime, seen: int | None = None) -> Case:
    """Accept the referral that waits here; the actor becomes the handler."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.ACCEPT, seen=seen)
    referral = _offered(case)
    referral.state, referral.decided_by_id, referral.decided_at = ReferralState.ACCEPTED, actor.user_id, at
    referral.save(update_fields=["state", "decided_by", "decided_at"])
    stop_clocks(case, ClockKind.REFERRAL, at=at)
    case.handler_id = actor.user_id
    event = chained(case, type=EventType.REFERRAL_ACCEPTED, actor=actor, at=at, data={"unit": case.unit_id})
    refresh_clock(case, now=at)
    save_with(case, [event], "handler", "next_due_at")
    tell([case.first_handler_id, referral.referred_by_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def return_referral(
    *, actor: Actor, case_id: int, why: str, reason: str, at: datetime,
    responsible_unit_id: int | None = None, responsible_body: str = "", ground: str = "",
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Return the referral with a reason: the matter lands at the first handler, not in between.

    "Not us" (``why`` is ``not_responsible``) names the unit or outside body that is, and the rule or article
    that says so. Returned like that three times, the matter goes up: those above decide.
    Raises Invalid, WrongState, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.RETURN, seen=seen)
    referral = _offered(case)
    reason = required_text(
        reason, field="reason", message=_("Write why you return it, and who is responsible instead.")
    )
    if why not in ReturnWhy.values:
        raise Invalid(_("Choose why you return it."), field="why")
    named: dict[str, object] = {}
    if why == ReturnWhy.NOT_RESPONSIBLE and referral.meeting_id is not None:
        raise Invalid(
            _("A meeting decided that your unit leads. Ask for another meeting if that was wrong."),
            field="why",
        )
    if why == ReturnWhy.NOT_RESPONSIBLE:
        named = _name_responsible(case, referral, responsible_unit_id, responsible_body, ground)
    referral.return_why = why
    referral.state, referral.decided_by_id, referral.decided_at = ReferralState.RETURNED, actor.user_id, at
    referral.return_reason = reason
    referral.save()
    stop_clocks(case, ClockKind.REFERRAL, at=at)
    data: dict[str, object] = {
        "from": case.unit_id, "to": case.origin_id, "text": reason, "why": why, **named,
    }  # fmt: skip
    case.unit, case.handler_id, case.returned = case.origin, case.first_handler_id, True
    event = chained(case, type=EventType.REFERRAL_RETURNED, actor=actor, at=at, data=data)
    events = [event]
    if why == ReturnWhy.NOT_RESPONSIBLE and _is_passed_around(case):
        events.append(lift(case, actor=SYSTEM, at=at, reason="", by="returns"))
    refresh_clock(case, now=at)
    save_with(case, events, *_MOVED, "level", "no_superior")
    tell([case.first_handler_id, case.successor_id], case=case, event=event, but=actor)
    if len(events) > 1:
        above = accounts.holders_reaching(Role.COORDINATOR, case.unit.path)
        told = [user.pk for user in above] or unit_in_charge(case.unit, case.kind)
        tell([case.first_handler_id, *told], case=case, event=events[1], but=actor)
    return case


def _name_responsible(
    case: Case, referral: Referral, unit_id: int | None, body: str, ground: str
) -> dict[str, object]:
    """Write down who is responsible and why; returns what the history keeps of it. Raises Invalid."""
    body = clean(body)[:200]
    if unit_id is None and not body:
        raise Invalid(
            _("Say which unit is responsible, or which body outside the centre."), field="responsible"
        )
    if unit_id == referral.to_unit_id:
        raise Invalid(_("Name another unit than your own."), field="responsible")
    ground = required_text(
        ground, field="ground", message=_("Name the rule or article that makes it responsible.")
    )
    referral.responsible = organisation.unit_by_id(unit_id) if unit_id is not None else None
    referral.responsible_body, referral.ground = body, ground
    return {"responsible": unit_id, "body": body, "ground": ground}


def _is_passed_around(case: Case) -> bool:
    """True at every third "not us" since the matter last went up or was answered."""
    since = case.events.filter(type__in=[EventType.ESCALATED, EventType.RESOLVED]).order_by("-seq").first()
    returned = case.events.filter(
        type=EventType.REFERRAL_RETURNED,
        data__why=ReturnWhy.NOT_RESPONSIBLE,
        seq__gt=since.seq if since else 0,
    )
    return returned.count() + 1 >= RETURNS_MOST


def _offered(case: Case) -> Referral:
    referral = case.referrals.select_for_update().filter(state=ReferralState.OFFERED).first()
    if referral is None:
        raise rules.WrongState(
            _("No referral waits to be accepted here. Reload the page to see what happened.")
        )
    return referral
