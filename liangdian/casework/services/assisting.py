"""Other units help the one that leads (协办): asked, accepted, answered in part, reminded, withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, rules
from liangdian.casework.models import Assist, Case, Clock, Event
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock, stop_clocks
from liangdian.casework.services.handling import require_in_hand, required_text, unit_in_charge
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.states import ASSISTING, AssistState, ClockKind, EventType, ReferralState
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.platform.ui.dates import day_words
from liangdian.registers.organisation import selectors as organisation

REMIND_AGAIN = timedelta(hours=24)
# So often the clock reminds by itself; from the second time the unit above is told too.
REMINDED_AT_MOST = 3


@transaction.atomic
def ask_assist(
    *, actor: Actor, case_id: int, to_unit_id: int, text: str, at: datetime, seen: int | None = None
) -> Case:
    """Ask another unit to help; the lead stays the lead, and the promise stays as it is.

    The answer is due within the limit of rule ``assist.answer``. Raises WrongState, Invalid, NotAllowed.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.ASK_ASSIST, seen=seen)
    require_in_hand(case)
    if case.referrals.filter(state=ReferralState.OFFERED).exists():
        raise rules.WrongState(_("A referral waits here. Accept it or return it first."))
    text = required_text(text, field="text", message=_("Write what the unit shall do or find out."))
    asked = begin_assist(case, actor=actor, unit_id=to_unit_id, text=text, at=at)
    refresh_clock(case, now=at)
    save_with(case, [asked], "next_due_at")
    tell(unit_in_charge(organisation.unit_by_id(to_unit_id), case.kind), case=case, event=asked, but=actor)
    return case


def begin_assist(
    case: Case, *, actor: Actor, unit_id: int, text: str, at: datetime, due_at: datetime | None = None
) -> Event:
    """Ask one unit to help on a locked case; returns the event, not yet saved. Raises Invalid."""
    if unit_id == case.unit_id:
        raise Invalid(_("This unit leads the matter itself. Choose another one."), field="to_unit")
    unit = organisation.unit_by_id(unit_id)
    if Assist.objects.filter(Assist.OPEN, case=case, unit=unit).exists():
        raise Invalid(_("This unit helps already. Remind it, or choose another one."), field="to_unit")
    due_at = due_at or limit_in_force(rules.ASSIST, at=at).at
    assist = Assist.objects.create(
        case=case, unit=unit, text=text, asked_by_id=worker(actor), asked_at=at, due_at=due_at
    )
    start_clock(case, ClockKind.ASSIST, at=at, due_at=due_at, key=assist.pk)
    data: dict[str, object] = {"assist": assist.pk, "to": unit.pk, "text": text, "by": due_at.isoformat()}
    return chained(case, type=EventType.ASSIST_ASKED, actor=actor, at=at, data=data, public=False)


@transaction.atomic
def accept_assist(*, actor: Actor, case_id: int, at: datetime, seen: int | None = None) -> Case:
    """Accept to help; the actor answers for his unit. Raises NotAllowed, WrongState, Stale."""
    case = locked_case(actor=actor, case_id=case_id, act=None, seen=seen)
    assist = _assist_of(actor, case, AssistState.ASKED)
    assist.state, assist.accepted_by_id, assist.accepted_at = AssistState.ACCEPTED, worker(actor), at
    assist.save(update_fields=["state", "accepted_by", "accepted_at"])
    data: dict[str, object] = {"assist": assist.pk, "unit": assist.unit_id}
    event = chained(case, type=EventType.ASSIST_ACCEPTED, actor=actor, at=at, data=data, public=False)
    save_with(case, [event])
    tell(_leads(case), case=case, event=event, but=actor)
    return case


@transaction.atomic
def answer_assist(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """Give the partial answer to the lead. The resident does not read it unless the lead passes it on.

    Never by the lead himself. Raises NotAllowed, WrongState, Invalid, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=None, seen=seen)
    assist = _assist_of(actor, case, *ASSISTING)
    if actor.user_id == case.handler_id:
        raise NotAllowed(_("You lead this matter, so a colleague of the other unit answers."))
    text = required_text(text, field="text", message=_("Write what you did or found out."))
    assist.state, assist.answer = AssistState.ANSWERED, text
    assist.answered_by_id, assist.answered_at = worker(actor), at
    assist.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    stop_clocks(case, ClockKind.ASSIST, at=at, key=assist.pk)
    data: dict[str, object] = {
        "assist": assist.pk, "unit": assist.unit_id, "text": text, "kept": at <= assist.due_at,
    }  # fmt: skip
    event = chained(case, type=EventType.ASSIST_ANSWERED, actor=actor, at=at, data=data, public=False)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")
    tell([assist.asked_by_id, *_leads(case)], case=case, event=event, but=actor)
    return case


@transaction.atomic
def use_assist(
    *, actor: Actor, case_id: int, assist_id: int | None, at: datetime, seen: int | None = None
) -> Case:
    """Pass a partial answer on: from now on the resident reads it. Raises WrongState, NotAllowed, Stale."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.USE_ASSIST, seen=seen)
    assist = _chosen(case, assist_id, AssistState.ANSWERED)
    if assist.used_at is not None:
        raise rules.WrongState(_("The resident reads this partial answer already."))
    assist.used_by_id, assist.used_at = worker(actor), at
    assist.save(update_fields=["used_by", "used_at"])
    data: dict[str, object] = {"assist": assist.pk, "unit": assist.unit_id, "text": assist.answer}
    save_with(case, [chained(case, type=EventType.ASSIST_USED, actor=actor, at=at, data=data)])
    return case


@transaction.atomic
def remind_assist(
    *, actor: Actor, case_id: int, assist_id: int | None, text: str, at: datetime, seen: int | None = None
) -> Case:
    """Remind a unit that helps (催办), at most once in 24 hours. Raises WrongState, NotAllowed, Stale."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.REMIND_ASSIST, seen=seen)
    assist = _chosen(case, assist_id, *ASSISTING)
    if assist.reminded_at is not None and at < assist.reminded_at + REMIND_AGAIN:
        raise rules.WrongState(
            _("This unit was reminded less than a day ago. Remind again from %(moment)s, or telephone.")
            % {"moment": day_words(assist.reminded_at + REMIND_AGAIN)}
        )
    text = required_text(text, field="text", message=_("Write what you are waiting for."))
    assist.reminders, assist.reminded_at = assist.reminders + 1, at
    assist.save(update_fields=["reminders", "reminded_at"])
    data: dict[str, object] = {
        "assist": assist.pk, "unit": assist.unit_id, "text": text, "n": assist.reminders,
    }  # fmt: skip
    event = chained(case, type=EventType.ASSIST_REMINDED, actor=actor, at=at, data=data, public=False)
    save_with(case, [event])
    tell(_people_of(case, assist), case=case, event=event, but=actor)
    return case


@transaction.atomic
def withdraw_assist(
    *, actor: Actor, case_id: int, assist_id: int | None, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """Take a request for help back, with a reason that the unit reads. Raises WrongState, Invalid."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.WITHDRAW_ASSIST, seen=seen)
    assist = _chosen(case, assist_id, *ASSISTING)
    reason = required_text(reason, field="reason", message=_("Write why the help is not needed any more."))
    events = _end(case, [assist], actor=actor, at=at, by="hand", text=reason)
    refresh_clock(case, now=at)
    save_with(case, events, "next_due_at")
    return case


def end_assists(
    case: Case, *, actor: Actor, at: datetime, by: str, text: str = "", unit_id: int | None = None
) -> list[Event]:
    """End the open requests of a locked case (of one unit): ``by`` is ``answer``, ``over`` or ``lead``.

    Returns the events, not yet saved; the units are told.
    """
    waiting = Assist.objects.select_for_update(of=("self",)).select_related("unit").filter(case=case)
    if unit_id is not None:
        waiting = waiting.filter(unit=unit_id)
    return _end(case, list(waiting.filter(Assist.OPEN)), actor=actor, at=at, by=by, text=text)


def settle_assists(case: Case, *, actor: Actor, at: datetime, without_help: str | None) -> list[Event]:
    """Before an answer: nobody helps any more, or the lead says why he answers without it.

    ``without_help`` None means that this act cannot say it. Raises Invalid or WrongState.
    """
    if actor.is_system:
        return end_assists(case, actor=actor, at=at, by="over")
    waiting = list(Assist.objects.filter(Assist.OPEN, case=case).select_related("unit"))
    if not waiting:
        return []
    names = {"units": ", ".join(assist.unit.label for assist in waiting)}
    if without_help is None:
        raise rules.WrongState(_("%(units)s still helps. Withdraw the request first, then answer.") % names)
    sentence = _("%(units)s still helps. Wait for the partial answer, or write why you answer without it.")
    why = required_text(without_help, field="without_help", message=sentence % names)
    return end_assists(case, actor=actor, at=at, by="answer", text=why)


def assist_overdue(case: Case, clock: Clock, *, at: datetime) -> None:
    """A partial answer has not come: the clock reminds, again after each limit, three times at most."""
    assist = Assist.objects.select_related("unit").get(pk=clock.key)
    assist.overdue += 1
    assist.save(update_fields=["overdue"])
    stop_clocks(case, ClockKind.ASSIST, at=at, key=assist.pk)
    if assist.overdue < REMINDED_AT_MOST:
        due_at = limit_in_force(rules.ASSIST, at=at).at
        start_clock(case, ClockKind.ASSIST, at=at, due_at=due_at, key=assist.pk)
    data: dict[str, object] = {
        "clock": str(ClockKind.ASSIST), "key": clock.key, "unit": assist.unit_id, "n": assist.overdue,
    }  # fmt: skip
    event = chained(case, type=EventType.OVERDUE, actor=SYSTEM, at=at, data=data, public=False)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")
    above = organisation.superior_of(assist.unit) if assist.overdue > 1 else None
    told = [*_leads(case), *_people_of(case, assist), *(unit_in_charge(above, case.kind) if above else [])]
    tell(told, case=case, event=event, but=SYSTEM)


def _end(case: Case, assists: list[Assist], *, actor: Actor, at: datetime, by: str, text: str) -> list[Event]:
    events = []
    for assist in assists:
        assist.state, assist.withdrawn_at = AssistState.WITHDRAWN, at
        assist.withdrawn_why = text or by
        assist.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
        stop_clocks(case, ClockKind.ASSIST, at=at, key=assist.pk)
        data: dict[str, object] = {"assist": assist.pk, "unit": assist.unit_id, "by": by, "text": text}
        event = chained(case, type=EventType.ASSIST_WITHDRAWN, actor=actor, at=at, data=data, public=False)
        tell(_people_of(case, assist), case=case, event=event, but=actor)
        events.append(event)
    return events


def _assist_of(actor: Actor, case: Case, *states: AssistState) -> Assist:
    """The request for which the actor speaks: one that he accepted, else of his own unit, else below it."""
    rules.check_not_about(actor_id=actor.user_id, about_user_id=case.about_user_id)
    waiting = Assist.objects.select_for_update(of=("self",)).select_related("unit").filter(case=case)
    own = [assist for assist in waiting.filter(Assist.OPEN) if policy.may_assist(actor, assist.unit.path)]
    if not own:
        raise NotAllowed(_("Your unit was not asked to help here, or its help is over."))
    units = {grant.unit_id for grant in actor.grants}
    fitting = [assist for assist in own if assist.state in states]
    if not fitting:
        raise rules.WrongState(_("The help was accepted already. Reload the page to see by whom."))
    return min(fitting, key=lambda a: (a.accepted_by_id != actor.user_id, a.unit_id not in units, a.pk))


def _chosen(case: Case, assist_id: int | None, *states: AssistState) -> Assist:
    wanted = Assist.objects.select_for_update(of=("self",)).select_related("unit")
    assist = wanted.filter(pk=assist_id or 0, case=case, state__in=states).first()
    if assist is None:
        raise rules.WrongState(_("This request for help is over. Reload the page to see what happened."))
    return assist


def _people_of(case: Case, assist: Assist) -> list[int]:
    return [assist.accepted_by_id] if assist.accepted_by_id else unit_in_charge(assist.unit, case.kind)


def _leads(case: Case) -> list[int | None]:
    return [case.handler_id, case.first_handler_id, case.successor_id]
